"""SQL on the audit log."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from chassis.database import Transaction

if TYPE_CHECKING:
    from services.chart_service.audit import Act


async def add(tx: Transaction, acts: "Sequence[Act]") -> None:
    """Append entries, in order."""
    await tx.run(
        """
        INSERT INTO audit_log (at, organization_id, actor, action, chart_id, person_id, detail)
        SELECT CAST(:at AS timestamptz), new.* FROM unnest(
            CAST(:organizations AS varchar[]), CAST(:actors AS varchar[]),
            CAST(:actions AS varchar[]), CAST(:charts AS varchar[]), CAST(:people AS varchar[]),
            CAST(:details AS jsonb[])) AS new
        """,
        at=tx.now,
        organizations=[act.organization_id for act in acts],
        actors=[act.actor for act in acts],
        actions=[act.action.value for act in acts],
        charts=[act.chart_id for act in acts],
        people=[act.person_id for act in acts],
        details=[json.dumps(dict(act.detail)) for act in acts],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the log are looked for; None means any."""

    action: str | None = None
    actor: str | None = None
    chart: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Entries are earlier than this."""


_CONDITIONS = {
    "action": "action = :action",
    "actor": "actor = :actor",
    "chart": "chart_id = :chart",
    "since": "at >= :since",
    "until": "at < :until",
    "after": "(at, id) < (:after, :after_id)",
}


async def entries(
    tx: Transaction,
    organization_id: str,
    wanted: Wanted,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> Sequence[Row[Any]]:
    """Return entries, newest first, that follow the one with this time and id.

    Only what is asked for is in the statement, so that each filter has its index.
    """
    values = {name: value for name, value in asdict(wanted).items() if value is not None}
    if after is not None:
        values |= {"after": after[0], "after_id": after[1]}
    conditions = [text for name, text in _CONDITIONS.items() if name in values]
    where = " AND ".join(["organization_id = :organization_id", *conditions])
    found = await tx.run(
        f"""
        SELECT id, at, actor, action, chart_id, person_id, detail FROM audit_log
        WHERE {where} ORDER BY at DESC, id DESC LIMIT :limit
        """,  # noqa: S608 - of the constants above
        organization_id=organization_id,
        limit=limit,
        **values,
    )
    return found.all()
