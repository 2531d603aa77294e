"""My medications: what is taken now, and what was."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.portal_access.chart_views import Medication
from services.portal_access.charts import Charts
from services.portal_access.sections import MEDICATIONS
from services.portal_access.visits import CHART, ChartVisit, in_section

InSection = Annotated[ChartVisit, Depends(in_section(MEDICATIONS))]


def routes(charts: Charts) -> APIRouter:
    """Return the section's page."""
    router = APIRouter()

    @router.get(f"{CHART}/{MEDICATIONS.path}")
    async def show(visit: InSection) -> Response:
        """Show the section."""
        found = await charts.get_all(visit.connection, "/medications", Medication)
        now = [one for one in found if one.is_active]
        before = [one for one in found if not one.is_active]
        return visit.render("medications.html", now=now, before=before)

    return router
