"""What becomes of tries to deliver webhooks."""

from collections.abc import Sequence
from datetime import datetime

from chassis.database import Transaction
from services.chart_service import audit, queries
from services.chart_service.audit import SYSTEM, Act, Action
from services.chart_service.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from services.chart_service.webhooks import rules
from services.chart_service.webhooks.sending import Outcome

Tried = tuple[WebhookDelivery, Outcome]

GONE = "The endpoint answered that it is gone (410)."
FAILED_TOO_LONG = f"The endpoint failed for {rules.DISABLE_AFTER.days} days."


async def note(tx: Transaction, endpoint: WebhookEndpoint, tried: Sequence[Tried]) -> None:
    """Note what became of these tries, for the deliveries and for the endpoint."""
    noted = [
        (delivery.id, _state(tx, delivery, outcome), _next(tx, delivery), outcome.words)
        for delivery, outcome in tried
    ]
    await queries.webhooks.note_tries(tx, noted)
    if any(outcome.delivered for _, outcome in tried):
        await queries.webhooks.note_success(tx, endpoint.id)
    else:
        failing_for = tx.now - (endpoint.failing_since or tx.now)
        until = tx.now + rules.pause_of(failing_for)
        await queries.webhooks.note_failure(tx, endpoint.id, until)
        if failing_for >= rules.DISABLE_AFTER:
            await _disable(tx, endpoint, FAILED_TOO_LONG)
    if any(outcome.gone for _, outcome in tried):
        await _disable(tx, endpoint, GONE)


def _state(tx: Transaction, delivery: WebhookDelivery, outcome: Outcome) -> DeliveryState:
    if outcome.delivered:
        return DeliveryState.DELIVERED
    hopeless = rules.is_hopeless(delivery.created_at, tx.now)
    return DeliveryState.FAILED if hopeless else DeliveryState.QUEUED


def _next(tx: Transaction, delivery: WebhookDelivery) -> datetime:
    return tx.now + rules.delay_after(delivery.attempts + 1)


async def _disable(tx: Transaction, endpoint: WebhookEndpoint, reason: str) -> None:
    if await queries.webhooks.disable(tx, endpoint.id, reason):
        detail = {"webhook": str(endpoint.id), "reason": reason}
        act = Act(endpoint.organization_id, SYSTEM, Action.WEBHOOK_DISABLED, detail=detail)
        await audit.record(tx, act)
