"""My treatment plans: those that are shared, each with its goals."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.portal_access.chart_views import TreatmentPlan
from services.portal_access.charts import Charts
from services.portal_access.sections import TREATMENT_PLANS
from services.portal_access.visits import CHART, ChartVisit, in_section

OnPlans = Annotated[ChartVisit, Depends(in_section(TREATMENT_PLANS))]


def routes(charts: Charts) -> APIRouter:
    """Return the page of plans."""
    router = APIRouter()

    @router.get(f"{CHART}/{TREATMENT_PLANS.path}")
    async def show(visit: OnPlans) -> Response:
        """Show the plans, the newest first."""
        plans = await charts.get_all(visit.connection, "/treatment-plans", TreatmentPlan)
        return visit.render("treatment_plans.html", plans=plans)

    return router
