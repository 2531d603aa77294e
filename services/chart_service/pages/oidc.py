"""Signing in at the OpenID provider: there, and back again."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from chassis import telemetry
from chassis.database import Database
from chassis.security.tokens import hash_of, new_token
from chassis.web.sessions import SessionCookie
from services.chart_service import commands, queries
from services.chart_service.models import OidcSignIn
from services.chart_service.oidc import OidcError, Provider

LIFE = timedelta(minutes=10)
"""How long somebody may take at the provider."""

_COOKIE = "portico_emr_oidc"
_PATH = "/sign-in/oidc"
_PROBLEMS = {
    "away": "{provider} does not answer now. Try again in a moment.",
    "refused": "{provider} did not sign you in. Try again, or ask whoever runs it.",
    "ended": "This sign-in took too long, was used already or began in another window. "
    "Start again.",
    "not_genuine": "What {provider} answered could not be verified. Try again; if it stays so, "
    "tell whoever runs Portico.",
    "misconfigured": "{provider} is not set up as Portico expects. Tell whoever runs Portico.",
    "unverified": "{provider} has not verified your e-mail address. Have it verified there, then "
    "sign in again.",
    "unknown": "Nobody here has your e-mail address at {provider}. Ask a portal administrator to "
    "add you under Users.",
    "linked_to_another": "Your e-mail address here is linked to another sign-in at {provider}. "
    "Ask a portal administrator to unlink it under Users.",
    "deactivated": "You may not sign in here any more. Ask a portal administrator.",
}
"""What people read, and what they can do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The ways to sign in that the settings offer."""

    label: str
    provider: Provider | None = None
    passwords: bool = True


def problem_of(code: str, label: str) -> str | None:
    """Return what the sign-in page says of a problem at the provider."""
    name = label[:1].upper() + label[1:]
    return _PROBLEMS[code].format(provider=name) if code in _PROBLEMS else None


def routes(database: Database, cookie: SessionCookie, provider: Provider) -> APIRouter:
    """Return the ways to the provider and back."""
    router = APIRouter(include_in_schema=False)

    @router.get(_PATH)
    async def go(request: Request) -> Response:
        state, nonce, code_verifier = new_token(), new_token(), new_token()
        try:
            url = await provider.authorization_url(state, nonce, code_verifier)
        except OidcError as error:
            return _sorry(error)
        # Two windows of a browser may sign in at the same time; each has its own state.
        browser = request.cookies.get(_COOKIE) or new_token()
        async with database.transaction() as tx:
            begun = OidcSignIn(
                state_hash=hash_of(state),
                browser_hash=hash_of(browser),
                nonce=nonce,
                code_verifier=code_verifier,
                started_at=tx.now,
            )
            await queries.sign_in.add_oidc_sign_in(tx, begun)
        return _to_the_provider(url, browser, cookie.secure)

    @router.get(f"{_PATH}/callback")
    async def back(request: Request, state: str = "", code: str = "") -> Response:
        try:
            token = await _signed_in(request, state, code)
        except OidcError as error:
            return _sorry(error)
        response = RedirectResponse("/", status_code=303)
        cookie.set(response, token)
        response.delete_cookie(_COOKIE, path=_PATH)
        return response

    async def _signed_in(request: Request, state: str, code: str) -> str:
        browser = request.cookies.get(_COOKIE, "")
        async with database.transaction() as tx:
            begun = await queries.sign_in.take_oidc_sign_in(
                tx, hash_of(state), hash_of(browser), tx.now - LIFE
            )
        if begun is None:
            raise OidcError("ended")
        # RFC 9207: an answer that names another issuer was meant for another client.
        if not code or request.query_params.get("iss", provider.issuer) != provider.issuer:
            raise OidcError("refused")
        identity = await provider.identity(code, begun.code_verifier, begun.nonce)
        async with database.transaction() as tx:
            known = await commands.sign_in.staff_of(tx, identity)
            token = await commands.sign_in.begin(tx, known, "oidc", cookie.token(request))
            if token is None:
                await commands.sign_in.note_failure(tx, known, "oidc", "deactivated")
        if token is None:
            raise OidcError("deactivated")
        return token

    return router


def _to_the_provider(url: str, browser: str, secure: bool) -> Response:
    response = RedirectResponse(url, status_code=303)
    response.set_cookie(
        _COOKIE,
        browser,
        max_age=int(LIFE.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    return response


def _sorry(error: OidcError) -> Response:
    telemetry.logger("oidc").warning("no sign-in at the provider", reason=error.code)
    return RedirectResponse(f"/sign-in?problem={error.code}", status_code=303)
