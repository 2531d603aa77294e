"""Choosing a password by a link that an administrator handed over, and changing one's own."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security import passwords
from chassis.web.csrf import protect
from chassis.web.sessions import SessionCookie
from services.chart_service import commands, throttle
from services.chart_service.pages import forms
from services.chart_service.pages.visits import SignedIn, Visit

_DEAD = (
    "This link was used, replaced or is older than 24 hours. Ask a portal administrator for a "
    "new one"
)
_WRONG = "Enter your current password: this is another one"
_WAIT = "Too many tries. Wait 15 minutes, then try again"


def routes(database: Database, cookie: SessionCookie) -> APIRouter:
    """Return the pages about passwords."""
    router = APIRouter(include_in_schema=False)

    @router.get("/set-password")
    async def ask(request: Request) -> Response:
        return _choose(request, "", [])

    @router.post("/set-password", dependencies=[Depends(protect)])
    async def choose(request: Request) -> Response:
        entered = await forms.values(request, untrimmed=("password",))
        code, password = entered.get("code", ""), entered.get("password", "")
        if problem := passwords.problem_with(password):
            return _choose(request, code, [("password", problem)])
        async with database.transaction() as tx:
            # People paste the whole link, too.
            is_set = await commands.staff.choose_password(tx, code.rpartition("#")[2], password)
        if not is_set:
            return _choose(request, "", [("code", _DEAD)])
        return RedirectResponse("/sign-in?done=password", status_code=303)

    @router.get("/password")
    async def ask_both(visit: SignedIn, done: str = "") -> Response:
        return _change(visit, [], is_done=bool(done))

    @router.post("/password", dependencies=[Depends(protect)])
    async def change(visit: SignedIn) -> Response:
        entered = await forms.values(visit.request, untrimmed=("current", "password"))
        if problem := await _problem_with_current(visit, entered.get("current", "")):
            return _change(visit, [("current", problem)])
        password = entered.get("password", "")
        names = (visit.organization.name, visit.staff.email)
        if problem := passwords.problem_with(password, *names):
            return _change(visit, [("password", problem)])
        password_hash = await passwords.hash_password(password)
        async with database.transaction() as tx:
            session = cookie.token(visit.request)
            await commands.staff.change_password(tx, visit.staff.id, password_hash, session)
        return RedirectResponse("/password?done=changed", status_code=303)

    async def _problem_with_current(visit: Visit, current: str) -> str | None:
        counted = throttle.sources(visit.staff.email, throttle.address_of(visit.request))
        async with database.transaction() as tx:
            if not await throttle.count(tx, counted):
                return _WAIT
        if not await passwords.matches(current, visit.staff.password_hash):
            return _WRONG
        async with database.transaction() as right:
            await throttle.forgive(right, counted, tx.now)
        return None

    return router


def _choose(request: Request, code: str, errors: list[tuple[str, str]]) -> Response:
    status = 422 if errors else 200
    page: Response = request.app.state.pages.render(
        request, "set_password.html", status, code=code, errors=errors
    )
    return page


def _change(visit: Visit, errors: list[tuple[str, str]], *, is_done: bool = False) -> Response:
    status = 422 if errors else 200
    return visit.render("change_password.html", status, errors=errors, is_done=is_done)
