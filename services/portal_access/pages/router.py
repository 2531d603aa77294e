"""The pages of charts, put together: a module per section."""

from fastapi import APIRouter

from services.portal_access.charts import Charts
from services.portal_access.pages import (
    appointments,
    dashboard,
    documents,
    files,
    information,
    medications,
    messages,
    outcomes,
    threads,
    treatment_plans,
)


def routes(charts: Charts) -> APIRouter:
    """Return the pages below /charts, for those who signed in."""
    router = APIRouter(include_in_schema=False)
    of_the_chart = (dashboard, information, appointments, medications)
    for section in (*of_the_chart, documents, outcomes, treatment_plans, files, messages, threads):
        router.include_router(section.routes(charts))
    return router
