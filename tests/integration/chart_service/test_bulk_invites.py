"""Inviting many: nobody twice, however often it is confirmed, and everybody's result."""

import asyncio
import re

import httpx

from contracts.chart import InviteRequested
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import signed_in, token_in
from tests.integration.chart_service.test_directory import listed, standing
from tests.integration.chart_service.test_invitations import contact


async def chosen(browser: httpx.AsyncClient, which: str = "all", *picks: str) -> str:
    """Choose people in the directory; return where that is confirmed."""
    form = {"csrf_token": await token_in(browser, "/directory"), "which": which, "pick": picks}
    answer = await browser.post("/directory/bulk", data=form)
    assert answer.status_code == 303
    return answer.headers["location"]


async def finished(browser: httpx.AsyncClient, path: str) -> str:
    """Return the page once everybody is settled."""
    async with asyncio.timeout(60):
        while "every 1s" in (page := (await browser.get(path)).text):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return page


async def test_all_of_a_list_are_invited_once_however_often_it_is_confirmed(
    center: Center, browser: httpx.AsyncClient, events: EventLog
) -> None:
    for number in range(3):
        await center.has_chart(f"c-{number}", contacts=[contact(email=None)])
    await signed_in(browser, center)
    # Two tabs, each of which is confirmed twice.
    first, second = await chosen(browser), await chosen(browser)
    page = (await browser.get(first)).text
    assert "Invite 3 people?" in page
    assert "No e-mail address" in page
    form = {"csrf_token": await token_in(browser, first)}
    answers = await asyncio.gather(
        *(browser.post(path, data=form) for path in (first, second, first, second))
    )
    assert {answer.status_code for answer in answers} == {303}
    pages = [await finished(browser, path) for path in (first, second)]
    assert (
        sum(int(n) for n in re.findall(r"(\d+) invitations? (?:is|are) requested", "".join(pages)))
        == 3
    )
    assert "An invitation is waiting already" in "".join(pages)
    await events.wait_for(
        InviteRequested, lambda e: e.data.invitee.organization == center.id, count=3
    )
    await center.has_chart("c-last")
    await center.api.post(f"{center.path}/charts/c-last/people/p-1/invitations")
    found = await events.wait_for(
        InviteRequested, lambda e: e.data.invitee.organization == center.id, count=4
    )
    assert sorted(event.data.invitee.chart for event in found) == ["c-0", "c-1", "c-2", "c-last"]
    assert len(await listed(center, status="pending")) == 4


async def test_nothing_is_sent_before_it_is_confirmed_and_the_refused_can_be_tried_again(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart()
    await signed_in(browser, center)
    path = await chosen(browser, "picked", "c-1/p-1", "c-1/nobody", "x")
    assert (await standing(center))[0] == "not_invited"
    new = {"email": "ana.lopez@sunrise.example"}
    await center.api.patch(f"{center.path}/charts/c-1/people/p-1", json=new)
    form = {"csrf_token": await token_in(browser, path)}
    await browser.post(path, data=form)
    page = await finished(browser, path)
    assert "The e-mail address changed since this was confirmed" in page
    assert (await standing(center))[0] == "not_invited"
    again = (await browser.post(f"{path}/again", data=form)).headers["location"]
    assert "ana.lopez@sunrise.example" in (await browser.get(again)).text
    await browser.post(again, data=form)
    assert "1 invitation is requested" in await finished(browser, again)


async def test_friends_are_not_invited_and_each_result_says_why(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart(contacts=[contact("Friend"), contact(id="p-3", given_name="Rosa")])
    await signed_in(browser, center)
    path = await chosen(browser, "picked", "c-1/p-1", "c-1/p-2", "c-1/p-3")
    assert "Invite 2 people?" in (await browser.get(path)).text
    became_a_friend = {"relationship": "Friend"}
    await center.api.patch(f"{center.path}/charts/c-1/people/p-3", json=became_a_friend)
    await browser.post(path, data={"csrf_token": await token_in(browser, path)})
    page = await finished(browser, path)
    assert "1 invitation is requested" in page
    for name in ("Lopez, Luis", "Lopez, Rosa"):
        row = page.partition(f">{name}</a>")[2].partition("</tr>")[0]
        assert "Not invited" in row
        assert "Neither patient, guardian nor guarantor" in row
    assert [alert["person"] for alert in (await center.chart())["alerts"]] == ["p-1"]


async def test_a_bulk_invitation_is_its_organizations_alone(
    center: Center, browser: httpx.AsyncClient
) -> None:
    await center.has_chart()
    await signed_in(browser, center)
    path = await chosen(browser)
    other = Center(center.api, f"{center.id}-other")
    await other.opens()
    await signed_in(browser, other)
    assert (await browser.get(path)).status_code == 404
    form = {"csrf_token": await token_in(browser, "/directory")}
    assert (await browser.post(path, data=form)).status_code == 404
