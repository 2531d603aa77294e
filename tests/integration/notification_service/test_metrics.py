"""What is measured of mails, from the request of an invitation to the mail server's word."""

from datetime import timedelta
from uuid import uuid4

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis import telemetry
from contracts.envelope import utc_now
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer
from tests.waiting import until

LATENCY = "portico_invitation_mail_seconds"


def value(name: str, **labels: str) -> float:
    """Return what a metric stands at in this process."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_the_time_from_the_request_to_the_mail_is_measured(
    center: Center,
) -> None:
    await center.opens()
    issued = center.invitation()
    asked = issued.data.model_copy(update={"requested_at": utc_now() - timedelta(seconds=100)})
    count, seconds = value(f"{LATENCY}_count"), value(f"{LATENCY}_sum")
    sent = value("portico_mails_total", kind="invitation", outcome="sent")
    await center.events.publish(issued.model_copy(update={"data": asked}))
    await center.hears_sent(issued.data.invitation_id)

    async def measured() -> bool:
        # What earlier tests left may be mailed meanwhile, and counts as well.
        return value(f"{LATENCY}_count") >= count + 1

    await until(measured)
    assert value(f"{LATENCY}_sum") - seconds >= 100
    assert value("portico_mails_total", kind="invitation", outcome="sent") >= sent + 1


async def test_mails_that_wait_for_the_mail_server_are_counted_and_grow_older(
    service: Service, center: Center, mail_server: MailServer
) -> None:
    await center.opens()
    mail_server.stop()
    await center.invites()

    async def is_due() -> bool:
        await service.scrape()
        return (
            value("portico_mails_waiting") >= 1
            and value("portico_mails_oldest_due_age_seconds") > 1
            and value("portico_check_passing", check="mail server") == 0
        )

    await until(is_due)
    mail_server.start()

    async def none_is_due() -> bool:
        await service.scrape()
        return (
            value("portico_mails_oldest_due_age_seconds") == 0
            and value("portico_check_passing", check="mail server") == 1
        )

    await until(none_is_due)


async def test_a_mail_that_is_refused_for_now_is_counted_and_logged_in_its_trace(
    center: Center, mail_server: MailServer
) -> None:
    await center.opens()
    before = value("portico_mail_retries_total", reason="refused")
    mail_server.replies_to_recipients[center.address("ana")] = "451 greylisted, come back later"
    traceparent = f"00-{uuid4().hex}-00f067aa0ba902b7-01"
    issued = center.invitation("ana").model_copy(update={"traceparent": traceparent})
    with capture_logs([telemetry.add_trace]) as lines:
        await center.events.publish(issued)

        async def refused() -> bool:
            return any(line["event"] == "mail refused for now" for line in lines)

        await until(refused)
    assert value("portico_mail_retries_total", reason="refused") > before
    (line,) = [line for line in lines if line["event"] == "mail refused for now"]
    assert line["trace_id"] == traceparent.split("-")[1]
