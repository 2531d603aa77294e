"""SQL that drops what is over by the clock."""

from datetime import datetime

from chassis.database import Transaction


async def forget_before(
    tx: Transaction, *, acceptances: datetime, registrations: datetime, attempts: datetime
) -> None:
    """Drop what began before these times and never came to its end."""
    await tx.run("DELETE FROM acceptances WHERE created_at <= :before", before=acceptances)
    await tx.run("DELETE FROM registrations WHERE created_at <= :before", before=registrations)
    await tx.run("DELETE FROM sign_in_attempts WHERE window_start < :before", before=attempts)
