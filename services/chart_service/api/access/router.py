"""The API for portal_access, put together. Signed calls alone."""

from fastapi import APIRouter, Depends

from chassis.database import Database
from chassis.security.call_verifier import Verifier
from services.chart_service.api.access import (
    appointments,
    birth_date,
    chart,
    documents,
    files,
    information,
    medications,
    messages,
    outcomes,
    plans,
    threads,
)
from services.chart_service.api.access.grants import PROBLEMS, Grants


def routes(database: Database, verifier: Verifier) -> APIRouter:
    """Return the API over this database, for callers whom the verifier knows."""
    # Whoever is not let in learns nothing of what a call has to look like.
    genuine = [Depends(verifier.claims)]
    router = APIRouter(
        prefix="/api/v1/access", tags=["Portal"], responses=PROBLEMS, dependencies=genuine
    )
    grants = Grants(database, verifier)
    for section in (
        *(chart, information, appointments, medications),
        *(documents, outcomes, plans, files, messages, threads),
    ):
        router.include_router(section.routes(grants))
    router.include_router(birth_date.routes(database, verifier))
    return router
