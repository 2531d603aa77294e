"""Replaying dead letters: the same bytes under the same key to the topic that they came from.

A consumer remembers the ids of events that it handled (chassis/inbox.py) and did not handle a dead
letter, so whoever gave it up handles it now, once, and all others pass it over. What travels is the
key and the value: an event is whole without headers (CloudEvents' structured mode).
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from chassis.broker import Broker
from services.ops_console.letters import Letter, State
from services.ops_console.resolving import Decision, resolve


async def replay(
    broker: Broker, ready: Sequence[Letter], decision: Decision, advance: Callable[[int], None]
) -> None:
    """Send what a plan has ready, in order; each is resolved once all replicas have it.

    Whoever is stopped in between sends an event again the next time, which is harmless.

    Raises:
        KafkaError: Kafka did not take an event; those before it are replayed.
    """
    for source, same in groupby(ready, key=lambda letter: letter.source):
        group = list(same)
        # To the partition that it came from: other clients choose it by the key in other ways.
        await broker.send(source.topic, group[0].key, group[0].value, partition=source.partition)
        for letter in group:
            await resolve(broker, letter, State.REPLAYED, decision)
        advance(len(group))
