"""SQL on invitees on their way through the accept pages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import Acceptance, Registration


async def rename_visitor(tx: Transaction, old: bytes | None, new: bytes) -> None:
    """Give what a visitor began, or could not begin, to their new secret name."""
    for table in ("acceptances", "refused_links"):
        await tx.run(
            f"UPDATE {table} SET visitor_hash = :new WHERE visitor_hash = :old",  # noqa: S608
            new=new,
            old=old,
        )


async def begin_acceptance(tx: Transaction, new: Acceptance, old_visitor: bytes | None) -> None:
    """Begin, or go on with, a visitor's acceptance; what they began before goes to the new name.

    Opening a link again keeps the redemption's id, so that accepting twice is accepting once.
    """
    await rename_visitor(tx, old_visitor, new.visitor_hash)
    await tx.run(
        """
        INSERT INTO acceptances (redemption_id, visitor_hash, sealed_token, account_id,
            invitation_id, organization_id, chart_id, person_id, role, email, email_key,
            birth_date_given, created_at)
        VALUES (:redemption_id, :visitor_hash, :sealed_token, :account_id, :invitation_id,
            :organization_id, :chart_id, :person_id, :role, :email, :email_key,
            :birth_date_given, :created_at)
        ON CONFLICT (visitor_hash, invitation_id) DO UPDATE SET
            sealed_token = excluded.sealed_token, created_at = excluded.created_at
        """,
        **new.model_dump(),
    )


async def acceptance(
    tx: Transaction, visitor: bytes, invitation_id: UUID | None, begun_after: datetime
) -> Acceptance | None:
    """Return a visitor's acceptance: of this invitation, or the newest of all."""
    wanted = (
        select(Acceptance)
        .where(Acceptance.visitor_hash == visitor, Acceptance.created_at > begun_after)
        .order_by(col(Acceptance.created_at).desc())
        .limit(1)
    )
    if invitation_id is not None:
        wanted = wanted.where(Acceptance.invitation_id == invitation_id)
    return (await tx.session.exec(wanted)).one_or_none()


async def lock_acceptance(tx: Transaction, redemption_id: UUID) -> Acceptance | None:
    """Return an acceptance that nobody else changes until the commit."""
    return await tx.session.get(Acceptance, redemption_id, with_for_update=True)


async def use_account(tx: Transaction, locked: Acceptance, account_id: UUID) -> None:
    """Accept with this account, unless a registration may have been redeemed with its own."""
    if await tx.session.get(Registration, locked.redemption_id) is None:
        locked.account_id = account_id


async def forget_token(tx: Transaction, redemption_id: UUID) -> None:
    """Drop a token that was redeemed."""
    await tx.run(
        "UPDATE acceptances SET sealed_token = NULL WHERE redemption_id = :redemption_id",
        redemption_id=redemption_id,
    )


async def end_acceptance(tx: Transaction, redemption_id: UUID) -> None:
    """Drop an acceptance that has come to its end."""
    await tx.run(
        "DELETE FROM acceptances WHERE redemption_id = :redemption_id",
        redemption_id=redemption_id,
    )


async def keep_registration(tx: Transaction, registration: Registration) -> None:
    """Store what becomes an account; pressing again replaces the password."""
    await tx.run(
        """
        INSERT INTO registrations (redemption_id, account_id, organization_id, email, email_key,
            password_hash, terms_accepted_at, terms_version, privacy_version, created_at)
        VALUES (:redemption_id, :account_id, :organization_id, :email, :email_key,
            :password_hash, :terms_accepted_at, :terms_version, :privacy_version, :created_at)
        ON CONFLICT (redemption_id) DO UPDATE SET password_hash = excluded.password_hash,
            terms_accepted_at = excluded.terms_accepted_at,
            terms_version = excluded.terms_version, privacy_version = excluded.privacy_version
        """,
        **registration.model_dump(),
    )


async def drop_registrations(tx: Transaction, redemption_ids: Sequence[UUID]) -> None:
    """Drop registrations that became accounts, or never will."""
    await tx.run(
        "DELETE FROM registrations WHERE redemption_id = ANY(:ids)", ids=list(redemption_ids)
    )
