"""What ops people did: who, when, what and why."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.ops_console import audit, words
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.visits import SignedIn


def routes(kafka: str) -> APIRouter:
    """Return the page over a Kafka of this address."""
    router = APIRouter(include_in_schema=False)

    @router.get("/audit")
    async def show(
        visit: SignedIn,
        by: Annotated[str, Query(max_length=200)] = "",
        before: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    ) -> Response:
        """List it, newest first."""
        async with kafka_explained():
            found = await audit.entries(kafka, by.strip(), before)
        return visit.render("audit.html", found=found, by=by, why_of=audit.why_of, words=words)

    return router
