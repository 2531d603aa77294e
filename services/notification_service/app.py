"""Wires notification_service: settings, database, broker, handlers, senders."""

import asyncio
from pathlib import Path

from fastapi import FastAPI

from chassis import inbox
from chassis.service import assemble, every
from chassis.web.app import create_app
from contracts.chart import OrganizationChanged
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationRevoked,
    InvitationSuperseded,
)
from services.notification_service import handlers
from services.notification_service.sender import Senders
from services.notification_service.settings import Settings
from services.notification_service.smtp import MailServer

NAME = "notification_service"


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    bell = asyncio.Event()
    queue = handlers.QueueHandlers(wake_senders=bell.set)
    parts = assemble(
        NAME,
        settings,
        {
            OrganizationChanged: handlers.organization_changed,
            InvitationIssued: queue.invitation_issued,
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
    tasks["inbox"] = every(3600, lambda: inbox.forget_old(parts.database))
    checks = parts.checks() | {"mail server": lambda: _mail_server(settings)}
    return create_app(NAME, Path(__file__).parent, tasks, checks, parts.closers())


async def _mail_server(settings: Settings) -> None:
    server = MailServer(settings.smtp_address, settings.smtp_timeout_seconds)
    try:
        await server.open()
    finally:
        server.close()
