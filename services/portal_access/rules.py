"""The portal's decisions, as plain functions on values."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import ip_address
from typing import Protocol

from chassis.web.languages import marked
from contracts.access import AccessEndReason as Reason
from contracts.chart import ROLE_BY_RELATIONSHIP, Relationship
from contracts.scopes import Role

ACCEPTANCE_LIFE = timedelta(hours=1)
"""How long an invitee may take from opening the link to accepting."""

ASKED_ANEW_AFTER = timedelta(hours=24)
"""Asking for a new invitation again tells the staff again only after so long."""

EMAIL_CHANGE_LIFE = timedelta(hours=24)
"""How long a new address may wait to be verified."""

PASSWORD_RESET_LIFE = timedelta(hours=1)
"""How long a link for a new password works."""

MOST_BIRTH_DATE_TRIES = 5
"""After so many wrong dates of birth the links of an invitation are locked."""

BIRTH_DATE_TRIES_KEPT = timedelta(days=365)
"""How long tries count: far longer than an invitation lives."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_LONGEST_EMAIL = 320
_PHONE = re.compile(r"\+?[0-9][0-9 ().x/-]{4,38}")

_ROLE_WORDS = {
    Role.PATIENT: marked("Your own chart"),
    Role.GUARDIAN: marked("You are the guardian"),
    Role.GUARANTOR: marked("You are the guarantor"),
}


def email_key(email: str) -> str:
    """Return what makes two spellings of an address one; what no address holds is left out."""
    return "".join(filter(str.isprintable, email)).strip().lower()


def is_email(key: str) -> bool:
    """Tell whether something may be an e-mail address; whether it is one, a mail to it shows."""
    return len(key) <= _LONGEST_EMAIL and _EMAIL.fullmatch(key) is not None


def is_ip_address(host: str) -> bool:
    """Tell whether a host is named by its address, of IPv4 or IPv6."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_phone(entered: str) -> bool:
    """Tell whether something may be a phone number, as people write them."""
    return _PHONE.fullmatch(entered) is not None


def token_in(code: str) -> str | None:
    """Return the token in what an invitee pasted, be it the code or the whole link."""
    token = code.strip().rpartition("#")[2]
    return token if _TOKEN.fullmatch(token) else None


def date_in(day: str, month: str, year: str) -> date | None:
    """Return the day that was entered in numbers, None if there is no such day."""
    parts = (year.strip(), month.strip(), day.strip())
    if not re.fullmatch(r"[0-9]{4} [0-9]{1,2} [0-9]{1,2}", " ".join(parts)):
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which versions of the texts somebody agrees to; 0 is the portal's general text."""

    terms: int = 0
    privacy: int = 0

    def at_most(self, newest: "Agreement") -> "Agreement":
        """Return the agreement to versions that there are."""
        return Agreement(min(self.terms, newest.terms), min(self.privacy, newest.privacy))


def agreement_in(terms: str, privacy: str) -> Agreement:
    """Return what a form says was shown; what makes no sense counts as the general text."""
    return Agreement(_version_in(terms), _version_in(privacy))


def _version_in(sent: str) -> int:
    return int(sent) if re.fullmatch(r"[0-9]{1,6}", sent) else 0


def role_in_words(role: str) -> str:
    """Say to an account's holder what they are on a chart."""
    return _ROLE_WORDS[Role(role)]


class Standing(Protocol):
    """A connection, and what its chart and organisation say that bears on it."""

    role: str
    relationship: str | None
    ended: bool
    deceased: bool
    patient_deceased: bool
    patient_discharged: bool
    patient_of_age: bool
    death_ends_access: bool
    discharge_ends_access: bool


def end_reason(standing: Standing) -> Reason | None:
    """Return why a connection is over, None while it is not."""
    role = Role(standing.role)
    is_contact = role is not Role.PATIENT
    if standing.ended or (standing.deceased and is_contact):
        return Reason.RELATIONSHIP_ENDED
    if standing.relationship is not None and _role_of(standing.relationship) is not role:
        return Reason.RELATIONSHIP_NOT_ELIGIBLE
    if standing.patient_deceased and standing.death_ends_access:
        return Reason.PATIENT_DECEASED
    if standing.patient_discharged and standing.discharge_ends_access:
        return Reason.PATIENT_DISCHARGED
    if standing.patient_of_age and role is Role.GUARDIAN:
        return Reason.PATIENT_OF_AGE
    return None


def _role_of(relationship: str) -> Role | None:
    return ROLE_BY_RELATIONSHIP.get(Relationship(relationship))
