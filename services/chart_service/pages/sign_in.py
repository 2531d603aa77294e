"""The pages by which staff sign in and out."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.security import passwords
from chassis.web import sessions
from chassis.web.csrf import protect
from chassis.web.sessions import SessionCookie
from services.chart_service import queries, throttle
from services.chart_service.pages import forms

_WRONG = "Check your e-mail address and password: they do not match"
_WAIT = "Too many tries. Wait 15 minutes, then try again"


def routes(database: Database, cookie: SessionCookie) -> APIRouter:
    """Return the pages by which staff come and go."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    async def show(request: Request) -> Response:
        return _page(request, "")

    @router.post("/sign-in", dependencies=[Depends(protect)])
    async def sign_in(request: Request) -> Response:
        form = await forms.values(request)
        email, password = form.get("email", ""), form.get("password", "")
        token, problem = await _begin(request, email.lower(), password)
        if token is None:
            return _page(request, email, problem)
        response = RedirectResponse("/", status_code=303)
        cookie.set(response, token)
        return response

    @router.post("/sign-out", dependencies=[Depends(protect)])
    async def sign_out(request: Request) -> Response:
        async with database.transaction() as tx:
            await sessions.end(tx, cookie.token(request) or "")
        response = RedirectResponse("/sign-in", status_code=303)
        cookie.clear(response)
        return response

    async def _begin(request: Request, email: str, password: str) -> tuple[str | None, str]:
        address = request.client.host if request.client else ""
        counted = throttle.sources(email, address)
        async with database.transaction() as tx:
            may_go_on = await throttle.count(tx, counted)
            # No address has control characters, and PostgreSQL takes no NUL to look for.
            staff = await queries.staff.staff_by_email(tx, email) if email.isprintable() else None
        if not may_go_on:
            return None, _WAIT
        matches = await passwords.matches(password, staff.password_hash if staff else None)
        if staff is None or not matches or not staff.is_active:
            return None, _WRONG
        counted_at = tx.now
        async with database.transaction() as tx:
            await throttle.forgive(tx, counted, counted_at)
            await sessions.end(tx, cookie.token(request) or "")
            return await sessions.begin(tx, str(staff.id)), ""

    return router


async def forget_old(database: Database) -> None:
    """Drop sessions that are over and failures that no longer count."""
    async with database.transaction() as tx:
        await sessions.forget_ended(tx)
        await throttle.forget_old(tx)


def _page(request: Request, email: str, problem: str | None = None) -> Response:
    errors = [("email", problem)] if problem else []
    page: Response = request.app.state.pages.render(
        request, "sign_in.html", 422 if problem else 200, email=email, errors=errors
    )
    return page
