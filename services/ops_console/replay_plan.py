"""What a replay of dead letters would do: what is sent, what cannot be, what to know before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition

from chassis.dead_letters import KEPT_KEY_BYTES
from chassis.inbox import KEPT_FOR
from contracts.envelope import MAX_EVENT_BYTES, utc_now
from contracts.topics import TOPICS
from services.ops_console.letters import Letter, Place, State
from services.ops_console.topic_reading import read

_COMPACTED = {topic.name for topic in TOPICS if topic.retention is None}


@dataclass(frozen=True)
class Plan:
    """What a replay would do.

    `ready` is in the order in which it is sent; `refused` says why a dead letter cannot be replayed
    and what to do instead; `warnings` is what whoever replays should know before.
    """

    ready: list[Letter]
    refused: list[tuple[Letter, str]]
    warnings: list[str]


async def plan(bootstrap_servers: str, chosen: Sequence[Letter], letters: Sequence[Letter]) -> Plan:
    """Look at what would happen if these open dead letters, of all, were replayed.

    Other consumers' dead letters of the same events are replayed with them: a replay reaches all.

    Raises:
        KafkaError: Kafka is away.
    """
    sources = {letter.source for letter in chosen}
    open_ones = [letter for letter in letters if letter.state is State.OPEN]
    together = [letter for letter in open_ones if letter.source in sources]
    refused = [(letter, why) for letter in together if (why := _why_too_large(letter))]
    whole = [letter for letter in together if not _why_too_large(letter)]
    discarded = {letter.source for letter in letters if letter.state is State.DISCARDED}
    stale = await _stale(bootstrap_servers, whole, discarded)
    refused += [(letter, _why_stale(letter)) for letter in whole if letter in stale]
    ready = sorted(
        (letter for letter in whole if letter not in stale),
        key=lambda letter: (letter.source, letter.place),
    )
    return Plan(ready, refused, _warnings(ready, open_ones))


def _why_too_large(letter: Letter) -> str | None:
    if letter.truncated_from or len(letter.key or b"") >= KEPT_KEY_BYTES:
        return (
            "Only its beginning was kept. Have its publisher send it anew, in no more than "
            f"{MAX_EVENT_BYTES:,} bytes, and discard this one."
        )
    if len(letter.value) > MAX_EVENT_BYTES:
        return (
            f"It has {len(letter.value):,} bytes, and no consumer takes more than "
            f"{MAX_EVENT_BYTES:,}. Have its publisher send less, and discard this one."
        )
    return None


def _why_stale(letter: Letter) -> str:
    return (
        f"A newer event of its key is on {letter.source.topic}, which keeps the newest of each key "
        "for ever: this one would take its place. Discard it, or replay the newer one with it."
    )


async def _stale(
    bootstrap_servers: str, letters: Sequence[Letter], discarded: set[Place]
) -> set[Letter]:
    """Return those after which a compacted topic would end with an older event than it does now."""
    compacted = [letter for letter in letters if letter.source.topic in _COMPACTED]
    newest = await _newest(bootstrap_servers, compacted, discarded)
    sent = {(letter.source.topic, letter.key, letter.value) for letter in compacted}
    return {
        letter
        for letter in compacted
        if (name := (letter.source.topic, letter.key)) in newest
        and (*name, newest[name]) not in sent
    }


async def _newest(
    bootstrap_servers: str, letters: Sequence[Letter], discarded: set[Place]
) -> dict[tuple[str, bytes | None], bytes | None]:
    """Return the newest event by topic and key, from the first of these dead letters on."""
    starts: dict[TopicPartition, int] = {}
    for topic, partition, offset in (letter.source for letter in letters):
        at = TopicPartition(topic, partition)
        starts[at] = min(offset, starts.get(at, offset))
    return {
        (record.topic, record.key): record.value
        async for record in read(bootstrap_servers, starts)
        if Place(record.topic, record.partition, record.offset) not in discarded
    }


def _warnings(ready: Sequence[Letter], open_ones: Iterable[Letter]) -> list[str]:
    warnings = []
    if old := sum(letter.failed_at < utc_now() - KEPT_FOR for letter in ready):
        warnings.append(
            f"{old:,} failed more than {KEPT_FOR.days} days ago. Consumers that handled them then "
            "may have forgotten it, and handle them again."
        )
    if left := _left_behind(ready, open_ones):
        warnings.append(f"Older dead letters of the same keys stay open: {left:,}.")
    return warnings


def _left_behind(ready: Sequence[Letter], open_ones: Iterable[Letter]) -> int:
    """Return how many open dead letters a replay overtakes."""
    last = {(letter.source[:2], letter.key): letter.source for letter in ready}
    sent = {letter.source for letter in ready}
    return sum(
        letter.source not in sent
        and letter.source < last.get((letter.source[:2], letter.key), letter.source)
        for letter in open_ones
    )
