"""A portal account as its page shows it: with the names that the chart has for its ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.database import Transaction
from services.chart_service import alerts, queries
from services.chart_service.models import AlertState, Person
from services.chart_service.portal_accounts import Connection, Details, Happened

Key = tuple[str, str]
"""A chart and a person on it."""

_OVER = frozenset({AlertState.REJECTED, AlertState.EXPIRED})
"""Of the alerts that a facesheet shows, those of invitations that wait for nothing any more."""


@dataclass(frozen=True, slots=True)
class ShownConnection:
    """A chart that an account sees, or saw; names are None where the chart has none any more."""

    chart: str
    person: str
    role: str
    patient_name: str | None
    person_name: str | None
    at: datetime
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class AccountView:
    """What stands on an account's page besides what portal_access says."""

    connections: Sequence[ShownConnection]
    former: Sequence[ShownConnection]
    staff: Mapping[str, str]
    people: Mapping[Key, str]
    patients: Mapping[str, str]


async def describe(tx: Transaction, organization_id: str, account: Details) -> AccountView:
    """Return an account's view; only charts of the organisation have names."""
    former = _former(account)
    charts = {c.chart for c in account.connections} | {h.chart for h in account.history if h.chart}
    people = await queries.people.people(tx, organization_id, charts)
    names, patients = _names(people)
    invited = await _invited(tx, organization_id, {h.chart for h in former if h.chart})

    def shown(chart: str, person: str, role: str, at: datetime) -> ShownConnection:
        key = (chart, person)
        patient = patients.get(chart)
        return ShownConnection(chart, person, role, patient, names.get(key), at, key in invited)

    return AccountView(
        [shown(c.chart, c.person, c.role, c.granted_at) for c in account.connections],
        [shown(h.chart or "", h.person or "", h.role or "", h.at) for h in former],
        {f"staff:{one.id}": one.name for one in await queries.staff.all_staff(tx, organization_id)},
        names,
        patients,
    )


async def names_of(
    tx: Transaction, organization_id: str, connections: Iterable[Connection]
) -> dict[Key, str]:
    """Return the names of the people of these connections."""
    charts = {connection.chart for connection in connections}
    if not charts:
        return {}
    return _names(await queries.people.people(tx, organization_id, charts))[0]


def _former(account: Details) -> list[Happened]:
    """Return the newest end of each connection that is no more."""
    now = {(c.chart, c.role) for c in account.connections}
    ends: dict[tuple[str | None, str | None], Happened] = {}
    for line in account.history:
        if line.what == "disconnected" and (line.chart, line.role) not in now:
            ends.setdefault((line.chart, line.role), line)
    return list(ends.values())


def _names(people: Iterable[Person]) -> tuple[dict[Key, str], dict[str, str]]:
    known = list(people)
    names = {(person.chart_id, person.id): person.name for person in known}
    return names, {person.chart_id: person.name for person in known if person.is_patient}


async def _invited(tx: Transaction, organization_id: str, charts: Iterable[str]) -> set[Key]:
    found = set()
    for chart in charts:
        for alert in alerts.shown(await queries.alerts.alerts(tx, organization_id, chart)):
            if alert.state not in _OVER:
                found.add((alert.chart_id, alert.person_id))
    return found
