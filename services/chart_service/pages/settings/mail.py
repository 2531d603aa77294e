"""Settings: how mails look, and a test mail to oneself."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from services.chart_service import audit, queries, throttle
from services.chart_service.audit import Act, Action
from services.chart_service.mail_previews import MailKind, MailLanguage, MailPreviews, PreviewError
from services.chart_service.models import Location
from services.chart_service.pages import forms
from services.chart_service.pages.settings import tabs
from services.chart_service.pages.settings.shown_mail import (
    FRAMES_OF_OURS,
    IN_A_FRAME,
    Which,
    look_of,
    show_mail,
)
from services.chart_service.pages.visits import SignedInAsAdmin, Visit

_HOME = "/settings/mail"
_TOO_MANY = "You sent yourself several test mails just now. Wait 15 minutes, then try again"
_KINDS = {MailKind.INVITATION: "Invitation", MailKind.REMINDER: "Reminder"}
_LANGUAGES = {MailLanguage.ENGLISH: "English", MailLanguage.SPANISH: "Spanish"}

Name = Annotated[str, Query(max_length=120)]
Phone = Annotated[str, Query(max_length=40)]


async def _which(kind: str = "", language: str = "") -> Which:
    return Which.of(kind, language)


Wanted = Annotated[Which, Depends(_which)]


def routes(database: Database, mails: MailPreviews) -> APIRouter:
    """Return the pages over this database."""
    router = APIRouter()

    async def places(visit: Visit) -> dict[str, Location]:
        async with database.transaction() as tx:
            found = await queries.locations.locations(tx, visit.organization.id)
        return {place.id: place for place in found if not place.ended}

    @router.get("/settings/mail")
    async def show(
        visit: SignedInAsAdmin, which: Wanted, location: str = "", sent: str = ""
    ) -> Response:
        return await page(visit, which, location, sent=sent == "yes")

    async def page(
        visit: Visit, which: Which, location: str, problem: str | None = None, *, sent: bool = False
    ) -> Response:
        known = await places(visit)
        mail = await show_mail(mails, visit, which, location=known.get(location))
        answer = tabs.render(
            visit,
            "mail.html",
            422 if problem else 200,
            which=which,
            kinds=[(key.value, label) for key, label in _KINDS.items()],
            languages_of_mails=[(key.value, label) for key, label in _LANGUAGES.items()],
            location=location if location in known else "",
            locations=[(place.id, place.name) for place in known.values()],
            mail=mail,
            problem=problem,
            sent=sent,
        )
        answer.headers["Content-Security-Policy"] = FRAMES_OF_OURS
        return answer

    @router.get("/settings/mail/part")
    async def part(
        visit: SignedInAsAdmin,
        which: Wanted,
        name: Name = "",
        phone: Phone = "",
        location: str = "",
    ) -> Response:
        """Return what a page shows of a mail, to replace in place."""
        place = (await places(visit)).get(location)
        mail = await show_mail(mails, visit, which, name.strip(), phone.strip(), place)
        return visit.render("settings/mail_part.html", mail=mail)

    @router.get("/settings/mail/frame")
    async def frame(
        visit: SignedInAsAdmin,
        which: Wanted,
        name: Name = "",
        phone: Phone = "",
        location: str = "",
    ) -> Response:
        """Return a mail's HTML, for a frame."""
        place = (await places(visit)).get(location)
        try:
            mail = await mails.preview(look_of(visit, which, name, phone, place))
        except PreviewError as error:
            return HTMLResponse(str(error), 503, headers=IN_A_FRAME)
        return HTMLResponse(mail.html, headers=IN_A_FRAME)

    @router.post("/settings/mail", dependencies=[Depends(protect)])
    async def choose_or_send(visit: SignedInAsAdmin) -> Response:
        entered = await forms.values(visit.request)
        which = Which.of(entered.get("kind", ""), entered.get("language", ""))
        location = entered.get("location", "")
        if entered.get("do") == "test":
            place = (await places(visit)).get(location)
            if problem := await send_test(visit, which, place):
                return await page(visit, which, location, problem)
            chosen = which.query | {"location": place.id if place else ""}
            return RedirectResponse(f"{_HOME}?{urlencode(chosen | {'sent': 'yes'})}", 303)
        return await page(visit, which, location)

    async def send_test(visit: Visit, which: Which, place: Location | None) -> str | None:
        async with database.transaction() as tx:
            if not await throttle.count_test_mail(tx, visit.staff.id):
                return _TOO_MANY
        try:
            await mails.send(look_of(visit, which, location=place), visit.staff.email)
        except PreviewError as error:
            return str(error)
        async with database.transaction() as tx:
            act = Act(visit.organization.id, visit.actor, Action.TEST_MAIL_SENT)
            await audit.record(tx, act)
        return None

    return router
