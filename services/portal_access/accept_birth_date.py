"""/accept/birth-date: a question before the account, where the organisation wants it asked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from chassis.web import languages
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked, ngettext
from services.portal_access import accept_steps, rules
from services.portal_access.acceptance import Acceptances, Step
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.birth_date_check import BirthDateCheck
from services.portal_access.invitations import UnavailableError

Text = Annotated[str, Form(max_length=2000)]

_HERE = "birth-date"
_TEMPLATE = "accept_birth_date.html"
_NO_DATE = marked("Enter the date of birth in numbers, with all four digits of the year")
_WRONG = marked("This is not the date of birth on file.")


async def _given(day: Text = "", month: Text = "", year: Text = "") -> dict[str, str]:
    """Return what was entered, part by part."""
    return {"day": day, "month": month, "year": year}


Given = Annotated[dict[str, str], Depends(_given)]


def routes(acceptances: Acceptances, check: BirthDateCheck, cookie: AcceptanceCookie) -> APIRouter:
    """Return the page that asks for the patient's date of birth."""
    router = APIRouter(prefix="/accept", include_in_schema=False)

    async def find_step(request: Request, invitation: UUID | None = None) -> Step:
        return await acceptances.step(cookie.visitor(request), invitation)

    OnStep = Annotated[Step, Depends(find_step)]  # noqa: N806 - a type

    @router.get("/birth-date")
    async def show(request: Request, step: OnStep) -> Response:
        """Ask."""
        return accept_steps.elsewhere(step, _HERE) or _page(request, step, {})

    @router.post("/birth-date", dependencies=[Depends(protect)])
    async def answer(request: Request, step: OnStep, given: Given) -> Response:
        """Compare, and go on: also to the page that says that the link is locked now."""
        if there := accept_steps.elsewhere(step, _HERE):
            return there
        day = rules.date_in(**given)
        if day is None:
            return _page(request, step, given, 422, error=gettext(_NO_DATE))
        return await _compare(request, step, given, day)

    async def _compare(request: Request, step: Step, given: dict[str, str], day: date) -> Response:
        try:
            more = await check.try_one(step.acceptance, day)
        except UnavailableError:
            return _page(request, step, given, 503, away=True)
        if more:
            return _page(request, step, given, 422, error=_wrong(more))
        return accept_steps.to(step, _HERE)

    return router


def _wrong(more: int) -> str:
    left = ngettext("You can try %(num)s more time", "You can try %(num)s more times", more)
    return f"{gettext(_WRONG)} {left % {'num': more}}"


def _page(
    request: Request,
    step: Step,
    given: dict[str, str],
    status: int = 200,
    *,
    error: str | None = None,
    away: bool = False,
) -> Response:
    parts = languages.date_order()
    errors = [(parts[0], error)] if error else []
    values = {"parts": parts, "given": given, "example": date(1985, 3, 27)}
    return accept_steps.page(request, _TEMPLATE, step, status, errors=errors, away=away, **values)
