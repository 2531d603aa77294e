"""What is done to charts and the people on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.chart import (
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.envelope import Invitee
from services.chart_service import audit, directory, facesheet, queries, rules
from services.chart_service.audit import Act, Action
from services.chart_service.commands import records
from services.chart_service.commands.locations import check_known
from services.chart_service.commands.records import Records
from services.chart_service.models import Person
from services.chart_service.rules import Fields


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """A chart as an EMR or a bundle states it; people say only what is known of them."""

    id: str
    mrn: str
    people: Sequence[Fields]
    coverages: Sequence[Mapping[str, str | None]] = ()
    records: Records = field(default_factory=dict)
    imported: bool = False
    places: bool = False
    """Whether it says to which location the chart belongs."""
    location: str | None = None


async def record_charts(
    tx: Transaction, organization_id: str, entries: Sequence[ChartEntry], actor: str
) -> int:
    """Insert charts or bring them up to date; return how many people are new or changed.

    Raises:
        ProblemError: 409, a chart has another patient already; 422, there is no such location.
    """
    mrns = {entry.id: entry.mrn for entry in entries}
    renumbered = await queries.charts.save_charts(tx, organization_id, mrns)
    moved = await _place(tx, organization_id, {e.id: e.location for e in entries if e.places})
    known = {
        (person.chart_id, person.id): person.model_dump()
        for person in await queries.people.people(tx, organization_id, mrns.keys())
    }
    age = (await facesheet.known_organization(tx, organization_id)).age_of_majority
    rows = [
        rules.with_age(row, age, tx.now.date())
        for entry in entries
        for given in entry.people
        for row in [_merged(organization_id, entry, given, known.get((entry.id, given["id"])))]
    ]
    changed = [row for row in rows if row != known.get((row["chart_id"], row["id"]))]
    await _save_people(tx, changed)
    told = {(row["chart_id"], row["id"]) for row in changed}
    await tell(tx, [known[key] for key in known if key[0] in moved and key not in told])
    changed_charts = {*renumbered, *(row["chart_id"] for row in changed)}
    await directory.charts_changed(tx, organization_id, changed_charts)
    for entry in entries:
        if entry.coverages:
            await queries.people.replace_coverages(tx, organization_id, entry.id, entry.coverages)
        if entry.records:
            await records.save(tx, organization_id, entry.id, entry.records, actor)
    action = Action.CHARTS_IMPORTED if any(e.imported for e in entries) else Action.CHART_RECORDED
    await audit.record(tx, *(Act(organization_id, actor, action, e.id) for e in entries))
    return len(changed)


async def change_person(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str, given: Fields, actor: str
) -> Person:
    """Change what is given of a person; return the person.

    Raises:
        ProblemError: 404, no such person; 409, the patient would become a contact.
    """
    await lock_chart(tx, organization_id, chart_id)
    person = await facesheet.person(tx, organization_id, chart_id, person_id)
    if person.is_patient and given.get("relationship", person.relationship) != "Patient":
        raise ProblemError(
            409, "patient_stays", "The patient of a chart cannot become a contact on it."
        )
    known = person.model_dump()
    organization = await facesheet.known_organization(tx, organization_id)
    row = rules.changed_by_entry(known, given)
    row = rules.with_age(row, organization.age_of_majority, tx.now.date())
    if row != known:
        await _save_people(tx, [row])
        await directory.charts_changed(tx, organization_id, [chart_id])
        changed = sorted(name for name in row if row[name] != known[name])
        act = Act(organization_id, actor, Action.PERSON_CHANGED, chart_id, person_id)
        await audit.record(tx, replace(act, detail={"fields": changed}))
    return Person(**row)


async def add_contact(
    tx: Transaction, organization_id: str, chart_id: str, given: Fields, actor: str
) -> Person:
    """Put a contact on a chart; it gets an id when none is given.

    Raises:
        ProblemError: 404, no such chart; 409, somebody on the chart has this id.
    """
    await lock_chart(tx, organization_id, chart_id)
    person_id = given.get("id") or str(uuid4())
    there = await queries.people.people(tx, organization_id, [chart_id])
    if person_id in {person.id for person in there}:
        raise ProblemError(409, "person_exists", "Somebody on this chart has this id already.")
    own = {"organization_id": organization_id, "chart_id": chart_id, "id": person_id}
    row = rules.changed_by_entry(None, given | own)
    await _save_people(tx, [row])
    await directory.charts_changed(tx, organization_id, [chart_id])
    await audit.record(tx, Act(organization_id, actor, Action.CONTACT_ADDED, chart_id, person_id))
    return Person(**row)


async def move_chart(
    tx: Transaction, organization_id: str, chart_id: str, location: str | None, actor: str
) -> None:
    """Let a chart belong to another location, or to none.

    Raises:
        ProblemError: 404, no such chart; 422, no such location.
    """
    await lock_chart(tx, organization_id, chart_id)
    if await _place(tx, organization_id, {chart_id: location}):
        people = await queries.people.people(tx, organization_id, [chart_id])
        await tell(tx, [person.model_dump() for person in people])
        await audit.record(tx, Act(organization_id, actor, Action.CHART_MOVED, chart_id))


async def lock_chart(tx: Transaction, organization_id: str, chart_id: str) -> None:
    """Let nobody else change a chart's people until the commit.

    Raises:
        ProblemError: 404, no such chart.
    """
    if not await queries.charts.lock_chart(tx, organization_id, chart_id):
        raise facesheet.unknown("chart")


def _merged(organization_id: str, entry: ChartEntry, given: Fields, known: Fields | None) -> Fields:
    merge = rules.changed_by_import if entry.imported else rules.changed_by_entry
    own = {"organization_id": organization_id, "chart_id": entry.id, "id": given["id"]}
    return merge(known, {name: given[name] for name in given if name != "id"}) | own


async def _save_people(tx: Transaction, rows: Sequence[Fields]) -> None:
    if not rows:
        return
    try:
        await queries.people.save_people(tx, rows)
    except IntegrityError as error:
        sentence = "A chart has another patient already. One chart is one patient's."
        raise ProblemError(409, "patient_differs", sentence) from error
    await tell(tx, rows)


async def _place(
    tx: Transaction, organization_id: str, places: Mapping[str, str | None]
) -> set[str]:
    if not places:
        return set()
    wanted = {place for place in places.values() if place is not None}
    await check_known(tx, organization_id, wanted)
    return await queries.locations.place_charts(tx, organization_id, places)


async def tell(tx: Transaction, rows: Sequence[Fields]) -> None:
    """Tell the other services, and open facesheets, what one organisation's people are now."""
    if not rows:
        return
    organization_id = rows[0]["organization_id"]
    charts = {row["chart_id"] for row in rows}
    places = await queries.locations.of_charts(tx, organization_id, charts)
    await queries.changes.tell(tx, {f"{organization_id}/{chart}" for chart in charts})
    for row in rows:
        tx.publish(_person_changed(row, places.get(row["chart_id"])))


def _person_changed(row: Mapping[str, Any], location: str | None) -> PersonChanged:
    data = PersonChangedData(
        invitee=Invitee(
            organization=row["organization_id"], chart=row["chart_id"], person=row["id"]
        ),
        relationship=Relationship(row["relationship"]),
        given_name=row["given_name"],
        email=row["email"],
        deceased=row["deceased"],
        ended=row["ended"],
        location=location,
        language=row["language"],
        discharged=row["discharged"],
        of_age=row["of_age"],
    )
    return PersonChanged.of(data)
