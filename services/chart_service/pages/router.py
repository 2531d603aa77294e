"""All pages for staff; each part is a module beside this file."""

from fastapi import APIRouter

from chassis.database import Database
from services.chart_service.pages import charts, integrations, invitations, people


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter(include_in_schema=False)
    router.include_router(charts.routes(database))
    router.include_router(people.routes(database))
    router.include_router(invitations.routes(database))
    router.include_router(integrations.routes(database))
    return router
