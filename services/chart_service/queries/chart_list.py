"""SQL on the list of charts, by their patients' names, and on what is found in it.

What is looked for is taken from the index of words, up to FOUND, and sorted; where there is more,
the charts are walked in the order of names, and the first of those sought soon come along.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service import search_words
from services.chart_service.queries.common_words import COMMON, are_common
from services.chart_service.queries.directory_list import Count
from services.chart_service.queries.directory_statements import COUNTED, FOUND

_ALL = """
    SELECT chart_id, sort_name FROM chart_searches
    WHERE organization_id = :organization_id
    ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
"""
# The function does what @@ does, but the planner knows no index for it: names go in order.
_MANY = """
    SELECT chart_id, sort_name FROM chart_searches
    WHERE organization_id = :organization_id AND ts_match_vq(words, CAST(:query AS tsquery))
    ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
"""
COUNTING = f"""
    SELECT count(*) FROM (SELECT FROM chart_searches
        WHERE organization_id = :organization_id LIMIT {COUNTED + 1}) AS counted
"""  # noqa: S608 - made of the number above alone


async def list_charts(
    tx: Transaction, organization_id: str, words: Sequence[str], limit: int, offset: int
) -> tuple[Sequence[Row[Any]], Count]:
    """Return charts in which each of the words is found, by their patient's name; and a count."""
    values = values_of(organization_id, words) | {"limit": limit, "offset": offset}
    if not words:
        counted = await tx.run(COUNTING, organization_id=organization_id)
        number = int(counted.scalar_one())
        rows = (await tx.run(walking(is_search=False), **values)).all()
        return rows, Count(min(number, COUNTED), number <= COUNTED)
    at_least = COMMON
    if not await are_common(tx, organization_id, words):
        found = (await tx.run(finding(), **values)).all()
        if found[0].total <= FOUND:
            return [row for row in found if row.id is not None], Count(found[0].total, True)
        at_least = FOUND
    return (await tx.run(walking(is_search=True), **values)).all(), Count(at_least, False)


def finding() -> str:
    """Return the statement that finds by words: a row for each of a page, or one; with `total`."""
    return f"""
        WITH found AS MATERIALIZED (
            SELECT chart_id, sort_name FROM chart_searches
            WHERE organization_id = :organization_id AND words @@ CAST(:query AS tsquery)
            LIMIT {FOUND + 1}
        ), page AS (
            SELECT * FROM found ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
        )
        SELECT counts.total, shown.* FROM (SELECT count(*) AS total FROM found) AS counts
        LEFT JOIN ({_shown("page")}) AS shown ON true
        ORDER BY shown.sort_name, shown.id
    """  # noqa: S608 - made of the words above alone


def walking(*, is_search: bool) -> str:
    """Return the statement that walks the charts by name, to the end of a page."""
    page = _MANY if is_search else _ALL
    return f"{_shown(f'({page})')} ORDER BY page.sort_name, page.chart_id"


def _shown(page: str) -> str:
    return f"""
        SELECT c.id, c.mrn, p.given_name, p.family_name, p.birth_date, page.sort_name
        FROM {page} AS page
        JOIN charts c ON c.organization_id = :organization_id AND c.id = page.chart_id
        JOIN people p ON p.organization_id = :organization_id AND p.chart_id = page.chart_id
            AND p.relationship = 'Patient'
    """  # noqa: S608 - made of the words above alone


def values_of(organization_id: str, words: Sequence[str]) -> dict[str, object]:
    """Return what the statements take, but for the page."""
    query = {"query": search_words.query(organization_id, list(words))} if words else {}
    return {"organization_id": organization_id, **query}
