"""Read the people around a patient: RelatedPerson and Patient.contact."""

from dataclasses import replace
from hashlib import sha256

from contracts.chart import Relationship
from services.chart_service.fhir.elements import (
    Element,
    RefusedError,
    check_in_force,
    contact_point,
    items,
    language_of,
)
from services.chart_service.fhir.names import legal_name
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.relationships import relationship_of, strongest
from services.chart_service.fhir.resources import Resource, patient_of
from services.chart_service.fhir.values import ImportedContact, ImportedPatient


def read_related_people(reading: Reading) -> None:
    """Put each RelatedPerson on their patient's chart."""
    for resource in reading.of_type("RelatedPerson"):
        try:
            _related_person(resource, reading)
        except RefusedError as reason:
            reading.skip("RelatedPerson", resource.id, reason)
        else:
            reading.take("RelatedPerson")


def read_patient_contacts(reading: Reading) -> None:
    """Put each Patient.contact on the chart; one named like a contact there adds to that one."""
    for resource, patient in reading.patients.items():
        _patient_contacts(resource, patient, reading)


def read_contact(
    id_: str, person: Element, relationship: Relationship, reading: Reading
) -> ImportedContact:
    """Make a contact of a RelatedPerson, a Patient.contact or a Patient.

    Raises:
        RefusedError: There is no name, or something is too long.
    """
    given_name, family_name = legal_name(person, reading.today)
    return ImportedContact(
        id=id_,
        given_name=given_name,
        family_name=family_name,
        relationship=relationship,
        phone=contact_point(person, "phone", reading.today),
        email=contact_point(person, "email", reading.today),
        language=language_of(person),
    )


def add(patient: ImportedPatient, contact: ImportedContact) -> None:
    """Put a contact on the chart, or what it adds to the one there of the same id."""
    for position, known in enumerate(patient.contacts):
        if known.id == contact.id:
            patient.contacts[position] = _together(known, contact)
            return
    patient.contacts.append(contact)


def contact_id(id_: str, patient: ImportedPatient) -> str:
    """Return a contact's id on the chart; FHIR ids are unique per type, ours on the chart."""
    return made_id("related", id_) if id_ == patient.id else id_


def made_id(kind: str, *parts: str) -> str:
    """Return an id that stays the same from one import to the next and meets no other."""
    return f"{kind}-{sha256(chr(10).join(parts).encode()).hexdigest()[:24]}"


def _related_person(resource: Resource, reading: Reading) -> None:
    body, today = resource.body, reading.today
    if body.get("active") is False:
        raise RefusedError("it is not active")
    check_in_force(body, today)
    patient = reading.chart_of(patient_of(reading.references, body, "patient"))
    id_ = contact_id(resource.usable_id, patient)
    if any(known.id == id_ for known in patient.contacts):
        raise RefusedError("a RelatedPerson with the same id came before")
    add(patient, read_contact(id_, body, relationship_of(body), reading))


def _patient_contacts(resource: Resource, patient: ImportedPatient, reading: Reading) -> None:
    for element in items(resource.body, "contact"):
        try:
            check_in_force(element, reading.today)
            id_ = _id_by_name(patient, legal_name(element, reading.today))
            add(patient, read_contact(id_, element, relationship_of(element), reading))
        except RefusedError as reason:
            reading.skip("Patient.contact", resource.id, reason)
        else:
            reading.take("Patient.contact")


def _id_by_name(patient: ImportedPatient, name: tuple[str, str]) -> str:
    """Return the id of the contact of that name, or one made of the name.

    A Patient.contact has no id that lasts. By its position another person would inherit, after a
    new import, what staff entered for the one who stood there.
    """
    for known in patient.contacts:
        if _folded((known.given_name, known.family_name)) == _folded(name):
            return known.id
    return made_id("contact", patient.id, *_folded(name))


def _folded(name: tuple[str, str]) -> tuple[str, str]:
    return name[0].casefold(), name[1].casefold()


def _together(known: ImportedContact, more: ImportedContact) -> ImportedContact:
    return replace(
        known,
        relationship=strongest({known.relationship, more.relationship}),
        phone=known.phone or more.phone,
        email=known.email or more.email,
        language=known.language or more.language,
    )
