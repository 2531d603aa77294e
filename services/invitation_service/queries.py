"""All SQL of invitation_service. Lists go in as arrays, so that a batch is one statement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.chart import (
    InviteRequested,
    OrganizationChanged,
    PersonChanged,
    Relationship,
    RevokeRequested,
)
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.invitation_service.models import State
from services.invitation_service.rules import (
    Chart,
    Issue,
    LiveInvitation,
    Organization,
    Person,
    key_of,
)

ChartKey = tuple[str, str]
"""Organisation id and chart id."""


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A request that was granted, with the hash of the token that was made for it."""

    request: InviteRequested
    issue: Issue
    token_hash: bytes


def _columns(keys: Iterable[ChartKey]) -> dict[str, list[str]]:
    pairs = sorted(set(keys))
    return {"organizations": [o for o, _ in pairs], "charts": [c for _, c in pairs]}


async def lock_charts(tx: Transaction, keys: Iterable[ChartKey]) -> None:
    """Let no other instance decide on these charts until the commit; locks go in one order."""
    await tx.run(
        """
        SELECT count(pg_advisory_xact_lock(lock)) FROM (
            SELECT DISTINCT hashtextextended(organization || '/' || chart, 0) AS lock
            FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]))
                AS wanted (organization, chart)
            ORDER BY 1
        ) AS locks
        """,
        **_columns(keys),
    )


async def charts(tx: Transaction, keys: Iterable[ChartKey]) -> dict[ChartKey, Chart]:
    """Return what is known of each of these charts; an unknown one is empty.

    Live invitations stay as returned until the commit: who redeems one meanwhile waits.
    """
    found = {key: Chart() for key in keys}
    columns = _columns(found)
    await _add_organizations(tx, found, columns["organizations"])
    await _add_people(tx, found, columns)
    await _add_live_invitations(tx, found, columns)
    return found


async def _add_organizations(tx: Transaction, found: dict[ChartKey, Chart], ids: list[str]) -> None:
    rows = await tx.run(
        "SELECT id, portal_enabled, invitation_days FROM organizations WHERE id = ANY(:ids)",
        ids=sorted(set(ids)),
    )
    known = {row.id: Organization(row.portal_enabled, row.invitation_days) for row in rows}
    for (organization, _), chart in found.items():
        chart.organization = known.get(organization)


async def _add_people(
    tx: Transaction, found: dict[ChartKey, Chart], columns: dict[str, list[str]]
) -> None:
    rows = await tx.run(
        """
        SELECT p.* FROM people p
        JOIN unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])) AS w (o, c)
            ON p.organization_id = w.o AND p.chart_id = w.c
        """,
        **columns,
    )
    for row in rows:
        chart = found[row.organization_id, row.chart_id]
        chart.people[row.id] = _person(row)


def _person(row: Row[Any]) -> Person:
    return Person(
        Relationship(row.relationship), row.given_name, row.email, row.deceased, row.ended
    )


async def _add_live_invitations(
    tx: Transaction, found: dict[ChartKey, Chart], columns: dict[str, list[str]]
) -> None:
    rows = await tx.run(
        """
        SELECT i.id, i.organization_id, i.chart_id, i.person_id, i.role, i.email, i.state
        FROM invitations i
        JOIN unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])) AS w (o, c)
            ON i.organization_id = w.o AND i.chart_id = w.c
        WHERE i.state IN ('open', 'accepted')
        ORDER BY i.id FOR UPDATE OF i
        """,
        **columns,
    )
    for row in rows:
        live = LiveInvitation(
            row.id, row.person_id, Role(row.role), key_of(row.email), State(row.state)
        )
        found[row.organization_id, row.chart_id].live.append(live)


async def end(tx: Transaction, ids: Sequence[UUID], state: State) -> None:
    """End these open invitations; their links are dead from the commit on."""
    await tx.run(
        """
        UPDATE invitations SET state = :state, ended_at = :now
        WHERE id = ANY(:ids) AND state = 'open'
        """,
        ids=ids,
        state=state.value,
        now=tx.now,
    )


