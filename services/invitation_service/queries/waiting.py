"""SQL on requests that wait for news of their chart."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.chart import InviteRequested
from contracts.envelope import Invitee
from services.invitation_service.known_charts import ChartKey
from services.invitation_service.queries.charts import columns


async def add(tx: Transaction, requests: Sequence[InviteRequested], decide_at: datetime) -> None:
    """Keep requests until news of their chart comes, or until `decide_at`."""
    if not requests:
        return
    invitees: list[Invitee] = [request.data.invitee for request in requests]
    await tx.run(
        """
        INSERT INTO waiting_requests
            (event_id, organization_id, chart_id, person_id, role, event, decide_at)
        SELECT *, :decide_at FROM unnest(CAST(:ids AS uuid[]), CAST(:organizations AS text[]),
            CAST(:charts AS text[]), CAST(:people AS text[]), CAST(:roles AS text[]),
            CAST(:events AS bytea[]))
        """,
        ids=[request.id for request in requests],
        organizations=[invitee.organization for invitee in invitees],
        charts=[invitee.chart for invitee in invitees],
        people=[invitee.person for invitee in invitees],
        roles=[request.data.role.value for request in requests],
        events=[request.model_dump_json().encode() for request in requests],
        decide_at=decide_at,
    )


async def take(
    tx: Transaction, *, charts: Iterable[ChartKey] = (), organizations: Iterable[str] = ()
) -> list[InviteRequested]:
    """Take the requests that waited for these charts or organisations, in order."""
    taken = await tx.run(
        """
        DELETE FROM waiting_requests WHERE organization_id = ANY(:whole)
            OR (organization_id, chart_id) IN (
                SELECT * FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])))
        RETURNING position, event
        """,
        whole=list(organizations),
        **columns(charts),
    )
    return _requests(taken.all())


async def is_any_overdue(tx: Transaction, due: datetime) -> bool:
    """Tell whether any request was to wait until `due` at most."""
    found = await tx.run(
        "SELECT EXISTS (SELECT FROM waiting_requests WHERE decide_at <= :due)", due=due
    )
    return bool(found.scalar_one())


async def take_overdue(tx: Transaction, due: datetime, limit: int) -> list[InviteRequested]:
    """Take requests that were to wait until `due` at most; at most `limit`, in order."""
    taken = await tx.run(
        """
        DELETE FROM waiting_requests WHERE event_id IN (
            SELECT event_id FROM waiting_requests WHERE decide_at <= :due
            ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED
        ) RETURNING position, event
        """,
        due=due,
        limit=limit,
    )
    return _requests(taken.all())


def _requests(rows: Sequence[Row[Any]]) -> list[InviteRequested]:
    in_order = sorted(rows, key=lambda row: row.position)
    return [InviteRequested.model_validate_json(row.event) for row in in_order]
