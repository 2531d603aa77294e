"""Decisions of the chart, on values alone: who may be invited, who has access, what imports keep.

Whether a person is invited is invitation_service's decision; what is decided here is a courtesy to
staff, who learn at once what the chart itself knows to stand in the way.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from contracts.chart import ROLE_BY_RELATIONSHIP, Relationship
from contracts.invitations import RejectionReason as Reason
from contracts.scopes import Role
from services.chart_service.models import AccessState, Organization, Person, PortalAccess

Fields = dict[str, Any]
"""A person's columns by their names."""

EMAIL_CHANGED = "email_changed"

NEW_PERSON = {
    name: field.get_default()
    for name, field in Person.model_fields.items()
    if not field.is_required()
}
"""What holds of a person of whom nothing else was said."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody is invited: a stable code, and a sentence for people."""

    code: str
    sentence: str


SENTENCES = {
    Reason.PORTAL_OFF: "The patient portal is switched off for this organisation.",
    Reason.PATIENT_DECEASED: "The patient is deceased, so nobody can be invited to this chart.",
    Reason.PATIENT_DISCHARGED: (
        "The patient was discharged, and portal access ends with the treatment here."
    ),
    Reason.PATIENT_OF_AGE: "The patient has come of age, so guardians are invited no longer.",
    Reason.ALREADY_CONNECTED: "This person has portal access to this chart already.",
    Reason.RELATIONSHIP_ENDED: "This contact's relationship to the patient has ended.",
    Reason.EMAIL_MISSING: "There is no e-mail address on file. Add one, then invite.",
    Reason.EMAIL_INVALID: "The e-mail address on file is not valid. Correct it, then invite.",
}


def refusal(
    organization: Organization,
    patient: Person,
    person: Person,
    access: PortalAccess | None = None,
) -> Refusal | None:
    """Return what stands in the way of inviting a person of the patient's chart, None if nothing.

    `access` is what counts of the person's access to the chart. The order is that of
    invitation_service's decision.
    """
    if not organization.portal_enabled:
        return _because(Reason.PORTAL_OFF)
    if reason := _ended_with_the_treatment(organization, patient):
        return _because(reason)
    return _refusal_of_relationship(patient, person) or _refusal_of_reach(person, access)


def _ended_with_the_treatment(organization: Organization, patient: Person) -> Reason | None:
    if patient.deceased:
        return Reason.PATIENT_DECEASED
    if patient.discharged and organization.discharge_ends_access:
        return Reason.PATIENT_DISCHARGED
    return None


def _refusal_of_relationship(patient: Person, person: Person) -> Refusal | None:
    role = role_of(person)
    if role is None:
        recorded = f"This contact is recorded as “{person.relationship}”."
        sentence = f"Only the patient, a guardian or a guarantor can be invited. {recorded}"
        return Refusal(Reason.RELATIONSHIP_NOT_ELIGIBLE.value, sentence)
    if person.ended:
        return _because(Reason.RELATIONSHIP_ENDED)
    if patient.of_age and role is Role.GUARDIAN:
        return _because(Reason.PATIENT_OF_AGE)
    return None


def _refusal_of_reach(person: Person, access: PortalAccess | None) -> Refusal | None:
    if has_account(person, access):
        return _because(Reason.ALREADY_CONNECTED)
    if not person.email:
        return _because(Reason.EMAIL_MISSING)
    return None if is_deliverable(person.email) else _because(Reason.EMAIL_INVALID)


def has_account(person: Person, access: PortalAccess | None) -> bool:
    """Tell whether an account is connected to the chart for a person, be it disabled or not."""
    return (
        access is not None
        and access.state != AccessState.ENDED
        and (access.role == role_of(person))
    )


def with_age(person: Fields, age_of_majority: int, today: date) -> Fields:
    """Return a person's columns with `of_age` as their birth date has it; of a patient alone."""
    is_patient = person["relationship"] == Relationship.PATIENT
    return person | {
        "of_age": is_patient and is_of_age(person["birth_date"], age_of_majority, today)
    }


def is_of_age(birth_date: date | None, age_of_majority: int, today: date) -> bool:
    """Tell whether somebody has this age in full years.

    Who was born on 29 February comes of age on 1 March when the year has no such day.
    """
    if birth_date is None:
        return False
    birthday_is_over = (today.month, today.day) >= (birth_date.month, birth_date.day)
    years = today.year - birth_date.year - (0 if birthday_is_over else 1)
    return years >= age_of_majority


def refusal_of_address(person: Person, confirmed: str | None) -> Refusal | None:
    """Return a refusal when the address that was confirmed is no longer the one on file."""
    if confirmed is None or confirmed.strip() == person.email:
        return None
    sentence = "The address changed since you confirmed it. Check the new one and invite again."
    return Refusal(EMAIL_CHANGED, sentence)


def role_of(person: Person) -> Role | None:
    """Return the role in which a person can be invited, None when in none."""
    return ROLE_BY_RELATIONSHIP.get(Relationship(person.relationship))


def is_deliverable(address: str) -> bool:
    """Tell whether a mail could be addressed so (RFC 5321 4.1.2, without SMTPUTF8)."""
    try:
        validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return False
    return True


def has_access(person: Person | None, role: Role) -> bool:
    """Tell whether a person is on the chart, now, as what the portal says."""
    return person is not None and not person.ended and role_of(person) is role


def changed_by_entry(known: Fields | None, given: Fields) -> Fields:
    """Return a person after staff or an EMR entered something: what was not given stays."""
    return (known or NEW_PERSON) | given


def changed_by_import(known: Fields | None, given: Fields) -> Fields:
    """Return a person after a FHIR bundle came.

    A field is taken when the bundle says something else than the last one did, so that importing
    the same bundle again undoes nothing that staff entered in between.
    """
    said = {name: _as_json(value) for name, value in given.items() if value is not None}
    last = (known or {}).get("imported") or {}
    news = {name: given[name] for name in said if last.get(name) != said[name]}
    return (known or NEW_PERSON) | news | {"imported": last | said}


def _because(reason: Reason) -> Refusal:
    return Refusal(reason.value, SENTENCES[reason])


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
