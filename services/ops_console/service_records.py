"""What the services themselves know of an invitation now, asked for by signed calls."""

import asyncio
from collections.abc import Mapping, Sequence

import httpx
from pydantic import ValidationError

from chassis import telemetry
from chassis.instances import service_of
from chassis.records import MOST_INVITATIONS, Record, Records
from chassis.security.service_calls import ServiceClient, Signer

_LIMIT_SECONDS = 3.0

_log = telemetry.logger("service records")

Found = dict[str, list[Record] | None]
"""By service; None for one that did not answer."""


class ServiceRecords:
    """Asks the first instance of each service; without a signer, nobody."""

    def __init__(self, urls: Mapping[str, str], signer: Signer | None) -> None:
        self._urls = {name: url for name, url in urls.items() if service_of(name) == name}
        self._signer = signer
        self._client = ServiceClient(timeout=_LIMIT_SECONDS)

    async def of(self, key: str, invitations: Sequence[str]) -> Found:
        """Return what each service knows of `organization/chart/person` and of these invitations.

        The newest are asked about where there are very many.
        """
        if self._signer is None:
            return {}
        ids = invitations[-MOST_INVITATIONS:]
        asked = (self._ask(self._signer, name, key, ids) for name in self._urls)
        answers = await asyncio.gather(*asked)
        return dict(zip(self._urls, answers, strict=True))

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def _ask(
        self, signer: Signer, name: str, key: str, ids: Sequence[str]
    ) -> list[Record] | None:
        try:
            answer = await self._client.get(
                f"{self._urls[name]}/internal/records/{key}",
                params={"invitation": list(ids)},
                headers=signer.headers(name),
            )
            return Records.model_validate_json(answer.raise_for_status().content).records
        except (httpx.HTTPError, ValidationError) as error:
            _log.warning("a service does not tell what it knows", asked=name, exc=error)
            return None
