"""Settings: the organisation's name, phone and logo, with its mail beside them."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.chart_service import commands
from services.chart_service.mail_previews import MailPreviews
from services.chart_service.pages.settings import fields, tabs
from services.chart_service.pages.settings.fields import SettingsForm
from services.chart_service.pages.settings.shown_mail import FRAMES_OF_OURS, show_mail
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.rules import Fields

_HOME = "/settings/branding"


def routes(database: Database, mails: MailPreviews) -> APIRouter:
    """Return the pages over this database."""
    router = APIRouter()

    async def page(visit: Visit, form: SettingsForm, news: str | None = None) -> Response:
        name, phone = form.entered.get("name", ""), form.entered.get("phone", "")
        mail = await show_mail(mails, visit, name=name, phone=phone)
        answer = tabs.render(visit, "branding.html", form.status, form=form, news=news, mail=mail)
        answer.headers["Content-Security-Policy"] = FRAMES_OF_OURS
        return answer

    async def change(visit: Visit, given: Fields) -> Response:
        async with database.transaction() as tx:
            changed = await commands.organizations.change_organization(
                tx, visit.organization.id, given, visit.actor
            )
        return tabs.back_to(_HOME, changed)

    @router.get("/settings/branding")
    async def show(visit: SignedInAsAdmin, saved: str | None = None) -> Response:
        return await page(visit, _known(visit), tabs.news_of(saved))

    @router.post("/settings/branding", dependencies=[Depends(protect)])
    async def save(visit: SignedInAsAdmin) -> Response:
        form = await fields.read(visit.request)
        form.text("name", "name", 120)
        form.text("phone", "phone number", 40)
        if form.errors or form.entered.get("do") == "preview":
            return await page(visit, form)
        return await change(visit, form.given)

    @router.post("/settings/branding/logo", dependencies=[Depends(protect)])
    async def save_logo(visit: SignedInAsAdmin) -> Response:
        form = _known(visit)
        await fields.read_logo(visit.request, form, required=True)
        return await page(visit, form) if form.errors else await change(visit, form.given)

    @router.post("/settings/branding/no-logo", dependencies=[Depends(protect)])
    async def remove_logo(visit: SignedInAsAdmin) -> Response:
        form = _known(visit)
        form.logo(None)
        return await change(visit, form.given)

    return router


def _known(visit: Visit) -> SettingsForm:
    return SettingsForm({"name": visit.organization.name, "phone": visit.organization.phone})
