"""SQL on invitations of many people at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import BulkInvite, BulkInviteItem, ItemState


async def add(tx: Transaction, bulk: BulkInvite, items: Sequence[BulkInviteItem]) -> None:
    """Insert who was chosen; nothing is sent before it is confirmed."""
    tx.session.add(bulk)
    await tx.session.flush()
    await tx.run(
        """
        INSERT INTO bulk_invite_items (organization_id, bulk_id, position, chart_id, person_id,
            email, invitation_id, state, reason)
        SELECT :organization_id, :bulk_id, new.* FROM unnest(
            CAST(:positions AS integer[]), CAST(:charts AS varchar[]), CAST(:people AS varchar[]),
            CAST(:emails AS varchar[]), CAST(:invitations AS uuid[]), CAST(:states AS varchar[]),
            CAST(:reasons AS varchar[])) AS new
        """,
        organization_id=bulk.organization_id,
        bulk_id=bulk.id,
        positions=[item.position for item in items],
        charts=[item.chart_id for item in items],
        people=[item.person_id for item in items],
        emails=[item.email for item in items],
        invitations=[item.invitation_id for item in items],
        states=[item.state for item in items],
        reasons=[item.reason for item in items],
    )


async def bulk(tx: Transaction, organization_id: str, bulk_id: UUID) -> BulkInvite | None:
    """Return a bulk invitation."""
    return await tx.session.get(BulkInvite, (organization_id, bulk_id))


async def confirm(tx: Transaction, organization_id: str, bulk_id: UUID) -> bool:
    """Let the queued be invited; False when that was confirmed before."""
    confirmed = await tx.run(
        """
        UPDATE bulk_invites SET confirmed_at = :now
        WHERE organization_id = :organization_id AND id = :id AND confirmed_at IS NULL
        RETURNING id
        """,
        organization_id=organization_id,
        id=bulk_id,
        now=tx.now,
    )
    return confirmed.first() is not None


async def next_items(tx: Transaction, limit: int) -> Sequence[Row[Any]]:
    """Return confirmed people who wait, and on whom no other instance works until the commit."""
    found = await tx.run(
        """
        SELECT item.*, bulk.created_by
        FROM bulk_invite_items item JOIN bulk_invites bulk
            ON bulk.organization_id = item.organization_id AND bulk.id = item.bulk_id
        WHERE item.state = 'queued' AND bulk.confirmed_at IS NOT NULL
        ORDER BY item.organization_id, item.bulk_id, item.position
        LIMIT :limit FOR NO KEY UPDATE OF item SKIP LOCKED
        """,
        limit=limit,
    )
    return found.all()


async def settle(tx: Transaction, items: Sequence[Row[Any]], reasons: Sequence[str | None]) -> None:
    """Note what became of these: refused for a reason, or requested."""
    await tx.run(
        """
        UPDATE bulk_invite_items AS item SET state = new.state, reason = new.reason
        FROM unnest(CAST(:organizations AS varchar[]), CAST(:bulks AS uuid[]),
            CAST(:positions AS integer[]), CAST(:states AS varchar[]), CAST(:reasons AS varchar[]))
            AS new (organization_id, bulk_id, position, state, reason)
        WHERE item.organization_id = new.organization_id AND item.bulk_id = new.bulk_id
            AND item.position = new.position
        """,
        organizations=[item.organization_id for item in items],
        bulks=[item.bulk_id for item in items],
        positions=[item.position for item in items],
        states=[(ItemState.REFUSED if reason else ItemState.REQUESTED).value for reason in reasons],
        reasons=list(reasons),
    )


async def counts(tx: Transaction, organization_id: str, bulk_id: UUID) -> dict[str, int]:
    """Return how many are in each state; the states of ItemState alone."""
    found = await tx.run(
        """
        SELECT state, count(*) AS number FROM bulk_invite_items
        WHERE organization_id = :organization_id AND bulk_id = :bulk_id GROUP BY state
        """,
        organization_id=organization_id,
        bulk_id=bulk_id,
    )
    counted = {row.state: row.number for row in found}
    return {state.value: counted.get(state.value, 0) for state in ItemState}


async def people(
    tx: Transaction, organization_id: str, bulk_id: UUID, state: str | None, limit: int, after: int
) -> Sequence[Row[Any]]:
    """Return who was chosen, with names and with what the alerts know of their invitations."""
    found = await tx.run(
        """
        SELECT item.position, item.chart_id, item.person_id, item.email, item.state, item.reason,
            p.given_name, p.family_name, p.relationship, a.state AS alert_state, a.detail
        FROM bulk_invite_items item
        JOIN people p ON p.organization_id = item.organization_id AND p.chart_id = item.chart_id
            AND p.id = item.person_id
        LEFT JOIN alerts a ON a.organization_id = item.organization_id
            AND a.invitation_id = item.invitation_id
        WHERE item.organization_id = :organization_id AND item.bulk_id = :bulk_id
            AND (CAST(:state AS varchar) IS NULL OR item.state = :state) AND item.position > :after
        ORDER BY item.position LIMIT :limit
        """,
        organization_id=organization_id,
        bulk_id=bulk_id,
        state=state,
        limit=limit,
        after=after,
    )
    return found.all()


async def refused(tx: Transaction, organization_id: str, bulk_id: UUID) -> Sequence[BulkInviteItem]:
    """Return who was refused, in order."""
    found = await tx.session.exec(
        select(BulkInviteItem)
        .where(
            BulkInviteItem.organization_id == organization_id,
            BulkInviteItem.bulk_id == bulk_id,
            BulkInviteItem.state == ItemState.REFUSED.value,
        )
        .order_by(col(BulkInviteItem.position))
    )
    return found.all()
