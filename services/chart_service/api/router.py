"""The HTTP API for EMRs: organisations, charts, people, invitations. Bearer tokens open it."""

from typing import Any

from fastapi import APIRouter, Depends

from chassis.database import Database
from chassis.web.problems import Problem
from services.chart_service.api import (
    charts,
    directory,
    locations,
    media_types,
    organizations,
    people,
    policies,
    records,
    webhooks,
)
from services.chart_service.api.callers import authenticated
from services.chart_service.settings import Settings

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The bearer token is missing, wrong or expired"},
    403: {"model": Problem, "description": "The token does not have the scope that this needs"},
    404: {"model": Problem, "description": "There is no such organisation, chart or person"},
    409: {"model": Problem, "description": "What the chart knows stands in the way"},
    422: {"model": Problem, "description": "Something sent is missing or wrong"},
}


def routes(database: Database, settings: Settings) -> APIRouter:
    """Return the API over this database; nothing of it is for callers whom nobody knows."""
    router = APIRouter(
        prefix="/api/v1/organizations/{organization}",
        dependencies=[Depends(authenticated), Depends(media_types.taken)],
        responses=PROBLEMS,
    )
    organizations.add_routes(router, database)
    charts.add_routes(router, database)
    people.add_routes(router, database)
    directory.add_routes(router, database)
    records.add_routes(router, database)
    locations.add_routes(router, database)
    policies.add_routes(router, database)
    allow_private = settings.webhooks_allow_private
    webhooks.add_routes(router, database, allow_private=allow_private)
    return router
