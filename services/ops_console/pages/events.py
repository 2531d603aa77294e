"""The events of all topics: which there are, page by page, and one by one."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from chassis.web.problems import ProblemError
from contracts.topics import TOPICS
from services.ops_console import dead_letters, one_event, words
from services.ops_console.browsing import Asked, browse, place_text
from services.ops_console.errors import EventsError
from services.ops_console.event_fields import fields_of
from services.ops_console.event_pages import Page
from services.ops_console.event_rows import DECISION, NOT_READABLE, row_of
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.letters import Place
from services.ops_console.one_event import Found
from services.ops_console.topic_bounds import PARTITIONS, bounds_of, partitions_of
from services.ops_console.visits import SignedIn

_EVENTS = {topic.name: [event.name for event in topic.events] for topic in TOPICS}


def routes(kafka: str, trace_url: str) -> APIRouter:
    """Return the pages over a Kafka of this address, with links to a tracing UI if there is one."""
    router = APIRouter(prefix="/events", include_in_schema=False)

    @router.get("")
    async def topics(visit: SignedIn) -> Response:
        """List the topics with their partitions."""
        async with kafka_explained():
            bounds = await bounds_of(
                kafka, (at for name in PARTITIONS for at in partitions_of(name))
            )
        of_topics = {
            name: [bounds[at] for at in partitions_of(name)]
            for topic in TOPICS
            for name in (topic.name, topic.dead_letters)
        }
        return visit.render("events.html", topics=of_topics)

    @router.get("/topic")
    async def topic(visit: SignedIn, asked: Annotated[Asked, Query()]) -> Response:
        """Show a page of a topic's events."""
        _require_topic(asked.topic)
        page: Page | None = None
        errors: list[tuple[str, str]] = []
        try:
            async with kafka_explained():
                page = await browse(kafka, asked)
        except EventsError as error:
            errors = [(error.field, str(error))]
        return visit.render(
            "events_topic.html",
            422 if errors else 200,
            asked=asked,
            page=page,
            errors=errors,
            types=[*_EVENTS[asked.topic.removesuffix(".dlq")], DECISION, NOT_READABLE],
            older=_leading(asked, before=place_text(page.lows)) if page else "",
            newer=_leading(asked, after=place_text(page.highs)) if page else "",
            place_query=place_query,
            words=words,
        )

    @router.get("/one")
    async def one(visit: SignedIn, topic: str, partition: int, offset: int) -> Response:
        """Show one event by its schema."""
        _require_topic(topic)
        place = Place(topic, partition, offset)
        try:
            async with kafka_explained():
                found = await one_event.find(kafka, place)
                letter = await dead_letters.of_event(kafka, place)
        except EventsError as error:
            raise ProblemError(404, "event_unknown", str(error)) from error
        return visit.render(
            "event.html",
            row=row_of(found.record),
            found=found,
            fields=fields_of(found.record.value or b"", reveal=False),
            letter=letter,
            trace_link=_trace_link(trace_url, found),
            place_query=place_query,
            words=words,
        )

    return router


def place_query(place: Place) -> str:
    """Return the end of the address of an event's page."""
    return urlencode(place._asdict())


def _require_topic(name: str) -> None:
    if name not in PARTITIONS:
        raise ProblemError(404, "topic_unknown", "There is no such topic: choose one of the list.")


def _leading(asked: Asked, **place: str) -> str:
    """Return the address of another page of what is asked."""
    kept = asked.model_dump(exclude={"offset", "time", "before", "after"}) | place
    return f"/events/topic?{urlencode({name: value for name, value in kept.items() if value})}"


def _trace_link(template: str, found: Found) -> str:
    return template.replace("{trace_id}", found.trace_id) if template and found.trace_id else ""
