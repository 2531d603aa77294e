"""All SQL of portal_access. Lists go in as arrays, so that a batch is one statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from contracts.chart import OrganizationChanged
from contracts.invitations import InvitationAccepted
from services.portal_access.models import Acceptance, Account, Brand, Connection, Registration


async def keep_brands(tx: Transaction, events: Sequence[OrganizationChanged]) -> None:
    """Keep the newest of each organisation."""
    newest = [*{event.data.organization: event for event in events}.values()]
    logos = [event.data.logo for event in newest]
    await tx.run(
        """
        INSERT INTO brands (organization_id, name, phone, logo_media_type, logo, portal_enabled,
            changed_at)
        SELECT * FROM unnest(
            CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]),
            CAST(:media_types AS text[]), CAST(:logos AS bytea[]), CAST(:enabled AS boolean[]),
            CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            portal_enabled = excluded.portal_enabled, changed_at = excluded.changed_at
        WHERE brands.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        names=[event.data.name for event in newest],
        phones=[event.data.phone for event in newest],
        media_types=[logo.media_type if logo else None for logo in logos],
        logos=[logo.content if logo else None for logo in logos],
        enabled=[event.data.portal_enabled for event in newest],
        times=[event.time for event in newest],
    )


async def brand(tx: Transaction, organization: str) -> Brand | None:
    """Return how an organisation shows itself."""
    return await tx.session.get(Brand, organization)


async def open_brands(tx: Transaction) -> Sequence[Brand]:
    """Return the organisations whose portal is on, by name."""
    wanted = select(Brand).where(col(Brand.portal_enabled)).order_by(col(Brand.name))
    return (await tx.session.exec(wanted)).all()


