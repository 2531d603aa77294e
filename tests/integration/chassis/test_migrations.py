"""Each service's migrations make the tables that its code expects."""

import asyncio
import sys
from importlib import import_module
from typing import Any, Literal
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, String, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import SchemaItem
from sqlmodel import AutoString

from chassis import migrations
from tests.conftest import SERVICES
from tests.infrastructure import Servers

STRINGS = (String, AutoString)
CHASSIS_TABLES = {"outbox", "inbox", "sessions", "alembic_version"}

ItemType = Literal[
    "schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint"
]


def is_the_services(
    item: SchemaItem, name: str | None, kind: ItemType, _reflected: bool, _other: SchemaItem | None
) -> bool:
    """Leave the chassis' tables out: they have no models."""
    del item
    return not (kind == "table" and name in CHASSIS_TABLES)


def other_type(
    _context: MigrationContext,
    _found: Column[Any],
    _expected: Column[Any],
    found: Any,
    expected: Any,
) -> bool | None:
    """Take text and varchar for one type; leave all others to Alembic."""
    return False if isinstance(found, String) and isinstance(expected, STRINGS) else None


def differences(connection: Connection, models: MetaData) -> list[Any]:
    options = {"compare_type": other_type, "include_object": is_the_services}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), models))


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrated_database_has_what_the_models_say(
    servers: Servers, service: str
) -> None:
    models: MetaData = import_module(f"services.{service}.models").Table.metadata
    engine = create_async_engine(servers.database_url(SERVICES[service]))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences, models)
    await engine.dispose()
    assert models.tables
    assert found == []


@pytest.fixture
async def new_database(servers: Servers) -> str:
    """Make a database without tables; return its URL."""
    name = f"new_{uuid4().hex[:8]}"
    engine = create_async_engine(servers.database_url("chart"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return servers.database_url(name)


async def test_instances_that_start_together_migrate_a_new_database_once(new_database: str) -> None:
    call = "import sys; from chassis import migrations; migrations.upgrade(*sys.argv[1:])"
    argv = [sys.executable, "-c", call, "invitation_service", new_database]
    started = [await asyncio.create_subprocess_exec(*argv) for _ in range(3)]
    assert [await process.wait() for process in started] == [0, 0, 0]
    engine = create_async_engine(new_database)
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert list(found.scalars()) == [migrations.head_of("invitation_service")]
    await engine.dispose()
