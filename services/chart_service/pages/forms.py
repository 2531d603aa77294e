"""Reading the pages' forms: what was entered, and what is wrong with it, field by field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData

from chassis.web.problems import ProblemError
from contracts.chart import Relationship
from contracts.envelope import Language, utc_now
from services.chart_service import rules
from services.chart_service.models import Person
from services.chart_service.rules import Fields

LAST_PAGE = 100_000
"""The last page of any list that is asked for."""

Errors = list[tuple[str, str]]
"""Pairs of a field's id and what is wrong with it."""

_LONGEST = {
    "given_name": 100,
    "family_name": 100,
    "preferred_name": 100,
    "phone": 40,
    "email": 320,
    "address": 320,
    "gender": 100,
    "gender_identity": 100,
}
_LABELS = {
    "given_name": "first name",
    "family_name": "last name",
    "preferred_name": "preferred name",
    "phone": "phone number",
    "email": "e-mail address",
    "address": "address",
    "gender": "gender",
    "gender_identity": "gender identity",
}
_OF_PATIENTS = frozenset({"preferred_name", "gender", "gender_identity"})
LONGEST_LINE = 320
NO_LANGUAGE = "none"
"""What the form says of who is written to in no language in particular."""
_LANGUAGE: TypeAdapter[str] = TypeAdapter(Language)
_EARLIEST = date(1850, 1, 1)
_REQUIRED = frozenset({"given_name", "family_name"})
_MAY_BE_CONTACTS = {one.value for one in Relationship} - {Relationship.PATIENT.value}


@dataclass(slots=True)
class PersonForm:
    """A patient's or contact's details as entered."""

    entered: dict[str, str]
    given: Fields = field(default_factory=dict)
    errors: Errors = field(default_factory=list)


async def values(request: Request, untrimmed: Collection[str] = ()) -> dict[str, str]:
    """Return a form's fields of text, without space around them but for these.

    Half a surrogate pair, which no encoding of ours can write, becomes a question mark.
    """
    form = await request.form()
    return {name: text if name in untrimmed else text.strip() for name, text in _texts(form)}


def _texts(form: FormData) -> Iterator[tuple[str, str]]:
    for name, value in form.items():
        if isinstance(value, str):
            yield name, value.encode(errors="replace").decode()


def page_number(entered: dict[str, str]) -> int:
    """Return which page of a list a form asks for: the first, unless it names another."""
    text = entered.get("page", "")
    known = text.isascii() and text.isdecimal() and len(text) < len(str(LAST_PAGE))
    return max(int(text), 1) if known else 1


def id_in(entered: dict[str, str]) -> UUID:
    """Return the id that a form gives the invitation it asks for.

    Raises:
        ProblemError: 422, the form came without.
    """
    try:
        return UUID(entered.get("invitation_id", ""))
    except ValueError as error:
        sentence = "This form was not complete. Check the address and send the invitation again."
        raise ProblemError(422, "form_incomplete", sentence) from error


def of_person(person: Person) -> PersonForm:
    """Return the form as it shows what is known of a person."""
    known = {name: str(value) for name, value in person.model_dump().items() if value}
    return PersonForm(known | {"ended": "yes" if person.ended else ""})


def read_person(entered: dict[str, str], *, is_patient: bool) -> PersonForm:
    """Check what was entered of a person on a chart."""
    form = PersonForm(entered)
    for name in _LONGEST:
        if is_patient or name not in _OF_PATIENTS:
            _read_text(form, name)
    if is_patient:
        form.given["birth_date"] = day_in(entered, "birth_date", "date of birth", form.errors)
        _check_birth_date(form)
    else:
        form.given["ended"] = entered.get("ended") == "yes"
        _read_relationship(form)
    _read_language(form)
    email = form.given.get("email")
    if email and not rules.is_deliverable(email):
        form.errors.append(("email", "Enter an e-mail address like name@example.org"))
    return form


def line_in(entered: Mapping[str, str], name: str, label: str, errors: Errors) -> str:
    """Return a line that must be there; what is wrong with it is added to the errors."""
    text = entered.get(name, "")
    if not text:
        errors.append((name, f"Enter the {label}"))
    elif len(text) > LONGEST_LINE or not text.isprintable():
        errors.append((name, f"Enter a {label} of at most {LONGEST_LINE} characters on one line"))
    return text


def day_in(entered: Mapping[str, str], name: str, label: str, errors: Errors) -> date | None:
    """Return a day that may be left out; what is wrong with it is added to the errors."""
    text = entered.get(name, "")
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is not None and found < _EARLIEST:
        errors.append((name, f"Enter a {label} like 1990-05-31: year, month, day"))
    return found


def _check_birth_date(form: PersonForm) -> None:
    born = form.given["birth_date"]
    if born and born > utc_now().date():
        form.errors.append(("birth_date", "Enter a date of birth that is not in the future"))


def _read_text(form: PersonForm, name: str) -> None:
    text = form.entered.get(name, "")
    label, longest = _LABELS[name], _LONGEST[name]
    if name in _REQUIRED and not text:
        form.errors.append((name, f"Enter the {label}"))
    elif len(text) > longest:
        form.errors.append((name, f"Enter a {label} of at most {longest} characters"))
    elif not text.isprintable():
        form.errors.append((name, f"Enter a {label} on one line, without control characters"))
    else:
        form.given[name] = text or None


def _read_language(form: PersonForm) -> None:
    code = form.entered.get("language", "")
    if not code:
        return  # a form without this field changes nothing
    try:
        form.given["language"] = None if code == NO_LANGUAGE else _LANGUAGE.validate_python(code)
    except ValidationError:
        form.errors.append(("language", "Choose the language of mails"))


def _read_relationship(form: PersonForm) -> None:
    relationship = form.entered.get("relationship")
    if relationship in _MAY_BE_CONTACTS:
        form.given["relationship"] = relationship
    else:
        form.errors.append(("relationship", "Choose what this contact is to the patient"))
