"""/accept/…: accepting with a new account or the one that is there, and the way in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.security import passwords
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from services.portal_access import rules
from services.portal_access.accept_steps import Errors, elsewhere, page, to
from services.portal_access.acceptance import Acceptances, Step
from services.portal_access.acceptance_cookie import AcceptanceCookie
from services.portal_access.entrance import Entrance
from services.portal_access.invitations import UnavailableError
from services.portal_access.rules import Agreement
from services.portal_access.sign_in import Refusal, SignIn, refused
from services.portal_access.throttle import network_address

Text = Annotated[str, Form(max_length=2000)]

_TERMS_NEEDED = marked("Agree to the terms of service and the privacy policy to go on")
_WRONG = marked("This password is not right")
_REFRESH_SECONDS = "3"


async def _shown(terms_version: Text = "", privacy_version: Text = "") -> Agreement:
    """Return which versions of the texts the form was made with: those are agreed to."""
    return rules.agreement_in(terms_version, privacy_version)


Shown = Annotated[Agreement, Depends(_shown)]


def routes(
    acceptances: Acceptances, sign_in: SignIn, entrance: Entrance, cookie: AcceptanceCookie
) -> APIRouter:
    """Return the pages from the first question to the dashboard."""
    router = APIRouter(prefix="/accept", include_in_schema=False)

    async def find_step(request: Request, invitation: UUID | None = None) -> Step:
        return await acceptances.step(cookie.visitor(request), invitation)

    OnStep = Annotated[Step, Depends(find_step)]  # noqa: N806 - a type

    @router.get("/register")
    async def show_registration(request: Request, step: OnStep) -> Response:
        """Ask a new person for a password and for their agreement to the terms."""
        return elsewhere(step, "register") or page(request, "register.html", step, agreed=False)

    @router.post("/register", dependencies=[Depends(protect)])
    async def register(
        request: Request,
        step: OnStep,
        shown: Shown,
        password: Text = "",
        terms: Text = "",
    ) -> Response:
        """Accept with a new account."""
        if there := elsewhere(step, "register"):
            return there
        agreed = terms == "yes"
        if errors := _errors_in(step, password, agreed=agreed):
            return page(request, "register.html", step, 422, errors=errors, agreed=agreed)
        try:
            address = network_address(request)
            await acceptances.register(
                step.acceptance, password, shown.at_most(step.newest), address
            )
        except UnavailableError:
            return page(request, "register.html", step, 503, away=True, agreed=agreed)
        return to(step, "done")

    @router.get("/sign-in")
    async def show_sign_in(request: Request, step: OnStep) -> Response:
        """Ask who has an account to sign in, or only to accept when they have done so."""
        known = await _is_signed_in(request, step)
        return elsewhere(step, "sign-in") or page(request, "accept_sign_in.html", step, known=known)

    @router.post("/sign-in", dependencies=[Depends(protect)])
    async def accept(request: Request, step: OnStep, password: Text = "") -> Response:
        """Accept with the account that is there."""
        there = elsewhere(step, "sign-in")
        if there or step.account is None:
            return there or to(step, "register")
        known = await _is_signed_in(request, step)
        if not known and (refusal := await _check_password(request, step, password)):
            status, sentence = refused(refusal, step.brand)
            errors = [("password", gettext(_WRONG) if refusal is Refusal.WRONG else sentence)]
            return page(request, "accept_sign_in.html", step, status, errors=errors, known=False)
        invitation_id = step.acceptance.invitation_id
        if not known and (more := await entrance.second_step(step.account, invitation_id)):
            return more
        try:
            address = network_address(request)
            await acceptances.accept_with(step.acceptance, step.account, address)
        except UnavailableError:
            return page(request, "accept_sign_in.html", step, 503, away=True, known=known)
        return to(step, "done")

    @router.get("/done")
    async def done(request: Request, step: OnStep) -> Response:
        """Wait for the connection, begin the session, and go to the dashboard."""
        if not step.acceptance.redeemed:
            return to(step, "register")
        account_id = await acceptances.connected_account(step.acceptance)
        if account_id is None:
            waiting = page(request, "almost_done.html", step)
            waiting.headers["Refresh"] = _REFRESH_SECONDS
            return waiting
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


def _errors_in(step: Step, password: str, *, agreed: bool) -> Errors:
    problem = passwords.problem_with(password, step.brand.name, step.acceptance.email)
    errors = [("password", problem)] if problem else []
    return errors if agreed else [*errors, ("terms", gettext(_TERMS_NEEDED))]
