"""The embedded Kafka and PostgreSQL: what is in them outlives crashes and stops."""

import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy.ext.asyncio import create_async_engine

from devstack.infrastructure import DATABASES, Infrastructure
from devstack.postgres import LONGEST_SOCKET_PATH, Postgres


@pytest.fixture(scope="module")
def infrastructure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Infrastructure]:
    with Infrastructure(tmp_path_factory.mktemp("infrastructure")) as running:
        yield running


async def create_topic(servers: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1)])
    await admin.close()


async def send(servers: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def receive(servers: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest")
    async with consumer:
        return [(await consumer.getone()).value or b"" for _ in range(count)]


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


async def test_messages_outlive_a_crash_and_a_stop_of_kafka(infrastructure: Infrastructure) -> None:
    kafka = infrastructure.kafka
    await create_topic(kafka.bootstrap_servers, "kept")
    await send(kafka.bootstrap_servers, "kept", b"before the crash")
    kafka.kill()
    kafka.start()
    await send(kafka.bootstrap_servers, "kept", b"before the stop")
    kafka.stop()
    kafka.start()
    found = await receive(kafka.bootstrap_servers, "kept", 2)
    assert found == [b"before the crash", b"before the stop"]


async def test_rows_outlive_a_crash_and_a_stop_of_postgres(infrastructure: Infrastructure) -> None:
    postgres = infrastructure.postgres
    open_session = await asyncpg.connect(plain(postgres.url("chart")))
    await open_session.execute("CREATE TABLE kept (word text)")
    await open_session.execute("INSERT INTO kept VALUES ('committed')")
    postgres.kill()
    postgres.start()
    postgres.stop()
    postgres.start()
    connection = await asyncpg.connect(plain(postgres.url("chart")))
    assert await connection.fetchval("SELECT word FROM kept") == "committed"
    await connection.close()


async def test_sqlalchemy_reaches_every_database(infrastructure: Infrastructure) -> None:
    for database in DATABASES:
        engine = create_async_engine(infrastructure.postgres.url(database))
        async with engine.connect() as connection:
            name = await connection.scalar(sqlalchemy.text("SELECT current_database()"))
        await engine.dispose()
        assert name == database


async def test_postgres_may_lose_nothing_that_it_committed(infrastructure: Infrastructure) -> None:
    connection = await asyncpg.connect(plain(infrastructure.postgres.url("chart")))
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    assert [await connection.fetchval(f"SHOW {name}") for name in settings] == ["on"] * 3
    await connection.close()


def test_a_taken_kafka_port_is_replaced(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        servers = Infrastructure(tmp_path, kafka_port=port).kafka.bootstrap_servers
        assert not servers.endswith(f":{port}")


async def test_a_long_folder_still_has_a_socket_that_clients_reach(tmp_path: Path) -> None:
    folder = tmp_path / ("a long name " * 10).strip()
    postgres = Postgres(folder / "postgres", folder / "postgres.log")
    assert len(str(postgres.socket_folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    postgres.start()
    connection = await asyncpg.connect(plain(postgres.url("postgres")))
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
    postgres.stop()
