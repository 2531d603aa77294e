"""The dashboard of a chart, and whose chart it is, for portal users."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from chassis.web.problems import ProblemError
from services.chart_service import files, queries
from services.chart_service.api.access.grants import Grants, Look
from services.chart_service.files import File
from services.chart_service.models import AttachmentKind, RecordKey, RecordKind
from services.chart_service.schemas.access import (
    AccessAnswer,
    AppointmentSeen,
    CoverageSeen,
    DashboardAnswer,
    DispensedSeen,
    EpisodeSeen,
)

_STILL_ON = timedelta(hours=1)
"""An appointment that began so long ago, and says no end, may go on still."""


def routes(grants: Grants) -> APIRouter:
    """Return what the dashboard is made of."""
    router = APIRouter()

    @router.get("/chart", response_model_exclude_unset=True)
    async def chart(request: Request) -> AccessAnswer:
        """Return whose chart it is."""
        async with grants.look(request, "dashboard") as look:
            return AccessAnswer(**await _whose(look))

    @router.get("/dashboard", response_model_exclude_unset=True)
    async def dashboard(request: Request) -> DashboardAnswer:
        """Return what stands on the dashboard: the person, care, what is next, medications."""
        async with grants.look(request, "dashboard") as look:
            return DashboardAnswer(
                **await _whose(look),
                **await _news(look),
                birth_date=look.patient.birth_date,
                gender=look.patient.gender,
                phone=look.patient.phone,
                email=look.patient.email,
                address=look.patient.address,
                has_photo=await _photo(look) is not None,
                insurance=await insurance(look),
                episodes=[EpisodeSeen.of(r) for r in await records(look, RecordKind.EPISODES)],
                appointments=await _ahead(look),
                medications=[
                    DispensedSeen.of(row)
                    for row in await records(look, RecordKind.MEDICATIONS)
                    if row.is_active
                ],
            )

    @router.get("/photo")
    async def photo(request: Request) -> Response:
        """Return the newest profile picture of the patient."""
        async with grants.look(request, "dashboard") as look:
            newest = await _photo(look)
            if newest is None:
                raise ProblemError(404, "photo_unknown", "There is no picture on this chart.")
            content = await queries.records.content(look.tx, _key(look, newest))
        return files.download("picture", File(newest.media_type, content or b""))

    return router


async def insurance(look: Look) -> list[CoverageSeen]:
    """Return the patient's insurances."""
    grant = look.grant
    rows = await queries.people.coverages(look.tx, grant.organization, grant.chart)
    return [CoverageSeen.of(row) for row in rows]


async def records(look: Look, kind: RecordKind) -> Sequence[Row[Any]]:
    """Return the chart's records of a kind, the newest first."""
    return await queries.records.listed(look.tx, kind, look.grant.organization, look.grant.chart)


async def _whose(look: Look) -> dict[str, Any]:
    found = await queries.charts.chart(look.tx, look.grant.organization, look.grant.chart)
    whose: dict[str, Any] = {
        "chart": look.grant.chart,
        "role": look.grant.role,
        "legal_name": look.patient.name,
        "mrn": found.mrn if found else "",
    }
    if look.may("dashboard.preferred_name"):
        whose["preferred_name"] = look.patient.preferred_name
    return whose


async def _news(look: Look) -> dict[str, int]:
    if not look.may("messages"):
        return {}
    return {"unread_messages": await queries.messages.unread_by_person(look.tx, look.invitee)}


async def _ahead(look: Look) -> list[AppointmentSeen]:
    rows = await records(look, RecordKind.APPOINTMENTS)
    ahead = [
        row
        for row in reversed(rows)
        if not row.cancelled and (row.ends_at or row.starts_at + _STILL_ON) > look.tx.now
    ]
    return [AppointmentSeen.of(row) for row in ahead]


async def _photo(look: Look) -> Row[Any] | None:
    rows = await records(look, RecordKind.ATTACHMENTS)
    pictures = (row for row in rows if row.kind == AttachmentKind.PICTURE)
    return next((row for row in pictures if row.media_type.startswith("image/")), None)


def _key(look: Look, row: Row[Any]) -> RecordKey:
    return RecordKey(RecordKind.ATTACHMENTS, look.grant.organization, look.grant.chart, row.id)
