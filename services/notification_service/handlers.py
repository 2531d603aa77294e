"""One function per consumed event: what enters and leaves the mail queue."""

from collections.abc import Callable

from chassis.database import Transaction
from chassis.pauses import Switch, follow
from contracts.access import NoticeRequested
from contracts.chart import LocationChanged, OrganizationChanged
from contracts.envelope import CloudEvent
from contracts.invitations import InvitationIssued, InvitationReminderIssued
from services.notification_service import queries
from services.notification_service.kinds import Kind
from services.notification_service.queries.queue import NewMail


async def location_changed(events: list[LocationChanged], tx: Transaction) -> None:
    """Keep a copy of how a place shows itself: the next mail of its charts shows it."""
    await queries.brands.keep_locations(tx, events)


class QueueHandlers:
    """The handlers that fill the queue; they wake the senders once it is committed."""

    def __init__(self, wake_senders: Callable[[], None]) -> None:
        self._wake_senders = wake_senders

    async def organization_changed(
        self, events: list[OrganizationChanged], tx: Transaction
    ) -> None:
        """Keep a copy of the brand, and let mails wait while the portal is switched off."""
        known = await queries.brands.known(tx, {event.data.organization for event in events})
        paused_at, over = follow(known, map(_switch, events))
        await queries.brands.keep(tx, events, paused_at)
        for pause in over:
            await queries.queue.lengthen(tx, pause)
            tx.after_commit.add(self._wake_senders)

    async def invitation_issued(self, events: list[InvitationIssued], tx: Transaction) -> None:
        """Queue each invitation's mail."""
        await self._queue([_invitations_mail(event) for event in events], tx)

    async def reminder_issued(
        self, events: list[InvitationReminderIssued], tx: Transaction
    ) -> None:
        """Queue the mail that reminds of an invitation."""
        await self._queue([_invitations_mail(event) for event in events], tx)

    async def notice_requested(self, events: list[NoticeRequested], tx: Transaction) -> None:
        """Queue a notice to a portal user."""
        await self._queue([_notice(event) for event in events], tx)

    async def _queue(self, mails: list[NewMail], tx: Transaction) -> None:
        await queries.queue.add(tx, mails)
        tx.after_commit.add(self._wake_senders)


async def invitation_ended(events: list[CloudEvent], tx: Transaction) -> None:
    """A mail that still waits when its invitation has ended is not sent."""
    await queries.queue.cancel(tx, [event.data.invitation_id for event in events])


def _switch(event: OrganizationChanged) -> Switch:
    return Switch(event.data.organization, event.time, event.data.portal_enabled)


def _invitations_mail(event: InvitationIssued | InvitationReminderIssued) -> NewMail:
    data = event.data
    is_first = isinstance(event, InvitationIssued)
    return NewMail(
        id=data.invitation_id if is_first else event.id,
        kind=Kind.INVITATION if is_first else Kind.REMINDER,
        organization=data.invitee.organization,
        email=data.email,
        given_name=data.given_name,
        sealed_token=data.sealed_token,
        issued_at=event.time,
        requested_at=event.data.requested_at if isinstance(event, InvitationIssued) else None,
        expires_at=data.expires_at,
        traceparent=event.trace,
        location=data.location,
        language=data.language,
        invitation=data.invitation_id,
        chart=data.invitee.chart,
        person=data.invitee.person,
        role=data.role.value,
    )


def _notice(event: NoticeRequested) -> NewMail:
    data = event.data
    return NewMail(
        id=event.id,
        kind=Kind(data.kind.value),
        organization=data.organization,
        email=data.email,
        given_name=data.given_name,
        sealed_token=data.sealed_token,
        issued_at=event.time,
        expires_at=data.expires_at,
        traceparent=event.trace,
        language=data.language,
    )
