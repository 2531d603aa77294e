"""An invitation's whole story, by its id, an event's, or the person's key."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import Response

from contracts.envelope import Invitee
from services.ops_console import stories, words
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.pages.events import place_query
from services.ops_console.service_records import Found, ServiceRecords
from services.ops_console.stories import IdError, Story
from services.ops_console.visits import SignedIn

Id = Annotated[str, Query(max_length=1000)]


class Known(NamedTuple):
    """What the services know of a person now, and where the facesheet is."""

    person: str
    facesheet: str
    records: Found


def routes(kafka: str, known: ServiceRecords, emr_url: str) -> APIRouter:
    """Return the page over a Kafka and what services know, with links to an EMR if there is one."""
    router = APIRouter(include_in_schema=False)

    @router.get("/trace")
    async def show(visit: SignedIn, id: Id = "") -> Response:  # noqa: A002 - as the form says it
        """Ask for an id, and tell the story."""
        found: list[Story] = []
        errors: list[tuple[str, str]] = []
        try:
            async with kafka_explained():
                found = await stories.find(kafka, id, _nobody_counts, _nobody_counts) if id else []
        except IdError as error:
            errors = [("id", str(error))]
        status = 422 if errors else 200
        return visit.render(
            "trace.html",
            status,
            id=id,
            stories=found,
            people=[
                await _known_of(person, ids)
                for person, ids in stories.invitations_by_person(found).items()
            ],
            errors=errors,
            place_query=place_query,
            words=words,
        )

    async def _known_of(person: str, ids: list[str]) -> Known:
        try:
            organization, chart, name = person.split("/")
            invitee = Invitee(organization=organization, chart=chart, person=name)
        except ValueError:
            return Known(person, "", {})  # not a key as the contracts have it
        facesheet = f"{emr_url.rstrip('/')}/charts/{chart}" if emr_url else ""
        return Known(person, facesheet, await known.of(invitee.key, ids))

    return router


def _nobody_counts(_number: int) -> None:
    return None
