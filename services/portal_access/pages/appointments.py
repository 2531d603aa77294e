"""My appointments: upcoming and past, and each as a file for a calendar."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.web.problems import ProblemError
from services.portal_access import ics
from services.portal_access.chart_views import Appointment
from services.portal_access.charts import Charts
from services.portal_access.sections import APPOINTMENTS
from services.portal_access.visits import CHART, ChartVisit, in_section

InSection = Annotated[ChartVisit, Depends(in_section(APPOINTMENTS))]

_HERE = f"{CHART}/{APPOINTMENTS.path}"


def routes(charts: Charts) -> APIRouter:
    """Return the section's page and its files."""
    router = APIRouter()

    @router.get(_HERE)
    async def show(visit: InSection) -> Response:
        """Show the section: the next appointment first, then those before today's."""
        found = await charts.get_all(visit.connection, "/appointments", Appointment)
        now = datetime.now(UTC)
        ahead = [one for one in reversed(found) if one.ends > now]
        past = [one for one in found if one.ends <= now]
        return visit.render("appointments.html", ahead=ahead, past=past)

    @router.get(f"{_HERE}/{{appointment}}.ics")
    async def calendar(visit: InSection, appointment: str) -> Response:
        """Return an appointment as a file for a calendar (RFC 5545)."""
        found = await charts.get_all(visit.connection, "/appointments", Appointment)
        wanted = next((one for one in found if one.id == appointment), None)
        if wanted is None:
            raise ProblemError(404, "appointment_unknown", "There is no such appointment.")
        uid = f"{wanted.id}.{visit.connection.chart_id}@{visit.connection.organization_id}"
        content = ics.event(wanted, uid, visit.brand.name, datetime.now(UTC))
        headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    return router
