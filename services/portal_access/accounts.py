"""What administrators do to accounts; each act is in the account's history with who did it.

Each works in the caller's transaction, within one organisation, and raises a ProblemError, whose
detail is for people, when it cannot be done.
"""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Transaction
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of, new_token
from chassis.web import sessions
from chassis.web.problems import ProblemError
from contracts.access import (
    AccessEndReason,
    NoticeKind,
    PortalAccessResumed,
    PortalAccessResumedData,
    PortalAccessSuspended,
    PortalAccessSuspendedData,
)
from contracts.scopes import Role
from services.portal_access import account_news, endings, notices, queries, rules
from services.portal_access.models import (
    Account,
    Connection,
    EmailChange,
    Happened,
)
from services.portal_access.notices import Link


@dataclass(frozen=True, slots=True)
class Admin:
    """Who acts, and for which organisation."""

    organization: str
    actor: str


async def disable(tx: Transaction, admin: Admin, account_id: UUID) -> None:
    """Let nobody in by an account, and end its sessions; its connections stay and wait."""
    account = await locked(tx, admin, account_id)
    if not account.is_active:
        return
    await queries.accounts.set_active(tx, account_id, active=False)
    await sessions.end_all(tx, str(account_id))
    await account_news.note(tx, account, Happened.DISABLED, admin.actor)
    for connection in await queries.connections.connections(tx, account):
        tx.publish(suspended(tx, connection, admin.actor))


async def enable(tx: Transaction, admin: Admin, account_id: UUID) -> None:
    """Let the holder of an account in again."""
    account = await locked(tx, admin, account_id)
    if account.is_active:
        return
    await queries.accounts.set_active(tx, account_id, active=True)
    await account_news.note(tx, account, Happened.ENABLED, admin.actor)
    for connection in await queries.connections.connections(tx, account):
        tx.publish(_resumed(tx, connection, admin.actor))


async def remove_second_step(tx: Transaction, admin: Admin, account_id: UUID) -> None:
    """Let an account's holder in by the password alone, as they lost what else they had.

    Its sessions end, and its address is told.
    """
    account = await locked(tx, admin, account_id)
    if not (await queries.second_steps.methods(tx, account_id)).needed:
        return
    await queries.authenticators.remove(tx, account_id)
    await queries.passkeys.remove_all(tx, account_id)
    await queries.recovery_codes.remove(tx, account_id)
    await sessions.end_all(tx, str(account_id))
    await account_news.note_and_tell(tx, account, Happened.SECOND_STEP_REMOVED, admin.actor)


async def disconnect(
    tx: Transaction, admin: Admin, account_id: UUID, chart: str, role: Role
) -> None:
    """Take one chart away from an account.

    Raises:
        ProblemError: 404, no such account, or it does not see this chart in this role.
    """
    await locked(tx, admin, account_id)
    taken = await queries.connections.take(tx, admin.organization, account_id, chart, role)
    if taken is None:
        sentence = "This account is not connected to this chart any more."
        raise ProblemError(404, "connection_unknown", sentence)
    reason = AccessEndReason.DISCONNECTED
    tx.publish(endings.ended(tx, taken, reason, admin.actor))
    await queries.history.add(tx, [endings.disconnected(tx, taken, reason, admin.actor)])


async def ask_for_email(
    tx: Transaction, admin: Admin, account_id: UUID, email: str, seal: Seal
) -> EmailChange:
    """Ask the holder of a new address to verify it; until then the old one stays.

    Raises:
        ProblemError: 404, no such account; 409, it has this address, or another account has.
    """
    account = await locked(tx, admin, account_id)
    key = rules.email_key(email)
    if key == account.email_key:
        sentence = "The account has this e-mail address already."
        raise ProblemError(409, "email_unchanged", sentence)
    if await queries.accounts.account(tx, admin.organization, key):
        sentence = "Another account has this e-mail address. Each account needs its own."
        raise ProblemError(409, "email_taken", sentence)
    return await ask(tx, admin, account, email.strip(), seal)


async def ask_again(tx: Transaction, admin: Admin, account_id: UUID, seal: Seal) -> EmailChange:
    """Send the mail to the new address again; only the newest link works.

    Raises:
        ProblemError: 404, no such account; 409, no address waits to be verified.
    """
    account = await locked(tx, admin, account_id)
    pending = await queries.email_changes.pending(tx, account_id)
    if pending is None:
        sentence = "No new e-mail address waits to be verified. It may have been verified since."
        raise ProblemError(409, "nothing_to_verify", sentence)
    return await ask(tx, admin, account, pending.email, seal)


async def ask(
    tx: Transaction, admin: Admin, account: Account, email: str, seal: Seal
) -> EmailChange:
    """Send a link to a new address, that its holder verifies it; earlier links are dead."""
    token = new_token()
    change = EmailChange(
        account_id=account.id,
        organization_id=account.organization_id,
        email=email,
        email_key=rules.email_key(email),
        token_hash=hash_of(token),
        asked_by=admin.actor,
        asked_at=tx.now,
        expires_at=tx.now + rules.EMAIL_CHANGE_LIFE,
    )
    await queries.email_changes.ask(tx, change)
    holder = await queries.connections.holder(tx, account)
    link = Link(email, token, change.expires_at)
    tx.publish(notices.with_link(NoticeKind.VERIFY_EMAIL, account, holder, link, seal))
    await account_news.note(tx, account, Happened.EMAIL_CHANGE_ASKED, admin.actor)
    return change


async def locked(tx: Transaction, admin: Admin, account_id: UUID) -> Account:
    """Return an account of the admin's organisation that nobody else changes until the commit.

    Raises:
        ProblemError: 404, there is no such account.
    """
    account = await queries.accounts.lock(tx, admin.organization, account_id)
    if account is None:
        raise ProblemError(404, "account_unknown", "There is no such portal account here.")
    return account


def suspended(tx: Transaction, connection: Connection, actor: str | None) -> PortalAccessSuspended:
    """Return the event that says that a connection's account is disabled."""
    data = PortalAccessSuspendedData(
        invitee=endings.invitee_of(connection),
        invitation_id=connection.invitation_id,
        role=Role(connection.role),
        account_id=connection.account_id,
        suspended_by=actor,
        suspended_at=tx.now,
    )
    return PortalAccessSuspended.of(data)


def _resumed(tx: Transaction, connection: Connection, actor: str) -> PortalAccessResumed:
    data = PortalAccessResumedData(
        invitee=endings.invitee_of(connection),
        invitation_id=connection.invitation_id,
        role=Role(connection.role),
        account_id=connection.account_id,
        resumed_by=actor,
        resumed_at=tx.now,
    )
    return PortalAccessResumed.of(data)
