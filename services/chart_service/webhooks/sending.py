"""Sending one message to one endpoint: signed, over https, to an address that was looked at."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx
from standardwebhooks import Webhook

from chassis import telemetry
from contracts.envelope import utc_now
from services.chart_service.models import WebhookDelivery, WebhookEndpoint
from services.chart_service.webhooks import addresses
from services.chart_service.webhooks.addresses import ForbiddenAddressError

TIMEOUT_SECONDS = 10.0
_log = telemetry.logger("webhooks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try, in words for administrators."""

    delivered: bool
    words: str
    gone: bool = False
    """The endpoint says that it is no more (HTTP 410)."""


def signatures(endpoint: WebhookEndpoint, message_id: str, payload: str, now: datetime) -> str:
    """Return the signature header: by the secret, and by the previous one while it lives."""
    secrets = [endpoint.secret]
    if endpoint.previous_secret and (endpoint.previous_secret_until or now) > now:
        secrets.append(endpoint.previous_secret)
    return " ".join(Webhook(secret).sign(message_id, now, payload) for secret in secrets)


class Poster:
    """Sends messages to one endpoint over connections of its own.

    Shared connections would be told apart by address alone, and two hosts may share one.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        # No proxy of the environment's: it would look the host up by itself.
        self._client = httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_SECONDS)

    async def send(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> Outcome:
        """Try to deliver a message, for TIMEOUT_SECONDS at most."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                status = await self._post(endpoint, delivery)
        except ForbiddenAddressError as error:
            return Outcome(False, f"{error}.")
        except (TimeoutError, httpx.TimeoutException):
            return Outcome(False, "No answer within 10 seconds.")
        except (httpx.HTTPError, OSError) as error:
            _log.info("webhook not delivered", exc=error)
            return Outcome(False, "No connection to the address.")
        delivered = httpx.codes.is_success(status)
        return Outcome(delivered, f"Answered {status}.", status == httpx.codes.GONE)

    async def _post(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> int:
        url = httpx.URL(endpoint.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        allowed = await addresses.resolve(url.host, port, allow_private=self._allow_private)
        for address in allowed[:-1]:
            try:
                return await self._post_to(address, url, endpoint, delivery)
            except httpx.ConnectError:
                continue
        return await self._post_to(allowed[-1], url, endpoint, delivery)

    async def _post_to(
        self, address: str, url: httpx.URL, endpoint: WebhookEndpoint, delivery: WebhookDelivery
    ) -> int:
        now, message_id = utc_now(), str(delivery.event_id)
        headers = {
            "Host": url.netloc.decode(),
            "User-Agent": "Portico-Webhooks/1",
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures(endpoint, message_id, delivery.payload, now),
        }
        async with self._client.stream(
            "POST",
            url.copy_with(host=address),
            content=delivery.payload,
            headers=headers,
            extensions={"sni_hostname": url.host},  # the certificate is the host's
        ) as answer:
            return answer.status_code  # what the body says is not read

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._client.aclose()
