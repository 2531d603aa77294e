"""Whom the Portal Directory lists, in which order, and from where on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.chart_service import search_words
from services.chart_service.models import Status


class Sort(StrEnum):
    """In which order people are listed."""

    NAME = "name"
    STATUS = "status"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Selection:
    """Whom to list: everybody, or those of a status, or those found by all of the words."""

    organization_id: str
    status: Status | None = None
    words: Sequence[str] = ()
    sort: Sort = Sort.NAME


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: after the entry of somebody, or before it; nobody's: the first or last."""

    chart_id: str | None = None
    person_id: str | None = None
    is_before: bool = False


def values_of(
    selection: Selection, place: Place | None = None, limit: int | None = None
) -> dict[str, object]:
    """Return what the statements take; a place and a limit are for those that list."""
    values: dict[str, object] = {"organization_id": selection.organization_id}
    if selection.status:
        values["status"] = selection.status.value
    if selection.words:
        values["query"] = search_words.query(selection.organization_id, list(selection.words))
    if limit is not None:
        values["limit"] = limit
    if place is not None and place.chart_id is not None:
        values |= {"chart": place.chart_id, "person": place.person_id}
    return values
