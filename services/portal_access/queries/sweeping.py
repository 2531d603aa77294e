"""SQL that drops what is over by the clock."""

from datetime import datetime

from chassis.database import Transaction


async def forget_before(
    tx: Transaction,
    *,
    acceptances: datetime,
    registrations: datetime,
    attempts: datetime,
    asks: datetime,
    birth_date_tries: datetime,
) -> None:
    """Drop what began before these times and never came to its end."""
    for table in ("acceptances", "refused_links"):
        await tx.run(f"DELETE FROM {table} WHERE created_at <= :before", before=acceptances)  # noqa: S608
    await tx.run("DELETE FROM registrations WHERE created_at <= :before", before=registrations)
    await tx.run("DELETE FROM new_invitation_asks WHERE asked_at <= :before", before=asks)
    statement = "DELETE FROM birth_date_tries WHERE tried_at <= :before"
    await tx.run(statement, before=birth_date_tries)
    await tx.run("DELETE FROM sign_in_attempts WHERE window_start < :before", before=attempts)
