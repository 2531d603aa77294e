"""The way to chart_service: what a connection's role may see of a chart."""

import httpx
from pydantic import BaseModel, ValidationError

from chassis import telemetry
from chassis.security.service_calls import Signer
from services.portal_access.models import Connection

_log = telemetry.logger("charts")


class ChartSummary(BaseModel):
    """Whose chart it is."""

    legal_name: str
    preferred_name: str | None = None
    mrn: str | None = None


class Charts:
    """Signed calls to chart_service."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = httpx.AsyncClient(base_url=url, timeout=3)

    async def summary(self, connection: Connection) -> ChartSummary | None:
        """Return whose chart it is, None while chart_service cannot tell."""
        try:
            answer = await self._client.get(
                "/api/v1/access/chart", headers=self._headers(connection)
            )
            answer.raise_for_status()
            return ChartSummary.model_validate_json(answer.content)
        except (httpx.HTTPError, ValidationError) as error:
            _log.warning("a chart cannot be shown", exc=error)
            return None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _headers(self, connection: Connection) -> dict[str, str]:
        token = self._signer.sign(
            "chart_service",
            sub=str(connection.account_id),
            organization=connection.organization_id,
            chart=connection.chart_id,
            person=connection.person_id,
            role=connection.role,
            scopes=connection.scopes,
        )
        headers = {"Authorization": f"Bearer {token}"}
        if traceparent := telemetry.current_traceparent():
            headers["traceparent"] = traceparent
        return headers
