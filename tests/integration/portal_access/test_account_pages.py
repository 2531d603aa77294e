"""The EMR's pages of portal accounts, over the real portal_access."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from chassis.database import Database
from contracts.access import NoticeKind, NoticeRequested
from services.chart_service import app as chart_app
from tests.chart_settings import chart_settings
from tests.integration.portal_access.admin import Admin
from tests.integration.portal_access.stack import (
    Center,
    Stack,
    Visitor,
    free_port,
    heading_of,
    serve,
)

ANA = "ana@sunrise.example"
NEW = "ana.lopez@sunrise.example"


@pytest.fixture
async def admin(center: Center, stack: Stack) -> AsyncIterator[Admin]:
    """An administrator of the centre, signed in to the EMR."""
    somebody = Admin(stack.chart_url)
    await somebody.signs_in(center)
    yield somebody
    await somebody.client.aclose()


@pytest.fixture
async def chart_database(stack: Stack) -> AsyncIterator[Database]:
    """chart_service's database, for its audit log."""
    opened = Database(stack.servers.database_url("chart"))
    yield opened
    await opened.close()


@pytest.fixture
async def account(account: str, center: Center) -> str:
    """The path of an account that is connected to one chart and signed in."""
    del account
    return f"/accounts/{(await center.account())['id']}"


async def test_an_administrator_finds_an_account_and_sees_whose_it_is(
    admin: Admin, account: str
) -> None:
    page = await admin.get("/accounts")
    assert ANA.replace("@", "<wbr>@") in page.text
    assert "Ana Lopez, patient" in page.text
    found = await admin.post("/accounts", q="ANA@", status="active")
    assert account in found.text
    assert "@" not in str(found.url)
    nothing = await admin.post("/accounts", q="bob", status="all")
    assert "No account matches" in nothing.text
    filtered = await admin.post("/accounts", q="", status="disabled")
    assert str(filtered.url).endswith("/accounts?status=disabled")
    assert account not in filtered.text
    details = await admin.get(account)
    for expected in ("/charts/c-1", "Ana Lopez", "Patient", "Connected to the chart", "Signed in"):
        assert expected in details.text, expected
    assert (await admin.get(f"/accounts/{uuid4()}")).status_code == 404


async def test_an_account_is_disabled_enabled_and_disconnected(
    center: Center, admin: Admin, chart_database: Database, account: str, visitor: Visitor
) -> None:
    page = await admin.post(f"{account}/disable")
    assert "The account is disabled" in page.text
    assert "Kim Park" in page.text
    assert heading_of(await visitor.get("/")) == "Sign in to your patient portal"
    enabled = await admin.post(f"{account}/enable")
    assert "The account is enabled" in enabled.text
    path = f"{account}/disconnect/c-1/patient"
    assert heading_of(await admin.get(path)) == "Disconnect this chart?"
    gone = await admin.post(path)
    assert "No chart is connected" in gone.text
    assert "Disconnected from the chart: by an administrator" in gone.text
    assert "/charts/c-1/people/p-1/invite" in gone.text
    assert (await admin.get(path)).status_code == 404
    async with chart_database.transaction() as tx:
        noted = await tx.run(
            "SELECT action, chart_id, person_id FROM audit_log WHERE organization_id = :id "
            "AND action IN ('account_disabled', 'account_enabled', 'account_disconnected') "
            "ORDER BY id",
            id=center.id,
        )
    assert [tuple(row) for row in noted] == [
        ("account_disabled", None, None),
        ("account_enabled", None, None),
        ("account_disconnected", "c-1", "p-1"),
    ]


async def test_a_new_address_is_checked_and_waits_for_its_verification(
    center: Center, admin: Admin, account: str
) -> None:
    wrong = await admin.post(f"{account}/email", email="ana@nowhere")
    assert wrong.status_code == 422
    assert "Enter an e-mail address like" in wrong.text
    same = await admin.post(f"{account}/email", email=ANA)
    assert "The account has this e-mail address already" in same.text
    page = await admin.post(f"{account}/email", email=NEW)
    assert f"New address: {NEW}" in page.text
    assert "It counts once it is verified, by " in page.text
    again = await admin.post(f"{account}/email/resend", at=account)
    assert "The verification is on its way" in again.text
    await center.stack.events.wait_for(
        NoticeRequested,
        lambda event: (
            event.data.organization == center.id and event.data.kind is NoticeKind.VERIFY_EMAIL
        ),
        count=2,
    )


async def test_staff_who_are_no_administrators_see_no_accounts(
    center: Center, stack: Stack, account: str
) -> None:
    staff = Admin(stack.chart_url)
    await staff.signs_in(center, "staff")
    for path in ("/accounts", account, f"{account}/disable", f"{account}/email"):
        assert (await staff.get(path)).status_code == 403
    await staff.client.aclose()


async def test_another_organisations_account_is_not_there(stack: Stack, account: str) -> None:
    other = Center(stack)
    await other.opens()
    stranger = Admin(stack.chart_url)
    await stranger.signs_in(other)
    assert (await stranger.get(account)).status_code == 404
    assert ANA not in (await stranger.get("/accounts")).text
    answer = await stranger.post(f"{account}/disable", at="/accounts")
    assert answer.status_code == 404
    await stranger.client.aclose()


async def test_while_the_portal_is_away_the_pages_say_so_and_nothing_changes(
    center: Center, stack: Stack, account: str
) -> None:
    port = free_port()
    away = chart_app.build(chart_settings(stack.servers, emr_url=stack.chart_url))
    admin = Admin(f"http://127.0.0.1:{port}")
    async with serve(away, port):
        await admin.signs_in(center)
        page = await admin.get("/accounts")
        act = await admin.post(f"{account}/disable", at="/")
    for answer in (page, act):
        assert answer.status_code == 503
        assert "Portal accounts cannot be reached just now. Nothing was changed." in answer.text
    assert (await center.account())["is_active"]
    await admin.client.aclose()
