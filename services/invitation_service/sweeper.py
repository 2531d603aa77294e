"""What is due by the clock: invitations that expire, requests that waited in vain."""

from datetime import timedelta

from chassis.database import Database, Transaction
from contracts.envelope import Invitee
from contracts.invitations import InvitationExpired, InvitationExpiredData
from services.invitation_service import queries
from services.invitation_service.handlers import Handlers
from services.invitation_service.throttle import WINDOW

_LIMIT = 500


async def sweep(database: Database, handlers: Handlers) -> None:
    """Expire and decide what is due, in transactions of at most _LIMIT rows."""
    while await _sweep_once(database, handlers) == _LIMIT:
        pass


async def _sweep_once(database: Database, handlers: Handlers) -> int:
    async with database.transaction() as tx:
        overdue = await queries.take_overdue(tx, _LIMIT)
        await handlers.decide_all(overdue, tx, may_wait=False)
        expired = await _expire(tx)
        await queries.forget_failures(tx, tx.now - WINDOW - timedelta(hours=1))
    return max(len(overdue), expired)


async def _expire(tx: Transaction) -> int:
    rows = await queries.expire(tx, _LIMIT)
    for row in rows:
        invitee = Invitee(
            organization=row.organization_id, chart=row.chart_id, person=row.person_id
        )
        data = InvitationExpiredData(
            invitee=invitee, invitation_id=row.id, role=row.role, expired_at=row.expires_at
        )
        tx.publish(InvitationExpired.of(data))
    return len(rows)
