"""The transactional outbox: events wait in the database of the transaction that made them.

They are inserted by the transaction and published by the relay; `chassis/relay.py` is its reader.
"""

import zlib
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import MAX_EVENT_BYTES, CloudEvent
from contracts.topics import TOPIC_BY_EVENT

SHARDS = 16
"""Keys are spread over this many shards; a shard is published by one relay at a time."""

DDL = """
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard smallint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    payload bytea NOT NULL
)
"""

_INSERT = text("""
    INSERT INTO outbox (shard, topic, key, payload)
    SELECT * FROM unnest(
        CAST(:shards AS smallint[]), CAST(:topics AS text[]),
        CAST(:keys AS text[]), CAST(:payloads AS bytea[])
    )
""")


class EventTooLargeError(ValueError):
    """An event is larger than Portico publishes; the request that made it fails."""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it goes to Kafka."""

    topic: str
    key: str
    payload: bytes

    @property
    def shard(self) -> int:
        """The shard of the message's key."""
        return zlib.crc32(self.key.encode()) % SHARDS


def message_of(event: CloudEvent) -> Message:
    """Serialise an event for its topic.

    Raises:
        EventTooLargeError: it has more than MAX_EVENT_BYTES.
    """
    payload = event.model_dump_json().encode()
    if len(payload) > MAX_EVENT_BYTES:
        raise EventTooLargeError(
            f"{event.name} has {len(payload)} bytes, at most {MAX_EVENT_BYTES} may be sent"
        )
    return Message(TOPIC_BY_EVENT[type(event)].name, event.subject, payload)


async def add(connection: AsyncConnection, messages: list[Message]) -> None:
    """Insert messages in their order, in one statement."""
    if not messages:
        return
    parameters = {
        "shards": [message.shard for message in messages],
        "topics": [message.topic for message in messages],
        "keys": [message.key for message in messages],
        "payloads": [message.payload for message in messages],
    }
    await connection.execute(_INSERT, parameters)