async def add_invitations(
    tx: Transaction, new: Sequence[NewInvitation], superseded: Collection[UUID]
) -> None:
    """Insert invitations; open ones, but for those that a later one of them superseded."""
    invitees = [n.request.data.invitee for n in new]
    states = [State.SUPERSEDED if n.request.id in superseded else State.OPEN for n in new]
    await tx.run(
        """
        INSERT INTO invitations (id, organization_id, chart_id, person_id, role, email, given_name,
            token_hash, expires_at, state, issued_at)
        SELECT *, :now FROM unnest(
            CAST(:ids AS uuid[]), CAST(:organizations AS text[]), CAST(:charts AS text[]),
            CAST(:people AS text[]), CAST(:roles AS text[]), CAST(:emails AS text[]),
            CAST(:names AS text[]), CAST(:hashes AS bytea[]), CAST(:expiries AS timestamptz[]),
            CAST(:states AS text[]))
        """,
        ids=[n.request.id for n in new],
        organizations=[i.organization for i in invitees],
        charts=[i.chart for i in invitees],
        people=[i.person for i in invitees],
        roles=[n.request.data.role.value for n in new],
        emails=[n.issue.email for n in new],
        names=[n.issue.given_name for n in new],
        hashes=[n.token_hash for n in new],
        expiries=[n.issue.expires_at for n in new],
        states=[state.value for state in states],
        now=tx.now,
    )


async def revoke(tx: Transaction, request: RevokeRequested) -> Sequence[UUID]:
    """End the invitee's open invitation in that role, and requests that wait; return the ids."""
    ended = await tx.run(
        """
        WITH dropped AS (
            DELETE FROM waiting_requests
            WHERE organization_id = :organization AND chart_id = :chart AND person_id = :person
                AND role = :role
            RETURNING event_id
        ), revoked AS (
        UPDATE invitations SET state = 'revoked', ended_at = :now
        WHERE organization_id = :organization AND chart_id = :chart AND person_id = :person
            AND role = :role AND state = 'open'
        RETURNING id
        ) SELECT id FROM revoked UNION ALL SELECT event_id FROM dropped
        """,
        **request.data.invitee.model_dump(),
        role=request.data.role.value,
        now=tx.now,
    )
    return ended.scalars().all()


async def expire(tx: Transaction, limit: int) -> Sequence[Row[Any]]:
    """End open invitations whose life is over, at most `limit`; return them."""
    ended = await tx.run(
        """
        UPDATE invitations SET state = 'expired', ended_at = :now WHERE id IN (
            SELECT id FROM invitations WHERE state = 'open' AND expires_at <= :now
            ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED
        ) RETURNING *
        """,
        now=tx.now,
        limit=limit,
    )
    return ended.all()


async def redeem(
    tx: Transaction, token_hash: bytes, redemption_id: UUID, account_id: UUID
) -> Row[Any] | None:
    """Accept the open invitation of this token, once; return it, None when it is not open."""
    accepted = await tx.run(
        """
        UPDATE invitations SET state = 'accepted', ended_at = :now,
            redemption_id = :redemption_id, account_id = :account_id
        WHERE token_hash = :token_hash AND state = 'open' AND expires_at > :now
        RETURNING *
        """,
        token_hash=token_hash,
        redemption_id=redemption_id,
        account_id=account_id,
        now=tx.now,
    )
    return accepted.one_or_none()


async def by_token(tx: Transaction, token_hash: bytes) -> Row[Any] | None:
    """Return the invitation of this token, whatever its state."""
    found = await tx.run(
        "SELECT * FROM invitations WHERE token_hash = :token_hash", token_hash=token_hash
    )
    return found.one_or_none()


