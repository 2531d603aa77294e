"""SQL that lists the Portal Directory: by filter, words and order, from some entry on.

Few people are found by the index of words, then filtered and sorted. Where many are found, the
entries are walked in the order that is asked for, and the first page soon comes along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service import search_words
from services.chart_service.models import Status

COUNTED = 10_000
"""Up to so many are counted; for people, more are "more than 10,000"."""

FOUND = COUNTED
"""Up to so many that are found by words are filtered and sorted; among more, a page soon comes
along in the order that is asked for, even where those of one name stand together."""

COMMON = 1_000
"""More than so many have words that an eighth of a sample of a large organisation has."""

_SAMPLE = 500
_ENOUGH = _SAMPLE // 2


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


_ORDERS = {
    Sort.NAME: ("sort_name", "chart_id", "person_id"),
    Sort.STATUS: ("status", "sort_name", "chart_id", "person_id"),
    Sort.CHANGED: ("changed_at", "chart_id", "person_id"),
}
_KEY = "organization_id, chart_id, person_id"
_QUERY = "CAST(:query AS tsquery)"


_SAMPLING = f"""
    SELECT count(*) AS looked_at, count(*) FILTER (WHERE ts_match_vq(words, {_QUERY})) AS found,
        (SELECT count(*) FROM (SELECT FROM directory_entries
            WHERE organization_id = :organization_id AND sort_name IS NOT NULL
            LIMIT {COUNTED + 1}) AS counted) AS everybody
    FROM (SELECT words FROM person_searches TABLESAMPLE SYSTEM (0.25)
        WHERE organization_id = :organization_id LIMIT {_SAMPLE}) AS sample
