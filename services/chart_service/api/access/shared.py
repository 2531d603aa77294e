"""What staff share with roles: a document or plan is there for those it is shared with alone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.chart_service import facesheet, queries
from services.chart_service.api.access.chart import records
from services.chart_service.api.access.grants import Look
from services.chart_service.models import RecordKey, RecordKind


async def shared(look: Look, kind: RecordKind) -> Sequence[Row[Any]]:
    """Return the chart's records of a kind that are shared with the role, the newest first."""
    return [row for row in await records(look, kind) if is_shared(look, row)]


async def record(look: Look, kind: RecordKind, record_id: str) -> tuple[RecordKey, Row[Any]]:
    """Return a record of the chart and its key.

    Raises:
        ProblemError: 404, the chart has none of this id.
    """
    key = RecordKey(kind, look.grant.organization, look.grant.chart, record_id)
    row = await queries.records.record(look.tx, key)
    if row is None:
        raise facesheet.unknown("record")
    return key, row


def is_shared(look: Look, row: Row[Any]) -> bool:
    """Tell whether a document or plan is shared with the role that looks."""
    return look.grant.role in row.shared_with
