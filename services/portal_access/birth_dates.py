"""The way to chart_service: whether a date is the date of birth of a chart's patient."""

from datetime import date
from enum import StrEnum

import httpx
from pydantic import BaseModel, ValidationError

from chassis import telemetry
from chassis.security.service_calls import ServiceClient, Signer
from services.portal_access.invitations import UnavailableError
from services.portal_access.models import Acceptance

_log = telemetry.logger("birth_dates")


class Found(StrEnum):
    """What the chart says of a given date of birth."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    """None is on file."""


class _Answer(BaseModel):
    found: Found


class BirthDates:
    """Signed calls to chart_service, which keeps the dates of birth to itself."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = ServiceClient(base_url=url, timeout=5)

    async def compare(self, acceptance: Acceptance, given: date) -> Found:
        """Return whether this is the date of birth of the patient whose chart it is.

        A chart that is not there, or not for this invitee any more, has none on file.

        Raises:
            UnavailableError: chart_service cannot tell now.
        """
        path, body = "/api/v1/access/birth-date-checks", {"birth_date": given.isoformat()}
        try:
            answer = await self._client.post(path, json=body, headers=self._headers(acceptance))
            if answer.status_code == httpx.codes.NOT_FOUND:
                return Found.MISSING
            return _Answer.model_validate_json(answer.raise_for_status().content).found
        except (httpx.HTTPError, ValidationError) as error:
            # Neither is logged as it is: a validation error quotes what it is about.
            _log.warning("chart_service cannot compare now", error=type(error).__name__)
            raise UnavailableError from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _headers(self, acceptance: Acceptance) -> dict[str, str]:
        return self._signer.headers(
            "chart_service",
            organization=acceptance.organization_id,
            chart=acceptance.chart_id,
            person=acceptance.person_id,
            role=acceptance.role,
        )
