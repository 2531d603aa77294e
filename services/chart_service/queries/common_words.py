"""Whether so many have the words looked for that an index of words would not help."""

from collections.abc import Sequence

from chassis.database import Transaction
from services.chart_service.queries.directory_selection import Selection, values_of
from services.chart_service.queries.directory_statements import COUNTED, QUERY

COMMON = 1_000
"""More than so many have words that an eighth of a sample of a large organisation has."""

SAMPLE = 500
"""So many people tell how common words are."""

_ENOUGH = SAMPLE // 2

_SAMPLING = f"""
    SELECT count(*) AS looked_at, count(*) FILTER (WHERE ts_match_vq(words, {QUERY})) AS found,
        (SELECT count(*) FROM (SELECT FROM directory_entries
            WHERE organization_id = :organization_id AND sort_name IS NOT NULL
            LIMIT {COUNTED + 1}) AS counted) AS everybody
    FROM (SELECT words FROM person_searches TABLESAMPLE SYSTEM (0.25)
        WHERE organization_id = :organization_id LIMIT {SAMPLE}) AS sample
"""  # noqa: S608 - made of the words above alone


async def are_common(tx: Transaction, organization_id: str, words: Sequence[str]) -> bool:
    """Tell whether so many have all of these words that the index of words would not help."""
    values = values_of(Selection(organization_id, words=words))
    seen = (await tx.run(_SAMPLING, **values)).one()
    is_large, is_enough = seen.everybody > COUNTED, seen.looked_at >= _ENOUGH
    return is_large and is_enough and bool(seen.found * 8 > seen.looked_at)
