"""Outcome measures with their scores, which the patient alone sees in the portal."""

from fastapi import APIRouter, Request

from services.chart_service.api.access.chart import records
from services.chart_service.api.access.grants import Grants
from services.chart_service.models import RecordKind
from services.chart_service.schemas.access import OutcomeSeen


def routes(grants: Grants) -> APIRouter:
    """Return the list of scores."""
    router = APIRouter(include_in_schema=False)

    @router.get("/outcomes")
    async def outcomes(request: Request) -> list[OutcomeSeen]:
        """List all scores, the newest first."""
        async with grants.look(request, "documents.outcomes") as look:
            return [OutcomeSeen.of(row) for row in await records(look, RecordKind.OUTCOMES)]

    return router
