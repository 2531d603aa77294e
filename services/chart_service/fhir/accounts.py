"""Read who guarantees payment: Account.guarantor, a RelatedPerson or another Patient."""

from dataclasses import replace

from contracts.chart import Relationship
from services.chart_service.fhir.contacts import add, contact_id, made_id, read_contact
from services.chart_service.fhir.elements import Element, RefusedError, check_in_force, item, items
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.relationships import strongest
from services.chart_service.fhir.resources import Resource, patient_of
from services.chart_service.fhir.values import ImportedPatient


def read_accounts(reading: Reading) -> None:
    """Make guarantors of whom the accounts name; RelatedPersons must have been read before."""
    for resource in reading.of_type("Account"):
        try:
            _account(resource, reading)
        except RefusedError as reason:
            reading.skip("Account", resource.id, reason)
        else:
            reading.take("Account")


def _account(resource: Resource, reading: Reading) -> None:
    if resource.body.get("status") != "active":
        raise RefusedError("its status is not active")
    if not items(resource.body, "guarantor"):
        raise RefusedError("it names no guarantor")
    patient = reading.chart_of(patient_of(reading.references, resource.body, "subject"))
    for element in items(resource.body, "guarantor"):
        try:
            _guarantor(element, patient, reading)
        except RefusedError as reason:
            reading.skip("Account.guarantor", resource.id, reason)


def _guarantor(element: Element, patient: ImportedPatient, reading: Reading) -> None:
    check_in_force(element, reading.today)
    if element.get("onHold") is True:
        raise RefusedError("it is on hold")
    party = reading.references.resolve(item(element, "party"))
    match party.type if party else None:
        case "Patient" if party and party.id != patient.id:
            id_ = made_id("patient", party.usable_id)
            add(patient, read_contact(id_, party.body, Relationship.GUARANTOR, reading))
        case "RelatedPerson" if party:
            _promote(contact_id(party.usable_id, patient), patient)
        case "Patient":
            raise RefusedError("the patient is their own guarantor")
        case _:
            raise RefusedError("it is not a RelatedPerson or Patient of the bundle")


def _promote(id_: str, patient: ImportedPatient) -> None:
    for position, known in enumerate(patient.contacts):
        if known.id == id_:
            relationship = strongest({known.relationship, Relationship.GUARANTOR})
            patient.contacts[position] = replace(known, relationship=relationship)
            return
    raise RefusedError("its RelatedPerson is not on the chart")
