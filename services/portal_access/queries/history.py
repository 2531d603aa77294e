"""SQL on the history of accounts."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import AccountEvent

SHOWN = 100
"""How many lines of a history are shown at most: the newest."""

_TYPES = {
    "organization_id": "text",
    "account_id": "uuid",
    "at": "timestamptz",
    "what": "text",
    "actor": "text",
    "chart_id": "text",
    "person_id": "text",
    "role": "text",
    "reason": "text",
    "invitation_id": "uuid",
}
_ADD = f"""
    INSERT INTO account_events ({", ".join(_TYPES)})
    SELECT * FROM unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _TYPES.items())})
"""  # noqa: S608 - made of the names above alone


async def add(tx: Transaction, events: Sequence[AccountEvent]) -> None:
    """Append what happened, in order."""
    rows = [event.model_dump() for event in events]
    await tx.run(_ADD, **{name: [row[name] for row in rows] for name in _TYPES})


async def newest(tx: Transaction, organization: str, account_id: UUID) -> Sequence[AccountEvent]:
    """Return the newest lines of an account's history, the newest first."""
    wanted = (
        select(AccountEvent)
        .where(
            AccountEvent.organization_id == organization,
            AccountEvent.account_id == account_id,
        )
        .order_by(col(AccountEvent.id).desc())
        .limit(SHOWN)
    )
    return (await tx.session.exec(wanted)).all()
