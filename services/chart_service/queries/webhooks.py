"""SQL on webhook endpoints and what is on its way to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlmodel import col, func, select

from chassis.database import Transaction
from services.chart_service.models import DeliveryState, WebhookDelivery, WebhookEndpoint

if TYPE_CHECKING:
    from services.chart_service.webhooks.messages import Message


async def endpoints(tx: Transaction, organization_id: str) -> Sequence[WebhookEndpoint]:
    """Return an organisation's endpoints, the oldest first."""
    found = await tx.session.exec(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.organization_id == organization_id)
        .order_by(col(WebhookEndpoint.created_at), col(WebhookEndpoint.id))
    )
    return found.all()


async def endpoint(
    tx: Transaction, organization_id: str, endpoint_id: UUID
) -> WebhookEndpoint | None:
    """Return an endpoint of an organisation, locked against other changes until the commit."""
    found = await tx.session.exec(
        select(WebhookEndpoint)
        .where(
            WebhookEndpoint.organization_id == organization_id, WebhookEndpoint.id == endpoint_id
        )
        .with_for_update()
    )
    return found.one_or_none()


async def endpoint_by_id(tx: Transaction, endpoint_id: UUID) -> WebhookEndpoint | None:
    """Return an endpoint; its row says of which organisation."""
    return await tx.session.get(WebhookEndpoint, endpoint_id)


async def delete_endpoint(tx: Transaction, endpoint_id: UUID) -> None:
    """Delete an endpoint with its deliveries."""
    await tx.run("DELETE FROM webhook_endpoints WHERE id = :id", id=endpoint_id)


async def listening(tx: Transaction, organizations: Collection[str]) -> set[str]:
    """Return those of these organisations that have an endpoint to send to."""
    found = await tx.run(
        """
        SELECT DISTINCT organization_id FROM webhook_endpoints
        WHERE organization_id = ANY(:organizations) AND enabled
        """,
        organizations=list(organizations),
    )
    return set(found.scalars())


async def enqueue(tx: Transaction, messages: "Sequence[Message]") -> None:
    """Put messages into the queue of each endpoint that wants them; one statement."""
    await tx.run(
        """
        INSERT INTO webhook_deliveries (id, organization_id, endpoint_id, event_id, type, payload,
            created_at, state, attempts, next_try_at)
        SELECT gen_random_uuid(), e.organization_id, e.id, new.id, new.type, new.payload,
            :now, 'queued', 0, :now
        FROM unnest(CAST(:ids AS uuid[]), CAST(:organizations AS varchar[]),
            CAST(:types AS varchar[]), CAST(:payloads AS varchar[]))
            AS new (id, organization_id, type, payload)
        JOIN webhook_endpoints e ON e.organization_id = new.organization_id AND e.enabled
            AND (cardinality(e.events) = 0 OR new.type = ANY(e.events))
        """,
        ids=[message.id for message in messages],
        organizations=[message.organization_id for message in messages],
        types=[message.type for message in messages],
        payloads=[message.payload for message in messages],
        now=tx.now,
    )


def add_delivery(tx: Transaction, to: WebhookEndpoint, message: "Message") -> WebhookDelivery:
    """Put one message into one endpoint's queue, whatever types it wants."""
    new = WebhookDelivery(
        id=uuid4(),
        organization_id=to.organization_id,
        endpoint_id=to.id,
        event_id=message.id,
        type=message.type,
        payload=message.payload,
        created_at=tx.now,
        state=DeliveryState.QUEUED.value,
        attempts=0,
        next_try_at=tx.now,
    )
    tx.session.add(new)
    return new


async def due_endpoints(tx: Transaction, served: Collection[UUID]) -> Sequence[UUID]:
    """Return endpoints that something is due for, but for those that are served already."""
    found = await tx.run(
        """
        SELECT id FROM webhook_endpoints e
        WHERE enabled AND id <> ALL(CAST(:served AS uuid[]))
            AND coalesce(paused_until, :now) <= :now
            AND EXISTS (
                SELECT FROM webhook_deliveries d
                WHERE d.endpoint_id = e.id AND d.state = 'queued' AND d.next_try_at <= :now)
        LIMIT 200
        """,
        served=list(served),
        now=tx.now,
    )
    return list(found.scalars())


