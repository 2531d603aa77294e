"""SQL that lists the Portal Directory: by filter, words and order, from some entry on.

Few people are found by the index of words, then filtered and sorted. Where many are found, the
entries are walked in the order that is asked for, and the first page soon comes along.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service.queries.common_words import COMMON, SAMPLE, are_common
from services.chart_service.queries.directory_selection import Place, Selection, values_of
from services.chart_service.queries.directory_statements import (
    COUNTED,
    FOUND,
    KEY,
    QUERY,
    counting,
    finding,
    showing,
    walking,
)


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


async def entry(
    tx: Transaction, organization_id: str, chart_id: str, person_id: str
) -> Row[Any] | None:
    """Return what the directory shows of one person."""
    found = await tx.run(
        showing(
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
        showing(some, "e.sort_name, e.chart_id, e.person_id"),
        organization_id=organization_id,
        charts=[chart for chart, _ in people],
        people=[person for _, person in people],
    )
    return found.all()


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
        SELECT count(*) FILTER (WHERE ts_match_vq(s.words, {QUERY})) AS found, count(*) AS seen
        FROM (SELECT {KEY} FROM directory_entries
            WHERE organization_id = :organization_id AND status = :status
            LIMIT {SAMPLE + 1}) AS e
        JOIN person_searches s USING ({KEY})
        """,  # noqa: S608 - made of the names above alone
        **values_of(selection),
    )
    row = found.one()
    return Count(int(row.found), row.seen <= SAMPLE)
