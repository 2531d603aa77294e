"""Watches the flow, twice a second."""

import asyncio

from aiokafka.errors import KafkaError

from chassis import telemetry
from contracts.envelope import utc_now
from services.ops_console.flow_history import History, Sample
from services.ops_console.offsets import OffsetReader
from services.ops_console.service_metrics import ServiceMetrics, Waiting

GROUPS = ("chart_service", "invitation_service", "notification_service", "portal_access")
"""Consumer groups have the names of the services."""

_SECONDS = 0.5

_log = telemetry.logger("collector")


class Collector:
    """Keeps the history of the flow, and wakes who watches it."""

    def __init__(self, bootstrap_servers: str, metrics: ServiceMetrics) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._metrics = metrics
        self._watchers: set[asyncio.Event] = set()
        self.history = History()
        self.waiting: dict[str, Waiting | None] = {}
        """By service: what waits in its database; None while it does not answer."""
        self.kafka_is_away = False

    async def run(self) -> None:
        """Collect for ever; while Kafka is away, say so and try again."""
        while True:
            try:
                async with OffsetReader(self._bootstrap_servers) as reader:
                    await self._collect(reader)
            except KafkaError as error:
                _log.warning("Kafka cannot be reached", exc=error)
                self.kafka_is_away = True
                self.waiting = await self._metrics.read()
                self._wake()
                await asyncio.sleep(_SECONDS)

    def watch(self) -> asyncio.Event:
        """Return an event that is set whenever there is something new; give it back at the end."""
        woken = asyncio.Event()
        self._watchers.add(woken)
        return woken

    def leave(self, woken: asyncio.Event) -> None:
        """Wake this watcher no longer."""
        self._watchers.discard(woken)

    async def _collect(self, reader: OffsetReader) -> None:
        clock = asyncio.get_running_loop()
        while True:
            begun = clock.time()
            reading, self.waiting = await asyncio.gather(reader.read(GROUPS), self._metrics.read())
            self.history.add(Sample(utc_now(), reading))
            self.kafka_is_away = False
            self._wake()
            await asyncio.sleep(max(begun + _SECONDS - clock.time(), 0))

    def _wake(self) -> None:
        for woken in self._watchers:
            woken.set()