async def due(tx: Transaction, endpoint_id: UUID, limit: int) -> Sequence[WebhookDelivery]:
    """Return what is due for an endpoint that is enabled and not left alone, oldest try first."""
    found = await tx.session.exec(
        select(WebhookDelivery)
        .join(WebhookEndpoint, col(WebhookEndpoint.id) == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == DeliveryState.QUEUED.value,
            WebhookDelivery.next_try_at <= tx.now,
            col(WebhookEndpoint.enabled),
            func.coalesce(WebhookEndpoint.paused_until, tx.now) <= tx.now,
        )
        .order_by(col(WebhookDelivery.next_try_at))
        .limit(limit)
    )
    return found.all()


async def deliveries(
    tx: Transaction, endpoint_id: UUID, limit: int, offset: int = 0
) -> Sequence[WebhookDelivery]:
    """Return an endpoint's deliveries, the newest first."""
    found = await tx.session.exec(
        select(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(col(WebhookDelivery.created_at).desc(), col(WebhookDelivery.id))
        .limit(limit)
        .offset(offset)
    )
    return found.all()


async def count_deliveries(tx: Transaction, endpoint_id: UUID) -> int:
    """Return how many deliveries an endpoint has."""
    found = await tx.run(
        "SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = :id", id=endpoint_id
    )
    return int(found.scalar_one())


async def delivery(tx: Transaction, endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery | None:
    """Return a delivery to an endpoint."""
    found = await tx.session.get(WebhookDelivery, delivery_id)
    return found if found and found.endpoint_id == endpoint_id else None


async def note_tries(
    tx: Transaction, tried: Sequence[tuple[UUID, DeliveryState, datetime, str]]
) -> None:
    """Note what became of tries: id, state, when it is tried next, and the outcome in words."""
    await tx.run(
        """
        UPDATE webhook_deliveries d SET state = new.state, attempts = d.attempts + 1,
            next_try_at = new.next_try_at, last_outcome = new.outcome,
            ended_at = CASE WHEN new.state <> 'queued' THEN CAST(:now AS timestamptz) END
        FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS varchar[]),
            CAST(:nexts AS timestamptz[]), CAST(:outcomes AS varchar[]))
            AS new (id, state, next_try_at, outcome)
        WHERE d.id = new.id
        """,
        ids=[entry[0] for entry in tried],
        states=[entry[1].value for entry in tried],
        nexts=[entry[2] for entry in tried],
        outcomes=[entry[3] for entry in tried],
        now=tx.now,
    )


async def note_success(tx: Transaction, endpoint_id: UUID) -> None:
    """Forget that an endpoint failed."""
    await tx.run(
        """
        UPDATE webhook_endpoints SET failing_since = NULL, paused_until = NULL
        WHERE id = :id AND failing_since IS NOT NULL
        """,
        id=endpoint_id,
    )


async def note_failure(tx: Transaction, endpoint_id: UUID, paused_until: datetime) -> None:
    """Note that an endpoint fails, and leave it alone for a while."""
    await tx.run(
        """
        UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, :now),
            paused_until = :paused_until
        WHERE id = :id
        """,
        id=endpoint_id,
        paused_until=paused_until,
        now=tx.now,
    )


async def disable(tx: Transaction, endpoint_id: UUID, reason: str) -> bool:
    """Send nothing more to an endpoint; False when that is so already."""
    disabled = await tx.run(
        """
        UPDATE webhook_endpoints SET enabled = false, disabled_reason = :reason
        WHERE id = :id AND enabled RETURNING id
        """,
        id=endpoint_id,
        reason=reason,
    )
    return disabled.first() is not None


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop deliveries from before a time, whatever became of them."""
    await tx.run("DELETE FROM webhook_deliveries WHERE created_at < :before", before=before)
