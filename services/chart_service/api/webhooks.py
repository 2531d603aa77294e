"""Webhook endpoints of an organisation, by HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.database import Database
from chassis.web.problems import ProblemError
from services.chart_service import commands, facesheet, queries
from services.chart_service.api import paging
from services.chart_service.api.callers import ReadsWebhooks, WritesWebhooks
from services.chart_service.api.idempotency import OnlyOnce
from services.chart_service.api.paging import Limit, Offset
from services.chart_service.schemas.fields import Id
from services.chart_service.schemas.webhooks import (
    DeliveryAnswer,
    DeliveryList,
    WebhookAnswer,
    WebhookBody,
    WebhookChanges,
    WebhookList,
    WebhookWithSecret,
)
from services.chart_service.webhooks import addresses

_HERE = "/webhooks/{webhook}"


def add_routes(router: APIRouter, database: Database, *, allow_private: bool) -> None:
    """Add the routes over this database."""

    @router.post("/webhooks", status_code=201, tags=["Webhooks"])
    async def add_webhook(
        organization: Id, body: WebhookBody, caller: WritesWebhooks, once: OnlyOnce
    ) -> WebhookWithSecret:
        """Have an organisation's events sent to an address; the answer has the signing secret."""
        _check(body.url, allow_private)
        async with database.transaction() as tx:
            await facesheet.known_organization(tx, organization)

            async def add() -> WebhookWithSecret:
                new = await commands.webhooks.add(
                    tx, organization, body.url, body.events, caller.actor
                )
                return WebhookWithSecret.model_validate(new)

            return await once.answer(tx, WebhookWithSecret, add)

    @router.get("/webhooks", tags=["Webhooks"])
    async def list_webhooks(organization: Id, _caller: ReadsWebhooks) -> WebhookList:
        """List an organisation's endpoints; there are never many."""
        async with database.transaction() as tx:
            rows = await queries.webhooks.endpoints(tx, organization)
        return WebhookList(
            webhooks=[WebhookAnswer.model_validate(row) for row in rows], total=len(rows)
        )

    @router.get(_HERE, tags=["Webhooks"])
    async def get_webhook(organization: Id, webhook: UUID, _caller: ReadsWebhooks) -> WebhookAnswer:
        """Return an endpoint."""
        async with database.transaction() as tx:
            known = await commands.webhooks.endpoint(tx, organization, webhook)
        return WebhookAnswer.model_validate(known)

    @router.patch(_HERE, tags=["Webhooks"])
    async def change_webhook(
        organization: Id, webhook: UUID, body: WebhookChanges, caller: WritesWebhooks
    ) -> WebhookAnswer:
        """Change what is sent of an endpoint; enabling it again sends what still waits."""
        given = body.model_dump(exclude_unset=True)
        if "url" in given:
            _check(body.url, allow_private)
        async with database.transaction() as tx:
            known = await commands.webhooks.endpoint(tx, organization, webhook)
            await commands.webhooks.change(tx, known, caller.actor, **given)
        return WebhookAnswer.model_validate(known)

    @router.delete(_HERE, status_code=204, tags=["Webhooks"])
    async def remove_webhook(organization: Id, webhook: UUID, caller: WritesWebhooks) -> None:
        """Remove an endpoint, and what was still to be sent there."""
        async with database.transaction() as tx:
            known = await commands.webhooks.endpoint(tx, organization, webhook)
            await commands.webhooks.remove(tx, known, caller.actor)

    @router.post(f"{_HERE}/secret", tags=["Webhooks"])
    async def rotate_webhook_secret(
        organization: Id, webhook: UUID, caller: WritesWebhooks, once: OnlyOnce
    ) -> WebhookWithSecret:
        """Give an endpoint a new secret; for a day messages are signed with the old one, too."""
        async with database.transaction() as tx:

            async def rotate() -> WebhookWithSecret:
                known = await commands.webhooks.endpoint(tx, organization, webhook)
                await commands.webhooks.rotate_secret(tx, known, caller.actor)
                return WebhookWithSecret.model_validate(known)

            return await once.answer(tx, WebhookWithSecret, rotate)

    _add_deliveries(router, database)


def _add_deliveries(router: APIRouter, database: Database) -> None:
    @router.post(f"{_HERE}/test", status_code=202, tags=["Webhooks"])
    async def send_test_webhook(
        organization: Id, webhook: UUID, caller: WritesWebhooks, once: OnlyOnce
    ) -> DeliveryAnswer:
        """Send a message of type webhook.test."""
        async with database.transaction() as tx:

            async def send() -> DeliveryAnswer:
                known = await commands.webhooks.endpoint(tx, organization, webhook)
                sent = await commands.webhooks.send_test(tx, known, caller.actor)
                return DeliveryAnswer.model_validate(sent)

            return await once.answer(tx, DeliveryAnswer, send)

    @router.get(f"{_HERE}/deliveries", tags=["Webhooks"])
    async def list_webhook_deliveries(
        organization: Id,
        webhook: UUID,
        _caller: ReadsWebhooks,
        request: Request,
        response: Response,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> DeliveryList:
        """List what was and is to be sent to an endpoint in the last 30 days, newest first."""
        async with database.transaction() as tx:
            await commands.webhooks.endpoint(tx, organization, webhook)
            rows = await queries.webhooks.deliveries(tx, webhook, limit, offset)
            total = await queries.webhooks.count_deliveries(tx, webhook)
        paging.link(request, response, limit, offset, total)
        return DeliveryList.of(rows, total)

    @router.post(f"{_HERE}/deliveries/{{delivery}}/redelivery", status_code=202, tags=["Webhooks"])
    async def redeliver_webhook(
        organization: Id, webhook: UUID, delivery: UUID, caller: WritesWebhooks, once: OnlyOnce
    ) -> DeliveryAnswer:
        """Send a message again, under the same webhook-id."""
        async with database.transaction() as tx:

            async def send_again() -> DeliveryAnswer:
                known = await commands.webhooks.endpoint(tx, organization, webhook)
                sent = await commands.webhooks.redeliver(tx, known, delivery, caller.actor)
                return DeliveryAnswer.model_validate(sent)

            return await once.answer(tx, DeliveryAnswer, send_again)


def _check(url: str, allow_private: bool) -> None:
    try:
        addresses.check(url, allow_private=allow_private)
    except addresses.ForbiddenAddressError as error:
        raise ProblemError(422, "webhook_address_refused", f"{error}.") from error
