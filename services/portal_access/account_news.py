"""What happens to an account: a line of its history, and the mail that tells its address.

Each works in the caller's transaction.
"""

from chassis.database import Transaction
from contracts.access import NoticeKind
from services.portal_access import notices, queries
from services.portal_access.models import Account, AccountEvent, Happened


def holder_of(account: Account) -> str:
    """Return how histories and events name an account's holder as who acts."""
    return f"portal:{account.id}"


async def note(tx: Transaction, account: Account, what: Happened, actor: str | None = None) -> None:
    """Add to an account's history what its holder did, or who else it was."""
    happened = AccountEvent(
        organization_id=account.organization_id,
        account_id=account.id,
        at=tx.now,
        what=what,
        actor=actor or holder_of(account),
    )
    await queries.history.add(tx, [happened])


async def tell(tx: Transaction, account: Account, kind: NoticeKind) -> None:
    """Tell an account's address of what happened, if mail could reach it."""
    holder = await queries.connections.holder(tx, account)
    if told := notices.notice(kind, account, str(account.id), holder, tx.now):
        tx.publish(told)


async def note_and_tell(
    tx: Transaction, account: Account, what: Happened, actor: str | None = None
) -> None:
    """Add to the history how signing in has changed, and tell the account's address of it."""
    await note(tx, account, what, actor)
    await tell(tx, account, NoticeKind.SIGN_IN_CHANGED)
