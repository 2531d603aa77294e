"""Alerts on the facesheet are right whatever the order in which the news comes."""

from datetime import datetime
from itertools import permutations
from uuid import UUID

import httpx
import pytest

from contracts.envelope import Invitee
from tests.integration.chart_service.conftest import Center, Tell
from tests.integration.chart_service.news import Invitation
from tests.integration.chart_service.pages import sent, signed_in


async def test_an_invitation_that_the_emr_published_itself_stands_on_the_facesheet(
    center: Center, tell: Tell
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(invitation.requested)
    [alert] = (await center.chart())["alerts"]
    assert (alert["state"], alert["person"]) == ("requested", "p-1")
    assert alert["message"] == "Invitation requested."
    assert datetime.fromisoformat(alert["requested_at"]) == invitation.at


async def test_an_alert_waits_for_its_chart(center: Center, tell: Tell) -> None:
    await tell(Invitation(Invitee(organization=center.id, chart="c-1", person="p-1")).requested)
    answer = await center.api.get(f"{center.path}/charts/c-1/alerts")
    assert answer.status_code == 404
    await center.has_chart()
    assert await _states(center) == [("p-1", "requested")]


async def test_each_step_shows_and_the_redemption_clears(center: Center, tell: Tell) -> None:
    invitation = Invitation(await center.has_chart())
    for step in ("requested", "issued", "sent", "reminded", "opened", "accepted"):
        await tell(getattr(invitation, step))
        assert await _states(center) == [("p-1", step)]
    await tell(invitation.cleared)
    assert await _states(center) == []


@pytest.mark.parametrize("order", list(permutations(("requested", "issued", "sent", "cleared"))))
async def test_news_out_of_order_brings_no_alert_back(
    center: Center, tell: Tell, order: tuple[str, ...]
) -> None:
    invitation = Invitation(await center.has_chart())
    other = Invitation(invitation.invitee.model_copy(update={"person": "p-2"}))
    for step in order:
        await tell(getattr(invitation, step))
    await tell(*(getattr(other, step) for step in order if step != "cleared"))
    assert await _states(center) == [("p-2", "sent")]
    [alert] = (await center.chart())["alerts"]
    assert datetime.fromisoformat(alert["requested_at"]) == other.at


@pytest.mark.parametrize(
    ("last", "messages"),
    [
        ("bounced", ["The invitation could not be delivered. There is no such mailbox."]),
        ("rejected", ["The invitation was not sent. The address is taken."]),
        ("expired", ["The invitation expired before it was accepted. Invite again to renew it."]),
        ("opened", ["Invitation opened, not accepted yet."]),
        ("revoked", []),
        ("superseded", []),
    ],
)
async def test_how_an_invitation_ended_is_said_unless_nobody_needs_to_know(
    center: Center, tell: Tell, last: str, messages: list[str]
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(getattr(invitation, last))
    await tell(invitation.sent, invitation.requested)
    assert [alert["message"] for alert in (await center.chart())["alerts"]] == messages


async def test_a_newer_invitation_takes_the_place_of_an_older_ones_alert(
    center: Center, tell: Tell
) -> None:
    invitee = await center.has_chart()
    old, new = Invitation(invitee, hour=8), Invitation(invitee, hour=9)
    await tell(new.requested, new.issued, new.sent)
    await tell(old.superseded, old.requested, old.expired, old.sent)
    [alert] = (await center.chart())["alerts"]
    assert (UUID(alert["invitation_id"]), alert["state"]) == (new.id, "sent")


async def test_a_dismissed_alert_comes_back_with_newer_news_only(
    center: Center, tell: Tell, browser: httpx.AsyncClient
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(invitation.bounced)
    await signed_in(browser, center)
    dismiss = f"/charts/c-1/alerts/{invitation.id}/dismiss"
    assert (await sent(browser, "/charts/c-1", dismiss)).status_code == 303
    await tell(invitation.issued, invitation.sent, invitation.bounced)
    assert await _states(center) == []
    page = (await browser.get("/charts/c-1?done=dismissed")).text
    assert "The alert is dismissed." in page
    assert "Invitation pending" in page  # the link is alive all the same
    await tell(invitation.expired)
    assert await _states(center) == [("p-1", "expired")]


async def test_who_asks_for_a_new_invitation_stands_there_until_staff_have_seen_or_sent_it(
    center: Center, tell: Tell, browser: httpx.AsyncClient
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(invitation.requested, invitation.asked(10), invitation.revoked)
    await signed_in(browser, center, "admin")
    page = (await browser.get("/charts/c-1")).text
    assert "Asked for a new invitation: Ana Lopez, patient" in page
    assert "Their invitation was withdrawn." in page
    assert "/charts/c-1/people/p-1/invite" in page
    dismiss = f"/charts/c-1/alerts/{invitation.id}/dismiss"
    assert (await sent(browser, "/charts/c-1", dismiss)).status_code == 303
    await tell(invitation.issued, invitation.asked(10))
    assert await _states(center) == []
    await tell(invitation.asked(11))
    assert await _states(center) == [("p-1", "revoked")]
    await tell(Invitation(invitation.invitee, hour=12).requested)
    assert await _states(center) == [("p-1", "requested")]
    log = (await browser.get("/audit-log?action=new_invitation_asked")).text
    assert log.count("Invitee") == 3 + 1  # among those to choose from, too


async def test_an_alert_that_waits_for_something_cannot_be_dismissed(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart()
    invitation_id = (await center.invites()).json()["invitation_id"]
    await signed_in(browser, center)
    dismiss = f"/charts/c-1/alerts/{invitation_id}/dismiss"
    assert (await sent(browser, "/charts/c-1", dismiss)).status_code == 409
    assert await _states(center) == [("p-1", "requested")]
    elsewhere = f"/charts/c-2/alerts/{invitation_id}/dismiss"
    assert (await sent(browser, "/charts/c-1", elsewhere)).status_code == 404


async def _states(center: Center) -> list[tuple[str, str]]:
    return [(alert["person"], alert["state"]) for alert in (await center.chart())["alerts"]]
