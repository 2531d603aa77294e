"""Treatment plans that are shared with portal users."""

from fastapi import APIRouter, Request

from services.chart_service.api.access.grants import Grants
from services.chart_service.api.access.shared import shared
from services.chart_service.models import RecordKind
from services.chart_service.schemas.access import PlanSeen


def routes(grants: Grants) -> APIRouter:
    """Return the list of plans."""
    router = APIRouter(include_in_schema=False)

    @router.get("/treatment-plans")
    async def shared_plans(request: Request) -> list[PlanSeen]:
        """List the treatment plans that are shared, the newest first, with their goals."""
        async with grants.look(request, "treatment_plans") as look:
            return [PlanSeen.of(row) for row in await shared(look, RecordKind.TREATMENT_PLANS)]

    return router
