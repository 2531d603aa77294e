"""Watches the flow, twice a second."""

import asyncio
from datetime import timedelta

from aiokafka.errors import KafkaError

from chassis import telemetry
from contracts.envelope import utc_now
from services.ops_console.cluster import Cluster, ClusterReader
from services.ops_console.flow_history import History, Sample
from services.ops_console.hour import Hour
from services.ops_console.offsets import OffsetReader
from services.ops_console.service_metrics import ServiceMetrics, Waiting

GROUPS = ("chart_service", "invitation_service", "notification_service", "portal_access")
"""Consumer groups have the names of the services."""

READS_EVERY = timedelta(seconds=0.5)
_READINGS_PER_CLUSTER = 3
_PATIENCE = timedelta(seconds=12)
"""For so long the brokers that are left may need to take over what one led that went away: Kafka
gives up a broker after 9 s, unless told otherwise."""

_log = telemetry.logger("collector")


class Collector:
    """Keeps the history of the flow, and wakes who watches it."""

    def __init__(self, bootstrap_servers: str, metrics: ServiceMetrics) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._metrics = metrics
        self._watchers: set[asyncio.Event] = set()
        self.history = History()
        self.hour = Hour()
        self.cluster: Cluster | None = None
        """None before it was read for the first time."""
        self.waiting: dict[str, Waiting | None] = {}
        """By instance: what waits in its database; None while it does not answer."""
        self.kafka_is_away = False
        self._read_at = utc_now()
        self.readings = 0
        """How often something was read; what is made of it stays the same in between."""

    async def run(self) -> None:
        """Collect for ever; while Kafka is away, say so and try again."""
        while True:
            try:
                await self._collect_while_all_answer()
            except KafkaError as error:
                _log.warning("Kafka cannot be reached", exc=error)
                self.kafka_is_away = True
                self.waiting = await self._metrics.read()
                self.hour.add_without_kafka(utc_now(), self.waiting)
                self._wake()
                await asyncio.sleep(READS_EVERY.total_seconds())

    def watch(self) -> asyncio.Event:
        """Return an event that is set whenever there is something new; give it back at the end."""
        woken = asyncio.Event()
        self._watchers.add(woken)
        return woken

    def leave(self, woken: asyncio.Event) -> None:
        """Wake this watcher no longer."""
        self._watchers.discard(woken)

    async def _collect_while_all_answer(self) -> None:
        """Collect until a broker goes away.

        Raises:
            KafkaError: None of the brokers answers, or nothing can be read for some seconds.
        """
        async with (
            OffsetReader(self._bootstrap_servers) as offsets,
            ClusterReader(self._bootstrap_servers) as cluster,
        ):
            try:
                self.cluster = await cluster.read(GROUPS)
                await self._collect(offsets, cluster)
            except KafkaError as error:
                if utc_now() - self._read_at > _PATIENCE:
                    raise
                # Who is left takes over within seconds; they are found by connecting anew.
                _log.warning("a broker does not answer", exc=error)
                self._wake()
                await asyncio.sleep(READS_EVERY.total_seconds())

    async def _collect(self, offsets: OffsetReader, cluster: ClusterReader) -> None:
        clock = asyncio.get_running_loop()
        while True:
            begun = clock.time()
            if self.readings % _READINGS_PER_CLUSTER == 0:
                self.cluster = await cluster.read(GROUPS)
            reading, self.waiting = await asyncio.gather(offsets.read(GROUPS), self._metrics.read())
            self._read_at = utc_now()
            self.history.add(Sample(self._read_at, reading))
            self.hour.add(self.history, self.waiting)
            self.kafka_is_away = False
            self._wake()
            await asyncio.sleep(max(begun + READS_EVERY.total_seconds() - clock.time(), 0))

    def _wake(self) -> None:
        self.readings += 1
        for woken in self._watchers:
            woken.set()
