"""What is counted of decisions and redemptions, and the trace that an answer belongs to."""

from uuid import uuid4

from prometheus_client import REGISTRY

from chassis.lag import caught_up
from contracts.chart import PersonChanged, PersonChangedData, Relationship
from contracts.envelope import Invitee
from contracts.invitations import InvitationRevoked, RejectionReason
from contracts.topics import CHART_INVITES
from tests.event_log import EventLog
from tests.infrastructure import Servers
from tests.integration.invitation_service.conftest import Center, Portal
from tests.waiting import until


def value(name: str, **labels: str) -> float:
    """Return what a metric stands at in this process."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def redemptions(outcome: str) -> float:
    return value("portico_redemptions_total", outcome=outcome)


async def test_each_decision_is_counted_a_refusal_by_its_reason(
    center: Center, servers: Servers
) -> None:
    # Nothing of earlier tests is still to be decided, and counted.
    assert await caught_up(servers.kafka, "invitation_service", [CHART_INVITES], limit_seconds=60)
    issued = value("portico_invitations_issued_total")
    refused = value("portico_invitations_rejected_total", reason="email_missing")
    await center.opens()
    await center.issued(await center.invites(await center.has()))
    nowhere = await center.invites(await center.has(chart="c-2", email=None))
    assert await center.rejected(nowhere) is RejectionReason.EMAIL_MISSING

    async def counted() -> bool:
        now = value("portico_invitations_rejected_total", reason="email_missing")
        return now == refused + 1 and value("portico_invitations_issued_total") == issued + 1

    await until(counted)


async def test_each_redemption_is_counted_by_its_outcome(center: Center, portal: Portal) -> None:
    outcomes = ("accepted", "repeated", "invitation_accepted", "token_unknown")
    before = [redemptions(outcome) for outcome in outcomes]
    await center.opens()
    token = await center.token_of(await center.invites(await center.has()))
    redemption, account = uuid4(), uuid4()
    for _ in range(2):
        assert (await portal.redeem(token, redemption, account)).status_code == 200
    assert (await portal.redeem(token)).status_code == 409
    assert (await portal.redeem("no-such-token")).status_code == 404
    assert [redemptions(outcome) for outcome in outcomes] == [count + 1 for count in before]


def death(invitee: Invitee) -> PersonChanged:
    """Return the news that a patient died, in a trace of its own."""
    data = PersonChangedData(
        invitee=invitee,
        relationship=Relationship.PATIENT,
        given_name="Ana",
        email="ana@sunrise.example",
        deceased=True,
    )
    traceparent = f"00-{uuid4().hex}-00f067aa0ba902b7-01"
    return PersonChanged.of(data, traceparent=traceparent)


async def test_what_is_taken_back_is_in_the_trace_of_the_news_of_its_own_chart(
    center: Center, events: EventLog
) -> None:
    await center.opens()
    people = [await center.has(chart=f"c-{number}") for number in range(5)]
    for person in people:
        await center.issued(await center.invites(person))
    news = [death(person) for person in people]
    await events.publish(*news)
    revoked = await events.wait_for(
        InvitationRevoked, lambda e: e.data.invitee.organization == center.id, count=5
    )
    found = {event.subject: event.traceparent for event in revoked}
    assert found == {event.subject: event.traceparent for event in news}
