"""The way to Kafka for everything that a service publishes."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis import telemetry

MAX_REQUEST_BYTES = 2_097_152
"""Dead letters may be larger than any event of ours: Kafka's limit and its headers fit."""

MAX_BATCH_BYTES = 524_288
"""What goes to one partition at a time: at least one event of the largest size."""

_log = telemetry.logger("broker")

_partitioner = DefaultPartitioner()

Headers = Sequence[tuple[str, bytes]]


class Broker:
    """An idempotent producer (acks=all) that is made when needed and made anew after a failure."""

    def __init__(self, bootstrap_servers: str) -> None:
        self.bootstrap_servers = bootstrap_servers
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def send_all(self, messages: Sequence[tuple[str, str, bytes]]) -> None:
        """Send (topic, key, value) messages in order; return when all replicas have all of them.

        Raises:
            KafkaError: some may not have arrived; the caller sends all of them again.
        """
        producer = await self._started()
        try:
            sent = [
                await producer.send_batch(batch, topic, partition=partition)
                for (topic, partition), batch in await _batches(producer, messages)
            ]
            await asyncio.gather(*sent)
        except BaseException:
            await self.close()
            raise

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        headers: Headers = (),
        partition: int | None = None,
    ) -> None:
        """Send one message, with headers, and wait until all replicas have it.

        Without a partition the key decides.

        Raises:
            KafkaError: it may not have arrived.
        """
        producer = await self._started()
        try:
            await producer.send_and_wait(
                topic, value, key=key, headers=list(headers), partition=partition
            )
        except BaseException:
            await self.close()
            raise

    async def reachable(self) -> bool:
        """Tell whether a broker answers now."""
        producer = await self._started()
        return bool(await producer.client.force_metadata_update())

    async def close(self) -> None:
        """Drop the connections; the next message opens new ones."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(2):
                    await producer.stop()
            except (TimeoutError, OSError) as error:
                _log.warning("producer left without goodbye", error=telemetry.describe(error))

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self.bootstrap_servers,
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=0,
                    max_batch_size=MAX_BATCH_BYTES,
                    max_request_size=MAX_REQUEST_BYTES,
                    request_timeout_ms=10_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer


def partition_of(key: bytes, partitions: list[int]) -> int:
    """Return which of these sorted partitions a key's messages go to, as Java's clients choose."""
    return int(_partitioner(key, partitions, partitions))


async def _batches(
    producer: AIOKafkaProducer, messages: Sequence[tuple[str, str, bytes]]
) -> list[tuple[tuple[str, int], BatchBuilder]]:
    """Gather messages by topic and partition, in order; several times cheaper than one by one."""
    partitions = {
        topic: sorted(await producer.partitions_for(topic)) for topic in {m[0] for m in messages}
    }
    full: list[tuple[tuple[str, int], BatchBuilder]] = []
    filling: dict[tuple[str, int], BatchBuilder] = {}
    for topic, key, value in messages:
        raw_key = key.encode()
        at = (topic, partition_of(raw_key, partitions[topic]))
        batch = filling.get(at)
        if batch is None or batch.append(key=raw_key, value=value, timestamp=None) is None:
            if batch is not None:
                full.append((at, batch))
            batch = filling[at] = producer.create_batch()
            if batch.append(key=raw_key, value=value, timestamp=None) is None:
                raise ValueError(f"an event of {len(value)} bytes fits into no batch")
    return full + list(filling.items())
