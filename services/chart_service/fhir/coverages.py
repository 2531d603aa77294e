"""Read insurance: Coverage, or what ExplanationOfBenefit contains where there is none.

Synthea writes no Coverage of its own, but one into each ExplanationOfBenefit; the newest tells
who insures the patient now. What repeats a coverage is counted as such.
"""

from collections import defaultdict

from services.chart_service.fhir.elements import (
    Element,
    RefusedError,
    check_in_force,
    clean,
    codes,
    item,
    items,
    text,
)
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.resources import Resource, find, patient_of
from services.chart_service.fhir.values import ImportedCoverage, ImportedPatient

_LENGTH = 200
_NO_INSURANCE = "NO_INSURANCE"
"""Synthea's payer of those who have none."""


def read_coverages(reading: Reading) -> None:
    """Put each Coverage on its beneficiary's chart."""
    for resource in reading.of_type("Coverage"):
        try:
            patient = reading.chart_of(patient_of(reading.references, resource.body, "beneficiary"))
            _add(patient, _coverage(resource.body, resource.body, reading), reading)
        except RefusedError as reason:
            reading.skip("Coverage", resource.id, reason)


def read_benefits(reading: Reading) -> None:
    """Take the newest ExplanationOfBenefit's coverages for patients who have no Coverage."""
    benefits = defaultdict(list)
    for resource in reading.of_type("ExplanationOfBenefit"):
        try:
            patient = patient_of(reading.references, resource.body, "patient")
            reading.chart_of(patient)
        except RefusedError as reason:
            reading.skip("ExplanationOfBenefit", resource.id, reason)
        else:
            benefits[patient].append(resource)
    insured = {patient.id for patient in reading.patients.values() if patient.insurance}
    for patient, resources in benefits.items():
        _newest(reading.patients[patient], resources, patient.id in insured, reading)


def _newest(
    patient: ImportedPatient, resources: list[Resource], insured: bool, reading: Reading
) -> None:
    newest = max(resources, key=lambda each: str(each.body.get("created") or ""))
    for resource in resources:
        if insured:
            reading.skip(resource.type, resource.id, "the patient has a Coverage of their own")
        elif resource is newest:
            _contained(resource, patient, reading)
        else:
            reading.skip(resource.type, resource.id, "a newer one tells the insurance")


def _contained(resource: Resource, patient: ImportedPatient, reading: Reading) -> None:
    for insurance in items(resource.body, "insurance"):
        try:
            body = find(reading.references, resource.body, item(insurance, "coverage"))
            _add(patient, _coverage(body, resource.body, reading), reading)
        except RefusedError as reason:
            reading.skip(f"{resource.type}.insurance", resource.id, reason)
    reading.take(resource.type)


def _add(patient: ImportedPatient, coverage: ImportedCoverage, reading: Reading) -> None:
    if coverage in patient.insurance:
        raise RefusedError("the same coverage came before")
    patient.insurance.append(coverage)
    reading.take("Coverage")


def _coverage(body: Element, within: Element, reading: Reading) -> ImportedCoverage:
    if body.get("resourceType") != "Coverage":
        raise RefusedError("its coverage is not in the bundle")
    if body.get("status") != "active":
        raise RefusedError("its status is not active")
    check_in_force(body, reading.today)
    return ImportedCoverage(
        payer=_payer(body, within, reading),
        plan=_plan(body),
        member_id=text(body, "subscriberId", _LENGTH) or _member_number(body),
    )


def _payer(body: Element, within: Element, reading: Reading) -> str:
    for payor in items(body, "payor"):
        found = find(reading.references, within, payor)
        if found.get("resourceType") in ("Patient", "RelatedPerson"):
            raise RefusedError("a person pays, not an insurance")
        payer = text(payor, "display", _LENGTH) or text(found, "name", _LENGTH)
        if payer == _NO_INSURANCE:
            raise RefusedError("the patient has no insurance")
        if payer:
            return payer
    raise RefusedError("it does not name its payer")


def _plan(body: Element) -> str | None:
    plans = [each for each in items(body, "class") if "plan" in _codes(each)]
    named = (text(each, "name", _LENGTH) or text(each, "value", _LENGTH) for each in plans)
    return next(filter(None, named), None)


def _member_number(body: Element) -> str | None:
    numbers = [each for each in items(body, "identifier") if "MB" in _codes(each)]
    return next((clean(n.get("value"), "member number", _LENGTH) for n in numbers), None)


def _codes(element: Element) -> set[str]:
    return {code for _, code in codes(element, "type")}
