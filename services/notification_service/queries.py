"""All SQL of notification_service. Lists go in as arrays, so that a batch is one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Transaction
from contracts.chart import OrganizationChanged
from contracts.envelope import Invitee
from contracts.invitations import InvitationData, InvitationIssued
from contracts.scopes import Role
from services.notification_service.mail import Brand
from services.notification_service.models import State


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail whose time has come; `brand_version` changes with the organisation's brand."""

    invitation_id: UUID
    invitee: Invitee
    role: Role
    email: str
    given_name: str
    sealed_token: str
    expires_at: datetime
    traceparent: str | None
    attempts: int
    brand_version: datetime


async def enqueue(tx: Transaction, events: Sequence[InvitationIssued]) -> None:
    """Put a mail into the queue for each invitation that has none."""
    data = [event.data for event in events]
    await tx.run(
        """
        INSERT INTO mails (invitation_id, organization_id, chart_id, person_id, role, email,
            given_name, sealed_token, expires_at, traceparent, state, attempts, next_try_at)
        SELECT *, 'queued', 0, :now FROM unnest(
            CAST(:ids AS uuid[]), CAST(:organizations AS text[]), CAST(:charts AS text[]),
            CAST(:people AS text[]), CAST(:roles AS text[]), CAST(:emails AS text[]),
            CAST(:names AS text[]), CAST(:tokens AS text[]), CAST(:expiries AS timestamptz[]),
            CAST(:traceparents AS text[]))
        ON CONFLICT (invitation_id) DO NOTHING
        """,
        **_invitations(data),
        emails=[item.email for item in data],
        names=[item.given_name for item in data],
        tokens=[item.sealed_token for item in data],
        expiries=[item.expires_at for item in data],
        traceparents=[event.traceparent for event in events],
        now=tx.now,
    )
    await _end_cancelled(tx, [item.invitation_id for item in data])


async def cancel(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Send no mail for these invitations, whether it waits already or comes later.

    A mail that is being sent just now is locked; it is not waited for, as nobody can call it back.
    """
    await tx.run(
        """
        INSERT INTO cancellations (invitation_id, cancelled_at)
        SELECT DISTINCT id, CAST(:now AS timestamptz) FROM unnest(CAST(:ids AS uuid[])) AS id
        ON CONFLICT DO NOTHING
        """,
        ids=ids,
        now=tx.now,
    )
    await _end_cancelled(tx, ids)


async def _end_cancelled(tx: Transaction, ids: Sequence[UUID]) -> None:
    await tx.run(
        """
        UPDATE mails SET state = 'cancelled', ended_at = :now, sealed_token = NULL
        WHERE invitation_id IN (
            SELECT invitation_id FROM mails JOIN cancellations USING (invitation_id)
            WHERE invitation_id = ANY(:ids) AND state = 'queued'
            FOR UPDATE OF mails SKIP LOCKED
        )
        """,
        ids=ids,
        now=tx.now,
    )


async def forget_cancellations(tx: Transaction, before: datetime) -> None:
    """Drop what is older than any invitation that could still be mailed."""
    await tx.run("DELETE FROM cancellations WHERE cancelled_at < :before", before=before)


def _invitations(data: Sequence[InvitationData]) -> dict[str, list[Any]]:
    return {
        "ids": [item.invitation_id for item in data],
        "organizations": [item.invitee.organization for item in data],
        "charts": [item.invitee.chart for item in data],
        "people": [item.invitee.person for item in data],
        "roles": [item.role.value for item in data],
    }


async def lock_due(tx: Transaction, limit: int) -> list[DueMail]:
    """Lock mails that are due and return them; nobody else sends them until the commit.

    A sender that dies lets go of its locks at once, so its mails are due again. An invitation
    that expired while its mail waited is left to invitation_service, which says so.
    """
    rows = await tx.run(
        """
        SELECT m.*, b.changed_at AS brand_version
        FROM mails m JOIN brands b USING (organization_id)
        WHERE m.state = 'queued' AND m.next_try_at <= :now AND m.expires_at > :now
            AND NOT EXISTS (
                SELECT FROM cancellations c WHERE c.invitation_id = m.invitation_id)
        ORDER BY m.next_try_at LIMIT :limit FOR UPDATE OF m SKIP LOCKED
        """,
        now=tx.now,
        limit=limit,
    )
    return [
        DueMail(
            row.invitation_id,
            Invitee(organization=row.organization_id, chart=row.chart_id, person=row.person_id),
            Role(row.role),
            row.email,
            row.given_name,
            row.sealed_token,
            row.expires_at,
            row.traceparent,
            row.attempts,
            row.brand_version,
        )
        for row in rows
    ]


async def end(tx: Transaction, ids: Sequence[UUID], state: State) -> None:
    """Take mails out of the queue for good, and erase their sealed tokens."""
    if ids:
        await tx.run(
            """
            UPDATE mails SET state = :state, ended_at = :now, sealed_token = NULL
            WHERE invitation_id = ANY(:ids)
            """,
            ids=ids,
            state=state.value,
            now=tx.now,
        )


async def try_later(tx: Transaction, when: dict[UUID, datetime]) -> None:
    """Count a failed attempt of each of these mails and set its next."""
    if when:
        await tx.run(
            """
            UPDATE mails SET attempts = attempts + 1, next_try_at = later.at
            FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS later (id, at)
            WHERE invitation_id = later.id
            """,
            ids=list(when.keys()),
            times=list(when.values()),
        )
        await _end_cancelled(tx, list(when.keys()))


async def brand(tx: Transaction, organization: str) -> Brand:
    """Return an organisation's brand, which must be known."""
    rows = await tx.run(
        """
        SELECT name, phone, logo_media_type, logo FROM brands
        WHERE organization_id = :organization
        """,
        organization=organization,
    )
    row = rows.one()
    return Brand(row.name, row.phone, row.logo_media_type, row.logo)


async def keep_brands(tx: Transaction, events: Sequence[OrganizationChanged]) -> None:
    """Keep the newest of each organisation."""
    newest = {event.data.organization: event for event in events}.values()
    logos = [event.data.logo for event in newest]
    await tx.run(
        """
        INSERT INTO brands (organization_id, name, phone, logo_media_type, logo, changed_at)
        SELECT * FROM unnest(
            CAST(:ids AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]),
            CAST(:media_types AS text[]), CAST(:logos AS bytea[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            changed_at = excluded.changed_at
        WHERE brands.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        names=[event.data.name for event in newest],
        phones=[event.data.phone for event in newest],
        media_types=[logo.media_type if logo else None for logo in logos],
        logos=[logo.content if logo else None for logo in logos],
        times=[event.time for event in newest],
    )
