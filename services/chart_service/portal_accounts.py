"""The way to portal_access: an organisation's portal accounts, seen and changed by signed calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel

from chassis import telemetry
from chassis.security.service_calls import ServiceClient, Signer
from chassis.web.problems import ProblemError

_PROBLEM = "urn:portico:problem:"
_EXPLAINED = frozenset({404, 409, 422})
_TIMEOUT_SECONDS = 5

_log = telemetry.logger("portal_accounts")


class Connection(BaseModel):
    """What an account is on a chart, since when."""

    chart: str
    person: str
    role: str
    granted_at: datetime


class Account(BaseModel):
    """A portal account in a list."""

    id: UUID
    email: str
    is_active: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    connections: list[Connection]


class Found(BaseModel):
    """A page of accounts, and how many there are on all pages."""

    total: int
    accounts: list[Account]


class EmailChange(BaseModel):
    """An address that waits to be verified, and until when it can be."""

    email: str
    asked_at: datetime
    expires_at: datetime


class Happened(BaseModel):
    """A line of an account's history."""

    at: datetime
    what: str
    actor: str
    chart: str | None
    person: str | None
    role: str | None
    reason: str | None


class Details(Account):
    """All that is known of an account."""

    terms_accepted_at: datetime
    phone: str | None = None
    second_step: bool = False
    """Whether the password alone lets nobody in."""
    email_change: EmailChange | None
    history: list[Happened]

    def connection(self, chart: str, role: str) -> Connection | None:
        """Return how the account is connected to a chart in a role, None if it is not."""
        return next((c for c in self.connections if (c.chart, c.role) == (chart, role)), None)


class AwayError(ProblemError):
    """portal_access was not reached, or could not do it: nothing was changed."""

    def __init__(self) -> None:
        sentence = "Portal accounts cannot be reached just now. Nothing was changed."
        super().__init__(503, "portal_accounts_away", sentence)


class SilentError(ProblemError):
    """portal_access took a call and did not answer in time: nobody knows what came of it."""

    def __init__(self) -> None:
        sentence = "Portal accounts did not answer in time. Look whether the account has changed."
        super().__init__(503, "portal_accounts_silent", sentence)


class PortalAccounts:
    """Signed calls to portal_access, for one organisation and by one member of staff each."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = ServiceClient(base_url=url, timeout=_TIMEOUT_SECONDS)

    async def search(
        self, organization: str, actor: str, q: str, status: str | None, page: int, size: int
    ) -> Found:
        """Return a page of the accounts whose address has a part; as for all, AwayError."""
        body = {"q": q, "status": status, "page": page, "size": size}
        answer = await self._call(organization, actor, "POST", "/search", body)
        return Found.model_validate_json(answer.content)

    async def details(self, organization: str, actor: str, account: UUID) -> Details:
        """Return an account.

        Raises:
            ProblemError: 404, there is none of this id.
        """
        answer = await self._call(organization, actor, "GET", f"/{account}")
        return Details.model_validate_json(answer.content)

    async def disable(self, organization: str, actor: str, account: UUID) -> None:
        """Let nobody in by an account."""
        await self._call(organization, actor, "POST", f"/{account}/disable")

    async def enable(self, organization: str, actor: str, account: UUID) -> None:
        """Let the holder of an account in again."""
        await self._call(organization, actor, "POST", f"/{account}/enable")

    async def remove_second_step(self, organization: str, actor: str, account: UUID) -> None:
        """Let the holder of an account in by the password alone."""
        await self._call(organization, actor, "POST", f"/{account}/second-step/remove")

    async def disconnect(
        self, organization: str, actor: str, account: UUID, chart: str, role: str
    ) -> None:
        """Take one chart away from an account."""
        body = {"chart": chart, "role": role}
        await self._call(organization, actor, "POST", f"/{account}/disconnect", body)

    async def change_email(
        self, organization: str, actor: str, account: UUID, email: str
    ) -> EmailChange:
        """Ask the holder of a new address to verify it.

        Raises:
            ProblemError: 409, the account has this address already, or another account has.
        """
        path = f"/{account}/email-change"
        answer = await self._call(organization, actor, "POST", path, {"email": email})
        return EmailChange.model_validate_json(answer.content)

    async def resend(self, organization: str, actor: str, account: UUID) -> EmailChange:
        """Send the mail to the new address again.

        Raises:
            ProblemError: 409, no address waits to be verified.
        """
        path = f"/{account}/email-change/resend"
        answer = await self._call(organization, actor, "POST", path)
        return EmailChange.model_validate_json(answer.content)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(
        self, organization: str, actor: str, method: str, path: str, body: object = None
    ) -> httpx.Response:
        headers = self._headers(organization, actor)
        try:
            answer = await self._client.request(
                method, f"/api/v1/accounts{path}", json=body, headers=headers
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            _log.warning("portal_access is away", exc=error)
            raise AwayError from error
        except httpx.HTTPError as error:
            _log.warning("portal_access does not answer", exc=error)
            raise SilentError from error
        if answer.status_code in _EXPLAINED:
            raise _problem_in(answer)
        if not answer.is_success:
            _log.warning("portal_access failed", status=answer.status_code)
            raise AwayError
        return answer

    def _headers(self, organization: str, actor: str) -> dict[str, str]:
        return self._signer.headers("portal_access", organization=organization, actor=actor)


def _problem_in(answer: httpx.Response) -> ProblemError:
    body: dict[str, Any] = answer.json()
    code = str(body.get("type", "")).removeprefix(_PROBLEM)
    return ProblemError(answer.status_code, code, str(body.get("detail", "")))
