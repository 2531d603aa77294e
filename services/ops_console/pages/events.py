"""The events of all topics: which there are, page by page, and one by one."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from chassis.broker import Broker
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.topics import TOPICS
from services.ops_console import audit, dead_letters, one_event, payloads, words
from services.ops_console.browsing import Asked, browse, place_text
from services.ops_console.errors import EventsError
from services.ops_console.event_fields import fields_of
from services.ops_console.event_pages import Page
from services.ops_console.event_rows import DECISION, NOT_READABLE, row_of
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.letters import Place
from services.ops_console.resolving import MAX_WHY
from services.ops_console.topic_bounds import PARTITIONS, bounds_of, partitions_of
from services.ops_console.trace_ids import trace_link
from services.ops_console.visits import Investigator, SignedIn, Visit

Text = Annotated[str, Form(max_length=300)]
Number = Annotated[int, Form(ge=0, lt=2**63)]
Why = Annotated[str, Form(max_length=2 * MAX_WHY)]

_EVENTS = {topic.name: [event.name for event in topic.events] for topic in TOPICS}


def routes(broker: Broker, trace_url: str) -> APIRouter:
    """Return the pages over a Kafka, with links to a tracing UI if there is one."""
    kafka = broker.bootstrap_servers
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
        return await _show(visit, Place(topic, partition, offset))

    @router.post("/reveal", dependencies=[Depends(protect)])
    async def reveal(
        visit: Investigator, topic: Text, partition: Number, offset: Number, why: Why = ""
    ) -> Response:
        """Show one event with names and e-mail addresses, once that is written down."""
        place = Place(topic, partition, offset)
        _require_topic(topic)
        try:
            async with kafka_explained():
                await one_event.find(kafka, place)
                await audit.write_reveal(broker, visit.by, str(place), why)
        except EventsError as error:
            if error.field != "why":
                raise _unknown(error) from error
            return await _show(visit, place, [(error.field, str(error))])
        return await _show(visit, place, is_revealed=True)

    async def _show(
        visit: Visit,
        place: Place,
        errors: Sequence[tuple[str, str]] = (),
        *,
        is_revealed: bool = False,
    ) -> Response:
        _require_topic(place.topic)
        try:
            async with kafka_explained():
                found = await one_event.find(kafka, place)
                letter = await dead_letters.of_event(kafka, place)
        except EventsError as error:
            raise _unknown(error) from error
        value = found.record.value or b""
        return visit.render(
            "event.html",
            422 if errors else 200,
            errors=errors,
            is_revealed=is_revealed,
            payload=payloads.view(value, reveal=True) if is_revealed else "",
            row=row_of(found.record),
            found=found,
            fields=fields_of(value, reveal=is_revealed),
            letter=letter,
            trace_link=trace_link(trace_url, found.trace_id),
            place_query=place_query,
            words=words,
        )

    return router


def place_query(place: Place) -> str:
    """Return the end of the address of an event's page."""
    return urlencode(place._asdict())


def _unknown(error: EventsError) -> ProblemError:
    return ProblemError(404, "event_unknown", str(error))


def _require_topic(name: str) -> None:
    if name not in PARTITIONS:
        raise ProblemError(404, "topic_unknown", "There is no such topic: choose one of the list.")


def _leading(asked: Asked, **place: str) -> str:
    """Return the address of another page of what is asked."""
    kept = asked.model_dump(exclude={"offset", "time", "before", "after"}) | place
    return f"/events/topic?{urlencode({name: value for name, value in kept.items() if value})}"
