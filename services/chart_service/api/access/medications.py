"""What My Medications shows: what is taken now, and what was."""

from fastapi import APIRouter, Request

from services.chart_service.api.access.chart import records
from services.chart_service.api.access.grants import Grants
from services.chart_service.models import RecordKind
from services.chart_service.schemas.access import MedicationSeen


def routes(grants: Grants) -> APIRouter:
    """Return what the section is made of."""
    router = APIRouter()

    @router.get("/medications")
    async def medications(request: Request) -> list[MedicationSeen]:
        """Return the chart's medications, the newest first."""
        async with grants.look(request, "medications") as look:
            return [MedicationSeen.of(r) for r in await records(look, RecordKind.MEDICATIONS)]

    return router
