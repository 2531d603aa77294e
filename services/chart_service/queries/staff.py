"""SQL on staff: who they are, and what an administrator changes of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import Staff


async def add_staff(tx: Transaction, new: Staff) -> bool:
    """Insert someone who may sign in; False when the address is somebody's already."""
    added = await tx.run(
        """
        INSERT INTO staff (id, organization_id, email, name, password_hash, role, is_active,
            receives_messages)
        VALUES (:id, :organization_id, :email, :name, :password_hash, :role, :is_active,
            :receives_messages)
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


async def names(tx: Transaction, organization_id: str) -> dict[str, str]:
    """Return the names of an organisation's staff by how events and the audit log name them."""
    wanted = select(Staff.id, Staff.name).where(Staff.organization_id == organization_id)
    return {f"staff:{row_id}": name for row_id, name in await tx.session.exec(wanted)}


async def staff_by_oidc(tx: Transaction, issuer: str, subject: str) -> Staff | None:
    """Return who is linked to this person of an OpenID provider."""
    linked = (Staff.oidc_issuer == issuer, Staff.oidc_subject == subject)
    return (await tx.session.exec(select(Staff).where(*linked))).one_or_none()


async def all_staff(tx: Transaction, organization_id: str) -> Sequence[Staff]:
    """Return an organisation's staff by name, those who may not sign in any more at the end."""
    wanted = select(Staff).where(Staff.organization_id == organization_id)
    order = (col(Staff.is_active).desc(), col(Staff.name), col(Staff.email))
    return (await tx.session.exec(wanted.order_by(*order))).all()


async def recipients(tx: Transaction, organization_id: str) -> Sequence[Staff]:
    """Return by name to whom of an organisation's staff portal users may write."""
    everybody = await all_staff(tx, organization_id)
    return [one for one in everybody if one.gets_messages]


async def lock_active_admins(tx: Transaction, organization_id: str) -> set[UUID]:
    """Return who administers an organisation's portal; until the commit nobody changes them."""
    locked = await tx.run(
        """
        SELECT id FROM staff
        WHERE organization_id = :organization_id AND role = 'admin' AND is_active
        ORDER BY id FOR UPDATE
        """,
        organization_id=organization_id,
    )
    return set(locked.scalars())


async def lock_staff(tx: Transaction, organization_id: str, staff_id: UUID) -> Staff | None:
    """Return a member of an organisation's staff, whom nobody else changes until the commit."""
    wanted = select(Staff).where(Staff.id == staff_id, Staff.organization_id == organization_id)
    locked = await tx.session.exec(wanted.with_for_update())
    return locked.one_or_none()


async def note_sign_in(tx: Transaction, known: Staff) -> bool:
    """Note that somebody signs in now; False when they may not, or not by what was checked."""
    noted = await tx.run(
        """
        UPDATE staff SET last_sign_in_at = :now
        WHERE id = :id AND is_active AND password_hash IS NOT DISTINCT FROM :password_hash
        RETURNING id
        """,
        id=known.id,
        password_hash=known.password_hash,
        now=tx.now,
    )
    return noted.first() is not None
