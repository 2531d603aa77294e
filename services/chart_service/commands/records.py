"""What is done to a chart's records: episodes, appointments, documents and the like."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.scopes import Role
from services.chart_service import audit, facesheet, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import RecordKey, RecordKind
from services.chart_service.rules import Fields

Records = Mapping[RecordKind, Sequence[Fields]]
"""Rows by kind, with its columns, `id` among them; bodies (schemas/) and files.py make them."""

Changes = dict[RecordKind, dict[str, bool]]
"""The ids of records that changed, and whether they are new."""


async def save(
    tx: Transaction, organization_id: str, chart_id: str, records: Records, actor: str
) -> Changes:
    """Insert records, or bring them up to date; no id may be there twice.

    With whom a document or plan is shared stays as it is once it is there: staff may have chosen.

    Raises:
        ProblemError: 404, no such chart.
    """
    await known_chart(tx, organization_id, chart_id)
    own = {"organization_id": organization_id, "chart_id": chart_id}
    changes = {}
    for kind, rows in records.items():
        uploaded = {"uploaded_by": actor, "uploaded_at": tx.now}
        added = own | uploaded if kind is RecordKind.ATTACHMENTS else own
        if changed := await queries.records.save(tx, kind, [row | added for row in rows]):
            changes[kind] = changed
            await _note(
                tx,
                Act(organization_id, actor, Action.RECORDS_SAVED, chart_id),
                kind,
                ids=sorted(changed),
            )
    return changes


async def listed(
    tx: Transaction,
    organization_id: str,
    chart_id: str,
    kind: RecordKind,
    actor: str,
    part: slice,
) -> Sequence[Row[Any]]:
    """Return some of a chart's records, the newest first; the audit log says who read them.

    Raises:
        ProblemError: 404, no such chart.
    """
    await known_chart(tx, organization_id, chart_id)
    await _note(tx, Act(organization_id, actor, Action.RECORDS_VIEWED, chart_id), kind)
    return await queries.records.listed(tx, kind, organization_id, chart_id, part)


async def record(tx: Transaction, key: RecordKey, actor: str) -> Row[Any]:
    """Return a record, of a file its size only; the audit log says who read it.

    Raises:
        ProblemError: 404, no such record.
    """
    found = await queries.records.record(tx, key)
    if found is None:
        raise facesheet.unknown("record")
    await _note_one(tx, key, actor, Action.RECORDS_VIEWED)
    return found


async def file(tx: Transaction, key: RecordKey, actor: str) -> tuple[Row[Any], bytes]:
    """Return a document or attachment and its content; the audit log says who read it.

    Raises:
        ProblemError: 404, no such document or attachment.
    """
    found = await queries.records.record(tx, key)
    content = await queries.records.content(tx, key)
    if found is None or content is None:
        raise facesheet.unknown("record")
    await _note_one(tx, key, actor, Action.FILE_VIEWED)
    return found, content


async def share(tx: Transaction, key: RecordKey, roles: Collection[Role], actor: str) -> None:
    """Let these roles, and no others, see a document or plan in the portal.

    Raises:
        ProblemError: 404, no such document or plan.
    """
    names = [role.value for role in Role if role in roles]
    if not await queries.records.share(tx, key, names):
        raise facesheet.unknown("record")
    await _note_one(tx, key, actor, Action.RECORD_SHARED, shared_with=names)


async def delete(tx: Transaction, key: RecordKey, actor: str) -> None:
    """Delete a record that should not have been there.

    Raises:
        ProblemError: 404, no such record.
    """
    if not await queries.records.remove(tx, key):
        raise facesheet.unknown("record")
    await _note_one(tx, key, actor, Action.RECORD_DELETED)


async def known_chart(tx: Transaction, organization_id: str, chart_id: str) -> None:
    """Make sure that there is such a chart.

    Raises:
        ProblemError: 404, there is none.
    """
    if await queries.charts.chart(tx, organization_id, chart_id) is None:
        raise facesheet.unknown("chart")


async def _note_one(
    tx: Transaction, key: RecordKey, actor: str, action: Action, **detail: object
) -> None:
    act = Act(key.organization_id, actor, action, key.chart_id)
    await _note(tx, act, key.kind, id=key.id, **detail)


async def _note(tx: Transaction, act: Act, kind: RecordKind, **detail: object) -> None:
    await audit.record(tx, act.with_detail(kind=kind.value, **detail))
