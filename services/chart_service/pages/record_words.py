"""How the facesheet says what a chart holds: ages, appointments, files, scores over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from chassis.web import plots, zones
from chassis.web.plots import Plot
from contracts.scopes import Role
from services.chart_service.models import AttachmentKind, DocumentKind
from services.chart_service.pages import words

SHARED_WITH = (
    (Role.PATIENT, "Patient"),
    (Role.GUARDIAN, "Guardians"),
    (Role.GUARANTOR, "Guarantors"),
)
"""The roles that a document or plan can be shared with, and their labels."""
_NAMES = [(role, label.lower()) for role, label in SHARED_WITH]

DOCUMENT_KINDS = {DocumentKind.EVALUATION: "Evaluation", DocumentKind.CONSENT: "Consent"}
ATTACHMENT_KINDS = {
    AttachmentKind.IDENTITY_CARD: "Identity card",
    AttachmentKind.INSURANCE_CARD: "Insurance card",
    AttachmentKind.PICTURE: "Profile picture",
    AttachmentKind.OTHER: "Other",
}
_KILO = 1024


def age(born: date, today: date) -> str:
    """Return somebody's age, for instance 14 years."""
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    years = today.year - born.year - (not had_birthday)
    return "1 year" if years == 1 else f"{years} years"


def current_episode(episodes: Sequence[Row[Any]]) -> Row[Any] | None:
    """Return the newest episode that is open."""
    return next((one for one in episodes if one.discharged_on is None), None)


def upcoming(appointments: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Return what is not over, the next first."""
    return [one for one in reversed(appointments) if _end(one) >= now]


def past(appointments: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Return what is over, the last first."""
    return [one for one in appointments if _end(one) < now]


def time_of(appointment: Row[Any]) -> str:
    """Return when it is, for instance Monday, 2 March 2026, 09:30 to 10:15 EST."""
    begins = zones.here(appointment.starts_at)
    ends = zones.here(appointment.ends_at) if appointment.ends_at else None
    until = f" to {ends:%H:%M}" if ends and ends.date() == begins.date() else ""
    return f"{begins:%A}, {words.day(begins)}, {begins:%H:%M}{until} {begins:%Z}"


def size(count: int) -> str:
    """Return a file's size, for instance 240 KB."""
    if count < _KILO:
        return f"{count} bytes"
    return f"{count / _KILO:.0f} KB" if count < _KILO**2 else f"{count / _KILO**2:.1f} MB"


def file_type(media_type: str) -> str:
    """Return what staff call a type of file."""
    return {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}.get(
        media_type, "Text"
    )


def is_text(media_type: str) -> bool:
    """Tell whether a document can be read on a page of ours."""
    return media_type.startswith("text/plain")


def who(actor: str, names: Mapping[str, str]) -> str:
    """Return who did something, by name where it is a member of staff."""
    if actor.startswith("portal:"):
        return "A portal user"
    return names.get(actor, "The EMR")


def shared_line(roles: Sequence[str]) -> str:
    """Return with whom something is shared, in a sentence."""
    return f"Saved. Shared with {role_names(roles)}."


def role_names(roles: Sequence[str]) -> str:
    """Return roles as part of a sentence, for instance patient, guardians and guarantors."""
    chosen = [label for role, label in _NAMES if role in roles]
    return " and ".join(", ".join(chosen).rsplit(", ", 1)) or "nobody"


@dataclass(frozen=True, slots=True)
class Series:
    """The scores of one measure, the newest first, and their plot if there are several."""

    measure: str
    unit: str | None
    scores: list[Row[Any]]
    plot: Plot | None

    @property
    def summary(self) -> str:
        """What the plot shows, for those who do not see it."""
        first, last = self.scores[-1], self.scores[0]
        return (
            f"From {number(first.score)} on {words.day(first.taken_at)} "
            f"to {number(last.score)} on {words.day(last.taken_at)}"
        )


def series(outcomes: Iterable[Row[Any]]) -> list[Series]:
    """Return the scores by measure."""
    by_measure = sorted(outcomes, key=lambda one: one.measure)  # stable: the newest stay first
    found = []
    for measure, group in groupby(by_measure, key=lambda one: one.measure):
        scores = list(group)
        drawn = plots.plot([(one.taken_at, one.score) for one in scores])
        found.append(Series(measure, scores[0].unit, scores, drawn))
    return found


def number(score: float) -> str:
    """Return a score without zeros that say nothing."""
    return f"{score:f}".rstrip("0").rstrip(".") if "." in f"{score:f}" else f"{score:f}"


def _end(appointment: Row[Any]) -> datetime:
    end: datetime = appointment.ends_at or appointment.starts_at
    return end
