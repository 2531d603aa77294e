"""The way to notification_service: how a mail would look, and one to try.

That service makes both of what makes its mails, so that what is shown is what will be sent.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

import httpx
from pydantic import BaseModel, ValidationError

from chassis import telemetry
from chassis.security.service_calls import ServiceClient, Signer
from contracts.chart import Logo
from services.chart_service.models import Location, Organization

_log = telemetry.logger("mail_previews")

_AWAY = "The mail service does not answer. Everything else on this page works; try again later."


class MailKind(StrEnum):
    """The mails whose look is shown."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class MailLanguage(StrEnum):
    """The languages that mails are written in."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class MailLook:
    """A brand, saved or not, and what else of a mail differs by the settings."""

    name: str
    phone: str
    logo: Logo | None
    given_name: str
    invitation_days: int
    kind: MailKind = MailKind.INVITATION
    language: MailLanguage = MailLanguage.ENGLISH

    @classmethod
    def of(cls, organization: Organization, given_name: str) -> Self:
        """Return an organisation's mail as it is."""
        return cls(
            organization.name,
            organization.phone,
            organization.logo_value,
            given_name,
            organization.invitation_days,
        )

    def at(self, location: Location) -> Self:
        """Return the mail of one of the organisation's places."""
        return replace(
            self,
            name=location.name,
            phone=location.phone or self.phone,
            logo=location.logo_value or self.logo,
        )


class MailPreview(BaseModel):
    """What a mail program would show."""

    subject: str
    html: str
    text: str


class PreviewError(Exception):
    """There is no preview or no test mail; the message tells people why."""


class MailPreviews:
    """Signed calls to notification_service."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = ServiceClient(base_url=url, timeout=httpx.Timeout(25, connect=3))

    async def preview(self, look: MailLook) -> MailPreview:
        """Return how a mail would look.

        Raises:
            PreviewError: notification_service is away or cannot make it.
        """
        answer = await self._post("/api/v1/previews", _body(look))
        try:
            return MailPreview.model_validate_json(answer.content)
        except ValidationError as error:
            raise PreviewError(_AWAY) from error

    async def send(self, look: MailLook, to: str) -> None:
        """Send a mail of this look now, for a look at it in a real mailbox.

        Raises:
            PreviewError: it was not sent: notification_service or the mail server is away, or the
                mail server refuses it.
        """
        await self._post("/api/v1/test-mails", _body(look) | {"to": to})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = self._signer.headers("notification_service")
        try:
            answer = await self._client.post(path, json=body, headers=headers)
        except httpx.HTTPError as error:
            _log.warning("notification_service is away", exc=error)
            raise PreviewError(_AWAY) from error
        if not answer.is_success:
            _log.warning("notification_service made no mail", status=answer.status_code)
            raise PreviewError(_reason_in(answer))
        return answer


def _body(look: MailLook) -> dict[str, Any]:
    logo = look.logo.model_dump(mode="json") if look.logo else None
    return {
        "name": look.name,
        "phone": look.phone,
        "logo": logo,
        "given_name": look.given_name,
        "invitation_days": look.invitation_days,
        "kind": look.kind.value,
        "language": look.language.value,
    }


def _reason_in(answer: httpx.Response) -> str:
    if answer.status_code != httpx.codes.BAD_GATEWAY:
        return _AWAY
    # What the mail server said is for whoever asked for the mail.
    return str(answer.json().get("detail", _AWAY))
