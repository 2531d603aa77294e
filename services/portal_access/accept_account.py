"""/accept/…: accepting with a new account or the one that is there, and the way in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.security import passwords
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import rules
from services.portal_access.acceptance import Acceptances, Step
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.invitations import UnavailableError
from services.portal_access.rules import Agreement
from services.portal_access.sign_in import Refusal, SignIn, refused
from services.portal_access.throttle import network_address

Text = Annotated[str, Form(max_length=2000)]
Errors = list[tuple[str, str]]

_TERMS_NEEDED = marked("Agree to the terms of service and the privacy policy to go on")
_WRONG = marked("This password is not right")
_REFRESH_SECONDS = "3"


async def _shown(terms_version: Text = "", privacy_version: Text = "") -> Agreement:
    """Return which versions of the texts the form was made with: those are agreed to."""
    return rules.agreement_in(terms_version, privacy_version)


Shown = Annotated[Agreement, Depends(_shown)]


def routes(acceptances: Acceptances, sign_in: SignIn, cookie: AcceptanceCookie) -> APIRouter:
    """Return the pages from the first question to the dashboard."""
    router = APIRouter(prefix="/accept", include_in_schema=False)

    async def find_step(request: Request, invitation: UUID | None = None) -> Step:
        return await acceptances.step(cookie.visitor(request), invitation)

    OnStep = Annotated[Step, Depends(find_step)]  # noqa: N806 - a type

    @router.get("/register")
    async def show_registration(request: Request, step: OnStep) -> Response:
        """Ask a new person for a password and for their agreement to the terms."""
        return _elsewhere(step, "register") or _page(request, "register.html", step, agreed=False)

    @router.post("/register", dependencies=[Depends(protect)])
    async def register(
        request: Request,
        step: OnStep,
        shown: Shown,
        password: Text = "",
        terms: Text = "",
    ) -> Response:
        """Accept with a new account."""
        if elsewhere := _elsewhere(step, "register"):
            return elsewhere
        agreed = terms == "yes"
        if errors := _errors_in(password, agreed=agreed):
            return _page(request, "register.html", step, 422, errors=errors, agreed=agreed)
        try:
            address = network_address(request)
            await acceptances.register(
                step.acceptance, password, shown.at_most(step.newest), address
            )
        except UnavailableError:
            return _page(request, "register.html", step, 503, away=True, agreed=agreed)
        return _to(step, "done")

    @router.get("/sign-in")
    async def show_sign_in(request: Request, step: OnStep) -> Response:
        """Ask who has an account to sign in, or only to accept when they have done so."""
        known = await _is_signed_in(request, step)
        return _elsewhere(step, "sign-in") or _page(
            request, "accept_sign_in.html", step, known=known
        )

    @router.post("/sign-in", dependencies=[Depends(protect)])
    async def accept(request: Request, step: OnStep, password: Text = "") -> Response:
        """Accept with the account that is there."""
        elsewhere = _elsewhere(step, "sign-in")
        if elsewhere or step.account is None:
            return elsewhere or _to(step, "register")
        known = await _is_signed_in(request, step)
        if not known and (refusal := await _check_password(request, step, password)):
            status, sentence = refused(refusal, step.brand)
            errors = [("password", gettext(_WRONG) if refusal is Refusal.WRONG else sentence)]
            return _page(request, "accept_sign_in.html", step, status, errors=errors, known=False)
        try:
            address = network_address(request)
            await acceptances.accept_with(step.acceptance, step.account, address)
        except UnavailableError:
            return _page(request, "accept_sign_in.html", step, 503, away=True, known=known)
        return _to(step, "done")

    @router.get("/done")
    async def done(request: Request, step: OnStep) -> Response:
        """Wait for the connection, begin the session, and go to the dashboard."""
        if not step.acceptance.redeemed:
            return _to(step, "register")
        account_id = await acceptances.connected_account(step.acceptance)
        if account_id is None:
            page = _page(request, "almost_done.html", step)
            page.headers["Refresh"] = _REFRESH_SECONDS
            return page
        await acceptances.end(step.acceptance)
        if account_id != step.acceptance.account_id:
            # The address was registered in another tab at the same time: that password counts.
            organization = step.brand.organization_id
            return RedirectResponse(f"/{organization}/sign-in?notice=connected", 303)
        response = RedirectResponse("/", 303)
        await sign_in.begin(request, response, account_id)
        return response

    async def _is_signed_in(request: Request, step: Step) -> bool:
        account = await sign_in.account(request)
        return account is not None and step.account is not None and account.id == step.account.id

    async def _check_password(request: Request, step: Step, password: str) -> Refusal | None:
        acceptance = step.acceptance
        found = await sign_in.check(
            acceptance.organization_id, acceptance.email, password, network_address(request)
        )
        return found if isinstance(found, Refusal) else None

    return router


def _elsewhere(step: Step, here: str) -> Response | None:
    if step.acceptance.redeemed:
        return _to(step, "done")
    there = "sign-in" if step.account else "register"
    return None if there == here else _to(step, there)


def _to(step: Step, page: str) -> Response:
    return RedirectResponse(f"/accept/{page}?invitation={step.acceptance.invitation_id}", 303)


def _errors_in(password: str, *, agreed: bool) -> Errors:
    problem = passwords.problem_with(password)
    errors = [("password", problem)] if problem else []
    return errors if agreed else [*errors, ("terms", gettext(_TERMS_NEEDED))]


def _page(
    request: Request,
    template: str,
    step: Step,
    status: int = 200,
    *,
    errors: Errors | None = None,
    away: bool = False,
    **values: Any,
) -> Response:
    page: Response = request.app.state.pages.render(
        request,
        template,
        status,
        brand=step.brand,
        newest=step.newest,
        whose=step,
        acceptance=step.acceptance,
        errors=errors or [],
        away=away,
        **values,
    )
    return page
