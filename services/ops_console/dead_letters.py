"""The dead letters of all topics: read, found by id, or chosen as a group."""

from collections.abc import Iterable, Sequence

from aiokafka import TopicPartition

from contracts.topics import TOPICS, Topic
from services.ops_console.errors import DeadLetterError
from services.ops_console.letters import Letter, Place, State, letters_in
from services.ops_console.topic_bounds import bounds_of
from services.ops_console.topic_reading import read


async def read_all(bootstrap_servers: str, topics: Iterable[Topic] = TOPICS) -> list[Letter]:
    """Return the dead letters of these topics, oldest first, open or not.

    Raises:
        KafkaError: Kafka is away, or the topics were never made.
    """
    # chassis/topics.py makes them with one partition each.
    starts = {TopicPartition(topic.dead_letters, 0): 0 for topic in topics}
    letters = letters_in([record async for record in read(bootstrap_servers, starts)])
    # A sweep meanwhile may have taken a resolution before it was read: its letter is not open.
    bounds = await bounds_of(bootstrap_servers, starts)
    return [letter for letter in letters if letter.place.offset >= bounds[_lies_in(letter)].first]


def _lies_in(letter: Letter) -> TopicPartition:
    return TopicPartition(f"{letter.place.topic}.dlq", letter.place.partition)


def find(letters: Iterable[Letter], ids: Sequence[str]) -> list[Letter]:
    """Return the dead letters of these ids.

    Raises:
        DeadLetterError: There is none of that id.
    """
    by_id = {letter.id: letter for letter in letters}
    for each in ids:
        if each not in by_id:
            raise DeadLetterError(
                f"There is no dead letter {each}. Ids look like {TOPICS[0].name}/0/17; "
                "`portico dlq list --each` shows them. What was decided long ago is deleted."
            )
    return [by_id[each] for each in dict.fromkeys(ids)]


def require_open(letters: Iterable[Letter]) -> None:
    """Let nothing be decided twice.

    Raises:
        DeadLetterError: One was replayed or discarded before.
    """
    for letter in letters:
        if letter.resolutions:
            first = letter.resolutions[0]
            raise DeadLetterError(
                f"{letter.id} was {first.state} by {first.by} at {first.at:%Y-%m-%d %H:%M:%S} UTC "
                "already; nothing was done."
            )


def open_ones(letters: Iterable[Letter], topic: str = "", reason: str = "") -> list[Letter]:
    """Return the open dead letters of a topic and a reason; of all topics or reasons without.

    Raises:
        DeadLetterError: There is no such topic.
    """
    require_topic(topic)
    return [
        letter
        for letter in letters
        if letter.state is State.OPEN and is_of(letter, topic=topic, reason=reason)
    ]


def is_of(letter: Letter, *, topic: str, reason: str) -> bool:
    """Tell whether a dead letter is of a topic and a reason; empty ones are any."""
    return topic in {"", letter.place.topic} and reason in {"", letter.reason}


def require_topic(topic: str) -> None:
    """Tell a topic without dead letters from one that does not exist.

    Raises:
        DeadLetterError: There is no such topic.
    """
    names = [each.name for each in TOPICS]
    if topic not in {"", *names}:
        raise DeadLetterError(f"There is no topic {topic}. There are {', '.join(names)}.")


async def of_event(bootstrap_servers: str, place: Place) -> Letter | None:
    """Return the newest dead letter of an event, or that which lies at a place, if there is one.

    Raises:
        KafkaError: Kafka is away, or the topics were never made.
    """
    source = place.topic.removesuffix(".dlq")
    of_topic = [topic for topic in TOPICS if topic.name == source]
    lies_there = place._replace(topic=source)
    return next(
        (
            letter
            for letter in reversed(await read_all(bootstrap_servers, of_topic))
            if (letter.source if place.topic == source else letter.place) == lies_there
        ),
        None,
    )
