"""SQL that keeps how people stand in the Portal Directory."""

from collections.abc import Sequence

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.directory_status import Access, Invitation, Standing
from services.chart_service.queries.person_keys import BY_KEY, KEYS, PersonKey, arrays_of, key_of


async def lock(tx: Transaction, people: Sequence[Invitee | PersonKey]) -> int:
    """Let nobody else change these entries until the commit; return how many there are."""
    locked = await tx.run(
        f"""
        SELECT chart_id FROM directory_entries JOIN {KEYS} {BY_KEY}
        ORDER BY organization_id, chart_id, person_id FOR NO KEY UPDATE OF directory_entries
        """,  # noqa: S608 - made of the names above alone
        **arrays_of(people),
    )
    return len(locked.all())


async def add_missing(tx: Transaction, people: Sequence[PersonKey]) -> None:
    """Insert entries of people whom no chart knows yet; they have neither name nor status."""
    await tx.run(
        f"""
        INSERT INTO directory_entries (organization_id, chart_id, person_id, changed_at)
        SELECT *, CAST(:now AS timestamptz) FROM {KEYS} ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - made of the names above alone
        **arrays_of(people),
        now=tx.now,
    )


async def refusals(tx: Transaction, people: Sequence[PersonKey]) -> dict[PersonKey, str | None]:
    """Return why the chart would refuse to invite; only of people whom their chart knows."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, refusal FROM directory_entries
        JOIN {KEYS} {BY_KEY} WHERE sort_name IS NOT NULL
        """,  # noqa: S608 - made of the names above alone
        **arrays_of(people),
    )
    return {key_of(row): row.refusal for row in found}


async def invitations(
    tx: Transaction, people: Sequence[PersonKey]
) -> list[tuple[PersonKey, Invitation]]:
    """Return what the alerts know of these people's invitations."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, state, detail, requested_at, updated_at,
            asked_at
        FROM alerts JOIN {KEYS} {BY_KEY}
        """,  # noqa: S608 - made of the names above alone
        **arrays_of(people),
    )
    return [
        (
            key_of(row),
            Invitation(row.state, row.detail, row.requested_at, row.updated_at, row.asked_at),
        )
        for row in found
    ]


async def accesses(tx: Transaction, people: Sequence[PersonKey]) -> list[tuple[PersonKey, Access]]:
    """Return what is known of these people's accounts on their charts."""
    found = await tx.run(
        f"""
        SELECT organization_id, chart_id, person_id, state, at
        FROM portal_access_state JOIN {KEYS} {BY_KEY}
        """,  # noqa: S608 - made of the names above alone
        **arrays_of(people),
    )
    return [(key_of(row), Access(row.state, row.at)) for row in found]


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
        **arrays_of([key for key, _ in standings]),
        statuses=[standing.status.value for _, standing in standings],
        reasons=[standing.reason for _, standing in standings],
        details=[standing.detail for _, standing in standings],
        since=[standing.since for _, standing in standings],
        now=tx.now,
    )
