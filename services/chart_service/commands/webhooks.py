"""What administrators and clients of the API do about webhook endpoints."""

import base64
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import WebhookDelivery, WebhookEndpoint
from services.chart_service.webhooks import messages, rules
from services.chart_service.webhooks.messages import Message

_SECRET_BYTES = 32


async def endpoint(tx: Transaction, organization_id: str, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint.

    Raises:
        ProblemError: 404, the organisation has none of this id.
    """
    found = await queries.webhooks.endpoint(tx, organization_id, endpoint_id)
    if found is None:
        raise ProblemError(404, "webhook_unknown", "There is no such webhook endpoint here.")
    return found


async def add(
    tx: Transaction, organization_id: str, url: str, events: Sequence[str], actor: str
) -> WebhookEndpoint:
    """Add an endpoint; its secret signs what is sent there.

    Raises:
        ProblemError: 409, there are as many as may be.
    """
    if len(await queries.webhooks.endpoints(tx, organization_id)) >= rules.MOST_ENDPOINTS:
        sentence = f"There are {rules.MOST_ENDPOINTS} endpoints already. Remove one first."
        raise ProblemError(409, "too_many_webhooks", sentence)
    new = WebhookEndpoint(
        id=uuid4(),
        organization_id=organization_id,
        url=url,
        events=sorted(set(events)),
        secret=_new_secret(),
        enabled=True,
        created_at=tx.now,
    )
    tx.session.add(new)
    await _record(tx, new, actor, Action.WEBHOOK_ADDED)
    return new


async def change(
    tx: Transaction,
    known: WebhookEndpoint,
    actor: str,
    url: str | None = None,
    events: Sequence[str] | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what is given; an endpoint that is enabled again begins without its past."""
    known.url = known.url if url is None else url
    known.events = known.events if events is None else sorted(set(events))
    if enabled is not None:
        known.enabled = enabled
        known.disabled_reason = known.failing_since = known.paused_until = None
    tx.session.add(known)
    await _record(tx, known, actor, Action.WEBHOOK_CHANGED)


async def remove(tx: Transaction, known: WebhookEndpoint, actor: str) -> None:
    """Remove an endpoint, and what was still to be sent there."""
    await queries.webhooks.delete_endpoint(tx, known.id)
    await _record(tx, known, actor, Action.WEBHOOK_REMOVED)


async def rotate_secret(tx: Transaction, known: WebhookEndpoint, actor: str) -> None:
    """Give an endpoint a new secret; the old one signs beside it for a day."""
    known.previous_secret = known.secret
    known.previous_secret_until = tx.now + rules.PREVIOUS_SECRET_LIFE
    known.secret = _new_secret()
    tx.session.add(known)
    await _record(tx, known, actor, Action.WEBHOOK_SECRET_ROTATED)


async def send_test(tx: Transaction, known: WebhookEndpoint, actor: str) -> WebhookDelivery:
    """Send a message that says nothing, to see whether the receiver takes it.

    Raises:
        ProblemError: 409, the endpoint is disabled.
    """
    _must_be_enabled(known)
    message = messages.test_message(known.organization_id, tx.now)
    await _record(tx, known, actor, Action.WEBHOOK_TESTED)
    return queries.webhooks.add_delivery(tx, known, message)


async def redeliver(
    tx: Transaction, known: WebhookEndpoint, delivery_id: UUID, actor: str
) -> WebhookDelivery:
    """Send a message again under the same id, as a delivery of its own.

    Raises:
        ProblemError: 404, no such delivery; 409, the endpoint is disabled.
    """
    _must_be_enabled(known)
    old = await queries.webhooks.delivery(tx, known.id, delivery_id)
    if old is None:
        raise ProblemError(404, "delivery_unknown", "There is no such delivery here.")
    message = Message(old.event_id, known.organization_id, old.type, old.payload)
    await _record(tx, known, actor, Action.WEBHOOK_REDELIVERED, event=str(old.event_id))
    return queries.webhooks.add_delivery(tx, known, message)


def _must_be_enabled(known: WebhookEndpoint) -> None:
    if not known.enabled:
        raise ProblemError(409, "webhook_disabled", "Enable the endpoint first.")


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


async def _record(
    tx: Transaction, known: WebhookEndpoint, actor: str, action: Action, **more: str
) -> None:
    detail = {"webhook": str(known.id), **more}
    await audit.record(tx, Act(known.organization_id, actor, action, detail=detail))
