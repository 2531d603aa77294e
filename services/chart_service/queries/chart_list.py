"""SQL on the list of charts, by their patients' names, and on what is found in it.

Whatever is looked for is counted first, up to COUNTED. Few charts are then taken from the index of
words and sorted; where there are many, the first of them soon come along in the order of names.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service import search_words

COUNTED = 10_000
"""Up to so many are counted; for people, more are "more than 10,000"."""

_FEW_COUNTED = 2_000
_ALL = """
    SELECT chart_id, sort_name FROM chart_searches
    WHERE organization_id = :organization_id
    ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
"""
_FEW = """
    SELECT chart_id, sort_name FROM (
        SELECT chart_id, sort_name FROM chart_searches
        WHERE organization_id = :organization_id AND words @@ CAST(:query AS tsquery)
        OFFSET 0) AS found
    ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
"""
# The function does what @@ does, but the planner knows no index for it: names go in order.
_MANY = """
    SELECT chart_id, sort_name FROM chart_searches
    WHERE organization_id = :organization_id AND ts_match_vq(words, CAST(:query AS tsquery))
    ORDER BY sort_name, chart_id LIMIT :limit OFFSET :offset
"""


async def count_charts(tx: Transaction, organization_id: str, words: Sequence[str]) -> int:
    """Return how many charts have each of the words; more than COUNTED are one more than that."""
    condition = "AND words @@ CAST(:query AS tsquery)" if words else ""
    found = await tx.run(
        f"""
        SELECT count(*) FROM (
            SELECT FROM chart_searches
            WHERE organization_id = :organization_id {condition} LIMIT {COUNTED + 1}) AS found
        """,  # noqa: S608 - made of the words above alone
        **values_of(organization_id, words),
    )
    return int(found.scalar_one())


async def list_charts(
    tx: Transaction, organization_id: str, words: Sequence[str], limit: int, offset: int
) -> tuple[Sequence[Row[Any]], int]:
    """Return charts in which each of the words is found, by their patient's name; and their count.

    More than COUNTED are counted as one more than that.
    """
    total = await count_charts(tx, organization_id, words)
    found = await tx.run(
        listing(is_search=bool(words), are_many=total > _FEW_COUNTED),
        **values_of(organization_id, words),
        limit=limit,
        offset=offset,
    )
    return found.all(), total


def listing(*, is_search: bool, are_many: bool) -> str:
    """Return the statement that lists a page of charts."""
    page = (_MANY if are_many else _FEW) if is_search else _ALL
    return f"""
        SELECT c.id, c.mrn, p.given_name, p.family_name, p.birth_date
        FROM ({page}) AS page
        JOIN charts c ON c.organization_id = :organization_id AND c.id = page.chart_id
        JOIN people p ON p.organization_id = :organization_id AND p.chart_id = page.chart_id
            AND p.relationship = 'Patient'
        ORDER BY page.sort_name, page.chart_id
    """  # noqa: S608 - made of the statements above alone


def values_of(organization_id: str, words: Sequence[str]) -> dict[str, object]:
    """Return what the statements take, but for the page."""
    query = {"query": search_words.query(organization_id, list(words))} if words else {}
    return {"organization_id": organization_id, **query}
