"""SQL on staff and their tries to sign in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from chassis.database import Transaction
from services.chart_service.models import Staff


async def add_staff(tx: Transaction, new: Staff) -> bool:
    """Insert someone who may sign in; False when the address is somebody's already."""
    added = await tx.run(
        """
        INSERT INTO staff (id, organization_id, email, name, password_hash, role, is_active)
        VALUES (:id, :organization_id, :email, :name, :password_hash, :role, :is_active)
        ON CONFLICT (email) DO NOTHING RETURNING id
        """,
        **new.model_dump(),
    )
    return added.first() is not None


async def staff(tx: Transaction, staff_id: UUID) -> Staff | None:
    """Return someone who signed in; their row says for which organisation."""
    return await tx.session.get(Staff, staff_id)


async def staff_by_email(tx: Transaction, email: str) -> Staff | None:
    """Return who signs in with this address, in lower case."""
    found = await tx.session.exec(select(Staff).where(Staff.email == email))
    return found.one_or_none()


async def count_tries(
    tx: Transaction, sources: Sequence[bytes], window: datetime, change: int
) -> dict[bytes, int]:
    """Change how many tries to sign in count as failed; return their number by source.

    In one order, so that two tries never wait for each other.
    """
    counted = await tx.run(
        """
        INSERT INTO sign_in_failures (source, window_start, failures)
        SELECT source, CAST(:window AS timestamptz), CAST(:change AS integer)
        FROM unnest(CAST(:sources AS bytea[])) AS source ORDER BY source
        ON CONFLICT (source, window_start)
            DO UPDATE SET failures = sign_in_failures.failures + excluded.failures
        RETURNING source, failures
        """,
        sources=list(sources),
        window=window,
        change=change,
    )
    return {row.source: row.failures for row in counted}


async def forget_failures(tx: Transaction, before: datetime) -> None:
    """Drop counts that no throttle looks at any more."""
    await tx.run("DELETE FROM sign_in_failures WHERE window_start < :before", before=before)
