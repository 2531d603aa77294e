"""The pages of charts, put together: a module per section."""

from fastapi import APIRouter

from services.portal_access.charts import Charts
from services.portal_access.pages import appointments, dashboard, information, medications


def routes(charts: Charts) -> APIRouter:
    """Return the pages below /charts, for those who signed in."""
    router = APIRouter(include_in_schema=False)
    for section in (dashboard, information, appointments, medications):
        router.include_router(section.routes(charts))
    return router
