"""Each event that a consumer handles is a span, and what follows from it is below that."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from chassis.broker import Broker
from chassis.span_export import Export
from contracts.chart import InviteRequested, PersonChanged
from tests.event_log import EventLog
from tests.integration.chassis.conftest import NAME, POISON, SECRET, Center, send
from tests.span_receiver import SpanReceiver

PEOPLE = "process chart.people.v1"
CALLER = "00f067aa0ba902b7"


@pytest.fixture
def receiver() -> Iterator[SpanReceiver]:
    with SpanReceiver() as opened:
        yield opened


def in_a_trace(event: PersonChanged, flags: str = "01") -> tuple[str, PersonChanged]:
    """Return a trace of its own, and the event in it."""
    traceparent = f"00-{(trace := uuid4().hex)}-{CALLER}-{flags}"
    return trace, event.model_copy(update={"traceparent": traceparent})


@pytest.mark.usefixtures("database")
async def test_in_one_transaction_each_event_has_a_span_and_what_follows_is_below_it(
    log: EventLog, broker: Broker, center: Center, receiver: SpanReceiver
) -> None:
    traced = dict(in_a_trace(center.changed(person, 1)) for person in range(20))
    with closing(Export(NAME, receiver.endpoint)):
        await send(broker, list(traced.values()))
        answers = await log.wait_for(InviteRequested, center.owns, count=20)
    found = {trace: receiver.of(trace) for trace in traced}
    assert all(len(spans) == 1 for spans in found.values())
    assert all(span.parent == CALLER and span.name == PEOPLE for [span] in found.values())
    assert {answer.traceparent for answer in answers} == {
        span.traceparent for [span] in found.values()
    }
    assert {trace: span.attributes["cloudevents.event_id"] for trace, [span] in found.items()} == {
        trace: str(event.id) for trace, event in traced.items()
    }


@pytest.mark.usefixtures("database")
async def test_only_the_event_that_cannot_be_handled_has_a_span_that_failed(
    log: EventLog, broker: Broker, center: Center, receiver: SpanReceiver
) -> None:
    good_trace, good = in_a_trace(center.changed(1, 1))
    bad_trace, bad = in_a_trace(center.changed(2, POISON))
    with closing(Export(NAME, receiver.endpoint)):
        await send(broker, [good, bad])
        await log.wait_for(InviteRequested, center.owns)
        await log.wait_for_dead_letter(lambda letter: letter.key == bad.subject.encode())
    [well], [failed] = receiver.of(good_trace), receiver.of(bad_trace)
    assert not well.failed
    assert (failed.failed, failed.said) == (True, "ValueError")
    assert failed.parent == CALLER
    assert SECRET.encode() not in b"".join(receiver.bodies)


@pytest.mark.usefixtures("database")
async def test_what_is_not_sampled_leaves_no_span_and_goes_on_unsampled(
    log: EventLog, center: Center, receiver: SpanReceiver
) -> None:
    trace, event = in_a_trace(center.changed(1, 1), flags="00")
    with closing(Export(NAME, receiver.endpoint)):
        await log.publish(event)
        [answer] = await log.wait_for(InviteRequested, center.owns)
    assert answer.traceparent is not None
    assert answer.traceparent.split("-")[1::2] == [trace, "00"]
    assert receiver.of(trace) == []
