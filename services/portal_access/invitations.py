"""The way to invitation_service: what a token stands for, and redeeming it."""

from uuid import UUID

import httpx
from pydantic import BaseModel

from chassis import telemetry
from chassis.security.service_calls import ServiceClient, Signer
from contracts.scopes import Role
from services.portal_access import rules

_PROBLEM = "urn:portico:problem:"
_REFUSALS = frozenset({404, 409, 429})

_log = telemetry.logger("invitations")


class FoundInvitation(BaseModel):
    """What a token stands for."""

    invitation_id: UUID
    organization: str
    chart: str
    person: str
    role: Role
    email: str
    state: str


class RefusedError(Exception):
    """The token cannot be used: why (see refused.html), and of which organisation it is.

    With an invitation's id, it is kept (refused_links.py), and a new one may be asked for.
    """

    def __init__(
        self, reason: str, organization: str | None = None, invitation_id: UUID | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.organization = organization
        self.invitation_id = invitation_id


class UnavailableError(Exception):
    """invitation_service is away; the same call is worth another try."""


class Invitations:
    """Signed calls to invitation_service."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = ServiceClient(base_url=url, timeout=5)

    async def look_up(self, token: str, network_address: str) -> FoundInvitation:
        """Return what a token stands for; nothing is consumed.

        Raises:
            RefusedError: nobody issued it (unknown), or too many tries (throttled).
            UnavailableError: invitation_service does not answer.
        """
        answer = await self._post("/api/v1/lookups", {"token": token}, network_address)
        return FoundInvitation.model_validate_json(answer.content)

    async def redeem(
        self, token: str, redemption_id: UUID, account_id: UUID, network_address: str
    ) -> None:
        """Accept the invitation for this account; the same redemption again is no other.

        Raises:
            RefusedError: accepted by another, expired, superseded, revoked, unknown, throttled.
            UnavailableError: no answer; it may have been redeemed all the same.
        """
        body = {
            "token": token,
            "redemption_id": str(redemption_id),
            "account_id": str(account_id),
        }
        await self._post("/api/v1/redemptions", body, network_address)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, path: str, body: dict[str, str], address: str) -> httpx.Response:
        try:
            answer = await self._client.post(path, json=body, headers=self._headers(address))
        except httpx.HTTPError as error:
            _log.warning("invitation_service is away", exc=error)
            raise UnavailableError from error
        if answer.status_code in _REFUSALS:
            raise RefusedError(_reason_in(answer))
        if not answer.is_success:
            _log.warning("invitation_service failed", status=answer.status_code)
            raise UnavailableError
        return answer

    def _headers(self, address: str) -> dict[str, str]:
        headers = self._signer.headers("invitation_service")
        if rules.is_ip_address(address):
            headers["X-Portico-Client"] = address
        return headers


def _reason_in(answer: httpx.Response) -> str:
    code = str(answer.json().get("type", "")).removeprefix(_PROBLEM)
    return code.removeprefix("invitation_").replace("token_unknown", "unknown")
