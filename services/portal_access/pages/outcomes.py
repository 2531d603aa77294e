"""My documents, outcomes: every outcome measure with its scores, for the patient."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal_access.chart_views import Score
from services.portal_access.charts import Charts
from services.portal_access.outcomes import by_measure
from services.portal_access.pages.documents import OnDocuments
from services.portal_access.sections import DOCUMENTS
from services.portal_access.visits import CHART


def routes(charts: Charts) -> APIRouter:
    """Return the page of scores."""
    router = APIRouter()

    @router.get(f"{CHART}/{DOCUMENTS.path}/outcomes")
    async def show(visit: OnDocuments) -> Response:
        """Show how scores went over time; chart_service refuses whoever is not the patient."""
        scores = await charts.get_all(visit.connection, "/outcomes", Score)
        return visit.render("outcomes.html", measures=by_measure(scores))

    return router
