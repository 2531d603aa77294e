"""Read a whole FHIR R4 bundle."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.chart_service.fhir.accounts import read_accounts
from services.chart_service.fhir.care import read_appointments, read_encounters, read_episodes
from services.chart_service.fhir.contacts import read_patient_contacts, read_related_people
from services.chart_service.fhir.coverages import read_benefits, read_coverages
from services.chart_service.fhir.documents import read_documents
from services.chart_service.fhir.elements import Element, RefusedError, items
from services.chart_service.fhir.outcomes import read_observations, read_responses
from services.chart_service.fhir.patients import read_patients
from services.chart_service.fhir.plans import read_care_plans, read_medication_requests
from services.chart_service.fhir.reading import NOT_USED, Reading
from services.chart_service.fhir.resources import Resource
from services.chart_service.fhir.values import FhirError, FhirReport, Skipped

_KINDS = ("transaction", "batch", "collection", "searchset")
_READERS = (
    read_patients,
    read_related_people,
    read_accounts,
    read_patient_contacts,
    read_coverages,
    read_benefits,
    read_episodes,
    read_encounters,
    read_appointments,
    read_documents,
    read_observations,
    read_responses,
    read_care_plans,
    read_medication_requests,
)
_USED = {
    *("Patient", "RelatedPerson", "Account", "Coverage", "ExplanationOfBenefit"),
    *("EpisodeOfCare", "Encounter", "Appointment", "DocumentReference", "Observation"),
    *("QuestionnaireResponse", "CarePlan", "MedicationRequest"),
}
_REFERRED_TO = {"Questionnaire", "Medication", "Goal", "Practitioner", "Organization", "Location"}
"""Not put on a chart themselves; others of the bundle are named by them."""


def read_bundle(raw: bytes, *, today: date | None = None) -> FhirReport:
    """Read a FHIR R4 bundle in JSON: transaction, batch, collection or searchset.

    An entry that cannot be read is skipped with the reason, never the whole bundle. `today` (in
    UTC when not given) decides which periods are over.

    Raises:
        FhirError: It is not JSON, not such a bundle, or there is no patient in it to take.
    """
    bundle = _bundle(raw)
    report = read_entries(bundle["entry"], today=today)
    if any(link.get("relation") == "next" for link in items(bundle, "link")):
        more = Skipped("Bundle", None, "more pages follow this one; import them too")
        report.skipped.append(more)
    return report


def read_entries(entries: Sequence[object], *, today: date | None = None) -> FhirReport:
    """Read a bundle's entries, or whatever looks like them; `today` is as of `read_bundle`.

    Raises:
        FhirError: There is no patient in them to take.
    """
    reading = Reading(today or datetime.now(UTC).date())
    _add_resources(entries, reading)
    if not reading.of_type("Patient"):
        raise FhirError("There is no Patient in this import. Export it with its Patient resources.")
    for read in _READERS:
        read(reading)
    if not reading.patients:
        skipped = (each for each in reading.report.skipped if each.resource_type == "Patient")
        reasons = "; ".join(sorted({each.reason for each in skipped}))
        raise FhirError(f"No Patient of this import can be taken: {reasons}.")
    return reading.report


def _bundle(raw: bytes) -> Element:
    bundle = _json(raw)
    kind = bundle.get("resourceType") if isinstance(bundle, dict) else None
    if not isinstance(bundle, dict) or kind != "Bundle":
        raise FhirError("This JSON is not a FHIR Bundle. Export the patient's record as a Bundle.")
    if bundle.get("type") not in _KINDS:
        raise FhirError(f"A Bundle's type must be one of {', '.join(_KINDS)} to be imported.")
    if not isinstance(bundle.get("entry"), list):
        raise FhirError("This Bundle has no entries. Export it with its resources.")
    return bundle


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FhirError(
            "This is not JSON. Export the bundle in FHIR's JSON format (application/fhir+json)."
        ) from error


def _add_resources(entries: Sequence[object], reading: Reading) -> None:
    for entry in entries:
        try:
            resource = Resource.of(entry)
        except RefusedError as reason:
            reading.skip("Bundle.entry", None, reason)
            continue
        reading.add(resource)
        if resource.type not in _USED | _REFERRED_TO:
            reading.skip(resource.type, resource.id, NOT_USED)