"""  # noqa: S608 - made of the words above alone


class Count(NamedTuple):
    """How many there are; of more than are counted, at least so many."""

    number: int
    is_all: bool


class _Found(NamedTuple):
    """A page of those found by words, how many are selected, and how many of whatever status."""

    rows: Sequence[Row[Any]]
    selected: int
    all: int


async def look(
    tx: Transaction, selection: Selection, place: Place, limit: int
) -> tuple[Sequence[Row[Any]], Count]:
    """Return the next people from a place on, as `page` does, and how many are selected."""
    if not selection.words:
        counted = await tx.run(counting(selection), **values_of(selection))
        number = int(counted.scalar_one())
        return await _walk(tx, selection, place, limit), _counted(number)
    at_least = COMMON
    if not await are_common(tx, selection.organization_id, selection.words):
        found = await _find(tx, selection, place, limit)
        if found.all <= FOUND:
            return found.rows, Count(found.selected, True)
        at_least = FOUND
    count = await _count_of_many(tx, selection) if selection.status else Count(at_least, False)
    return await _walk(tx, selection, place, limit), count


async def page(
    tx: Transaction, selection: Selection, place: Place, limit: int
) -> Sequence[Row[Any]]:
    """Return the next people from a place on, in order, with what a row shows of each."""
    if selection.words:
        found = await _find(tx, selection, place, limit)
        if found.all <= FOUND:
            return found.rows
    return await _walk(tx, selection, place, limit)


async def are_common(tx: Transaction, organization_id: str, words: Sequence[str]) -> bool:
    """Tell whether so many have all of these words that the index of words would not help."""
    values = values_of(Selection(organization_id, words=words))
    seen = (await tx.run(_SAMPLING, **values)).one()
    is_large, is_enough = seen.everybody > COUNTED, seen.looked_at >= _ENOUGH
    return is_large and is_enough and bool(seen.found * 8 > seen.looked_at)


async def entry(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str
) -> Row[Any] | None:
    """Return what the directory shows of one person."""
    found = await tx.run(
        _shown(
            "(SELECT CAST(:chart AS varchar) AS chart_id, CAST(:person AS varchar) AS person_id)"
        ),
        organization_id=organization_id,
        chart=chart_id,
        person=person_id,
    )
    return found.first()


async def entries(
    tx: Transaction, organization_id: str, people: Sequence[tuple[str, str]]
) -> Sequence[Row[Any]]:
    """Return the same of several people, given as (chart, person), by name."""
    some = """
        (SELECT DISTINCT chart_id, person_id FROM unnest(
            CAST(:charts AS varchar[]), CAST(:people AS varchar[])) AS picked (chart_id, person_id))
    """
    found = await tx.run(
        _shown(some, "e.sort_name, e.chart_id, e.person_id"),
        organization_id=organization_id,
        charts=[chart for chart, _ in people],
        people=[person for _, person in people],
    )
    return found.all()


def counting(selection: Selection) -> str:
    """Return the statement that counts everybody, or those of a status."""
    return f"""
        SELECT count(*) FROM (SELECT FROM directory_entries e
            WHERE e.organization_id = :organization_id AND {_is_listed(selection)}
            LIMIT {COUNTED + 1}) AS counted
    """  # noqa: S608 - made of the names above alone


def finding(selection: Selection, place: Place) -> str:
    """Return the statement that finds by words: a row for each of a page, or one; with counts."""
    order = _order(selection, place)
    return f"""
        WITH found AS MATERIALIZED (
            SELECT chart_id, person_id, sort_name, status, changed_at FROM person_searches
            WHERE organization_id = :organization_id AND words @@ {_QUERY} LIMIT {FOUND + 1}
        ), counts AS (
            SELECT count(*) AS found, count(*) FILTER (WHERE {_is_listed(selection)}) AS selected
            FROM found e
        ), page AS (
            SELECT * FROM found e WHERE {_is_listed(selection)} {_beyond(selection, place)}
            ORDER BY {order} LIMIT :limit
        )
        SELECT counts.*, shown.* FROM counts LEFT JOIN ({_shown("page")}) AS shown ON true
        ORDER BY {order.replace("e.", "shown.")}
    """  # noqa: S608 - made of the names above alone


def walking(selection: Selection, place: Place) -> str:
    """Return the statement that walks the entries in their order, to the end of a page."""
    order = _order(selection, place)
    source, matching = _walked(selection)
    page = f"""
        (SELECT e.chart_id, e.person_id FROM {source}
         WHERE e.organization_id = :organization_id AND {_is_listed(selection)} {matching}
            {_beyond(selection, place)}
         ORDER BY {order} LIMIT :limit)
    """  # noqa: S608 - made of the names above alone
    return _shown(page, order)


def _walked(selection: Selection) -> tuple[str, str]:
    """Return what is walked, and what filters it by words."""
    if not selection.words:
        return "directory_entries e", ""
    # The function does what @@ does, but the planner knows no index for it.
    if selection.sort is Sort.NAME and selection.status is None:
        return "person_searches e", f"AND ts_match_vq(e.words, {_QUERY})"
    source = f"directory_entries e JOIN person_searches s USING ({_KEY})"
    return source, f"AND ts_match_vq(s.words, {_QUERY})"


def _is_listed(selection: Selection) -> str:
    return "e.status = :status" if selection.status else "e.sort_name IS NOT NULL"


def _order(selection: Selection, place: Place) -> str:
    direction = "DESC" if _is_falling(selection, place) else "ASC"
    return ", ".join(f"e.{column} {direction}" for column in _ORDERS[selection.sort])


def _beyond(selection: Selection, place: Place) -> str:
    if place.chart_id is None:
        return ""
    columns = _ORDERS[selection.sort]
    return f"""
        AND ({", ".join(f"e.{column}" for column in columns)})
            {"<" if _is_falling(selection, place) else ">"}
            (SELECT {", ".join(columns)} FROM directory_entries
             WHERE organization_id = :organization_id AND chart_id = :chart
                AND person_id = :person)
    """  # noqa: S608 - made of the names above alone


def _is_falling(selection: Selection, place: Place) -> bool:
    return (selection.sort is Sort.CHANGED) != place.is_before


def _shown(page: str, order: str = "") -> str:
    """Return the statement for what a row shows of each whose chart_id and person_id are given."""
    return f"""
        SELECT e.chart_id, e.person_id, e.sort_name, e.status, e.reason, e.detail, e.since,
            e.changed_at, p.given_name, p.family_name, p.relationship, p.email, c.mrn,
            patient.given_name AS patient_given_name, patient.family_name AS patient_family_name
        FROM {page} AS page
        JOIN directory_entries e ON e.organization_id = :organization_id
            AND e.chart_id = page.chart_id AND e.person_id = page.person_id
        JOIN people p ON p.organization_id = :organization_id AND p.chart_id = page.chart_id
            AND p.id = page.person_id
        JOIN charts c ON c.organization_id = :organization_id AND c.id = page.chart_id
        JOIN people patient ON patient.organization_id = :organization_id
            AND patient.chart_id = page.chart_id AND patient.relationship = 'Patient'
        {f"ORDER BY {order}" if order else ""}
    """  # noqa: S608 - made of the names above alone


async def _walk(
    tx: Transaction, selection: Selection, place: Place, limit: int
) -> Sequence[Row[Any]]:
    values = values_of(selection, place, limit)
    rows = (await tx.run(walking(selection, place), **values)).all()
    return rows[::-1] if place.is_before else rows


async def _find(tx: Transaction, selection: Selection, place: Place, limit: int) -> _Found:
    values = values_of(selection, place, limit)
    rows = (await tx.run(finding(selection, place), **values)).all()
    shown = [row for row in rows if row.chart_id is not None]
    return _Found(
        shown[::-1] if place.is_before else shown, int(rows[0].selected), int(rows[0].found)
    )


def _counted(number: int) -> Count:
    return Count(min(number, COUNTED), number <= COUNTED)


async def _count_of_many(tx: Transaction, selection: Selection) -> Count:
    """Count among the first of a status; where those are all, the count is exact."""
    found = await tx.run(
        f"""
        SELECT count(*) FILTER (WHERE ts_match_vq(s.words, {_QUERY})) AS found, count(*) AS seen
        FROM (SELECT {_KEY} FROM directory_entries
            WHERE organization_id = :organization_id AND status = :status
            LIMIT {_SAMPLE + 1}) AS e
        JOIN person_searches s USING ({_KEY})
        """,  # noqa: S608 - made of the names above alone
        **values_of(selection),
    )
    row = found.one()
    return Count(int(row.found), row.seen <= _SAMPLE)


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
