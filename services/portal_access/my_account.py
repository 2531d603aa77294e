"""What portal users change of their own account; each change is in its history.

Each works in the caller's transaction. What bears on signing in is told to the account's address.
"""

from chassis.database import Transaction
from contracts.access import NoticeKind
from services.portal_access import notices, queries
from services.portal_access.models import Account, AccountEvent, Happened


async def note(tx: Transaction, account: Account, what: Happened) -> None:
    """Add to an account's history what its holder did."""
    await queries.history.add(tx, [happened(tx, account, what)])


async def note_and_tell(tx: Transaction, account: Account, what: Happened) -> None:
    """Add to the history how signing in has changed, and tell the account's address of it."""
    await note(tx, account, what)
    holder = await queries.connections.holder(tx, account)
    kind = NoticeKind.SIGN_IN_CHANGED
    if told := notices.notice(kind, account, str(account.id), holder, tx.now):
        tx.publish(told)


def happened(tx: Transaction, account: Account, what: Happened) -> AccountEvent:
    """Return the line of an account's history that says what its holder did."""
    return AccountEvent(
        organization_id=account.organization_id,
        account_id=account.id,
        at=tx.now,
        what=what,
        actor=f"portal:{account.id}",
    )