async def keep_organizations(tx: Transaction, events: Sequence[OrganizationChanged]) -> None:
    """Keep the newest of each organisation."""
    newest = {event.data.organization: event for event in events}.values()
    await tx.run(
        """
        INSERT INTO organizations (id, portal_enabled, invitation_days, changed_at)
        SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:enabled AS boolean[]),
            CAST(:days AS smallint[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (id) DO UPDATE SET portal_enabled = excluded.portal_enabled,
            invitation_days = excluded.invitation_days, changed_at = excluded.changed_at
        WHERE organizations.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        enabled=[event.data.portal_enabled for event in newest],
        days=[event.data.invitation_days for event in newest],
        times=[event.time for event in newest],
    )


async def keep_people(
    tx: Transaction, events: Sequence[PersonChanged]
) -> dict[ChartKey, dict[str, Person]]:
    """Keep the newest of each patient and contact; return those that were news, by chart."""
    newest = {event.subject: event for event in events}.values()
    data = [event.data for event in newest]
    kept = await tx.run(
        """
        INSERT INTO people (organization_id, chart_id, id, relationship, given_name, email,
            deceased, ended, changed_at)
        SELECT * FROM unnest(
            CAST(:organizations AS text[]), CAST(:charts AS text[]), CAST(:ids AS text[]),
            CAST(:relationships AS text[]), CAST(:names AS text[]), CAST(:emails AS text[]),
            CAST(:deceased AS boolean[]), CAST(:ended AS boolean[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id, chart_id, id) DO UPDATE SET
            relationship = excluded.relationship, given_name = excluded.given_name,
            email = excluded.email, deceased = excluded.deceased, ended = excluded.ended,
            changed_at = excluded.changed_at
        WHERE people.changed_at <= excluded.changed_at
        RETURNING *
        """,
        organizations=[person.invitee.organization for person in data],
        charts=[person.invitee.chart for person in data],
        ids=[person.invitee.person for person in data],
        relationships=[person.relationship.value for person in data],
        names=[person.given_name for person in data],
        emails=[person.email for person in data],
        deceased=[person.deceased for person in data],
        ended=[person.ended for person in data],
        times=[event.time for event in newest],
    )
    news: dict[ChartKey, dict[str, Person]] = {}
    for row in kept:
        news.setdefault((row.organization_id, row.chart_id), {})[row.id] = _person(row)
    return news


async def let_wait(
    tx: Transaction, requests: Sequence[InviteRequested], decide_at: datetime
) -> None:
    """Keep requests until news of their chart comes, or until `decide_at`."""
    if not requests:
        return
    invitees: list[Invitee] = [request.data.invitee for request in requests]
    await tx.run(
        """
        INSERT INTO waiting_requests
            (event_id, organization_id, chart_id, person_id, role, event, decide_at)
        SELECT *, :decide_at FROM unnest(CAST(:ids AS uuid[]), CAST(:organizations AS text[]),
            CAST(:charts AS text[]), CAST(:people AS text[]), CAST(:roles AS text[]),
            CAST(:events AS bytea[]))
        """,
        ids=[request.id for request in requests],
        organizations=[invitee.organization for invitee in invitees],
        charts=[invitee.chart for invitee in invitees],
        people=[invitee.person for invitee in invitees],
        roles=[request.data.role.value for request in requests],
        events=[request.model_dump_json().encode() for request in requests],
        decide_at=decide_at,
    )


async def take_waiting(
    tx: Transaction, *, charts: Iterable[ChartKey] = (), organizations: Iterable[str] = ()
) -> list[InviteRequested]:
    """Take the requests that waited for these charts or organisations, in order."""
    taken = await tx.run(
        """
        DELETE FROM waiting_requests WHERE organization_id = ANY(:whole)
            OR (organization_id, chart_id) IN (
                SELECT * FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])))
        RETURNING position, event
        """,
        whole=list(organizations),
        **_columns(charts),
    )
    return _requests(taken.all())


async def is_any_overdue(tx: Transaction, due: datetime) -> bool:
    """Tell whether any request was to wait until `due` at most."""
    found = await tx.run(
        "SELECT EXISTS (SELECT FROM waiting_requests WHERE decide_at <= :due)", due=due
    )
    return bool(found.scalar_one())


async def take_overdue(tx: Transaction, due: datetime, limit: int) -> list[InviteRequested]:
    """Take requests that were to wait until `due` at most; at most `limit`, in order."""
    taken = await tx.run(
        """
        DELETE FROM waiting_requests WHERE event_id IN (
            SELECT event_id FROM waiting_requests WHERE decide_at <= :due
            ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED
        ) RETURNING position, event
        """,
        due=due,
        limit=limit,
    )
    return _requests(taken.all())


def _requests(rows: Sequence[Row[Any]]) -> list[InviteRequested]:
    in_order = sorted(rows, key=lambda row: row.position)
    return [InviteRequested.model_validate_json(row.event) for row in in_order]


async def failures_since(tx: Transaction, sources: Sequence[str], since: datetime) -> int:
    """Return the most failed lookups that any of these sources has had since then."""
    found = await tx.run(
        """
        SELECT coalesce(max(total), 0) FROM (
            SELECT sum(failures) AS total FROM failed_lookups
            WHERE source = ANY(:sources) AND window_start >= :since GROUP BY source
        ) AS totals
        """,
        sources=sources,
        since=since,
    )
    return int(found.scalar_one())


async def count_failure(tx: Transaction, sources: Sequence[str], window: datetime) -> None:
    """Count a failed lookup for each of these sources."""
    await tx.run(
        """
        INSERT INTO failed_lookups (source, window_start, failures)
        SELECT source, :window, 1 FROM unnest(CAST(:sources AS text[])) AS source
        ON CONFLICT (source, window_start) DO UPDATE SET failures = failed_lookups.failures + 1
        """,
        sources=sources,
        window=window,
    )


async def forget_failures(tx: Transaction, before: datetime) -> None:
    """Drop counts that no throttle looks at any more."""
    await tx.run("DELETE FROM failed_lookups WHERE window_start < :before", before=before)
