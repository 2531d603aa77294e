"""The HTTP API for EMRs: organisations, charts, people, invitations. A bearer token opens it."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.database import Database
from chassis.web.problems import Problem, ProblemError
from services.chart_service.api import charts, organizations, people, records

_bearer = HTTPBearer(auto_error=False, description="The token of the EMR integration.")


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The bearer token is missing or wrong"},
    404: {"model": Problem, "description": "There is no such organisation, chart or person"},
    409: {"model": Problem, "description": "What the chart knows stands in the way"},
    422: {"model": Problem, "description": "Something sent is missing or wrong"},
}


def routes(database: Database, token: str) -> APIRouter:
    """Return the API over this database, for callers with the token."""

    async def authorised(credentials: Credentials) -> None:
        sent = credentials.credentials if credentials else ""
        if not hmac.compare_digest(sent.encode(), token.encode()):
            raise ProblemError(401, "token_needed", "This call needs the API's bearer token.")

    router = APIRouter(
        prefix="/api/v1/organizations/{organization}",
        dependencies=[Depends(authorised)],
        responses=PROBLEMS,
    )
    organizations.add_routes(router, database)
    charts.add_routes(router, database)
    people.add_routes(router, database)
    records.add_routes(router, database)
    return router
