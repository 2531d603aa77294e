"""SQL on an invitation's life."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from chassis.pauses import Pause
from contracts.chart import InviteRequested, RevokeRequested
from services.invitation_service.models import State
from services.invitation_service.rules import Issue


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A request that was granted, with the hash of the token that was made for it."""

    request: InviteRequested
    issue: Issue
    token_hash: bytes


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


async def add(tx: Transaction, new: Sequence[NewInvitation], superseded: Collection[UUID]) -> None:
    """Insert invitations; open ones, but for those that a later one of them superseded."""
    invitees = [n.request.data.invitee for n in new]
    states = [State.SUPERSEDED if n.request.id in superseded else State.OPEN for n in new]
    await tx.run(
        """
        INSERT INTO invitations (id, organization_id, chart_id, person_id, role, email, given_name,
            token_hash, expires_at, state, issued_at, aged_from)
        SELECT *, :now, :now FROM unnest(
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
    """End open invitations whose life is over, at most `limit`; return them.

    While an organisation is paused its clock stands still.
    """
    ended = await tx.run(
        """
        UPDATE invitations SET state = 'expired', ended_at = :now WHERE id IN (
            SELECT i.id FROM invitations i
            LEFT JOIN organizations o ON o.id = i.organization_id
            WHERE i.state = 'open' AND i.expires_at <= :now
                AND (o.paused_at IS NULL OR i.expires_at <= o.paused_at)
            ORDER BY i.expires_at LIMIT :limit FOR UPDATE OF i SKIP LOCKED
        ) RETURNING *
        """,
        now=tx.now,
        limit=limit,
    )
    return ended.all()


async def lengthen(tx: Transaction, pause: Pause) -> None:
    """Let open invitations live for as much longer as their organisation was paused."""
    await tx.run(
        """
        UPDATE invitations SET expires_at = expires_at + paused.time,
            aged_from = aged_from + paused.time
        FROM (
            SELECT id, CAST(:ended_at AS timestamptz)
                - greatest(CAST(:began_at AS timestamptz), issued_at) AS time
            FROM invitations
            WHERE organization_id = :organization AND state = 'open' AND issued_at < :ended_at
            ORDER BY id FOR UPDATE
        ) AS paused
        WHERE invitations.id = paused.id
        """,
        organization=pause.name,
        began_at=pause.began_at,
        ended_at=pause.ended_at,
    )


async def note_locks(tx: Transaction, locks: Mapping[UUID, datetime]) -> None:
    """Note since when the links of these invitations are locked."""
    await tx.run(
        """
        UPDATE invitations SET locked_at = new.locked_at
        FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS new (id, locked_at)
        WHERE invitations.id = new.id
        """,
        ids=list(locks.keys()),
        times=list(locks.values()),
    )


async def end_access(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Note that the access by these invitations has ended, so that they stand in nobody's way."""
    await tx.run(
        "UPDATE invitations SET state = 'ended' WHERE id = ANY(:ids) AND state = 'accepted'",
        ids=ids,
    )
