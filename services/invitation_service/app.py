"""Wires invitation_service: settings, database, broker, handlers, API."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from chassis import inbox
from chassis.lag import caught_up
from chassis.security.call_verifier import Verifier
from chassis.security.seal import Seal
from chassis.service import assemble, every
from chassis.web import records
from chassis.web.app import create_app
from contracts.access import InvitationLocked, PortalAccessEnded
from contracts.chart import InviteRequested, OrganizationChanged, PersonChanged, RevokeRequested
from contracts.topics import CHART_ORGANIZATIONS, CHART_PEOPLE
from services.invitation_service import api, queries
from services.invitation_service.handlers import Handlers
from services.invitation_service.reminders import Reminders
from services.invitation_service.settings import Settings
from services.invitation_service.sweeper import sweep

NAME = "invitation_service"
_NEWS_LIMIT_SECONDS = 60.0
_NEWS = (CHART_PEOPLE, CHART_ORGANIZATIONS)


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    grace = timedelta(seconds=settings.unknown_grace_seconds)
    seal = Seal(settings.seal_key)
    handlers, reminders = Handlers(seal, grace), Reminders(seal)
    parts = assemble(
        NAME,
        settings,
        {
            InviteRequested: handlers.invite_requested,
            RevokeRequested: handlers.revoke_requested,
            OrganizationChanged: handlers.organization_changed,
            PersonChanged: handlers.person_changed,
            PortalAccessEnded: handlers.access_ended,
            InvitationLocked: handlers.invitation_locked,
        },
    )

    async def up_to_date() -> bool:
        return await caught_up(settings.kafka_bootstrap_servers, NAME, _NEWS, _NEWS_LIMIT_SECONDS)

    tasks = parts.tasks() | {
        "sweeper": every(
            settings.sweep_seconds, lambda: sweep(parts.database, handlers, reminders, up_to_date)
        ),
        "inbox": every(3600, lambda: inbox.forget_old(parts.database)),
    }
    app = create_app(NAME, Path(__file__).parent, tasks, parts.checks(), parts.closers())
    app.state.readings = parts.readings()
    verifier = Verifier(NAME, issuer="portal_access", jwks_url=settings.jwks_url)
    app.include_router(api.routes(parts.database, verifier))
    console = settings.ops_jwks_url
    app.include_router(records.routes(NAME, parts.database, console, queries.ops_records.of))
    return app
