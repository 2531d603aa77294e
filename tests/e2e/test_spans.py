"""What an operator sees of an invitation in a tracing system: one trace, and nobody's data."""

import secrets
from contextlib import suppress

from cli.mail_inbox import MailInbox, link_in
from cli.portal_visitor import PortalVisitor
from cli.waiting import wait_for
from devstack.status import Status
from tests.e2e.conftest import Center
from tests.span_receiver import ReceivedSpan, SpanReceiver

INVITE = "/api/v1/organizations/{organization}/charts/{chart}/people/{person}/invitations"
REQUESTS, LIFECYCLE = "chart.invites.v1", "invitation.lifecycle.v1"
STEPS = (
    ("chart_service", f"POST {INVITE}"),
    ("invitation_service", f"process {REQUESTS}"),
    ("notification_service", f"process {LIFECYCLE}"),
    ("notification_service", "send mail"),
)
PASSWORD = "three unrelated words"
NAMES = ("Rosalinda", "Quintanilla")


def has_a_patient(center: Center) -> str:
    """Enter a centre with one patient and return the address."""
    email = f"ana.secret@{center.id}.example"
    patient = {"id": "p-1", "given_name": NAMES[0], "family_name": NAMES[1], "email": email}
    center.has_charts([{"id": "c-1", "mrn": "M-1", "patient": patient, "contacts": []}])
    return email


def one(spans: list[ReceivedSpan], service: str, name: str, kind: str = "") -> ReceivedSpan:
    """Return the only such span; ValueError while there is none."""
    [found] = [
        span
        for span in spans
        if (span.service, span.name) == (service, name) and (kind or span.kind) == span.kind
    ]
    return found


def test_an_invitation_is_one_trace_from_the_request_to_the_mail(
    center: Center, spans: SpanReceiver
) -> None:
    has_a_patient(center)
    # W3C's own example of a trace is what other tests of this stack send.
    trace, caller = secrets.token_hex(16), secrets.token_hex(8)
    center.api.headers["traceparent"] = f"00-{trace}-{caller}-01"
    invitation = center.invites("c-1", "p-1").json()["invitation_id"]

    def steps() -> list[ReceivedSpan] | None:
        # Each service sends its spans when it likes.
        with suppress(ValueError):
            return [one(spans.of(trace), service, name) for service, name in STEPS]
        return None

    found = wait_for(steps, "The spans from the request to the mail", seconds=60)
    request, decision, queueing, mail = found
    assert [span.kind for span in (request, decision, queueing, mail)] == [
        "SERVER",
        "CONSUMER",
        "CONSUMER",
        "CLIENT",
    ]
    assert request.parent == caller
    assert decision.parent == request.id
    assert queueing.parent == decision.id
    assert mail.parent == queueing.id
    assert not any(span.failed for span in spans.of(trace))
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": INVITE,
        "http.response.status_code": "202",
        "url.scheme": "http",
    }
    assert decision.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.destination.name": REQUESTS,
        "messaging.consumer.group.name": "invitation_service",
        "cloudevents.event_type": "portico.InviteRequested.v1",
        "cloudevents.event_id": invitation,
    }


def test_a_call_between_services_is_part_of_the_page_that_makes_it_and_nobody_is_in_a_span(
    center: Center, stack: Status, spans: SpanReceiver
) -> None:
    email = has_a_patient(center)
    center.invites("c-1", "p-1").raise_for_status()
    link = link_in(MailInbox(stack["urls"]["inbox"] or "").text_to(email))
    PortalVisitor().accept(link, PASSWORD)
    center.waits_for_alerts("c-1")

    def redeemed() -> tuple[ReceivedSpan, ReceivedSpan, ReceivedSpan] | None:
        callees = [each for each in spans.spans if each.name == "POST /api/v1/redemptions"]
        with suppress(KeyError, IndexError):
            found = {span.id: span for span in spans.of(callees[-1].trace)}
            call = found[callees[-1].parent]
            return callees[-1], call, found[call.parent]
        return None

    callee, call, page = wait_for(redeemed, "The spans of a redemption", seconds=60)
    assert (callee.service, callee.kind) == ("invitation_service", "SERVER")
    assert (call.service, call.name, call.kind) == ("portal_access", "POST", "CLIENT")
    assert (page.service, page.name) == ("portal_access", "POST /accept/register")
    assert page.kind == "SERVER"
    sent = b"".join(spans.bodies).decode("utf-8", "replace")
    token = link.partition("#")[2]
    assert token
    for secret in (email, token, center.id, PASSWORD, *NAMES):
        assert secret not in sent
    names = {span.name for span in spans.spans}
    assert not [name for name in names if "/health" in name or "/static" in name]
