"""Creating the topics of contracts/topics.py, each with its dead letters."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from chassis.broker import MAX_REQUEST_BYTES
from contracts.topics import TOPICS, Topic


async def create_missing(bootstrap_servers: str, replication: int = 1) -> None:
    """Create what is not there yet; what is there stays as it is.

    Raises:
        KafkaError: Kafka is away or refused a topic.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        wanted = [new for topic in TOPICS for new in _both(topic, replication)]
        answer = await admin.create_topics(wanted)
    finally:
        await admin.close()
    for _name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error


def _both(topic: Topic, replication: int) -> tuple[NewTopic, NewTopic]:
    # Kafka must drop no open dead letter; ops_console deletes those that were decided about.
    dead_letter_configs = {"retention.ms": "-1", "max.message.bytes": str(MAX_REQUEST_BYTES)}
    return (
        NewTopic(topic.name, topic.partitions, replication, topic_configs=_configs(topic)),
        NewTopic(topic.dead_letters, 1, replication, topic_configs=dead_letter_configs),
    )


def _configs(topic: Topic) -> dict[str, str]:
    if topic.retention is None:
        return {"cleanup.policy": "compact"}
    milliseconds = int(topic.retention.total_seconds() * 1000)
    return {"retention.ms": str(milliseconds)}
