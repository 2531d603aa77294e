"""All pages for staff; each part is a module beside this file."""

from fastapi import APIRouter

from chassis.database import Database
from services.chart_service.pages import (
    alerts,
    audit_log,
    charts,
    directory,
    directory_export,
    directory_rows,
    files,
    history,
    integrations,
    invitations,
    locations,
    messages,
    new_records,
    patient,
    people,
    records,
    threads,
    user_sign_in,
    users,
    waiting,
    webhooks,
)
from services.chart_service.pages.oidc import Offer
from services.chart_service.settings import Settings


def routes(database: Database, settings: Settings, offer: Offer) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter(include_in_schema=False)
    router.include_router(charts.routes(database))
    router.include_router(people.routes(database))
    router.include_router(invitations.routes(database))
    router.include_router(integrations.routes(database))
    router.include_router(users.routes(database, offer, settings.emr_url))
    router.include_router(user_sign_in.routes(database, offer, settings.emr_url))
    router.include_router(audit_log.routes(database))
    router.include_router(locations.routes(database))
    router.include_router(directory.routes(database))
    router.include_router(directory_rows.routes(database))
    router.include_router(directory_export.routes(database))
    allow_private = settings.webhooks_allow_private
    router.include_router(webhooks.routes(database, allow_private=allow_private))
    router.include_router(records.routes(database))
    router.include_router(new_records.routes(database))  # before files: "new" is no document's id
    router.include_router(files.routes(database))
    router.include_router(alerts.routes(database))
    router.include_router(history.routes(database))
    router.include_router(patient.routes(database))
    router.include_router(messages.routes(database))
    router.include_router(threads.routes(database))
    router.include_router(waiting.routes(database))
    return router
