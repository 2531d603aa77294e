"""What waits in the services' own databases, as their /metrics tell it."""

import asyncio
from collections.abc import Mapping
from math import isnan
from typing import NamedTuple

import httpx
from prometheus_client.parser import text_string_to_metric_families

from chassis.instances import service_of

OUTBOX = "portico_outbox_events"
OUTBOX_AGE = "portico_outbox_oldest_age_seconds"
MAILS = "portico_mails_waiting"
MAILS_AGE = "portico_mails_oldest_due_age_seconds"
_WANTED = (OUTBOX, OUTBOX_AGE, MAILS, MAILS_AGE)
"""All others are not even asked for: to write and read them all costs more than all else here."""

_LIMIT_SECONDS = 0.8


class Waiting(NamedTuple):
    """What a service has yet to publish or send; None where it has no such queue."""

    outbox: int | None
    outbox_age_seconds: float | None
    mails: int | None
    mails_age_seconds: float | None = None
    """For how long the next mail has been due."""


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
            answer = await self._client.get(f"{url}/metrics", params={"name[]": _WANTED})
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
        if sample.name in _WANTED
    }
    return Waiting(
        _whole(values.get(OUTBOX)),
        _known(values.get(OUTBOX_AGE)),
        _whole(values.get(MAILS)),
        _known(values.get(MAILS_AGE)),
    )


def by_service(waiting: Mapping[str, Waiting | None]) -> dict[str, Waiting]:
    """Return what waits in each service's database, which its instances share, by who answers."""
    found: dict[str, Waiting] = {}
    for instance, one in waiting.items():
        if one is not None:
            found.setdefault(service_of(instance), one)
    return found


def _known(value: float | None) -> float | None:
    # NaN says that the service itself could not find out.
    return None if value is None or isnan(value) else value


def _whole(value: float | None) -> int | None:
    known = _known(value)
    return None if known is None else int(known)
