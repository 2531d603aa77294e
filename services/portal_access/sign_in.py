"""Who somebody is: passwords checked, sessions begun and ended."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Database
from chassis.security import passwords
from chassis.security.tokens import hash_of, new_token
from chassis.web import sessions
from chassis.web.languages import gettext, marked
from chassis.web.sessions import SessionCookie
from services.portal_access import account_news, devices, queries, rules, throttle
from services.portal_access.models import Account, Brand, Happened

CONFIRMED_FOR = timedelta(minutes=10)
"""How long after a sign-in, or the password, somebody may change how they sign in."""


class Refusal(StrEnum):
    """Why somebody is not let in; the same for an address nobody has and a wrong password.

    That an account is disabled learns only who knows its password.
    """

    WRONG = "wrong"
    THROTTLED = "throttled"
    DISABLED = "disabled"


_SENTENCES = {
    Refusal.WRONG: (422, marked("The e-mail address or the password is not right")),
    Refusal.THROTTLED: (429, throttle.TOO_OFTEN),
}


def refused(refusal: Refusal, brand: Brand) -> tuple[int, str]:
    """Return the status and the sentence with which somebody is not let in."""
    if refusal is Refusal.DISABLED:
        sentence = gettext("This account is disabled. Call {name} at {phone}")
        return 403, sentence.format(name=brand.name, phone=brand.phone)
    status, sentence = _SENTENCES[refusal]
    return status, gettext(sentence)


class SignIn:
    """Accounts' passwords and sessions."""

    def __init__(self, database: Database, cookie: SessionCookie) -> None:
        self._database = database
        self._cookie = cookie

    async def check(
        self, organization: str, email: str, password: str, network_address: str
    ) -> Account | Refusal:
        """Return the account whose address and password these are."""
        key = rules.email_key(email)
        counted = throttle.sources(organization, key, network_address)
        async with self._database.transaction() as tx:
            may_go_on = await throttle.count(tx, counted)
            account = await queries.accounts.account(tx, organization, key)
        if not may_go_on:
            return Refusal.THROTTLED
        password_hash = account.password_hash if account else None
        if not await passwords.matches(password, password_hash) or account is None:
            return Refusal.WRONG
        counted_at = tx.now
        async with self._database.transaction() as tx:
            await throttle.forgive(tx, counted, counted_at)
        return account if account.is_active else Refusal.DISABLED

    async def account(self, request: Request) -> Account | None:
        """Return whose session the request carries, if it is still good."""
        async with self._database.transaction() as tx:
            subject = await sessions.subject_of(tx, self._cookie.token(request))
            if subject is None:
                return None
            return await queries.accounts.account_with_open_portal(tx, UUID(subject))

    async def begin(self, request: Request, response: Response, account_id: UUID) -> None:
        """Begin a session of who has proved who they are; the one before, if any, ends.

        None begins for an account that was disabled just now.
        """
        async with self._database.transaction() as tx:
            if old := self._cookie.token(request):
                await sessions.end(tx, old)
            account = await queries.accounts.signed_in(tx, account_id)
            if account is None:
                return
            await account_news.note(tx, account, Happened.SIGNED_IN)
            token = await sessions.begin(tx, str(account_id))
            await queries.sessions.begun(tx, hash_of(token), devices.device_of(request))
        self._cookie.set(response, token)

    async def is_confirmed(self, request: Request) -> bool:
        """Tell whether who is signed in has proved lately that it is they."""
        async with self._database.transaction() as tx:
            since = tx.now - CONFIRMED_FOR
            return await queries.sessions.was_confirmed(tx, self.session_of(request), since)

    async def confirm(self, request: Request, response: Response) -> None:
        """Note that who is signed in has proved just now that it is they.

        The session goes on under a new token (OWASP ASVS 5.0, 7.2.4).
        """
        token = new_token()
        async with self._database.transaction() as tx:
            await queries.sessions.confirm(tx, self.session_of(request), hash_of(token))
        self._cookie.set(response, token)

    def session_of(self, request: Request) -> bytes:
        """Return by which hash the request's session is stored."""
        return hash_of(self._cookie.token(request) or "")

    def token_of(self, request: Request) -> str | None:
        """Return the token of the request's session."""
        return self._cookie.token(request)

    async def end(self, request: Request, response: Response) -> None:
        """End the session."""
        if token := self._cookie.token(request):
            async with self._database.transaction() as tx:
                await sessions.end(tx, token)
        self._cookie.clear(response)
