"""One function per consumed event: what enters and leaves the mail queue."""

from collections.abc import Callable

from chassis.database import Transaction
from contracts.chart import OrganizationChanged
from contracts.envelope import CloudEvent
from contracts.invitations import InvitationIssued
from services.notification_service import queries


async def organization_changed(events: list[OrganizationChanged], tx: Transaction) -> None:
    """Keep a copy of the brand: the next mail shows it."""
    await queries.keep_brands(tx, events)


class QueueHandlers:
    """The handlers that fill the queue; they wake the senders once it is committed."""

    def __init__(self, wake_senders: Callable[[], None]) -> None:
        self._wake_senders = wake_senders

    async def invitation_issued(self, events: list[InvitationIssued], tx: Transaction) -> None:
        """Queue each invitation's mail."""
        await queries.enqueue(tx, events)
        tx.after_commit.add(self._wake_senders)


async def invitation_ended(events: list[CloudEvent], tx: Transaction) -> None:
    """A mail that still waits when its invitation has ended is not sent."""
    await queries.cancel(tx, [event.data.invitation_id for event in events])
