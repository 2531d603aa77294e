"""SQL on the history of invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import select

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.models import HistoryStep


class NewStep(NamedTuple):
    """A step as it is noted; a row of the ORM costs ten times as much to make."""

    organization_id: str
    event_id: UUID
    chart_id: str
    person_id: str
    invitation_id: UUID
    role: str
    step: str
    at: datetime
    actor: str | None = None
    detail: str | None = None


_TYPES = {
    "organization_id": "varchar",
    "event_id": "uuid",
    "chart_id": "varchar",
    "person_id": "varchar",
    "invitation_id": "uuid",
    "role": "varchar",
    "step": "varchar",
    "at": "timestamptz",
    "actor": "varchar",
    "detail": "varchar",
}
_ADD = f"""
    INSERT INTO invitation_history ({", ".join(_TYPES)})
    SELECT * FROM unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _TYPES.items())})
    ON CONFLICT (organization_id, event_id) DO NOTHING
"""  # noqa: S608 - made of the names above alone


async def add(tx: Transaction, steps: Sequence[NewStep]) -> None:
    """Note these steps; those that are known already stay as they are."""
    await tx.run(_ADD, **{name: [getattr(step, name) for step in steps] for name in _TYPES})


async def history(tx: Transaction, invitee: Invitee) -> Sequence[HistoryStep]:
    """Return all that happened to a person's invitations."""
    found = await tx.session.exec(
        select(HistoryStep).where(
            HistoryStep.organization_id == invitee.organization,
            HistoryStep.chart_id == invitee.chart,
            HistoryStep.person_id == invitee.person,
        )
    )
    return found.all()
