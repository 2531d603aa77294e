"""Read treatment: CarePlan and MedicationRequest."""

from services.chart_service.fhir.elements import Element, RefusedError, codes, item, items, text
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.records import (
    TITLE_LENGTH,
    concept,
    day,
    display,
    read_each,
    record,
)
from services.chart_service.fhir.resources import Resource, find
from services.chart_service.fhir.values import ImportedRecord
from services.chart_service.models import RecordKind

_MOST_GOALS = 50
_NOT_ORDERED = frozenset({"draft", "cancelled"})
_PROPOSALS = frozenset({"proposal", "option"})


def read_care_plans(reading: Reading) -> None:
    """Put each CarePlan on its subject's chart; staff decide who sees it."""
    read_each("CarePlan", "subject", _plan, reading)


def read_medication_requests(reading: Reading) -> None:
    """Put each MedicationRequest on its subject's chart."""
    read_each("MedicationRequest", "subject", _medication, reading)


def _plan(resource: Resource, reading: Reading) -> ImportedRecord:
    body, period = resource.body, item(resource.body, "period")
    return record(
        RecordKind.TREATMENT_PLANS,
        resource,
        title=text(body, "title", TITLE_LENGTH) or _category(body) or "Treatment plan",
        status=text(body, "status"),
        starts_on=day(period.get("start")),
        ends_on=day(period.get("end")),
        goals=[*_goals(body, reading), *_activities(body)][:_MOST_GOALS],
    )


def _category(body: Element) -> str | None:
    """Return the plan's category, but for US Core's own that says only that it is a plan."""
    told = [each for each in items(body, "category") if "assess-plan" not in _codes_of(each)]
    return concept({"category": told}, "category")


def _codes_of(category: Element) -> set[str]:
    return {code for _, code in codes({"category": category}, "category")}


def _goals(body: Element, reading: Reading) -> list[str]:
    found = (find(reading.references, body, goal) for goal in items(body, "goal"))
    return [words for goal in found if (words := concept(goal, "description"))]


def _activities(body: Element) -> list[str]:
    details = [item(each, "detail") for each in items(body, "activity")]
    named = (concept(each, "code") or text(each, "description", TITLE_LENGTH) for each in details)
    return list(dict.fromkeys(filter(None, named)))


def _medication(resource: Resource, reading: Reading) -> ImportedRecord:
    body = resource.body
    if body.get("status") in _NOT_ORDERED or body.get("intent") in _PROPOSALS:
        raise RefusedError("it was not ordered")
    name = _name(body, reading)
    if name is None:
        raise RefusedError("it does not name its medication")
    pharmacy = item(item(body, "dispenseRequest"), "performer")
    return record(
        RecordKind.MEDICATIONS,
        resource,
        name=name,
        dosage=_dosage(body),
        prescriber=display(reading, body, item(body, "requester")),
        pharmacy=display(reading, body, pharmacy),
        started_on=day(body.get("authoredOn")),
        is_active=body.get("status") == "active",
    )


def _name(body: Element, reading: Reading) -> str | None:
    reference = item(body, "medicationReference")
    medication = find(reading.references, body, reference)
    return (
        concept(body, "medicationCodeableConcept")
        or concept(medication, "code")
        or text(reference, "display", TITLE_LENGTH)
    )


def _dosage(body: Element) -> str | None:
    told = (text(each, "text", TITLE_LENGTH) for each in items(body, "dosageInstruction"))
    return "; ".join(filter(None, told))[:TITLE_LENGTH] or None
