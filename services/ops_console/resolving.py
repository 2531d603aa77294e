"""Deciding about dead letters: each decision is a record of its own, beside the dead letter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis.broker import Broker
from contracts.envelope import utc_now
from services.ops_console.errors import DeadLetterError
from services.ops_console.letters import Letter, State

MAX_WHY = 500
"""The longest reason for a decision, in characters."""


@dataclass(frozen=True)
class Decision:
    """Who decides, and why; `by` is an id such as `cli:ana` or `staff:s-7`.

    Raises:
        DeadLetterError: The reason is too long.
    """

    by: str
    why: str

    def __post_init__(self) -> None:
        """Keep the reason short enough for a header."""
        if len(self.why) > MAX_WHY:
            raise DeadLetterError(f"The reason may have {MAX_WHY} characters.")


async def discard(
    broker: Broker, letters: Sequence[Letter], decision: Decision, advance: Callable[[int], None]
) -> None:
    """Give dead letters up for good; for a while they stay, with the decision.

    Raises:
        DeadLetterError: No reason is given.
        KafkaError: Kafka did not take a decision; those before it are taken.
    """
    require_why(decision)
    for letter in letters:
        await resolve(broker, letter, State.DISCARDED, decision)
        advance(1)


def require_why(decision: Decision) -> None:
    """Let nothing be given up without a reason.

    Raises:
        DeadLetterError: There is none.
    """
    if not decision.why.strip():
        raise DeadLetterError("Say why they are given up; it stays with them.")


async def resolve(broker: Broker, letter: Letter, state: State, decision: Decision) -> None:
    """Write down what became of a dead letter.

    Raises:
        KafkaError: Kafka did not take it.
    """
    headers = {
        "resolves": f"{letter.place.partition}:{letter.place.offset}",
        "resolution": state.value,
        "by": decision.by,
        "at": utc_now().isoformat(),
        "why": decision.why,
    }
    encoded = [(name, value.encode()) for name, value in headers.items()]
    topic = f"{letter.place.topic}.dlq"
    await broker.send(topic, letter.key, b"", encoded, letter.place.partition)
