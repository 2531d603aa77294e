"""My information: who the patient is, insurance, contacts."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.portal_access.chart_views import Information
from services.portal_access.charts import Charts
from services.portal_access.sections import INFORMATION
from services.portal_access.visits import CHART, ChartVisit, in_section

InSection = Annotated[ChartVisit, Depends(in_section(INFORMATION))]


def routes(charts: Charts) -> APIRouter:
    """Return the section's page."""
    router = APIRouter()

    @router.get(f"{CHART}/{INFORMATION.path}")
    async def show(visit: InSection) -> Response:
        """Show the section."""
        chart = await charts.get(visit.connection, "/information", Information)
        return visit.render("information.html", chart=chart)

    return router
