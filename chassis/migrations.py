"""A service's database schema: Alembic, one linear history per service."""

import asyncio
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK = 0x0DB


def upgrade(service: str, database_url: str) -> None:
    """Bring a service's database to the newest revision; not to be called from an event loop.

    Raises:
        SQLAlchemyError: the database is away, or a migration failed and was rolled back.
    """
    asyncio.run(_upgrade(service, database_url))


def head_of(service: str) -> str | None:
    """Return the newest revision that the code knows."""
    return ScriptDirectory.from_config(_config(service)).get_current_head()


def run_env() -> None:
    """Run the migrations on the connection that `upgrade` made; what each env.py calls."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        # Two instances that start together must not both migrate.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        context.run_migrations()


async def _upgrade(service: str, database_url: str) -> None:
    config = _config(service)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine(database_url, hide_parameters=True)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(f"services.{service}") / "migrations"))
    return config
