"""An event that names no cause is in the trace of what it comes from, or in one of its own."""

from uuid import UUID

from chassis import telemetry
from chassis.traces import Traces
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role


def asked(chart: str, person: str = "p-1") -> InviteRequested:
    """Return a request in a trace of its own."""
    invitee = Invitee(organization="sunrise", chart=chart, person=person)
    data = InviteRequestedData(invitee=invitee, role=Role.PATIENT)
    return InviteRequested.of(data, traceparent=telemetry.new_traceparent())


def test_of_several_causes_the_one_about_the_same_person_or_chart_counts() -> None:
    first, second = asked("c-1", "p-1"), asked("c-1", "p-2")
    other = asked("c-2")
    traces = Traces([first, second, other])
    assert traces.of("sunrise/c-1/p-1") == first.traceparent
    assert traces.of("sunrise/c-1/p-2") == second.traceparent
    assert traces.of("sunrise/c-2/p-9") == other.traceparent


def test_what_comes_from_none_of_several_causes_is_in_a_trace_of_its_own() -> None:
    causes = [asked("c-1"), asked("c-2")]
    telemetry.continue_trace(causes[0].traceparent)
    found = Traces(causes).of("sunrise/c-3/p-1")
    assert telemetry.valid_traceparent(found) == found
    assert found not in {cause.traceparent for cause in causes}


def test_what_a_request_does_is_in_its_trace() -> None:
    current = telemetry.continue_trace(None)
    assert Traces().of("sunrise/c-1/p-1") == current


def test_what_nobody_asked_for_begins_a_trace() -> None:
    telemetry.leave_trace()
    first, second = Traces().of("sunrise/c-1/p-1"), Traces().of("sunrise/c-1/p-1")
    assert telemetry.valid_traceparent(first) == first != second


def test_all_that_follows_from_an_event_without_a_trace_is_in_one() -> None:
    first = InviteRequested.of(asked("c-1").data)
    second = InviteRequested.of(asked("c-2").data)
    traces = Traces([first, second])
    followed = InviteRequested.of(first.data, cause=first).traceparent
    assert traces.of("sunrise/c-1/p-2") == followed != traces.of("sunrise/c-2/p-2")
    assert telemetry.valid_traceparent(followed) == followed


def test_even_an_id_of_zeros_begins_a_trace_that_tracers_take() -> None:
    event = asked("c-1").model_copy(update={"id": UUID(int=0), "traceparent": None})
    assert event.trace == f"00-{1:032x}-{1:016x}-01"
