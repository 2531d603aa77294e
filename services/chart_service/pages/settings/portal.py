"""Settings: the portal on or off, how long invitations live, and what ends access."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web import zones
from chassis.web.csrf import protect
from services.chart_service import commands
from services.chart_service.models import Organization
from services.chart_service.pages.settings import fields, tabs
from services.chart_service.pages.settings.fields import SettingsForm
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.rules import Fields

_HOME = "/settings"


def routes(database: Database) -> APIRouter:
    """Return the pages over this database."""
    router = APIRouter()

    async def change(visit: Visit, given: Fields) -> Response:
        async with database.transaction() as tx:
            changed = await commands.organizations.change_organization(
                tx, visit.organization.id, given, visit.actor
            )
        return tabs.back_to(_HOME, changed)

    @router.get("/settings")
    async def show(visit: SignedInAsAdmin, saved: str | None = None) -> Response:
        return _page(visit, _known(visit.organization), tabs.news_of(saved))

    @router.post("/settings", dependencies=[Depends(protect)])
    async def save(visit: SignedInAsAdmin) -> Response:
        form = await fields.read(visit.request)
        _check(form)
        return _page(visit, form) if form.errors else await change(visit, form.given)

    @router.get("/settings/portal-off")
    async def ask(visit: SignedInAsAdmin) -> Response:
        return tabs.render(visit, "portal_off.html")

    @router.post("/settings/portal-off", dependencies=[Depends(protect)])
    async def switch_off(visit: SignedInAsAdmin) -> Response:
        return await change(visit, {"portal_enabled": False})

    @router.post("/settings/portal-on", dependencies=[Depends(protect)])
    async def switch_on(visit: SignedInAsAdmin) -> Response:
        return await change(visit, {"portal_enabled": True})

    return router


def _known(organization: Organization) -> SettingsForm:
    return SettingsForm(
        {
            "invitation_days": str(organization.invitation_days),
            "reminder_days": str(organization.reminder_days or ""),
            "age_of_majority": str(organization.age_of_majority),
            "time_zone": organization.time_zone,
            "death_ends_access": "yes" if organization.death_ends_access else "",
            "discharge_ends_access": "yes" if organization.discharge_ends_access else "",
            "birth_date_check": "yes" if organization.birth_date_check else "",
        }
    )


def _check(form: SettingsForm) -> None:
    form.number("invitation_days", "a number of days", 1, 60)
    form.number("reminder_days", "a number of days", 1, 59, required=False)
    form.number("age_of_majority", "an age", 12, 30)
    form.one_of("time_zone", "time zone", zones.known())
    form.choice("death_ends_access")
    form.choice("discharge_ends_access")
    form.choice("birth_date_check")
    reminder, life = form.given.get("reminder_days"), form.given.get("invitation_days")
    if reminder and life and reminder >= life:
        sentence = f"Enter fewer days than the {life} that an invitation lives, or leave it empty"
        form.errors.append(("reminder_days", sentence))


def _page(visit: Visit, form: SettingsForm, news: str | None = None) -> Response:
    choices = [(name, name.replace("_", " ")) for name in zones.known()]
    return tabs.render(visit, "portal.html", form.status, form=form, news=news, zones=choices)
