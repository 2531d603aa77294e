"""Reading the forms about users: what was entered, and what is wrong with it, field by field."""

from dataclasses import dataclass, field
from typing import Any

from services.chart_service import rules
from services.chart_service.models import Staff, StaffRole

ROLES = (
    (StaffRole.STAFF.value, "Staff"),
    (StaffRole.ADMIN.value, "Portal administrator"),
)
_LONGEST_NAME = 100
_LONGEST_EMAIL = 320


@dataclass(slots=True)
class UserForm:
    """A user as entered."""

    entered: dict[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a field's id and what is wrong with it."""


def of_user(user: Staff) -> UserForm:
    """Return the form as it shows what is known of a user."""
    receives = {"receives_messages": "yes"} if user.receives_messages else {}
    return UserForm({"name": user.name, "role": user.role} | receives)


def of_new_user() -> UserForm:
    """Return the form for a new user before anything is entered."""
    return UserForm({"receives_messages": "yes"})


def read_new(entered: dict[str, str]) -> UserForm:
    """Check what was entered of a new user."""
    form = UserForm(entered)
    _read_name(form)
    email = entered.get("email", "")
    if len(email) <= _LONGEST_EMAIL and rules.is_deliverable(email):
        form.given["email"] = email
    else:
        form.errors.append(("email", "Enter an e-mail address like name@example.org"))
    _read_role(form)
    _read_receives_messages(form)
    return form


def read_changes(entered: dict[str, str]) -> UserForm:
    """Check what was entered to change a user."""
    form = UserForm(entered)
    _read_name(form)
    _read_role(form)
    _read_receives_messages(form)
    return form


def _read_name(form: UserForm) -> None:
    name = form.entered.get("name", "")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        sentence = f"Enter the name, in at most {_LONGEST_NAME} characters"
        form.errors.append(("name", sentence))
    else:
        form.given["name"] = name


def _read_role(form: UserForm) -> None:
    role = form.entered.get("role", "")
    if role in {value for value, _ in ROLES}:
        form.given["role"] = StaffRole(role)
    else:
        form.errors.append(("role", "Choose what this user may do"))


def _read_receives_messages(form: UserForm) -> None:
    # Browsers send nothing for a box that is not ticked.
    form.given["receives_messages"] = form.entered.get("receives_messages") == "yes"
