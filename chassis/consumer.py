"""The batch consumer: many events in, one transaction, acknowledged when it is committed.

Each record is decoded by itself, so that a bad one never fails its batch. The good ones go through
the inbox, the handlers and the outbox in one transaction. When a handler fails on one event, the
batch is done event by event, and the culprit goes to the dead letters.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber

from chassis import dead_letters, inbox, metrics, telemetry
from chassis.backoff import until_done
from chassis.broker import Broker
from chassis.database import Database, Transaction, is_transient
from chassis.dead_letters import DeadLetter, Reason
from chassis.decoding import Decoder, trace_in
from chassis.ends import Ends
from chassis.faststream_metrics import received_by
from chassis.ordering import in_order
from chassis.processing import Processing
from chassis.progress import Progress
from chassis.settings import ServiceSettings
from chassis.traces import Traces
from contracts.envelope import CloudEvent
from contracts.topics import TOPIC_BY_EVENT

Handler = Callable[[list[Any], Transaction], Awaitable[None]]
"""Handles events of its types, in order, within a transaction that is committed afterwards."""

_POLL_MS = 5
_SESSION_MS = 6_000
_BREATH_SECONDS = 0.04

_log = telemetry.logger("consumer")


class Consumer:
    """A service's consumer group: its handlers by event, over all the topics that carry them."""

    def __init__(
        self,
        service: str,
        database: Database,
        broker: Broker,
        handlers: dict[type[CloudEvent], Handler],
        settings: ServiceSettings,
    ) -> None:
        self._service = service
        self._database = database
        self._broker = broker
        self._handlers = handlers
        self._batch_size = settings.batch_size
        self._instance = settings.instance and f"{service}-{settings.instance}"
        self._decoder = Decoder(handlers.keys())
        self.progress = Progress()

    async def run(self) -> None:
        """Consume for ever.

        Raises:
            KafkaError: Kafka was away at the start, or the consuming task ended.
        """
        broker, subscriber = self._subscribe()
        async with Ends(self._broker.bootstrap_servers) as ends:
            try:
                await broker.start()
                self.progress.joined(subscriber.consumer, ends)
                await asyncio.wait(subscriber.tasks, return_when=asyncio.FIRST_COMPLETED)
                raise KafkaConnectionError("the consuming task ended")
            finally:
                self.progress.left()
                await broker.stop()

    def _subscribe(self) -> tuple[KafkaBroker, BatchSubscriber]:
        broker = KafkaBroker(
            self._broker.bootstrap_servers.split(","),
            logger=None,
            middlewares=[received_by(self._service)],
        )
        topics = sorted({TOPIC_BY_EVENT[event].name for event in self._handlers})
        dead_letters.expect_from(topics)
        subscriber = broker.subscriber(
            *topics,
            batch=True,
            group_id=self._service,
            group_instance_id=self._instance,
            session_timeout_ms=_SESSION_MS,
            heartbeat_interval_ms=_SESSION_MS // 3,
            max_records=self._batch_size,
            batch_timeout_ms=_POLL_MS,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            decoder=_leave_undecoded,
            listener=self.progress,
        )
        subscriber(self._consume_message)
        return broker, subscriber

    async def consume(self, records: Sequence[ConsumerRecord]) -> None:
        """Handle a batch of records; when this returns, each was dealt with for good."""
        found, letters = self._decoder.decode_all(records)
        for letter in letters:
            telemetry.continue_trace(trace_in(letter.record.value or b""))
            await self._dead_letter(letter)
        telemetry.leave_trace()
        if not found:
            return
        try:
            await self._handle([event for event, _ in found])
        except Exception as error:  # noqa: BLE001 - the culprit is found one by one
            telemetry.leave_trace()
            _log.error("batch failed, trying its events one by one", size=len(found), exc=error)
            for event, record in found:
                await self._handle_alone(event, record)

    async def _consume_message(self, _body: list[bytes], message: KafkaMessage) -> None:
        raw = message.raw_message
        records = raw if isinstance(raw, tuple) else (raw,)
        with self.progress.batch(records):
            await self.consume(records)
        if len(records) < self._batch_size:
            # Under load a breath makes fewer and larger transactions; a lone event never waits.
            await asyncio.sleep(_BREATH_SECONDS)

    async def _handle_alone(self, event: CloudEvent, record: ConsumerRecord) -> None:
        telemetry.continue_trace(event.trace)
        since = time.time_ns()
        try:
            await self._handle([event])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is kept with the event
            _log.error("event failed", event_id=str(event.id), type=event.type, exc=error)
            Processing(self._service).failed(event, since, error)
            detail = telemetry.describe(error)
            await self._dead_letter(DeadLetter(record, Reason.HANDLER_FAILED, detail))
        self.progress.moved()

    async def _handle(self, events: list[CloudEvent]) -> None:
        await until_done(lambda: self._handle_once(events), is_transient, "for the database")

    async def _handle_once(self, events: list[CloudEvent]) -> None:
        processing, told = Processing(self._service), []
        async with self._database.transaction() as tx:
            new = await inbox.claim(tx, [event.id for event in events])
            fresh = _first_of_each(events, new)
            for handler, found in in_order(fresh, self._handlers):
                run = processing.begin(found)
                told += run
                telemetry.continue_trace(run[0].trace)
                tx.traces = Traces(run)
                with metrics.HANDLER_SECONDS.labels(event=run[0].name).time():
                    await handler(run, tx)
        processing.end()
        _count(events, len(fresh))
        _tell(told)

    async def _dead_letter(self, letter: DeadLetter) -> None:
        await until_done(
            lambda: dead_letters.publish(self._broker, self._service, letter),
            lambda error: isinstance(error, KafkaError | OSError | TimeoutError),
            "for Kafka",
        )


def _first_of_each(events: list[CloudEvent], new: set[Any]) -> list[CloudEvent]:
    first = {event.id: event for event in reversed(events)}
    return [event for event in events if event.id in new and first[event.id] is event]


def _count(events: list[CloudEvent], fresh: int) -> None:
    for name, count in Counter(event.name for event in events).items():
        telemetry.EVENTS.labels(event=name, outcome="handled").inc(count)
    if duplicates := len(events) - fresh:
        telemetry.EVENTS.labels(event="any", outcome="duplicate").inc(duplicates)


def _tell(events: list[CloudEvent]) -> None:
    if not _log.is_enabled_for(logging.DEBUG):
        return
    for event in events:
        telemetry.continue_trace(event.trace)
        _log.debug("event handled", event_id=str(event.id), type=event.type)


async def _leave_undecoded(message: Any) -> Any:
    return message.body
