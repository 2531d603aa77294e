"""Settings, Integrations: the clients of the API, made and revoked by administrators."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from services.chart_service import commands, queries
from services.chart_service.api.scopes import MEANINGS, ApiScope
from services.chart_service.models import ApiClient
from services.chart_service.pages import forms, words
from services.chart_service.pages.settings import tabs
from services.chart_service.pages.visits import SignedInAsAdmin, Visit

_HERE = "/settings/integrations"
_LONGEST_NAME = 100
_REVOKED = "The integration is revoked. Its tokens stopped working"


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for administrators."""
    router = APIRouter(prefix=_HERE)

    @router.get("")
    async def show(visit: SignedInAsAdmin, done: str = "") -> Response:
        async with database.transaction() as tx:
            clients = await queries.clients.clients(tx, visit.organization.id)
        news = _REVOKED if done == "revoked" else None
        return tabs.render(visit, "integrations.html", clients=clients, words=words, news=news)

    @router.get("/new")
    async def new(visit: SignedInAsAdmin) -> Response:
        return _form(visit, {}, [])

    @router.post("/new", dependencies=[Depends(protect)])
    async def add(visit: SignedInAsAdmin) -> Response:
        entered = await forms.values(visit.request)
        scopes = [scope.value for scope in ApiScope if entered.get(scope.value) == "yes"]
        errors = _errors(entered, scopes)
        if errors:
            return _form(visit, entered, errors)
        organization = visit.organization.id
        async with database.transaction() as tx:
            client, secret = await commands.clients.add_client(
                tx, organization, entered["name"], scopes, visit.actor
            )
        # Shown in the answer itself: an address to come back to would show the secret twice.
        url = str(visit.request.url_for("get_token"))
        return visit.render("integration_added.html", client=client, secret=secret, token_url=url)

    @router.get("/{client_id}/revoke")
    async def ask(visit: SignedInAsAdmin, client_id: UUID) -> Response:
        async with database.transaction() as tx:
            client = await queries.clients.client(tx, visit.organization.id, client_id)
        return visit.render("integration_revoke.html", client=_working(client))

    @router.post("/{client_id}/revoke", dependencies=[Depends(protect)])
    async def revoke(visit: SignedInAsAdmin, client_id: UUID) -> Response:
        async with database.transaction() as tx:
            await commands.clients.revoke_client(tx, visit.organization.id, client_id, visit.actor)
        return RedirectResponse(f"{_HERE}?done=revoked", status_code=303)

    return router


def _form(visit: Visit, entered: dict[str, str], errors: list[tuple[str, str]]) -> Response:
    return visit.render(
        "integration_new.html",
        422 if errors else 200,
        entered=entered,
        errors=errors,
        scopes=[(scope.value, meaning) for scope, meaning in MEANINGS.items()],
    )


def _errors(entered: dict[str, str], scopes: list[str]) -> list[tuple[str, str]]:
    errors = []
    name = entered.get("name", "")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        errors.append(("name", f"Enter a name of at most {_LONGEST_NAME} characters"))
    if not scopes:
        errors.append((ApiScope.ORGANIZATION_READ.value, "Choose what the integration may do"))
    return errors


def _working(client: ApiClient | None) -> ApiClient:
    if client is None or client.revoked_at:
        raise ProblemError(404, "client_unknown", "There is no such integration, or it is revoked.")
    return client
