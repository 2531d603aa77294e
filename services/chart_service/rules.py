"""Decisions of the chart, on values alone: who may be invited, who sees what, what an import keeps.

Whether a person is invited is invitation_service's decision; what is decided here is a courtesy to
staff, who learn at once what the chart itself knows to stand in the way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from contracts.chart import ROLE_BY_RELATIONSHIP, Relationship
from contracts.invitations import RejectionReason as Reason
from contracts.scopes import Role, scopes_of
from services.chart_service.models import Organization, Person

Fields = dict[str, Any]
"""A person's columns by their names."""

EMAIL_CHANGED = "email_changed"

SCOPE_BY_FIELD = {
    "legal_name": "dashboard",
    "mrn": "dashboard",
    "preferred_name": "dashboard.preferred_name",
}
"""The scope that it takes to see a field of the chart in the portal (ROLE_TABLE.md)."""

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
    Reason.RELATIONSHIP_ENDED: "This contact's relationship to the patient has ended.",
    Reason.EMAIL_MISSING: "There is no e-mail address on file. Add one, then invite.",
    Reason.EMAIL_INVALID: "The e-mail address on file is not valid. Correct it, then invite.",
}


def refusal(organization: Organization, patient: Person, person: Person) -> Refusal | None:
    """Return what stands in the way of inviting a person of the patient's chart, None if nothing.

    The order is that of invitation_service's decision.
    """
    if not organization.portal_enabled:
        return _because(Reason.PORTAL_OFF)
    if patient.deceased:
        return _because(Reason.PATIENT_DECEASED)
    if role_of(person) is None:
        recorded = f"This contact is recorded as “{person.relationship}”."
        sentence = f"Only the patient, a guardian or a guarantor can be invited. {recorded}"
        return Refusal(Reason.RELATIONSHIP_NOT_ELIGIBLE.value, sentence)
    if person.ended:
        return _because(Reason.RELATIONSHIP_ENDED)
    if not person.email:
        return _because(Reason.EMAIL_MISSING)
    return None if is_deliverable(person.email) else _because(Reason.EMAIL_INVALID)


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


def visible(fields: Fields, role: Role, scopes: Collection[str]) -> Fields:
    """Return the fields that a portal user may see: by the granted scopes, and by the role."""
    allowed = set(scopes_of(role)).intersection(scopes)
    return {name: value for name, value in fields.items() if SCOPE_BY_FIELD[name] in allowed}


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
