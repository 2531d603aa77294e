"""Settings: the organisation's places, each with what is its own of the brand."""

from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.chart_service import commands, facesheet, queries
from services.chart_service.models import Location
from services.chart_service.pages.settings import fields, tabs
from services.chart_service.pages.settings.fields import SettingsForm
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.rules import Fields

_HOME = "/settings/locations"


def routes(database: Database) -> APIRouter:
    """Return the pages over this database."""
    router = APIRouter()

    async def known(visit: Visit, location: str) -> Location:
        async with database.transaction() as tx:
            return await facesheet.known_location(tx, visit.organization.id, location)

    async def change(visit: Visit, location: str, given: Fields) -> Response:
        async with database.transaction() as tx:
            changed = await commands.locations.change_location(
                tx, visit.organization.id, location, given, visit.actor
            )
        return tabs.back_to(_HOME, changed)

    @router.get("/settings/locations")
    async def show(visit: SignedInAsAdmin, saved: str | None = None) -> Response:
        organization = visit.organization.id
        async with database.transaction() as tx:
            places = await queries.locations.locations(tx, organization)
            charts = await queries.locations.count_charts(tx, organization)
        news = tabs.news_of(saved)
        return tabs.render(visit, "locations.html", places=places, charts=charts, news=news)

    @router.get("/settings/locations/new")
    async def new(visit: SignedInAsAdmin) -> Response:
        return _page(visit, None, SettingsForm({}))

    @router.post("/settings/locations/new", dependencies=[Depends(protect)])
    async def add(visit: SignedInAsAdmin) -> Response:
        form = await _read(visit)
        if form.errors:
            return _page(visit, None, form)
        return await change(visit, str(uuid4()), form.given)

    @router.get("/settings/locations/{location}")
    async def edit(visit: SignedInAsAdmin, location: Identifier) -> Response:
        place = await known(visit, location)
        shown = {"name": place.name, "phone": place.phone or ""}
        return _page(visit, place, SettingsForm(shown))

    @router.post("/settings/locations/{location}", dependencies=[Depends(protect)])
    async def save(visit: SignedInAsAdmin, location: Identifier) -> Response:
        place = await known(visit, location)
        form = await _read(visit)
        if form.errors:
            return _page(visit, place, form)
        return await change(visit, location, form.given)

    @router.get("/settings/locations/{location}/logo")
    async def logo(visit: SignedInAsAdmin, location: Identifier) -> Response:
        place = await known(visit, location)
        if place.logo is None:
            raise ProblemError(404, "not_found", "This location has no logo of its own.")
        return Response(place.logo, media_type=place.logo_media_type)

    @router.get("/settings/locations/{location}/end")
    async def ask(visit: SignedInAsAdmin, location: Identifier) -> Response:
        place = await known(visit, location)
        return tabs.render(visit, "location_end.html", place=place)

    @router.post("/settings/locations/{location}/end", dependencies=[Depends(protect)])
    async def end(visit: SignedInAsAdmin, location: Identifier) -> Response:
        await known(visit, location)
        return await change(visit, location, {"ended": True})

    @router.post("/settings/locations/{location}/resume", dependencies=[Depends(protect)])
    async def resume(visit: SignedInAsAdmin, location: Identifier) -> Response:
        await known(visit, location)
        return await change(visit, location, {"ended": False})

    return router


async def _read(visit: Visit) -> SettingsForm:
    form = await fields.read(visit.request)
    form.text("name", "name", 120)
    form.text("phone", "phone number", 40, required=False)
    if form.entered.get("remove_logo") == "yes":
        form.logo(None)
    await fields.read_logo(visit.request, form, required=False)
    return form


def _page(visit: Visit, place: Location | None, form: SettingsForm) -> Response:
    return tabs.render(visit, "location.html", form.status, place=place, form=form)
