"""Wires notification_service: settings, database, broker, handlers, senders."""

import asyncio
from pathlib import Path

from fastapi import FastAPI

from chassis import inbox
from chassis.database import Database
from chassis.security.call_verifier import Verifier
from chassis.service import assemble, every
from chassis.web import records
from chassis.web.app import create_app
from contracts.access import NoticeRequested
from contracts.chart import LocationChanged, OrganizationChanged
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationReminderIssued,
    InvitationRevoked,
    InvitationSuperseded,
)
from services.notification_service import api, handlers, metrics, queries
from services.notification_service.sender import Senders, mail_server
from services.notification_service.settings import Settings

NAME = "notification_service"


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    bell = asyncio.Event()
    queue = handlers.QueueHandlers(wake_senders=bell.set)
    parts = assemble(
        NAME,
        settings,
        {
            OrganizationChanged: queue.organization_changed,
            LocationChanged: handlers.location_changed,
            InvitationIssued: queue.invitation_issued,
            InvitationReminderIssued: queue.reminder_issued,
            NoticeRequested: queue.notice_requested,
            InvitationSuperseded: handlers.invitation_ended,
            InvitationRevoked: handlers.invitation_ended,
            InvitationExpired: handlers.invitation_ended,
            InvitationAccepted: handlers.invitation_ended,
        },
    )
    senders = Senders(parts.database, settings, bell)
    tasks = parts.tasks() | {
        f"sender {number}": senders.run_one for number in range(settings.senders)
    }
    tasks["forgetting"] = every(3600, lambda: _forget_old(parts.database))
    checks = parts.checks() | {"mail server": lambda: _mail_server(settings)}
    app = create_app(NAME, Path(__file__).parent, tasks, checks, parts.closers())
    app.state.readings = [*parts.readings(), metrics.queue_of(parts.database)]
    verifier = Verifier(NAME, issuer="chart_service", jwks_url=settings.emr_jwks_url)
    app.include_router(api.routes(settings, verifier))
    console = settings.ops_jwks_url
    app.include_router(records.routes(NAME, parts.database, console, queries.ops_records.of))
    return app


async def _mail_server(settings: Settings) -> None:
    server = mail_server(settings)
    try:
        await server.open()
    finally:
        server.close()


async def _forget_old(database: Database) -> None:
    await inbox.forget_old(database)
    async with database.transaction() as tx:
        await queries.queue.forget_cancellations(tx, tx.now - inbox.KEPT_FOR)
        await queries.queue.drop_late_notices(tx)
