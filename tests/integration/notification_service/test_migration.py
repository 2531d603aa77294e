"""Mails that wait when the queue learns of more kinds are not lost."""

from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from services import notification_service
from tests.infrastructure import Servers

OLD_ROW = """
    INSERT INTO mails (invitation_id, organization_id, chart_id, person_id, role, state, email,
        given_name, sealed_token, expires_at, attempts, next_try_at)
    VALUES (:id, 'sunrise', 'c-1', 'p-1', 'patient', 'queued', 'ana@sunrise.example', 'Ana',
        'sealed', now() + interval '7 days', 3, now() + interval '5 minutes')
"""


def migrate(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", f"{notification_service.__path__[0]}/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_a_mail_that_waits_in_the_old_queue_waits_in_the_new_one(servers: Servers) -> None:
    name, invitation = f"old_{uuid4().hex[:8]}", uuid4()
    server = create_async_engine(servers.database_url("notification"), isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await server.dispose()
    engine = create_async_engine(servers.database_url(name))
    async with engine.begin() as connection:
        await connection.run_sync(migrate, "0001")
        await connection.execute(text(OLD_ROW), {"id": invitation})
        await connection.run_sync(migrate, "head")
        row = (await connection.execute(text("SELECT * FROM mails"))).one()
    await engine.dispose()
    assert (row.id, row.invitation_id, row.kind) == (invitation, invitation, "invitation")
    assert (row.state, row.attempts, row.sealed_token) == ("queued", 3, "sealed")
