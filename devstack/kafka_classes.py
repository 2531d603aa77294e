"""Kafka's classes as Java has them once a broker has started, kept for all later starts.

A start from them takes half the time and half the CPU. Java writes them at the end of a
broker that was started, and used, to learn from (JEP 514).
"""

import asyncio
import tempfile
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from rich.console import Console

from devstack.kafka import Kafka
from devstack.kafka_jars import kafka_jars, only_one_process
from devstack.kafka_java import kept_classes
from devstack.readiness import tail

# Java takes five seconds to write them, on a busy machine many more.
WRITING_SECONDS = 120.0
TOPIC = "learned-from"


def keep(cache: Path, console: Console | None = None) -> None:
    """Keep Kafka's classes, and its jars, unless they are there; brokers start without them, too.

    Costs about eight seconds, once for all stacks.

    Args:
        cache: The folder shared by all stacks.
        console: Shows the progress, and why they could not be kept; standard error by default.

    Raises:
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: Kafka did not start.
    """
    console = console or Console(stderr=True)
    kafka_jars(cache, console)
    kept = kept_classes(cache)
    if kept.exists():
        return
    try:
        with only_one_process(kept.with_name("classes.lock")):
            if not kept.exists():
                console.print("Preparing Apache Kafka for quick starts, once")
                _learn(cache, kept)
    except OSError as error:
        console.print(f"Kafka's classes could not be kept, so it starts slowly: {error}")


def _learn(cache: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as made:
        folder, log = Path(made), Path(made) / "kafka.log"
        written = folder / kept.name
        broker = Kafka(folder, log, cache, port=0, java_flags=[f"-XX:AOTCacheOutput={written}"])
        try:
            broker.start()
            asyncio.run(_use(broker.bootstrap_servers))
            broker.stop(WRITING_SECONDS)
        finally:
            broker.end()
        if not written.exists():
            raise FileNotFoundError(f"Java wrote no {kept.name}. Its log ends with:\n{tail(log)}")
        written.replace(kept)


async def _use(servers: str) -> None:
    """Do what services do, so that the classes for it are among those that are kept."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        await producer.send_and_wait(TOPIC, b"an event", key=b"its key")
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=servers, group_id="learner", auto_offset_reset="earliest"
    )
    async with consumer:
        await consumer.getone()
        await consumer.commit()
