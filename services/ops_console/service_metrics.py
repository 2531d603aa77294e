"""What waits in the services' own databases, as their /metrics tell it."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import httpx
from prometheus_client.parser import text_string_to_metric_families

OUTBOX = "portico_outbox_events"
OUTBOX_AGE = "portico_outbox_oldest_age_seconds"
MAILS = "portico_mails_waiting"

_LIMIT_SECONDS = 0.8


class Waiting(NamedTuple):
    """What a service has yet to publish or send; None where it has no such queue."""

    outbox: int | None
    outbox_age_seconds: float | None
    mails: int | None


class ServiceMetrics:
    """Asks the services."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self._client = httpx.AsyncClient(timeout=_LIMIT_SECONDS)

    async def read(self) -> dict[str, Waiting | None]:
        """Return what waits in each service; None for one that does not answer."""
        found = await asyncio.gather(*(self._of(url) for url in self._urls.values()))
        return dict(zip(self._urls, found, strict=True))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _of(self, url: str) -> Waiting | None:
        try:
            answer = await self._client.get(f"{url}/metrics")
            answer.raise_for_status()
        except httpx.HTTPError:
            return None
        return waiting_in(answer.text)


def waiting_in(exposition: str) -> Waiting:
    """Read what waits from metrics in Prometheus' text format."""
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name in {OUTBOX, OUTBOX_AGE, MAILS}
    }
    return Waiting(_whole(values.get(OUTBOX)), values.get(OUTBOX_AGE), _whole(values.get(MAILS)))


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
