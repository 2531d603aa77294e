"""What staff, EMRs and imports do to charts; pages and API do it through these alike.

Each works in the caller's transaction, publishes what other services must know, and raises a
ProblemError, whose detail is for people, when it cannot be done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    OrganizationChanged,
    OrganizationChangedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
    RevokeRequested,
    RevokeRequestedData,
)
from contracts.envelope import Invitee
from services.chart_service import alerts, facesheet, queries, rules
from services.chart_service.models import Organization, Person
from services.chart_service.rules import Fields, Refusal


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """A chart as an EMR or a bundle states it; people say only what is known of them."""

    id: str
    mrn: str
    people: Sequence[Fields]
    coverages: Sequence[Mapping[str, str | None]] = ()
    imported: bool = False


async def put_organization(tx: Transaction, organization: Organization) -> None:
    """Make an organisation what is given here."""
    await queries.save_organization(tx, organization)
    data = OrganizationChangedData(
        organization=organization.id,
        name=organization.name,
        phone=organization.phone,
        logo=organization.logo_value,
        portal_enabled=organization.portal_enabled,
        invitation_days=organization.invitation_days,
    )
    tx.publish(OrganizationChanged.of(data))


async def record_charts(
    tx: Transaction, organization_id: str, entries: Sequence[ChartEntry]
) -> int:
    """Insert charts or bring them up to date; return how many people are new or changed.

    Raises:
        ProblemError: 409, a chart has another patient already.
    """
    mrns = {entry.id: entry.mrn for entry in entries}
    await queries.save_charts(tx, organization_id, mrns)
    known = {
        (person.chart_id, person.id): person.model_dump()
        for person in await queries.people(tx, organization_id, mrns.keys())
    }
    rows = [
        _merged(organization_id, entry, given, known.get((entry.id, given["id"])))
        for entry in entries
        for given in entry.people
    ]
    changed = [row for row in rows if row != known.get((row["chart_id"], row["id"]))]
    await _save_people(tx, changed)
    for entry in entries:
        if entry.coverages:
            await queries.replace_coverages(tx, organization_id, entry.id, entry.coverages)
    return len(changed)


async def change_person(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str, given: Fields
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
    row = rules.changed_by_entry(known, given)
    if row != known:
        await _save_people(tx, [row])
    return Person(**row)


async def add_contact(
    tx: Transaction, organization_id: str, chart_id: str, given: Fields
) -> Person:
    """Put a contact on a chart; it gets an id when none is given.

    Raises:
        ProblemError: 404, no such chart; 409, somebody on the chart has this id.
    """
    await lock_chart(tx, organization_id, chart_id)
    person_id = given.get("id") or str(uuid4())
    there = await queries.people(tx, organization_id, [chart_id])
    if person_id in {person.id for person in there}:
        raise ProblemError(409, "person_exists", "Somebody on this chart has this id already.")
    own = {"organization_id": organization_id, "chart_id": chart_id, "id": person_id}
    row = rules.changed_by_entry(None, given | own)
    await _save_people(tx, [row])
    return Person(**row)


async def invite(
    tx: Transaction,
    invitee: Invitee,
    confirmed_email: str | None,
    requested_by: str,
    invitation_id: UUID,
) -> None:
    """Ask for an invitation to the address on file; the same id again asks for no second one.

    Raises:
        ProblemError: 404, no such person; 409, the chart itself knows what stands in the way, or
            the id is another person's invitation.
    """
    if await _was_requested(tx, invitee, invitation_id):
        return
    sheet = await facesheet.load(tx, invitee.organization, invitee.chart)
    person = sheet.person(invitee.person)
    _raise(
        rules.refusal(sheet.organization, sheet.patient, person)
        or rules.refusal_of_address(person, confirmed_email)
    )
    role = rules.role_of(person)
    assert role is not None
    data = InviteRequestedData(
        invitee=invitee, role=role, email=person.email, requested_by=requested_by
    )
    event = InviteRequested.of(data).model_copy(update={"id": invitation_id})
    tx.publish(event)
    # The event comes back through Kafka, too; staff need not wait for that to see the alert.
    await queries.save_alerts(tx, [alerts.news_of(event)])


async def revoke(tx: Transaction, invitee: Invitee, requested_by: str) -> UUID:
    """Ask that a person's open invitation be revoked; return the request's id.

    Raises:
        ProblemError: 404, no such person; 409, nobody can have invited this person.
    """
    person = await facesheet.person(tx, invitee.organization, invitee.chart, invitee.person)
    role = rules.role_of(person)
    if role is None:
        raise ProblemError(409, "nothing_to_revoke", "This contact cannot have been invited.")
    data = RevokeRequestedData(invitee=invitee, role=role, requested_by=requested_by)
    event = RevokeRequested.of(data)
    tx.publish(event)
    return event.id


async def lock_chart(tx: Transaction, organization_id: str, chart_id: str) -> None:
    """Let nobody else change a chart's people until the commit.

    Raises:
        ProblemError: 404, no such chart.
    """
    if not await queries.lock_chart(tx, organization_id, chart_id):
        raise facesheet.unknown("chart")


async def _was_requested(tx: Transaction, invitee: Invitee, invitation_id: UUID) -> bool:
    await queries.lock_invitation(tx, invitation_id)
    known = await queries.alert(tx, invitee.organization, invitation_id)
    if known is None:
        return False
    if (known.chart_id, known.person_id) != (invitee.chart, invitee.person):
        sentence = "This idempotency key was used to invite somebody else. Use a new one."
        raise ProblemError(409, "idempotency_key_reused", sentence)
    return True


def _merged(organization_id: str, entry: ChartEntry, given: Fields, known: Fields | None) -> Fields:
    merge = rules.changed_by_import if entry.imported else rules.changed_by_entry
    own = {"organization_id": organization_id, "chart_id": entry.id, "id": given["id"]}
    return merge(known, {name: given[name] for name in given if name != "id"}) | own


async def _save_people(tx: Transaction, rows: Sequence[Fields]) -> None:
    if not rows:
        return
    try:
        await queries.save_people(tx, rows)
    except IntegrityError as error:
        sentence = "A chart has another patient already. One chart is one patient's."
        raise ProblemError(409, "patient_differs", sentence) from error
    for row in rows:
        tx.publish(_person_changed(row))


def _person_changed(row: Mapping[str, Any]) -> PersonChanged:
    data = PersonChangedData(
        invitee=Invitee(
            organization=row["organization_id"], chart=row["chart_id"], person=row["id"]
        ),
        relationship=Relationship(row["relationship"]),
        given_name=row["given_name"],
        email=row["email"],
        deceased=row["deceased"],
        ended=row["ended"],
    )
    return PersonChanged.of(data)


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise ProblemError(409, refusal.code, refusal.sentence)
