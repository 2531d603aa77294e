"""All pages of the settings."""

from fastapi import APIRouter

from chassis.database import Database
from services.chart_service.mail_previews import MailPreviews
from services.chart_service.pages.settings import (
    branding,
    locations,
    mail,
    policies,
    portal,
    sections,
)


def routes(database: Database, mails: MailPreviews) -> APIRouter:
    """Return the pages over this database, for administrators who signed in."""
    router = APIRouter(include_in_schema=False)
    router.include_router(portal.routes(database))
    router.include_router(branding.routes(database, mails))
    router.include_router(locations.routes(database))
    router.include_router(sections.routes(database))
    router.include_router(policies.routes(database))
    router.include_router(mail.routes(database, mails))
    return router
