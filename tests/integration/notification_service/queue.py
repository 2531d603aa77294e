"""The mail queue's rows, as they stand in notification_service's database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Database
from services.notification_service.models import State
from tests.waiting import until


@dataclass(frozen=True)
class QueuedMail:
    """What a test looks at of a mail's row."""

    state: State
    attempts: int
    sealed_token: str | None


class MailQueue:
    """Looks at mails, and lets time pass for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, mail: UUID) -> QueuedMail | None:
        """Return a mail by its (or its invitation's) id, None while it is not in the queue."""
        query = "SELECT state, attempts, sealed_token FROM mails WHERE id = :id"
        async with self._database.transaction() as tx:
            row = (await tx.run(query, id=mail)).one_or_none()
        return row and QueuedMail(State(row.state), row.attempts, row.sealed_token)

    async def wait_for(
        self, invitation: UUID, match: Callable[[QueuedMail], bool] = lambda _: True
    ) -> QueuedMail:
        """Return an invitation's mail as soon as it is there and matches."""

        async def found() -> QueuedMail | None:
            mail = await self.find(invitation)
            return mail if mail and match(mail) else None

        return await until(found)

    async def wait_for_brand(self, organization: str, name: str) -> None:
        """Return as soon as the service knows an organisation by this name."""
        query = "SELECT 1 FROM brands WHERE organization_id = :id AND name = :name"
        await until(lambda: self._has(query, id=organization, name=name))

    async def wait_for_place(self, organization: str, name: str, *, removed: bool) -> None:
        """Return as soon as the service knows a place by this name."""
        query = """
            SELECT 1 FROM location_brands
            WHERE organization_id = :id AND name = :name AND removed = :removed
        """
        await until(lambda: self._has(query, id=organization, name=name, removed=removed))

    async def wait_for_pause(self, organization: str) -> None:
        """Return as soon as the service knows that an organisation's portal is off."""
        query = "SELECT 1 FROM brands WHERE organization_id = :id AND paused_at IS NOT NULL"
        await until(lambda: self._has(query, id=organization))

    async def expires_at(self, mail: UUID) -> datetime:
        """Return until when a mail is of use."""
        async with self._database.transaction() as tx:
            query = "SELECT expires_at FROM mails WHERE id = :id"
            found: datetime = (await tx.run(query, id=mail)).scalar_one()
        return found

    async def count_tries(self, mail: UUID, attempts: int) -> None:
        """Let a mail have been tried so often, and be due now."""
        statement = "UPDATE mails SET attempts = :attempts, next_try_at = :now WHERE id = :id"
        async with self._database.transaction() as tx:
            await tx.run(statement, id=mail, attempts=attempts, now=tx.now)

    async def make_due(self, *invitations: UUID) -> None:
        """Let the time of these mails' next attempt come now."""
        statement = "UPDATE mails SET next_try_at = :now WHERE id = ANY(:ids)"
        async with self._database.transaction() as tx:
            await tx.run(statement, now=tx.now, ids=list(invitations))

    async def _has(self, query: str, **values: str | bool) -> bool:
        async with self._database.transaction() as tx:
            return (await tx.run(query, **values)).first() is not None
