"""What the pages say while Kafka is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.errors import KafkaError

from chassis.web.problems import ProblemError


@asynccontextmanager
async def kafka_explained() -> AsyncIterator[None]:
    """Say what to do when Kafka is away.

    Raises:
        ProblemError: 503, it is.
    """
    try:
        yield
    except (OSError, KafkaError) as error:
        sentence = "Kafka does not answer as it should. What was done before stays done: try again."
        raise ProblemError(503, "kafka_away", sentence) from error
