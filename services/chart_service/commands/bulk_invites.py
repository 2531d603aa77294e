"""Inviting many people at once: who is chosen, the confirmation, and the work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row

from chassis.database import Database, Transaction
from chassis.web.problems import ProblemError
from contracts.envelope import Invitee
from services.chart_service import audit, facesheet, queries
from services.chart_service.audit import Act, Action
from services.chart_service.commands import invitations
from services.chart_service.models import BulkInvite, BulkInviteItem, ItemState, Status

MOST = 5_000
"""The most people of one bulk invitation."""

_AT_ONCE = 50
_NOT_NEEDED = {
    Status.PENDING: "invitation_waiting",
    Status.ACTIVE: "already_active",
    Status.DISABLED: "account_disabled",
}
"""Why nobody is invited in bulk who need not be; a new link would only confuse them."""


async def prepare(
    tx: Transaction, organization_id: str, chosen: Sequence[tuple[str, str]], actor: str
) -> UUID:
    """Keep whom somebody chose, as (chart, person); return the id under which it is confirmed.

    Raises:
        ProblemError: 422, nobody was chosen, or too many; 404, none of them is known.
    """
    if not chosen or len(chosen) > MOST:
        sentence = f"Select at least one person, and no more than {MOST:,}."
        raise ProblemError(422, "selection_empty" if not chosen else "selection_large", sentence)
    entries = await queries.directory_list.entries(tx, organization_id, chosen)
    if not entries:
        raise facesheet.unknown("person")
    bulk = BulkInvite(
        organization_id=organization_id, id=uuid4(), created_by=actor, created_at=tx.now
    )
    items = [_item(bulk, position, entry) for position, entry in enumerate(entries, 1)]
    await queries.bulk.add(tx, bulk, items)
    detail = {"bulk": str(bulk.id), "people": len(items)}
    act = Act(organization_id, actor, Action.BULK_INVITE_PREPARED, detail=detail)
    await audit.record(tx, act)
    return bulk.id


async def confirm(tx: Transaction, organization_id: str, bulk_id: UUID, actor: str) -> None:
    """Let the invitations be requested; confirming again changes nothing."""
    await known(tx, organization_id, bulk_id)
    if await queries.bulk.confirm(tx, organization_id, bulk_id):
        detail = {"bulk": str(bulk_id)}
        await audit.record(
            tx, Act(organization_id, actor, Action.BULK_INVITE_CONFIRMED, detail=detail)
        )


async def known(tx: Transaction, organization_id: str, bulk_id: UUID) -> BulkInvite:
    """Return a bulk invitation.

    Raises:
        ProblemError: 404, there is none of this id.
    """
    bulk = await queries.bulk.bulk(tx, organization_id, bulk_id)
    if bulk is None:
        raise ProblemError(404, "bulk_invite_unknown", "There is no such bulk invitation here.")
    return bulk


async def work(database: Database) -> bool:
    """Request some of the invitations that were confirmed; False when none waits.

    Each is settled in the transaction that requests it. So a crash leaves it either done or to be
    done, and its id is the same then.
    """
    async with database.transaction() as tx:
        items = await queries.bulk.next_items(tx, _AT_ONCE)
        # In one order with all others, before anything else; so nobody asks for these meanwhile.
        await queries.directory.lock(tx, [_invitee(item) for item in items])
        reasons = [await _invite(tx, item) for item in items]
        if items:
            await queries.bulk.settle(tx, items, reasons)
    return bool(items)


def _item(bulk: BulkInvite, position: int, entry: Row[Any]) -> BulkInviteItem:
    reason = _reason_against(entry)
    return BulkInviteItem(
        organization_id=bulk.organization_id,
        bulk_id=bulk.id,
        position=position,
        chart_id=entry.chart_id,
        person_id=entry.person_id,
        email=entry.email,
        invitation_id=uuid4(),
        state=(ItemState.REFUSED if reason else ItemState.QUEUED).value,
        reason=reason,
    )


def _reason_against(entry: Row[Any]) -> str | None:
    status = Status(entry.status)
    return entry.reason if status is Status.NOT_ELIGIBLE else _NOT_NEEDED.get(status)


async def _invite(tx: Transaction, item: Row[Any]) -> str | None:
    """Request an invitation, or return the reason why not."""
    entry = await queries.directory_list.entry(
        tx, item.organization_id, item.chart_id, item.person_id
    )
    if entry is None:
        return "person_unknown"
    if reason := _reason_against(entry):
        return reason
    try:
        await invitations.invite(
            tx, _invitee(item), item.email, item.created_by, item.invitation_id
        )
    except ProblemError as problem:
        return problem.code
    return None


def _invitee(item: Row[Any]) -> Invitee:
    return Invitee(organization=item.organization_id, chart=item.chart_id, person=item.person_id)
