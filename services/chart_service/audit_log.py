"""Reading the audit log: entries with the names that are known now of who and whom they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service import queries
from services.chart_service.models import Staff
from services.chart_service.queries.audit import Wanted

_OTHERS = {"operator": "Holder of the API token", "invitee": "Invitee", "system": "Portico"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as people read of it; a name is None where it is not known (any more)."""

    id: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    chart: str | None
    patient_name: str | None
    person: str | None
    person_name: str | None
    staff: str | None
    staff_name: str | None
    client: str | None
    client_name: str | None
    detail: Mapping[str, Any]


async def entries(
    tx: Transaction,
    organization_id: str,
    wanted: Wanted,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> list[Entry]:
    """Return entries of an organisation's log, newest first, from after a time and id on."""
    rows = await queries.audit.entries(tx, organization_id, wanted, limit, after)
    names = await _names(tx, organization_id, rows)
    return [_entry(row, names) for row in rows]


async def actors(tx: Transaction, organization_id: str) -> dict[str, str]:
    """Return who may have acted: the name by what the log calls them."""
    staff = await queries.staff.all_staff(tx, organization_id)
    clients = await queries.clients.clients(tx, organization_id)
    return {
        **{f"staff:{one.id}": _name_of(one) for one in staff},
        **{f"client:{one.id}": f"{one.name} (integration)" for one in clients},
        **_OTHERS,
    }


async def _names(
    tx: Transaction, organization_id: str, rows: Sequence[Row[Any]]
) -> dict[tuple[str, ...], str]:
    """Return names by actor, by chart, and by chart and person."""
    known: dict[tuple[str, ...], str] = {
        (actor,): name for actor, name in (await actors(tx, organization_id)).items()
    }
    charts = {row.chart_id for row in rows if row.chart_id}
    for person in await queries.people.people(tx, organization_id, charts):
        known["person", person.chart_id, person.id] = person.name
        if person.is_patient:
            known["chart", person.chart_id] = person.name
    return known


def _entry(row: Row[Any], names: Mapping[tuple[str, ...], str]) -> Entry:
    detail = dict(row.detail)
    staff, client = detail.pop("staff", None), detail.pop("client", None)
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        actor_name=_actor_name(row, names),
        action=row.action,
        chart=row.chart_id,
        patient_name=names.get(("chart", row.chart_id)),
        person=row.person_id,
        person_name=names.get(("person", row.chart_id, row.person_id)),
        staff=staff,
        staff_name=names.get((f"staff:{staff}",)),
        client=client,
        client_name=names.get((f"client:{client}",)),
        detail=detail,
    )


def _actor_name(row: Row[Any], names: Mapping[tuple[str, ...], str]) -> str:
    if row.actor.startswith("portal:"):
        return f"{names.get(('person', row.chart_id, row.person_id), row.person_id)} (portal)"
    return names.get((row.actor,), row.actor.replace(":", " ", 1).capitalize())


def _name_of(one: Staff) -> str:
    return one.name if one.is_active else f"{one.name} (deactivated)"
