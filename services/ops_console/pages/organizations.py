"""How an organisation does, counted when somebody asks; and which are the busiest."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from contracts.envelope import Identifier, utc_now
from services.ops_console import organization_reading, words
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.visits import SignedIn

PERIODS = {
    "hour": ("Last hour", timedelta(hours=1)),
    "day": ("Last 24 hours", timedelta(days=1)),
    "week": ("Last 7 days", timedelta(days=7)),
}
_MOST_LISTED = 50
_IDENTIFIER = TypeAdapter(Identifier)

Id = Annotated[str, Query(max_length=1000)]
Period = Annotated[str, Query(pattern="^(hour|day|week)$")]


def routes(kafka: str) -> APIRouter:
    """Return the page over a Kafka of this address."""
    router = APIRouter(include_in_schema=False)

    @router.get("/organizations")
    async def show(visit: SignedIn, id: Id = "", period: Period = "hour") -> Response:  # noqa: A002 - as the form says it
        """Count an organisation's events, or say which organisations have the most."""
        asked, errors = id.strip(), _errors(id.strip())
        async with kafka_explained():
            found = await _counted("" if errors else asked, PERIODS[period][1])
        periods = [(name, label) for name, (label, _) in PERIODS.items()]
        return visit.render(
            "organizations.html",
            422 if errors else 200,
            id=asked,
            errors=errors,
            period=period,
            period_label=PERIODS[period][0],
            periods=periods,
            words=words,
            now=utc_now(),
            most_records=organization_reading.MOST_RECORDS,
            **found,
        )

    async def _counted(organization: str, period: timedelta) -> dict[str, Any]:
        if not organization:
            all_of_them, is_cut = await organization_reading.busiest(kafka, period)
            return {"busiest": all_of_them.first(_MOST_LISTED), "is_cut": is_cut}
        tally, is_cut = await organization_reading.tally(kafka, organization, period)
        return {"tally": tally, "waiting": tally.waiting(_MOST_LISTED), "is_cut": is_cut}

    return router


def _errors(asked: str) -> list[tuple[str, str]]:
    try:
        if asked:
            _IDENTIFIER.validate_python(asked)
    except ValidationError:
        return [("id", "An id has letters, digits, dots, dashes and underscores, 64 at most")]
    return []
