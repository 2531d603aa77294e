"""The end of dead letters on a real Kafka: what was decided goes, what is open stays."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from chassis import dead_letters as giving_up
from chassis.broker import Broker
from chassis.security.passwords import hash_now
from contracts.envelope import utc_now
from contracts.topics import OPS_AUDIT
from services.ops_console import dead_letters, sweeper, topic_reading
from services.ops_console.app import build
from services.ops_console.flow_history import dead_letters_of
from services.ops_console.letters import Letter, State
from services.ops_console.offsets import OffsetReader
from services.ops_console.resolving import Decision, resolve
from services.ops_console.settings import Settings
from services.ops_console.topic_bounds import bounds_of
from tests.infrastructure import Servers
from tests.integration.chart_service.serving import serving

TOPICS = (OPS_AUDIT,)
"""No other test has dead letters of it."""
AT = TopicPartition(OPS_AUDIT.dead_letters, 0)


class DeadLetters:
    """The dead letters of a topic, given up, decided about and swept by a test."""

    def __init__(self, kafka: str, broker: Broker) -> None:
        self.kafka = kafka
        self._broker = broker

    async def all(self) -> list[Letter]:
        """Return what there is."""
        return await dead_letters.read_all(self.kafka, TOPICS)

    async def first(self) -> int:
        """Return the offset at which they begin."""
        return (await bounds_of(self.kafka, [AT]))[AT].first

    async def end(self) -> int:
        """Return the offset at which the next will be."""
        return (await bounds_of(self.kafka, [AT]))[AT].end

    async def give_up(self) -> Letter:
        """Let a consumer give up an event."""
        key = uuid4().hex.encode()
        record = ConsumerRecord(OPS_AUDIT.name, 0, 0, 0, 0, key, b"{}", None, 32, 2, ())
        letter = giving_up.DeadLetter(record, giving_up.Reason.MALFORMED, "ValueError")
        await giving_up.publish(self._broker, "a_service", letter)
        return next(each for each in await self.all() if each.key == key)

    async def decide(self, *letters: Letter, state: State = State.REPLAYED) -> None:
        """Write down what became of them."""
        for letter in letters:
            await resolve(self._broker, letter, state, Decision("cli:ana", "mended"))

    async def decided(self, days_ago: int) -> None:
        """Let one have been given up and replayed so long ago."""
        at = utc_now() - timedelta(days=days_ago)
        source = {"consumer": "a_service", "partition": "0", "offset": "0"}
        failure = {"reason": "malformed", "detail": "ValueError", "failed_at": at.isoformat()}
        decision = {"resolution": "replayed", "by": "cli:ana", "at": at.isoformat(), "why": ""}
        async with AIOKafkaProducer(bootstrap_servers=self.kafka) as producer:
            for headers in (
                {**source, **failure},
                {"resolves": f"0:{await self.end()}", **decision},
            ):
                encoded = [(name, value.encode()) for name, value in headers.items()]
                await producer.send_and_wait(
                    AT.topic, b"{}", b"k", AT.partition, int(at.timestamp() * 1000), encoded
                )

    async def end_all(self) -> None:
        """Leave none, neither to the next test nor to another's page."""
        await self.decide(*await self.all())
        await self.sweep()
        assert await self.first() == await self.end()

    async def sweep(self, decided_before: datetime | None = None) -> None:
        """Delete what was decided before a time, or until now."""
        a_moment_later = utc_now() + timedelta(minutes=1)
        await sweeper.sweep(self.kafka, decided_before or a_moment_later, TOPICS)


@pytest.fixture
async def topic(servers: Servers) -> AsyncIterator[DeadLetters]:
    """A topic in which no dead letter lies."""
    broker = Broker(servers.kafka)
    found = DeadLetters(servers.kafka, broker)
    await found.end_all()
    yield found
    await found.end_all()
    await broker.close()


async def test_what_was_decided_goes_and_an_open_one_stays_with_all_that_follows(
    topic: DeadLetters,
) -> None:
    replayed, discarded, still_open = [await topic.give_up() for _ in range(3)]
    await topic.decide(discarded, state=State.DISCARDED)
    await topic.decide(replayed)
    follows = await topic.give_up()
    await topic.decide(follows)
    await topic.sweep()
    assert await topic.first() == still_open.place.offset
    assert {each.id: each.state for each in await topic.all()} == {
        still_open.id: State.OPEN,
        follows.id: State.REPLAYED,
    }
    await topic.decide(still_open)
    await topic.sweep()
    assert await topic.first() == await topic.end()
    assert await topic.all() == []


async def test_what_was_decided_a_short_while_ago_stays(topic: DeadLetters) -> None:
    letter = await topic.give_up()
    await topic.decide(letter)
    await topic.sweep(utc_now() - timedelta(days=30))
    assert await topic.first() == letter.place.offset
    assert [each.state for each in await topic.all()] == [State.REPLAYED]


async def test_a_decision_about_one_that_is_gone_makes_it_neither_open_nor_stay(
    topic: DeadLetters,
) -> None:
    gone = await topic.give_up()
    await topic.decide(gone)
    await topic.sweep()
    await topic.decide(gone)
    still_open = await topic.give_up()
    assert await topic.all() == [still_open]
    await topic.sweep()
    assert await topic.first() == still_open.place.offset


async def test_two_consoles_may_sweep_at_once(topic: DeadLetters) -> None:
    letters = [await topic.give_up() for _ in range(3)]
    await topic.decide(*letters[:2])
    await asyncio.gather(*(topic.sweep() for _ in range(4)))
    assert await topic.all() == letters[2:]


async def test_who_reads_during_a_sweep_is_told_of_no_decided_one_that_it_is_open(
    topic: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = await topic.give_up()
    await topic.decide(letter)

    async def read_slowly(
        servers: str, starts: Mapping[TopicPartition, int]
    ) -> AsyncIterator[ConsumerRecord]:
        until = {AT: letter.place.offset + 1}
        async for record in topic_reading.read(servers, starts, until=until):
            yield record
        await topic.sweep()
        async for record in topic_reading.read(servers, {AT: letter.place.offset + 1}):
            yield record

    monkeypatch.setattr(dead_letters, "read", read_slowly)
    assert await topic.all() == []


async def test_what_is_gone_is_not_counted(topic: DeadLetters) -> None:
    letters = [await topic.give_up() for _ in range(2)]
    await topic.decide(letters[0])
    async with OffsetReader(topic.kafka, TOPICS) as reader:
        assert dead_letters_of(await reader.read([]), OPS_AUDIT) == 3
        await topic.sweep()
        assert dead_letters_of(await reader.read([]), OPS_AUDIT) == 2


async def test_a_console_deletes_by_itself_what_was_decided_longer_ago_than_it_is_told(
    topic: DeadLetters,
) -> None:
    for days_ago in (60, 50, 41, 39, 31):
        await topic.decided(days_ago)
    settings = Settings(
        kafka_bootstrap_servers=topic.kafka,
        ops_users={"ops": hash_now("green hills of spring")},
        ops_secret="a secret of the console's tests",
        ops_url="http://127.0.0.1",
        ops_keep_decided_days=40,
    )
    before = await topic.first()
    async with serving(build(settings)), asyncio.timeout(60):
        while await topic.first() == before:
            pass
    ages = [utc_now() - each.resolutions[0].at for each in await topic.all()]
    assert [age.days for age in ages] == [39, 31]
