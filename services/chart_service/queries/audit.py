"""SQL on the audit log."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
