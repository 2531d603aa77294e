"""What becomes of consumed events: news of invitations and of access, for charts and lists."""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

from chassis.consumer import Handler
from chassis.database import Transaction
from contracts.access import FacesheetAlertCleared, InvitationLocked, NewInvitationAsked
from contracts.envelope import CloudEvent
from services.chart_service import access, audit, directory, history, queries
from services.chart_service.access import AccessEvent
from services.chart_service.alert_news import AlertEvent, news_of
from services.chart_service.alert_ranks import merge
from services.chart_service.audit import INVITEE, SYSTEM, Act, Action
from services.chart_service.webhooks import messages


async def alert_news(events: list[AlertEvent], tx: Transaction) -> None:
    """Bring alerts and histories of these invitations up to date, whatever their number."""
    moved = await queries.alerts.save_alerts(tx, merge(map(news_of, events)))
    steps = [history.step_of(e) for e in events if not isinstance(e, FacesheetAlertCleared)]
    await queries.history.add(tx, steps)
    await audit.record(tx, *(act for event in events if (act := _act_of(event))))
    await directory.standing_changed(tx, moved)


async def access_news(events: list[AccessEvent], tx: Transaction) -> None:
    """Bring up to date who has access to charts, and how that came, whatever their number."""
    news = [access.news_of(event) for event in events]
    known = await queries.access.known(tx, [access.key_of(new) for new in news])
    await queries.access.save(tx, access.fold(known, news))
    await queries.history.add(tx, [history.step_of(event) for event in events])
    await directory.standing_changed(tx, [event.data.invitee for event in events])
    charts = {event.data.invitee.chart_key for event in events}
    await queries.changes.tell(tx, charts)


def webhook_news(bell: asyncio.Event) -> Handler:
    """Return what queues events for the endpoints that want them, and then rings the bell."""

    async def queue(events: list[Any], tx: Transaction) -> None:
        listening = await queries.webhooks.listening(tx, {_organization(e) for e in events})
        told = [messages.message_of(e) for e in events if _organization(e) in listening]
        if told:
            await queries.webhooks.enqueue(tx, told)
            tx.after_commit.add(bell.set)

    return queue


def together(*tables: Mapping[type[CloudEvent], Handler]) -> dict[type[CloudEvent], Handler]:
    """Return one handler per event: those that the tables have for it, one after another.

    Events with the same handlers share theirs, so that they stay one batch.
    """
    events = dict.fromkeys(event for table in tables for event in table)
    joined = cache(_one_after_another)
    return {
        event: joined(*(table[event] for table in tables if event in table)) for event in events
    }


def _organization(event: Any) -> str:
    return str(event.data.invitee.organization)


def _act_of(event: AlertEvent) -> Act | None:
    """Return what an event adds to the audit log: what befell an invitee's link at the portal."""
    match event:
        case NewInvitationAsked():
            actor, action, detail = INVITEE, Action.NEW_INVITATION_ASKED, {}
        case InvitationLocked():
            detail = {"reason": event.data.reason.value}
            actor, action = SYSTEM, Action.INVITATION_LOCKED
        case _:
            return None
    invitation = str(event.data.invitation_id)
    return Act.on(event.data.invitee, actor, action, invitation=invitation, **detail)


def _one_after_another(*handlers: Handler) -> Handler:
    async def handle(events: list[Any], tx: Transaction) -> None:
        for handler in handlers:
            await handler(events, tx)

    return handle
