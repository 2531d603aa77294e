"""What is due by the clock: expiries, reminders, requests that waited in vain."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from chassis.database import Database, Transaction
from contracts.envelope import Invitee, utc_now
from contracts.invitations import InvitationExpired, InvitationExpiredData
from services.invitation_service import queries
from services.invitation_service.handlers import Handlers
from services.invitation_service.reminders import Reminders
from services.invitation_service.throttle import WINDOW

_LIMIT = 500


async def sweep(
    database: Database,
    handlers: Handlers,
    reminders: Reminders,
    caught_up: Callable[[], Awaitable[bool]],
) -> None:
    """Expire, remind of and decide what is due, in transactions of at most _LIMIT rows.

    A request is decided for good once `caught_up` says that all news from before its time was up
    has been handled; else it is left for the next sweep.
    """
    while await _expire_once(database) == _LIMIT:
        pass
    while await _remind_once(database, reminders) == _LIMIT:
        pass
    due = utc_now()
    if await _is_any_overdue(database, due) and await caught_up():
        while await _decide_once(database, handlers, due) == _LIMIT:
            pass


async def _is_any_overdue(database: Database, due: datetime) -> bool:
    async with database.transaction() as tx:
        return await queries.waiting.is_any_overdue(tx, due)


async def _decide_once(database: Database, handlers: Handlers, due: datetime) -> int:
    async with database.transaction() as tx:
        overdue = await queries.waiting.take_overdue(tx, due, _LIMIT)
        await handlers.decide_all(overdue, tx, may_wait=False)
    return len(overdue)


async def _remind_once(database: Database, reminders: Reminders) -> int:
    async with database.transaction() as tx:
        return await reminders.issue(tx, _LIMIT)


async def _expire_once(database: Database) -> int:
    async with database.transaction() as tx:
        await queries.failures.forget(tx, tx.now - WINDOW - timedelta(hours=1))
        return await _expire(tx)


async def _expire(tx: Transaction) -> int:
    rows = await queries.invitations.expire(tx, _LIMIT)
    for row in rows:
        invitee = Invitee(
            organization=row.organization_id, chart=row.chart_id, person=row.person_id
        )
        data = InvitationExpiredData(
            invitee=invitee, invitation_id=row.id, role=row.role, expired_at=row.expires_at
        )
        tx.publish(InvitationExpired.of(data))
    return len(rows)
