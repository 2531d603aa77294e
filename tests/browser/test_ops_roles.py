"""What each role may do, and that names are shown only once that is written down."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from chassis.security.passwords import hash_now
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.ops import OpsAction
from contracts.scopes import Role as Invited
from contracts.topics import CHART_INVITES
from services.ops_console import audit
from services.ops_console.app import build
from services.ops_console.browsing import Asked, browse
from services.ops_console.event_rows import Row
from services.ops_console.roles import Role, User
from services.ops_console.settings import Settings
from tests.browser.checks import check_on_all_screens
from tests.browser.ops_console import PASSWORD
from tests.integration.chart_service.serving import serving
from tests.integration.portal_access.stack import Center, Stack
from tests.waiting import until

EMAIL = "ana@roles.example"
PLACE = {"topic": CHART_INVITES.name, "partition": "0", "offset": "0"}
GETS = ["/", "/trace", "/events", f"/events/topic?topic={CHART_INVITES.name}", "/dead-letters"]
POSTS = ["/dead-letters/replay", "/dead-letters/discard", "/events/reveal", "/trace/reveal"]


@pytest.fixture
async def url(stack: Stack) -> AsyncIterator[str]:
    """A console with a user of each role, named like it."""
    hashed = hash_now(PASSWORD)
    settings = Settings(
        kafka_bootstrap_servers=stack.servers.kafka,
        ops_users={role.value: User(password=hashed, role=role) for role in Role},
        ops_secret="a secret of the console's tests",
        ops_url="http://127.0.0.1",
    )
    async with serving(build(settings)) as url:
        yield url


@asynccontextmanager
async def visiting(url: str, role: Role | None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of somebody of this role, or of nobody."""
    async with httpx.AsyncClient(base_url=url) as client:
        if role:
            form = await token_of(client) | {"name": role.value, "password": PASSWORD}
            assert (await client.post("/sign-in", data=form)).status_code == 303
        yield client


async def token_of(client: httpx.AsyncClient) -> dict[str, str]:
    """Return what a form sends against forgery."""
    page = (await client.get("/sign-in")).text
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    return {"csrf_token": token}


async def invited(stack: Stack) -> Row:
    """Publish an invite to an address; return where it lies."""
    invitee = Invitee(organization=f"{Center(stack).id}-x", chart="c-1", person="p-1")
    data = InviteRequestedData(invitee=invitee, role=Invited.PATIENT, email=EMAIL)
    await stack.events.publish(InviteRequested.of(data))
    asked = Asked(topic=CHART_INVITES.name, key=invitee.key)
    (row,) = (await browse(stack.servers.kafka, asked)).rows
    return row


async def test_nothing_is_shown_or_done_without_a_sign_in(url: str) -> None:
    async with visiting(url, None) as client:
        token = await token_of(client)
        answers = [await client.get(path) for path in [*GETS, "/audit"]]
        answers += [await client.post(path, data=token | PLACE) for path in POSTS]
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, "/sign-in")}


async def test_who_gave_a_wrong_password_for_a_user_is_in_the_audit_log(
    url: str, stack: Stack
) -> None:
    async def refused() -> list[OpsAction]:
        acts = (await audit.entries(stack.servers.kafka, "ops:viewer")).acts
        return [act.data.action for act in acts if act.data.action is OpsAction.SIGN_IN_REFUSED]

    before = len(await refused())
    async with visiting(url, None) as client:
        token = await token_of(client)
        for name in ("viewer", "my password instead"):
            form = token | {"name": name, "password": "wrong"}
            assert (await client.post("/sign-in", data=form)).status_code == 422

    async def written() -> bool:
        return len(await refused()) == before + 1

    await until(written)
    of_all = (await audit.entries(stack.servers.kafka)).acts
    assert not [act for act in of_all if "instead" in act.data.who]


