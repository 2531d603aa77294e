"""Read Patient resources."""

import re
from datetime import date

from services.chart_service.fhir.elements import (
    Element,
    RefusedError,
    address_line,
    clean,
    codes,
    contact_point,
    in_use,
    item,
    items,
    language_of,
    text,
)
from services.chart_service.fhir.names import legal_name, preferred_name
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.resources import Resource
from services.chart_service.fhir.values import ImportedPatient

_MRN_LENGTH = 100
_GENDERS = ("male", "female", "other", "unknown")
_GENDER_IDENTITY = (
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
    "http://hl7.org/fhir/StructureDefinition/patient-genderIdentity",
    "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity",
)
_NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_OTHER_PAPERS = {"SS", "DL", "PPN", "TAX", "NI", "MB", "SN", "BC"}
"""v2-0203 types of identifiers that must not stand in for a medical record number."""
_SOCIAL_SECURITY = "http://hl7.org/fhir/sid/us-ssn"
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?")


def read_patients(reading: Reading) -> None:
    """Take the bundle's patients; one that cannot be taken is reported."""
    ids: set[str] = set()
    for resource in reading.of_type("Patient"):
        try:
            patient = _patient(resource, ids, reading)
        except RefusedError as reason:
            reading.skip("Patient", resource.id, reason)
            continue
        ids.add(patient.id)
        reading.patients[resource] = patient
        reading.report.patients.append(patient)
        reading.take("Patient")


def _patient(resource: Resource, known_ids: set[str], reading: Reading) -> ImportedPatient:
    body, today = resource.body, reading.today
    if resource.usable_id in known_ids:
        raise RefusedError("a Patient with the same id came before")
    if any(link.get("type") == "replaced-by" for link in items(body, "link")):
        raise RefusedError("another record replaces it")
    given_name, family_name = legal_name(body, today)
    return ImportedPatient(
        id=resource.usable_id,
        mrn=_mrn(body, today) or resource.usable_id,
        given_name=given_name,
        family_name=family_name,
        preferred_name=preferred_name(body, today),
        birth_date=_birth_date(resource, reading),
        gender=_gender(resource, reading),
        gender_identity=_gender_identity(body),
        phone=contact_point(body, "phone", today),
        email=contact_point(body, "email", today),
        address=address_line(body, today),
        deceased=body.get("deceasedBoolean") is True or bool(body.get("deceasedDateTime")),
        language=language_of(body),
    )


def _mrn(body: Element, today: date) -> str | None:
    identifiers = in_use(items(body, "identifier"), today)
    records = [i for i in identifiers if "MR" in _types(i)]
    others = [i for i in identifiers if not _is_other_paper(i)]
    values = (clean(i.get("value"), "identifier", _MRN_LENGTH) for i in [*records, *others])
    return next(filter(None, values), None)


def _types(identifier: Element) -> set[str]:
    return {code for _, code in codes(identifier, "type")}


def _is_other_paper(identifier: Element) -> bool:
    return identifier.get("system") == _SOCIAL_SECURITY or bool(_types(identifier) & _OTHER_PAPERS)


def _birth_date(resource: Resource, reading: Reading) -> date | None:
    value = resource.body.get("birthDate")
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        is_partial = isinstance(value, str) and _PARTIAL_DATE.fullmatch(value)
    reason = "without its day" if is_partial else "not a FHIR date"
    reading.skip("Patient.birthDate", resource.id, f"{reason}, so the birth date is left empty")
    return None


def _gender(resource: Resource, reading: Reading) -> str | None:
    gender = resource.body.get("gender")
    if isinstance(gender, str) and gender in _GENDERS:
        return gender
    if gender is not None:
        reading.skip("Patient.gender", resource.id, f"not one of {', '.join(_GENDERS)}")
    return None


def _gender_identity(body: Element) -> str | None:
    for extension in items(body, "extension"):
        if extension.get("url") in _GENDER_IDENTITY and (found := _concept(extension)):
            return found
    return None


def _concept(extension: Element) -> str | None:
    nested = [each for each in items(extension, "extension") if each.get("url") == "value"]
    concept = item(next(iter(nested), extension), "valueCodeableConcept")
    coding = item(concept, "coding")
    told = {} if coding.get("system") == _NULL_FLAVOR else coding
    return text(concept, "text") or text(told, "display") or text(told, "code")
