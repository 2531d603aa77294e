"""SQL on what enters the mail queue, and on what leaves it unsent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Transaction
from chassis.pauses import Pause
from services.notification_service.kinds import Kind


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail that somebody asked for; one that is not of an invitation leaves its columns out."""

    id: UUID
    kind: Kind
    organization: str
    email: str
    given_name: str
    sealed_token: str | None
    issued_at: datetime
    expires_at: datetime | None
    traceparent: str | None
    location: str | None = None
    language: str | None = None
    invitation: UUID | None = None
    chart: str | None = None
    person: str | None = None
    role: str | None = None
    requested_at: datetime | None = None


async def add(tx: Transaction, mails: Sequence[NewMail]) -> None:
    """Put mails into the queue, each once, unless their invitation has ended."""
    await tx.run(
        """
        INSERT INTO mails (id, kind, organization_id, email, given_name, sealed_token, issued_at,
            expires_at, traceparent, location_id, invitation_id, chart_id, person_id, role,
            language, requested_at, state, attempts, next_try_at)
        SELECT *, 'queued', 0, :now FROM unnest(
            CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:organizations AS text[]),
            CAST(:emails AS text[]), CAST(:names AS text[]), CAST(:tokens AS text[]),
            CAST(:issues AS timestamptz[]), CAST(:expiries AS timestamptz[]),
            CAST(:traceparents AS text[]), CAST(:locations AS text[]),
            CAST(:invitations AS uuid[]), CAST(:charts AS text[]), CAST(:people AS text[]),
            CAST(:roles AS text[]), CAST(:languages AS text[]),
            CAST(:requests AS timestamptz[]))
        ON CONFLICT DO NOTHING
        """,
        ids=[mail.id for mail in mails],
        kinds=[mail.kind.value for mail in mails],
        organizations=[mail.organization for mail in mails],
        emails=[mail.email for mail in mails],
        names=[mail.given_name for mail in mails],
        tokens=[mail.sealed_token for mail in mails],
        issues=[mail.issued_at for mail in mails],
        expiries=[mail.expires_at for mail in mails],
        traceparents=[mail.traceparent for mail in mails],
        locations=[mail.location for mail in mails],
        invitations=[mail.invitation for mail in mails],
        charts=[mail.chart for mail in mails],
        people=[mail.person for mail in mails],
        roles=[mail.role for mail in mails],
        languages=[mail.language for mail in mails],
        requests=[mail.requested_at for mail in mails],
        now=tx.now,
    )
    await end_cancelled(tx, [mail.invitation for mail in mails if mail.invitation])


async def cancel(tx: Transaction, invitations: Sequence[UUID]) -> None:
    """Send no mail for these invitations, whether it waits already or comes later.

    A mail that is being sent just now is locked; it is not waited for, as nobody can call it back.
    """
    await tx.run(
        """
        INSERT INTO cancellations (invitation_id, cancelled_at)
        SELECT DISTINCT id, CAST(:now AS timestamptz) FROM unnest(CAST(:ids AS uuid[])) AS id
        ON CONFLICT DO NOTHING
        """,
        ids=invitations,
        now=tx.now,
    )
    await end_cancelled(tx, invitations)


async def end_cancelled(tx: Transaction, invitations: Sequence[UUID]) -> None:
    """Take the mails of these invitations out of the queue, as far as those have ended."""
    # Hardly ever has one ended: asked first, by its key alone, most batches are done here.
    found = await tx.run(
        "SELECT invitation_id FROM cancellations WHERE invitation_id = ANY(:ids)", ids=invitations
    )
    if ended := found.scalars().all():
        await tx.run(
            """
            UPDATE mails SET state = 'cancelled', ended_at = :now, sealed_token = NULL
            WHERE id IN (
                SELECT id FROM mails WHERE state = 'queued' AND id IN (
                    SELECT unnest(CAST(:ids AS uuid[]))
                    UNION ALL
                    SELECT id FROM mails WHERE kind = 'reminder' AND invitation_id = ANY(:ids))
                FOR UPDATE SKIP LOCKED
            )
            """,
            ids=ended,
            now=tx.now,
        )


async def lengthen(tx: Transaction, pause: Pause) -> None:
    """Let mails be of use for as much longer as they waited in this pause.

    Links to verify an address or for a new password are portal_access's, whose clock goes on.
    """
    await tx.run(
        """
        UPDATE mails SET expires_at = expires_at + (
            CAST(:ended_at AS timestamptz) - greatest(CAST(:began_at AS timestamptz), issued_at))
        WHERE id IN (
            SELECT id FROM mails WHERE state = 'queued' AND organization_id = :organization
                AND kind NOT IN ('verify_email', 'reset_password') AND issued_at < :ended_at
            FOR UPDATE SKIP LOCKED
        )
        """,
        organization=pause.name,
        began_at=pause.began_at,
        ended_at=pause.ended_at,
    )


async def drop_late_notices(tx: Transaction) -> None:
    """Take notices that are of no use any more out of the queue; nobody else ends them.

    Those that an organisation's pause holds up are kept for its end.
    """
    await tx.run(
        """
        UPDATE mails SET state = 'cancelled', ended_at = :now, sealed_token = NULL
        WHERE id IN (
            SELECT m.id FROM mails m LEFT JOIN brands b USING (organization_id)
            WHERE m.state = 'queued' AND m.invitation_id IS NULL AND m.expires_at <= :now
                AND (b.paused_at IS NULL OR m.kind IN ('verify_email', 'reset_password'))
            FOR UPDATE OF m SKIP LOCKED
        )
        """,
        now=tx.now,
    )


async def forget_cancellations(tx: Transaction, before: datetime) -> None:
    """Drop what is older than any invitation that could still be mailed."""
    await tx.run("DELETE FROM cancellations WHERE cancelled_at < :before", before=before)
