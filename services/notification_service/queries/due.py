"""SQL on the mails whose time has come, and on what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.notification_service.kinds import Kind
from services.notification_service.models import State
from services.notification_service.queries.queue import end_cancelled

# Before the first statistics, a sort of the whole queue looks cheaper than its index: it is not.
_WALK_THE_INDEX = "SELECT set_config('enable_sort', 'off', true)"

_DUE = """
    FROM mails m JOIN brands b USING (organization_id)
    LEFT JOIN location_brands l ON l.organization_id = m.organization_id
        AND l.location_id = m.location_id AND NOT l.removed
    WHERE m.state = 'queued' AND m.next_try_at <= :now
        AND (m.expires_at IS NULL OR m.expires_at > :now) AND b.paused_at IS NULL
        AND NOT EXISTS (
            SELECT FROM cancellations c WHERE c.invitation_id = m.invitation_id)
        AND (m.kind <> 'reminder' OR coalesce(
            (SELECT f.state FROM mails f WHERE f.id = m.invitation_id), 'none')
                NOT IN ('queued', 'bounced'))
"""


@dataclass(frozen=True, slots=True)
class MailedInvitation:
    """Whose invitation a mail is about."""

    id: UUID
    invitee: Invitee
    role: Role


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail whose time has come; `brand_version` changes with the brand that it shows.

    `location` is None, too, where the place has no brand of its own.
    """

    id: UUID
    kind: Kind
    organization: str
    location: str | None
    language: str | None
    invitation: MailedInvitation | None
    email: str
    given_name: str
    sealed_token: str | None
    expires_at: datetime | None
    traceparent: str | None
    attempts: int
    brand_version: tuple[datetime, datetime | None]
    requested_at: datetime | None = None


async def lock_due(tx: Transaction, limit: int) -> list[DueMail]:
    """Lock mails that are due and return them; nobody else sends them until the commit.

    A sender that dies lets go of its locks at once, so its mails are due again. An invitation
    that expired while its mail waited is left to invitation_service, which says so. A reminder
    waits for the mail that it reminds of, and while an organisation is paused all of its wait.
    """
    await tx.run(_WALK_THE_INDEX)
    rows = await tx.run(
        f"""
        SELECT m.*, b.changed_at AS brand_changed_at, l.changed_at AS place_changed_at
        {_DUE} ORDER BY m.next_try_at LIMIT :limit FOR UPDATE OF m SKIP LOCKED
        """,
        now=tx.now,
        limit=limit,
    )
    return [_mail(row) for row in rows]


async def count_waiting(tx: Transaction, most: int) -> int:
    """Return how many mails are in the queue; of more than `most`, `most`."""
    found = await tx.run(
        """
        SELECT count(*) FROM (SELECT FROM mails WHERE state = 'queued' LIMIT :most) AS counted
        """,
        most=most,
    )
    return int(found.scalar_one())


async def due_since(tx: Transaction) -> datetime | None:
    """Return when the mail that `lock_due` takes next became due, None when none is."""
    await tx.run(_WALK_THE_INDEX)
    found = await tx.run(
        f"SELECT m.next_try_at {_DUE} ORDER BY m.next_try_at LIMIT 1",
        now=tx.now,
    )
    return found.scalar_one_or_none()


def _mail(row: Row[Any]) -> DueMail:
    return DueMail(
        row.id,
        Kind(row.kind),
        row.organization_id,
        row.location_id if row.place_changed_at else None,
        row.language,
        _invitation(row) if row.invitation_id else None,
        row.email,
        row.given_name,
        row.sealed_token,
        row.expires_at,
        row.traceparent,
        row.attempts,
        (row.brand_changed_at, row.place_changed_at),
        row.requested_at,
    )


def _invitation(row: Row[Any]) -> MailedInvitation:
    invitee = Invitee(organization=row.organization_id, chart=row.chart_id, person=row.person_id)
    return MailedInvitation(row.invitation_id, invitee, Role(row.role))


async def end(tx: Transaction, ids: Sequence[UUID], state: State) -> None:
    """Take mails out of the queue for good, and erase their sealed tokens."""
    if ids:
        await tx.run(
            """
            UPDATE mails SET state = :state, ended_at = :now, sealed_token = NULL
            WHERE id = ANY(:ids)
            """,
            ids=ids,
            state=state.value,
            now=tx.now,
        )


async def try_later(tx: Transaction, when: dict[UUID, datetime]) -> None:
    """Count a failed attempt of each of these mails and set its next."""
    if when:
        tried = await tx.run(
            """
            UPDATE mails SET attempts = attempts + 1, next_try_at = later.at
            FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS later (id, at)
            WHERE mails.id = later.id RETURNING invitation_id
            """,
            ids=list(when.keys()),
            times=list(when.values()),
        )
        await end_cancelled(tx, [id_ for id_ in tried.scalars() if id_])
