"""SQL on the alerts of facesheets."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import select

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.chart_service.alert_news import News
from services.chart_service.alert_ranks import RANK
from services.chart_service.directory_status import ALIKE
from services.chart_service.models import Alert
from services.chart_service.queries import changes

_ASKED_ANEW = "excluded.asked_at > coalesce(alerts.asked_at, '-infinity')"


async def alerts(tx: Transaction, organization_id: str, chart_id: str) -> Sequence[Alert]:
    """Return all that is known of a chart's invitations."""
    found = await tx.session.exec(
        select(Alert).where(Alert.organization_id == organization_id, Alert.chart_id == chart_id)
    )
    return found.all()


async def alert(tx: Transaction, organization_id: str, invitation_id: UUID) -> Alert | None:
    """Return what is known of an invitation."""
    return await tx.session.get(Alert, (organization_id, invitation_id))


async def lock_invitation(tx: Transaction, invitation_id: UUID) -> None:
    """Let nobody else ask for an invitation of this id until the commit."""
    await tx.run(
        "SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))",
        id=str(invitation_id),
    )


_STANDS_AS_BEFORE = """
    old.state = ANY(:alike) AND new.state = ANY(:alike) AND old.requested_at = new.requested_at
        AND old.asked_at IS NOT DISTINCT FROM new.asked_at
"""


async def save_alerts(tx: Transaction, news: Sequence[News]) -> list[Invitee]:
    """Note the news, one per invitation; what ranks no higher than what is known changes nothing.

    Return whose standing with the portal they may have changed. When the invitation was requested
    is kept from whichever event says so, and so is when a new one was asked for. News undoes that
    an alert was dismissed. Whoever looks at one of the charts is told at the commit.
    """
    changed = await tx.run(
        f"""
        INSERT INTO alerts (organization_id, invitation_id, chart_id, person_id, role, state, rank,
            detail, requested_at, updated_at, asked_at)
        SELECT * FROM unnest(
            CAST(:organizations AS varchar[]), CAST(:invitations AS uuid[]),
            CAST(:charts AS varchar[]), CAST(:people AS varchar[]), CAST(:roles AS varchar[]),
            CAST(:states AS varchar[]), CAST(:ranks AS integer[]), CAST(:details AS varchar[]),
            CAST(:requested AS timestamptz[]), CAST(:updated AS timestamptz[]),
            CAST(:asked AS timestamptz[]))
        ON CONFLICT (organization_id, invitation_id) DO UPDATE SET
            state = CASE WHEN excluded.rank > alerts.rank THEN excluded.state
                ELSE alerts.state END,
            detail = CASE WHEN excluded.rank > alerts.rank THEN excluded.detail
                ELSE alerts.detail END,
            updated_at = CASE WHEN excluded.rank > alerts.rank THEN excluded.updated_at
                ELSE alerts.updated_at END,
            dismissed_at = CASE WHEN excluded.rank > alerts.rank OR {_ASKED_ANEW} THEN NULL
                ELSE alerts.dismissed_at END,
            dismissed_by = CASE WHEN excluded.rank > alerts.rank OR {_ASKED_ANEW} THEN NULL
                ELSE alerts.dismissed_by END,
            asked_at = greatest(alerts.asked_at, excluded.asked_at),
            rank = greatest(excluded.rank, alerts.rank),
            requested_at = coalesce(alerts.requested_at, excluded.requested_at)
        WHERE excluded.rank > alerts.rank OR {_ASKED_ANEW}
            OR (alerts.requested_at IS NULL AND excluded.requested_at IS NOT NULL)
        RETURNING organization_id, chart_id, person_id,
            ({_STANDS_AS_BEFORE}) IS NOT TRUE AS may_stand_otherwise
        """,  # noqa: S608 - made of the conditions above alone
        organizations=[new.organization_id for new in news],
        invitations=[new.invitation_id for new in news],
        charts=[new.chart_id for new in news],
        people=[new.person_id for new in news],
        roles=[new.role for new in news],
        states=[new.state.value for new in news],
        ranks=[RANK[new.state] for new in news],
        details=[new.detail for new in news],
        requested=[new.requested_at for new in news],
        updated=[new.updated_at for new in news],
        asked=[new.asked_at for new in news],
        alike=ALIKE,
    )
    rows = changed.all()
    await changes.tell(tx, {f"{row.organization_id}/{row.chart_id}" for row in rows})
    return [_invitee(row) for row in rows if row.may_stand_otherwise]


async def dismiss(tx: Transaction, organization_id: str, invitation_id: UUID, actor: str) -> None:
    """Hide an alert from its organisation until there is news of it."""
    await tx.run(
        """
        UPDATE alerts SET dismissed_at = :now, dismissed_by = :actor
        WHERE organization_id = :organization_id AND invitation_id = :invitation_id
        """,
        now=tx.now,
        actor=actor,
        organization_id=organization_id,
        invitation_id=invitation_id,
    )


def _invitee(row: Row[Any]) -> Invitee:
    return Invitee(organization=row.organization_id, chart=row.chart_id, person=row.person_id)
