"""Read care: EpisodeOfCare, Encounter and Appointment.

A stay in a house (Encounter.class inpatient) is an episode; any other encounter is an appointment
that took place, or that was planned.
"""

from services.chart_service.fhir.elements import Element, RefusedError, item, items, text
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.records import (
    check_no_mistake,
    concept,
    day,
    display,
    moment,
    read_each,
    record,
    web_address,
)
from services.chart_service.fhir.resources import Resource
from services.chart_service.fhir.values import ImportedPatient, ImportedRecord
from services.chart_service.models import RecordKind

_STAYS = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC"})
"""v3-ActCode: inpatient, acute, non-acute, observation."""
_CANCELLED = frozenset({"cancelled", "noshow"})


def read_episodes(reading: Reading) -> None:
    """Put each EpisodeOfCare on its patient's chart."""
    read_each("EpisodeOfCare", "patient", _episode_of_care, reading)


def read_encounters(reading: Reading) -> None:
    """Put each Encounter on its subject's chart, as an episode or as an appointment."""
    read_each("Encounter", "subject", _encounter, reading)


def read_appointments(reading: Reading) -> None:
    """Put each Appointment on the charts of the patients who take part in it."""
    for resource in reading.of_type("Appointment"):
        try:
            check_no_mistake(resource.body)
            patients = _patients(resource.body, reading)
            made = _appointment(resource, reading, is_group=len(patients) > 1)
        except RefusedError as reason:
            reading.skip("Appointment", resource.id, reason)
            continue
        for patient in patients:
            patient.records.append(made)
        reading.take("Appointment")


def _episode_of_care(resource: Resource, reading: Reading) -> ImportedRecord:
    body = resource.body
    period = item(body, "period")
    return record(
        RecordKind.EPISODES,
        resource,
        program=concept(body, "type") or "Episode of care",
        provider=display(reading, body, item(body, "careManager")),
        admitted_on=day(period.get("start")),
        discharged_on=day(period.get("end")),
    )


def _encounter(resource: Resource, reading: Reading) -> ImportedRecord:
    if item(resource.body, "class").get("code") in _STAYS:
        return _stay(resource, reading)
    body, period = resource.body, item(resource.body, "period")
    starts_at = moment(period.get("start"))
    if starts_at is None:
        raise RefusedError("it does not tell when it begins")
    return record(
        RecordKind.APPOINTMENTS,
        resource,
        title=concept(body, "type") or "Visit",
        starts_at=starts_at,
        ends_at=moment(period.get("end")),
        provider=_provider(body, reading),
        place=_place(body, reading),
        telehealth_url=None,
        is_group=False,
        cancelled=body.get("status") in _CANCELLED,
    )


def _stay(resource: Resource, reading: Reading) -> ImportedRecord:
    body, period = resource.body, item(resource.body, "period")
    return record(
        RecordKind.EPISODES,
        resource,
        program=concept(body, "type") or "Inpatient stay",
        provider=_provider(body, reading),
        admitted_on=day(period.get("start")),
        discharged_on=day(period.get("end")),
    )


def _appointment(resource: Resource, reading: Reading, *, is_group: bool) -> ImportedRecord:
    body = resource.body
    starts_at = moment(body.get("start"))
    if starts_at is None:
        raise RefusedError("it does not tell when it begins")
    kind = concept(body, "appointmentType") or concept(body, "serviceType")
    return record(
        RecordKind.APPOINTMENTS,
        resource,
        title=text(body, "description", 200) or kind or "Appointment",
        starts_at=starts_at,
        ends_at=moment(body.get("end")),
        provider=_participant(body, "Practitioner", reading),
        place=_participant(body, "Location", reading),
        telehealth_url=_link(body),
        is_group=is_group,
        cancelled=body.get("status") in _CANCELLED,
    )


def _patients(body: Element, reading: Reading) -> list[ImportedPatient]:
    """Return those who take part and are in the bundle, each once."""
    actors = (item(each, "actor") for each in items(body, "participant"))
    found = [reading.references.resolve(actor) for actor in actors]
    patients = dict.fromkeys(each for each in found if each and each.type == "Patient")
    if not patients:
        raise RefusedError("its patient is not in the bundle")
    return [reading.chart_of(patient) for patient in patients]


def _participant(body: Element, kind: str, reading: Reading) -> str | None:
    actors = (item(each, "actor") for each in items(body, "participant"))
    of_kind = (each for each in actors if str(each.get("reference")).startswith(kind))
    return next(filter(None, (display(reading, body, each) for each in of_kind)), None)


def _provider(body: Element, reading: Reading) -> str | None:
    people = (item(each, "individual") for each in items(body, "participant"))
    return next(filter(None, (display(reading, body, each) for each in people)), None)


def _place(body: Element, reading: Reading) -> str | None:
    places = [item(each, "location") for each in items(body, "location")]
    named = (display(reading, body, each) for each in [*places, item(body, "serviceProvider")])
    return next(filter(None, named), None)


def _link(body: Element) -> str | None:
    """Return where to join (Appointment.virtualService, of FHIR R5 or its extension for R4)."""
    extensions = [e for e in items(body, "extension") if "virtualService" in str(e.get("url"))]
    services = [
        *items(body, "virtualService"),
        *(item(e, "valueVirtualServiceDetail") for e in extensions),
    ]
    return next(filter(None, (web_address(each.get("addressUrl")) for each in services)), None)
