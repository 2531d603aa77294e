"""Settings, Webhooks: where an organisation's events are sent, and what became of each."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.chart_service import commands, queries
from services.chart_service.pages import forms, words
from services.chart_service.pages.settings import tabs
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.webhooks import addresses
from services.chart_service.webhooks.messages import TYPE_BY_EVENT

_HERE = "/settings/webhooks"
_SHOWN = 50
_TYPES = list(TYPE_BY_EVENT.values())
_DONE = {
    "saved": "The changes are saved",
    "test": "A test message is on its way",
    "again": "The message is on its way again",
    "removed": "The endpoint is removed",
}


def routes(database: Database, *, allow_private: bool) -> APIRouter:
    """Return the pages over this database, for administrators."""
    router = APIRouter(prefix=_HERE)

    @router.get("")
    async def show_all(visit: SignedInAsAdmin, done: str = "") -> Response:
        async with database.transaction() as tx:
            endpoints = await queries.webhooks.endpoints(tx, visit.organization.id)
        news = _DONE.get(done)
        return tabs.render(visit, "webhooks.html", endpoints=endpoints, news=news, words=words)

    @router.get("/new")
    async def new(visit: SignedInAsAdmin) -> Response:
        return _form(visit, {}, [], [])

    @router.post("/new", dependencies=[Depends(protect)])
    async def add(visit: SignedInAsAdmin) -> Response:
        entered = await forms.values(visit.request)
        events = [name for name in _TYPES if entered.get(name) == "yes"]
        url = entered.get("url", "")
        try:
            addresses.check(url, allow_private=allow_private)
        except addresses.ForbiddenAddressError as error:
            return _form(visit, entered, events, [("url", str(error))])
        organization = visit.organization.id
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.add(tx, organization, url, events, visit.actor)
        return visit.render("webhook_secret.html", endpoint=endpoint, title="Endpoint added")

    @router.get("/{webhook}")
    async def show(visit: SignedInAsAdmin, webhook: UUID, done: str = "") -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            deliveries = await queries.webhooks.deliveries(tx, webhook, _SHOWN)
        return visit.render(
            "webhook.html",
            endpoint=endpoint,
            deliveries=deliveries,
            done=_DONE.get(done),
            words=words,
        )

    @router.post("/{webhook}/secret", dependencies=[Depends(protect)])
    async def rotate(visit: SignedInAsAdmin, webhook: UUID) -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            await commands.webhooks.rotate_secret(tx, endpoint, visit.actor)
        return visit.render("webhook_secret.html", endpoint=endpoint, title="Secret rotated")

    @router.post("/{webhook}/enabled", dependencies=[Depends(protect)])
    async def enable(visit: SignedInAsAdmin, webhook: UUID) -> Response:
        enabled = (await forms.values(visit.request)).get("enabled") == "yes"
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            await commands.webhooks.change(tx, endpoint, visit.actor, enabled=enabled)
        return _back(f"{_HERE}/{webhook}", "saved")

    @router.post("/{webhook}/test", dependencies=[Depends(protect)])
    async def test(visit: SignedInAsAdmin, webhook: UUID) -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            await commands.webhooks.send_test(tx, endpoint, visit.actor)
        return _back(f"{_HERE}/{webhook}", "test")

    @router.post("/{webhook}/deliveries/{delivery}/again", dependencies=[Depends(protect)])
    async def again(visit: SignedInAsAdmin, webhook: UUID, delivery: UUID) -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            await commands.webhooks.redeliver(tx, endpoint, delivery, visit.actor)
        return _back(f"{_HERE}/{webhook}", "again")

    @router.get("/{webhook}/remove")
    async def ask(visit: SignedInAsAdmin, webhook: UUID) -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
        return visit.render("webhook_remove.html", endpoint=endpoint)

    @router.post("/{webhook}/remove", dependencies=[Depends(protect)])
    async def remove(visit: SignedInAsAdmin, webhook: UUID) -> Response:
        async with database.transaction() as tx:
            endpoint = await commands.webhooks.endpoint(tx, visit.organization.id, webhook)
            await commands.webhooks.remove(tx, endpoint, visit.actor)
        return _back(_HERE, "removed")

    return router


def _back(address: str, done: str) -> Response:
    return RedirectResponse(f"{address}?done={done}", status_code=303)


def _form(
    visit: Visit, entered: dict[str, str], chosen: list[str], errors: list[tuple[str, str]]
) -> Response:
    status = 422 if errors else 200
    return visit.render(
        "webhook_new.html", status, entered=entered, chosen=chosen, errors=errors, types=_TYPES
    )
