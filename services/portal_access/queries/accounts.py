"""SQL on accounts: who they are, and how they come into being."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from chassis.database import Transaction
from contracts.invitations import InvitationAccepted
from services.portal_access.models import Account, Brand


async def account(tx: Transaction, organization: str, email_key: str) -> Account | None:
    """Return the account of an address in an organisation."""
    wanted = select(Account).where(
        Account.organization_id == organization, Account.email_key == email_key
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def account_with_open_portal(tx: Transaction, account_id: UUID) -> Account | None:
    """Return an account, unless it or its organisation's portal is switched off."""
    wanted = (
        select(Account)
        .join(Brand, col(Brand.organization_id) == col(Account.organization_id))
        .where(Account.id == account_id, col(Account.is_active), col(Brand.portal_enabled))
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def add_accounts(tx: Transaction, redemption_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Make accounts of these registrations; an address that has one keeps it. Return the new ones.

    In one order, so that two instances never wait for each other.
    """
    added = await tx.run(
        """
        INSERT INTO accounts (id, organization_id, email, email_key, password_hash,
            terms_accepted_at, terms_version, privacy_version, created_at)
        SELECT DISTINCT ON (organization_id, email_key) account_id, organization_id, email,
            email_key, password_hash, terms_accepted_at, terms_version, privacy_version, :now
        FROM registrations WHERE redemption_id = ANY(:ids)
        ORDER BY organization_id, email_key, created_at
        ON CONFLICT DO NOTHING
        RETURNING id, organization_id
        """,
        ids=list(redemption_ids),
        now=tx.now,
    )
    return added.all()


async def accounts_of(tx: Transaction, events: Sequence[InvitationAccepted]) -> dict[UUID, UUID]:
    """Return by redemption the account it goes to: the one it names, else that of its address."""
    found = await tx.run(
        """
        SELECT wanted.redemption_id, coalesce(named.id, of_address.id) AS account_id
        FROM unnest(CAST(:redemptions AS uuid[]), CAST(:accounts AS uuid[]),
            CAST(:organizations AS text[])) AS wanted (redemption_id, account_id, organization_id)
        LEFT JOIN accounts named ON named.id = wanted.account_id
            AND named.organization_id = wanted.organization_id
        LEFT JOIN registrations r ON r.redemption_id = wanted.redemption_id
            AND r.organization_id = wanted.organization_id
        LEFT JOIN accounts of_address ON of_address.organization_id = r.organization_id
            AND of_address.email_key = r.email_key
        WHERE coalesce(named.id, of_address.id) IS NOT NULL
        """,
        redemptions=[event.data.redemption_id for event in events],
        accounts=[event.data.account_id for event in events],
        organizations=[event.data.invitee.organization for event in events],
    )
    return {row.redemption_id: row.account_id for row in found}


async def lock(tx: Transaction, organization: str, account_id: UUID) -> Account | None:
    """Return an account that nobody else changes until the commit."""
    wanted = (
        select(Account)
        .where(Account.organization_id == organization, Account.id == account_id)
        .with_for_update()
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def hold(tx: Transaction, account_ids: Collection[UUID]) -> set[UUID]:
    """Let nobody disable these accounts until the commit; return those that are disabled now."""
    held = await tx.run(
        "SELECT id, is_active FROM accounts WHERE id = ANY(:ids) ORDER BY id FOR SHARE",
        ids=sorted(account_ids),
    )
    return {row.id for row in held if not row.is_active}


async def set_active(tx: Transaction, account_id: UUID, *, active: bool) -> None:
    """Enable an account, or disable it."""
    await tx.run(
        "UPDATE accounts SET is_active = :active WHERE id = :id", id=account_id, active=active
    )


async def signed_in(tx: Transaction, account_id: UUID) -> Account | None:
    """Note that somebody signs in now; return the account, None if it is disabled."""
    noted = await tx.run(
        """
        UPDATE accounts SET last_sign_in_at = :now WHERE id = :id AND is_active RETURNING *
        """,
        id=account_id,
        now=tx.now,
    )
    row = noted.one_or_none()
    return Account(**row._mapping) if row else None


async def change_email(tx: Transaction, account_id: UUID, email: str, email_key: str) -> bool:
    """Give an account another address; False when another account of its organisation has it."""
    try:
        async with tx.connection.begin_nested():
            await tx.run(
                "UPDATE accounts SET email = :email, email_key = :email_key WHERE id = :id",
                id=account_id,
                email=email,
                email_key=email_key,
            )
    except IntegrityError:
        return False
    return True


async def change_password(tx: Transaction, account_id: UUID, password_hash: str) -> None:
    """Give an account another password."""
    await tx.run(
        "UPDATE accounts SET password_hash = :password_hash WHERE id = :id",
        id=account_id,
        password_hash=password_hash,
    )


async def change_phone(tx: Transaction, account_id: UUID, phone: str | None) -> None:
    """Give an account another phone number, or none."""
    await tx.run("UPDATE accounts SET phone = :phone WHERE id = :id", id=account_id, phone=phone)
