"""SQL that notes what charts say of the people on them, and by which words they are found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.queries.person_keys import arrays_of

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Described:
    """What the chart says of a person on it, for the directory; words are indexed as they are."""

    invitee: Invitee
    sort_name: str
    refusal: str | None
    words: Collection[str]
    is_patient: bool


async def describe(tx: Transaction, described: Sequence[Described]) -> None:
    """Insert entries, or replace what the chart says; until the commit nobody changes them."""
    keys = arrays_of([each.invitee for each in described])
    await tx.run(
        """
        INSERT INTO directory_entries
            (organization_id, chart_id, person_id, sort_name, refusal, changed_at)
        SELECT *, CAST(:now AS timestamptz) FROM unnest(CAST(:organizations AS varchar[]),
            CAST(:charts AS varchar[]), CAST(:people AS varchar[]),
            CAST(:names AS varchar[]), CAST(:refusals AS varchar[]))
        ON CONFLICT (organization_id, chart_id, person_id) DO UPDATE
            SET sort_name = excluded.sort_name, refusal = excluded.refusal
        """,
        **keys,
        names=[each.sort_name for each in described],
        refusals=[each.refusal for each in described],
        now=tx.now,
    )
    await tx.run(
        """
        INSERT INTO person_searches
            (organization_id, chart_id, person_id, sort_name, status, changed_at, words)
        SELECT organization_id, chart_id, person_id, e.sort_name, e.status, e.changed_at,
            array_to_tsvector(string_to_array(words, :separator))
        FROM unnest(CAST(:organizations AS varchar[]), CAST(:charts AS varchar[]),
            CAST(:people AS varchar[]), CAST(:words AS text[]))
            AS new (organization_id, chart_id, person_id, words)
        JOIN directory_entries e USING (organization_id, chart_id, person_id)
        ON CONFLICT (organization_id, chart_id, person_id) DO UPDATE
            SET sort_name = excluded.sort_name, words = excluded.words
            WHERE (person_searches.sort_name, person_searches.words)
                <> (excluded.sort_name, excluded.words)
        """,
        **keys,
        words=[_SEPARATOR.join(each.words) for each in described],
        separator=_SEPARATOR,
    )


async def describe_charts(tx: Transaction, described: Sequence[Described]) -> None:
    """Note by which words charts are found: those of all people on them, who are all given."""
    patients = [each for each in described if each.is_patient]
    words: dict[tuple[str, str], set[str]] = {}
    for each in described:
        key = (each.invitee.organization, each.invitee.chart)
        words.setdefault(key, set()).update(each.words)
    found = [words[p.invitee.organization, p.invitee.chart] for p in patients]
    await tx.run(
        """
        INSERT INTO chart_searches (organization_id, chart_id, sort_name, words)
        SELECT organization_id, chart_id, sort_name,
            array_to_tsvector(string_to_array(words, :separator))
        FROM unnest(CAST(:organizations AS varchar[]), CAST(:charts AS varchar[]),
            CAST(:names AS varchar[]), CAST(:words AS text[]))
            AS new (organization_id, chart_id, sort_name, words)
        ON CONFLICT (organization_id, chart_id) DO UPDATE
            SET sort_name = excluded.sort_name, words = excluded.words
            WHERE (chart_searches.sort_name, chart_searches.words)
                <> (excluded.sort_name, excluded.words)
        """,
        organizations=[each.invitee.organization for each in patients],
        charts=[each.invitee.chart for each in patients],
        names=[each.sort_name for each in patients],
        words=[_SEPARATOR.join(each) for each in found],
        separator=_SEPARATOR,
    )
