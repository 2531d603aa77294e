"""What My Appointments shows: all of them, upcoming and past, and the groups among them."""

from fastapi import APIRouter, Request

from services.chart_service.api.access.chart import records
from services.chart_service.api.access.grants import Grants
from services.chart_service.models import RecordKind
from services.chart_service.schemas.access import AppointmentSeen


def routes(grants: Grants) -> APIRouter:
    """Return what the section is made of."""
    router = APIRouter()

    @router.get("/appointments")
    async def appointments(request: Request) -> list[AppointmentSeen]:
        """Return the chart's appointments, the latest first."""
        async with grants.look(request, "appointments") as look:
            return [AppointmentSeen.of(r) for r in await records(look, RecordKind.APPOINTMENTS)]

    return router