async def account(tx: Transaction, organization: str, email_key: str) -> Account | None:
    """Return the account of an address in an organisation."""
    wanted = select(Account).where(
        Account.organization_id == organization, Account.email_key == email_key
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def account_with_open_portal(tx: Transaction, account_id: UUID) -> Account | None:
    """Return an account, unless its organisation has switched its portal off."""
    wanted = (
        select(Account)
        .join(Brand, col(Brand.organization_id) == col(Account.organization_id))
        .where(Account.id == account_id, col(Brand.portal_enabled))
    )
    return (await tx.session.exec(wanted)).one_or_none()


async def connections(tx: Transaction, account: Account) -> Sequence[Connection]:
    """Return an account's charts, the oldest connection first."""
    wanted = (
        select(Connection)
        .where(
            Connection.account_id == account.id,
            Connection.organization_id == account.organization_id,
        )
        .order_by(col(Connection.granted_at), col(Connection.chart_id), col(Connection.role))
    )
    return (await tx.session.exec(wanted)).all()


async def account_connected_by(
    tx: Transaction, organization: str, invitation_id: UUID
) -> UUID | None:
    """Return the account that this invitation connected to its chart."""
    wanted = select(Connection.account_id).where(
        Connection.organization_id == organization, Connection.invitation_id == invitation_id
    )
    return (await tx.session.exec(wanted)).first()


async def begin_acceptance(tx: Transaction, new: Acceptance, old_visitor: bytes | None) -> None:
    """Begin, or go on with, a visitor's acceptance; what they began before goes to the new name.

    Opening a link again keeps the redemption's id, so that accepting twice is accepting once.
    """
    await tx.run(
        "UPDATE acceptances SET visitor_hash = :new WHERE visitor_hash = :old",
        new=new.visitor_hash,
        old=old_visitor,
    )
    await tx.run(
        """
        INSERT INTO acceptances (redemption_id, visitor_hash, sealed_token, account_id,
            invitation_id, organization_id, email, email_key, created_at)
        VALUES (:redemption_id, :visitor_hash, :sealed_token, :account_id, :invitation_id,
            :organization_id, :email, :email_key, :created_at)
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
            password_hash, terms_accepted_at, created_at)
        VALUES (:redemption_id, :account_id, :organization_id, :email, :email_key,
            :password_hash, :terms_accepted_at, :created_at)
        ON CONFLICT (redemption_id) DO UPDATE SET password_hash = excluded.password_hash,
            terms_accepted_at = excluded.terms_accepted_at
        """,
        **registration.model_dump(),
    )


async def drop_registrations(tx: Transaction, redemption_ids: Sequence[UUID]) -> None:
    """Drop registrations that became accounts, or never will."""
    await tx.run(
        "DELETE FROM registrations WHERE redemption_id = ANY(:ids)", ids=list(redemption_ids)
    )


async def add_accounts(tx: Transaction, redemption_ids: Sequence[UUID]) -> None:
    """Make accounts of these registrations; an address that has one keeps it.

    In one order, so that two instances never wait for each other.
    """
    await tx.run(
        """
        INSERT INTO accounts (id, organization_id, email, email_key, password_hash,
            terms_accepted_at, created_at)
        SELECT DISTINCT ON (organization_id, email_key) account_id, organization_id, email,
            email_key, password_hash, terms_accepted_at, :now
        FROM registrations WHERE redemption_id = ANY(:ids)
        ORDER BY organization_id, email_key, created_at
        ON CONFLICT DO NOTHING
        """,
        ids=list(redemption_ids),
        now=tx.now,
    )


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


async def add_connections(tx: Transaction, new: Sequence[Connection]) -> None:
    """Connect accounts to charts; the same role on the same chart again is renewed."""
    newest = [*{(c.account_id, c.organization_id, c.chart_id, c.role): c for c in new}.values()]
    await tx.run(
        """
        INSERT INTO connections (account_id, organization_id, chart_id, role, person_id,
            invitation_id, scopes, granted_at)
        SELECT account_id, organization_id, chart_id, role, person_id, invitation_id,
            string_to_array(scopes, ' '), :now
        FROM unnest(CAST(:accounts AS uuid[]), CAST(:organizations AS text[]),
            CAST(:charts AS text[]), CAST(:roles AS text[]), CAST(:people AS text[]),
            CAST(:invitations AS uuid[]), CAST(:scopes AS text[]))
            AS new (account_id, organization_id, chart_id, role, person_id, invitation_id, scopes)
        ON CONFLICT (account_id, organization_id, chart_id, role) DO UPDATE SET
            person_id = excluded.person_id, invitation_id = excluded.invitation_id,
            scopes = excluded.scopes, granted_at = excluded.granted_at
        """,
        accounts=[c.account_id for c in newest],
        organizations=[c.organization_id for c in newest],
        charts=[c.chart_id for c in newest],
        roles=[c.role for c in newest],
        people=[c.person_id for c in newest],
        invitations=[c.invitation_id for c in newest],
        scopes=[" ".join(c.scopes) for c in newest],
        now=tx.now,
    )


async def count_attempt(tx: Transaction, source: str, window: datetime) -> int:
    """Count a try to sign in as failed; return how many there were in this window."""
    counted = await tx.run(
        """
        INSERT INTO sign_in_attempts (source, window_start, failures) VALUES (:source, :window, 1)
        ON CONFLICT (source, window_start) DO UPDATE SET failures = sign_in_attempts.failures + 1
        RETURNING failures
        """,
        source=source,
        window=window,
    )
    return int(counted.scalar_one())


async def forgive_attempt(tx: Transaction, sources: Sequence[str], window: datetime) -> None:
    """Take back the count of a try that did not fail."""
    await tx.run(
        """
        UPDATE sign_in_attempts SET failures = failures - 1
        WHERE source = ANY(:sources) AND window_start = :window
        """,
        sources=list(sources),
        window=window,
    )


async def forget_before(
    tx: Transaction, *, acceptances: datetime, registrations: datetime, attempts: datetime
) -> None:
    """Drop what began before these times and never came to its end."""
    await tx.run("DELETE FROM acceptances WHERE created_at <= :before", before=acceptances)
    await tx.run("DELETE FROM registrations WHERE created_at <= :before", before=registrations)
    await tx.run("DELETE FROM sign_in_attempts WHERE window_start < :before", before=attempts)
