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

FEW = COUNTED
"""Up to so many are sorted; of more than that, of a quarter of a million, a page is found sooner
by walking in order. (Sorting n costs as much as walking 51 * 250,000 / n: equal at about 3,500.)"""

_SAMPLE = 2_000


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
_FOUND = f"""
    (SELECT * FROM person_searches
     WHERE organization_id = :organization_id AND words @@ {_QUERY} OFFSET 0)
"""  # noqa: S608 - made of the words above alone


class Count(NamedTuple):
    """How many there are; of more than COUNTED, or where counting would take long, at least."""

    number: int
    is_all: bool


async def look(
    tx: Transaction, selection: Selection, place: Place, limit: int
) -> tuple[Sequence[Row[Any]], Count]:
    """Return the next people from a place on, as `page` does, and how many are selected."""
    found = await _found(tx, selection)
    rows = await _page(tx, selection, place, limit, found)
    if found is not None and selection.status is None:
        return rows, _counted(found)
    if found is not None and found > FEW:
        return rows, await _count_of_many(tx, selection)
    counted = await tx.run(counting(selection), **values_of(selection))
    return rows, _counted(int(counted.scalar_one()))


async def page(
    tx: Transaction, selection: Selection, place: Place, limit: int
) -> Sequence[Row[Any]]:
    """Return the next people from a place on, in order, with what a row shows of each."""
    return await _page(tx, selection, place, limit, await _found(tx, selection))


async def entry(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str
) -> Row[Any] | None:
    """Return what the directory shows of one person."""
    one = "e.organization_id = :organization_id AND e.chart_id = :chart AND e.person_id = :person"
    found = await tx.run(
        _shown(f"(SELECT * FROM directory_entries e WHERE {one})"),  # noqa: S608
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
        (SELECT e.* FROM directory_entries e
         JOIN (SELECT DISTINCT chart_id, person_id FROM unnest(
            CAST(:charts AS varchar[]), CAST(:people AS varchar[])) AS picked (chart_id, person_id))
            AS wanted USING (chart_id, person_id)
         WHERE e.organization_id = :organization_id AND e.sort_name IS NOT NULL)
    """
    found = await tx.run(
        _shown(some, "e.sort_name, e.chart_id, e.person_id"),
        organization_id=organization_id,
        charts=[chart for chart, _ in people],
        people=[person for _, person in people],
    )
    return found.all()


def counting(selection: Selection) -> str:
    """Return the statement that counts the selected, where few are found by words."""
    return f"SELECT count(*) FROM (SELECT 1 {_selected(selection)} LIMIT {COUNTED + 1}) AS found"  # noqa: S608


def listing(selection: Selection, place: Place, *, are_many: bool = False) -> str:
    """Return the statement that lists a page."""
    is_falling = (selection.sort is Sort.CHANGED) != place.is_before
    direction = "DESC" if is_falling else "ASC"
    columns = _ORDERS[selection.sort]
    order = ", ".join(f"e.{column} {direction}" for column in columns)
    beyond = ""
    if place.chart_id is not None:
        beyond = f"""
            AND ({", ".join(f"e.{column}" for column in columns)}) {"<" if is_falling else ">"}
                (SELECT {", ".join(columns)} FROM directory_entries
                 WHERE organization_id = :organization_id
                    AND chart_id = :chart AND person_id = :person)
        """  # noqa: S608 - made of the names above alone
    selected = _selected(selection, are_many=are_many)
    return _shown(
        f"(SELECT e.* {selected} {beyond} ORDER BY {order} LIMIT :limit)",
        order,
    )


def _selected(selection: Selection, *, are_many: bool = False) -> str:
    status = "AND e.status = :status" if selection.status else "AND e.sort_name IS NOT NULL"
    if not selection.words:
        source = "directory_entries e"
        matching = ""
    elif are_many:
        source = f"directory_entries e JOIN person_searches s USING ({_KEY})"
        # The function does what @@ does, but the planner knows no index for it.
        matching = f"AND ts_match_vq(s.words, {_QUERY})"
    else:
        source = f"{_FOUND} s JOIN directory_entries e USING ({_KEY})"
        matching = ""
    return f"FROM {source} WHERE e.organization_id = :organization_id {status} {matching}"


def _shown(entries: str, order: str = "") -> str:
    return f"""
        SELECT e.chart_id, e.person_id, e.status, e.reason, e.detail, e.since, e.changed_at,
            p.given_name, p.family_name, p.relationship, p.email, c.mrn,
            patient.given_name AS patient_given_name, patient.family_name AS patient_family_name
        FROM {entries} AS e
        JOIN people p ON p.organization_id = :organization_id AND p.chart_id = e.chart_id
            AND p.id = e.person_id
        JOIN charts c ON c.organization_id = :organization_id AND c.id = e.chart_id
        JOIN people patient ON patient.organization_id = :organization_id
            AND patient.chart_id = e.chart_id AND patient.relationship = 'Patient'
        {f"ORDER BY {order}" if order else ""}
    """  # noqa: S608 - made of the names above alone


async def _page(
    tx: Transaction, selection: Selection, place: Place, limit: int, found: int | None
) -> Sequence[Row[Any]]:
    values = values_of(selection) | {"limit": limit}
    if place.chart_id is not None:
        values |= {"chart": place.chart_id, "person": place.person_id}
    statement = listing(selection, place, are_many=found is not None and found > FEW)
    rows = (await tx.run(statement, **values)).all()
    return rows[::-1] if place.is_before else rows


async def _found(tx: Transaction, selection: Selection) -> int | None:
    """Count up to COUNTED + 1 who have all of the words, of whatever status; None without any."""
    if not selection.words:
        return None
    found = await tx.run(
        f"""
        SELECT count(*) FROM (
            SELECT 1 FROM person_searches
            WHERE organization_id = :organization_id AND words @@ {_QUERY}
            LIMIT {COUNTED + 1}) AS found
        """,  # noqa: S608 - made of the names above alone
        **values_of(Selection(selection.organization_id, words=selection.words)),
    )
    return int(found.scalar_one())


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


def values_of(selection: Selection) -> dict[str, object]:
    """Return what the statements take, but for the page."""
    values: dict[str, object] = {"organization_id": selection.organization_id}
    if selection.status:
        values["status"] = selection.status.value
    if selection.words:
        values["query"] = search_words.query(selection.organization_id, list(selection.words))
    return values