async def test_a_viewer_looks_and_decides_nothing(url: str) -> None:
    async with visiting(url, Role.VIEWER) as client:
        token = await token_of(client)
        seen = [(await client.get(path)).status_code for path in [*GETS, "/audit"]]
        refused = [await client.post(path, data=token | PLACE) for path in POSTS]
        refused += [await client.get(path) for path in POSTS[:2]]
    assert set(seen) == {200}
    assert {each.status_code for each in refused} == {403}
    assert all("Ask an operator" in each.text for each in refused[:2])


async def test_an_operator_decides_and_sees_no_names(url: str, stack: Stack) -> None:
    row = await invited(stack)
    async with visiting(url, Role.OPERATOR) as client:
        assert (await client.get("/dead-letters/discard")).status_code == 200
        shown = await client.get("/events/one", params=row.place._asdict())
        assert "Show names" not in shown.text
        form = await token_of(client) | {**row.place._asdict(), "why": "I would like to"}
        answer = await client.post("/events/reveal", data=form)
    assert answer.status_code == 403
    assert EMAIL not in answer.text + shown.text


async def test_an_operator_sees_an_address_masked(url: str, stack: Stack) -> None:
    row = await invited(stack)
    async with visiting(url, Role.OPERATOR) as client:
        shown = await client.get("/trace", params={"id": row.key})
        form = await token_of(client) | {"id": row.key, "why": "I would like to"}
        answer = await client.post("/trace/reveal", data=form)
    assert "a•••@r•••.example" in shown.text
    assert "Show the e-mail" not in shown.text
    assert answer.status_code == 403
    assert EMAIL not in answer.text + shown.text


@pytest.fixture
async def investigator(browser: Browser, url: str) -> AsyncIterator[Page]:
    """The window of an investigator who signed in."""
    context = await browser.new_context(base_url=url)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("User name").fill("investigator")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("link", name="Audit")).to_be_visible()
    yield page
    await context.close()


async def test_an_investigator_sees_names_once_it_is_written_down(
    investigator: Page, stack: Stack
) -> None:
    page, row = investigator, await invited(stack)
    topic, partition, offset = row.place
    await page.goto(f"/events/one?topic={topic}&partition={partition}&offset={offset}")
    assert EMAIL not in await page.content()
    await page.get_by_role("button", name="Show names").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why")
    assert EMAIL not in await page.content()
    await check_on_all_screens(page)
    why = f"asked by the centre, {row.key}"
    await page.get_by_label("Why").fill(why)
    await page.get_by_role("button", name="Show names").click()
    await expect(page.get_by_role("row", name="data.email")).to_contain_text(EMAIL)
    await check_on_all_screens(page)
    await page.goto("/audit?by=ops:investigator")
    await expect(page.get_by_role("row", name=why)).to_contain_text(str(row.place))
    await expect(page.get_by_role("row", name="Signed in").first).to_be_visible()
    await check_on_all_screens(page)
    acts = (await audit.entries(stack.servers.kafka, "ops:investigator")).acts
    assert [act.data.why for act in acts if act.data.what == str(row.place)] == [why]
    assert (await audit.entries(stack.servers.kafka, "ops:nobody")).acts == []


async def test_an_investigator_sees_where_an_invitation_goes_once_it_is_written_down(
    investigator: Page, stack: Stack
) -> None:
    page, row = investigator, await invited(stack)
    await page.goto(f"/trace?id={row.key}")
    await page.get_by_role("button", name="Show the e-mail addresses").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why")
    await expect(page.get_by_text("Goes to a•••@r•••.example")).to_be_visible()
    assert EMAIL not in await page.content()
    await check_on_all_screens(page)
    why = f"the mail did not come, {row.key}"
    await page.get_by_label("Why").fill(why)
    await page.get_by_role("button", name="Show the e-mail addresses").click()
    await expect(page.get_by_text(f"Goes to {EMAIL}")).to_be_visible()
    await check_on_all_screens(page)
    acts = (await audit.entries(stack.servers.kafka, "ops:investigator")).acts
    assert [act.data.why for act in acts if act.data.what == row.key] == [why]
