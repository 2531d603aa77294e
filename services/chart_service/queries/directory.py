"""SQL that keeps the Portal Directory and the search of charts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.directory_status import Access, Invitation, Standing

_KEYS = """
    unnest(CAST(:organizations AS varchar[]), CAST(:charts AS varchar[]),
        CAST(:people AS varchar[])) AS wanted (organization_id, chart_id, person_id)
"""
_BY_KEY = "USING (organization_id, chart_id, person_id)"
_SEPARATOR = "\x1f"


class PersonKey(NamedTuple):
    """Whose entry it is; sorted and looked up by the hundred, which an Invitee is slow at."""

    organization: str
    chart: str
    person: str

    @classmethod
    def of(cls, invitee: Invitee) -> Self:
        """Return an invitee's key."""
        return cls(invitee.organization, invitee.chart, invitee.person)


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
    keys = _keys([each.invitee for each in described])
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


async def lock(tx: Transaction, people: Sequence[Invitee | PersonKey]) -> int:
    """Let nobody else change these entries until the commit; return how many there are."""
    locked = await tx.run(
        f"""
        SELECT chart_id FROM directory_entries JOIN {_KEYS} {_BY_KEY}
        ORDER BY organization_id, chart_id, person_id FOR NO KEY UPDATE OF directory_entries
        """,  # noqa: S608 - made of the names above alone
        **_keys(people),
    )
    return len(locked.all())


async def add_missing(tx: Transaction, people: Sequence[PersonKey]) -> None:
    """Insert entries of people whom no chart knows yet; they have neither name nor status."""
    await tx.run(
        f"""
        INSERT INTO directory_entries (organization_id, chart_id, person_id, changed_at)
        SELECT *, CAST(:now AS timestamptz) FROM {_KEYS} ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - made of the names above alone
        **_keys(people),
        now=tx.now,
    )


async def refusals(tx: Transaction, people: Sequence[PersonKey]) -> dict[PersonKey, str | None]:
    """Return why the chart would refuse to invite; only of people whom their chart knows."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, refusal FROM directory_entries
        JOIN {_KEYS} {_BY_KEY} WHERE sort_name IS NOT NULL
        """,  # noqa: S608 - made of the names above alone
        **_keys(people),
    )
    return {_key(row): row.refusal for row in found}


async def invitations(
    tx: Transaction, people: Sequence[PersonKey]
) -> list[tuple[PersonKey, Invitation]]:
    """Return what the alerts know of these people's invitations."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, state, detail, requested_at, updated_at,
            asked_at
        FROM alerts JOIN {_KEYS} {_BY_KEY}
        """,  # noqa: S608 - made of the names above alone
        **_keys(people),
    )
    return [
        (
            _key(row),
            Invitation(row.state, row.detail, row.requested_at, row.updated_at, row.asked_at),
        )
        for row in found
    ]


async def accesses(tx: Transaction, people: Sequence[PersonKey]) -> list[tuple[PersonKey, Access]]:
    """Return what is known of these people's accounts on their charts."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, state, at
        FROM portal_access_state JOIN {_KEYS} {_BY_KEY}
        """,  # noqa: S608 - made of the names above alone
        **_keys(people),
    )
    return [(_key(row), Access(row.state, row.at)) for row in found]


async def set_standings(tx: Transaction, standings: Sequence[tuple[PersonKey, Standing]]) -> None:
    """Note how people stand; an entry that says so already stays untouched."""
    await tx.run(
        """
        WITH changed AS (
            UPDATE directory_entries AS entry
            SET status = new.status, reason = new.reason, detail = new.detail, since = new.since,
                changed_at = :now
            FROM unnest(CAST(:organizations AS varchar[]), CAST(:charts AS varchar[]),
                CAST(:people AS varchar[]), CAST(:statuses AS varchar[]),
                CAST(:reasons AS varchar[]), CAST(:details AS varchar[]),
                CAST(:since AS timestamptz[]))
                AS new (organization_id, chart_id, person_id, status, reason, detail, since)
            WHERE entry.organization_id = new.organization_id AND entry.chart_id = new.chart_id
                AND entry.person_id = new.person_id
                AND (entry.status, entry.reason, entry.detail, entry.since)
                    IS DISTINCT FROM (new.status, new.reason, new.detail, new.since)
            RETURNING entry.organization_id, entry.chart_id, entry.person_id,
                entry.status, entry.changed_at)
        UPDATE person_searches AS search
        SET status = changed.status, changed_at = changed.changed_at
        FROM changed
        WHERE search.organization_id = changed.organization_id
            AND search.chart_id = changed.chart_id AND search.person_id = changed.person_id
        """,
        **_keys([key for key, _ in standings]),
        statuses=[standing.status.value for _, standing in standings],
        reasons=[standing.reason for _, standing in standings],
        details=[standing.detail for _, standing in standings],
        since=[standing.since for _, standing in standings],
        now=tx.now,
    )


async def ask_for_refresh(tx: Transaction, organization_id: str) -> None:
    """Note that all entries of an organisation are to be made anew, from the first chart on."""
    await tx.run(
        """
        INSERT INTO directory_refreshes (organization_id, after_chart)
        VALUES (:organization_id, '')
        ON CONFLICT (organization_id) DO UPDATE SET after_chart = ''
        """,
        organization_id=organization_id,
    )


async def next_refresh(tx: Transaction) -> tuple[str, str] | None:
    """Return an organisation that nobody else works on, and after which chart to go on."""
    found = await tx.run(
        """
        SELECT organization_id, after_chart FROM directory_refreshes
        LIMIT 1 FOR UPDATE SKIP LOCKED
        """
    )
    row = found.first()
    return (row.organization_id, row.after_chart) if row else None


async def refreshed(tx: Transaction, organization_id: str, last_chart: str | None) -> None:
    """Note how far an organisation's entries are made; None when that was all of them."""
    statement = "DELETE FROM directory_refreshes WHERE organization_id = :organization_id"
    if last_chart is not None:
        statement = """
            UPDATE directory_refreshes SET after_chart = :last_chart
            WHERE organization_id = :organization_id
        """
    values = {} if last_chart is None else {"last_chart": last_chart}
    await tx.run(statement, organization_id=organization_id, **values)


def _keys(people: Sequence[Invitee | PersonKey]) -> dict[str, list[str]]:
    return {
        "organizations": [each.organization for each in people],
        "charts": [each.chart for each in people],
        "people": [each.person for each in people],
    }


def _key(row: Row[Any]) -> PersonKey:
    return PersonKey(row.organization_id, row.chart_id, row.person_id)
