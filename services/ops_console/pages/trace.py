"""An invitation's whole story, by its id, an event's, or the person's key."""

from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from chassis.broker import Broker
from chassis.web.csrf import protect
from contracts.envelope import Invitee
from services.ops_console import audit, stories, words
from services.ops_console.addresses import hinted
from services.ops_console.errors import EventsError
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.pages.events import Why, place_query
from services.ops_console.service_records import Found, ServiceRecords
from services.ops_console.stories import IdError, Story
from services.ops_console.trace_ids import trace_link
from services.ops_console.visits import Investigator, SignedIn, Visit

Id = Annotated[str, Query(max_length=1000)]
IdForm = Annotated[str, Form(max_length=1000)]


class Known(NamedTuple):
    """What the services know of a person now, and where the facesheet is."""

    person: str
    facesheet: str
    records: Found


def routes(broker: Broker, known: ServiceRecords, emr_url: str, trace_url: str) -> APIRouter:
    """Return the page over a Kafka and what services know.

    It links to an EMR and to a tracing UI, if there are any.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/trace")
    async def show(visit: SignedIn, id: Id = "") -> Response:  # noqa: A002 - as the form says it
        """Ask for an id, and tell the story."""
        return await _show(visit, id)

    @router.post("/trace/reveal", dependencies=[Depends(protect)])
    async def reveal(visit: Investigator, id: IdForm, why: Why = "") -> Response:  # noqa: A002
        """Tell the story with the e-mail addresses, once that is written down."""
        return await _show(visit, id, why)

    async def _show(visit: Visit, id_: str, why_reveal: str | None = None) -> Response:
        found: list[Story] = []
        errors: list[tuple[str, str]] = []
        try:
            async with kafka_explained():
                found = await _stories(broker.bootstrap_servers, id_)
                if found and why_reveal is not None:
                    await audit.write_reveal(broker, visit.by, id_.strip(), why_reveal)
        except IdError as error:
            errors = [("id", str(error))]
        except EventsError as error:
            errors = [(error.field, str(error))]
        by_person = stories.invitations_by_person(found)
        return visit.render(
            "trace.html",
            422 if errors else 200,
            id=id_,
            stories=found,
            people=[await _known_of(person, ids) for person, ids in by_person.items()],
            errors=errors,
            is_revealed=why_reveal is not None and not errors,
            hinted=hinted,
            place_query=place_query,
            link_to=partial(trace_link, trace_url),
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


async def _stories(kafka: str, id_: str) -> list[Story]:
    return await stories.find(kafka, id_, _nobody_counts, _nobody_counts) if id_ else []


def _nobody_counts(_number: int) -> None:
    return None
