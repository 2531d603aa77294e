"""The audit log: who did what, when, to whom, for administrators of the organisation alone."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.chart_service.pages import audit_log
from tests.infrastructure import Servers
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import signed_in, token_in
from tests.integration.chart_service.portal import Portal

CELL = re.compile(r"<t[hd] [^>]*>(.*?)</t[hd]>", re.DOTALL)


def entries_in(page: str) -> list[list[str]]:
    """Return the rows of the log's page: when, who, what, to whom, details."""
    rows = page.partition("<tbody")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [
        [unescape(" ".join(re.sub(r"<[^>]+>", "", cell).split())) for cell in CELL.findall(row)]
        for row in rows
    ]


async def log(browser: httpx.AsyncClient, **filters: str) -> list[list[str]]:
    """Look at the log; return its rows without the time."""
    answer = await browser.get("/audit-log", params=filters)
    assert answer.status_code == 200, answer.text
    return [row[1:] for row in entries_in(answer.text)]


async def test_it_tells_who_did_what_to_whom(browser: httpx.AsyncClient, center: Center) -> None:
    await center.has_chart()
    await signed_in(browser, center, "admin")
    await browser.get("/charts/c-1")
    token = await token_in(browser, "/")
    fields = {"given_name": "Luis", "family_name": "Lopez", "relationship": "Guardian"}
    await browser.post("/charts/c-1/contacts/new", data=fields | {"csrf_token": token})
    rows = await log(browser)
    assert ["Kim Park", "Added a contact", "Luis Lopez, on the chart of Ana Lopez", ""] in rows
    assert ["Kim Park", "Looked at a chart", "Ana Lopez", "section: Information"] in rows
    assert ["Kim Park", "Signed in", "", "by: password"] in rows
    assert ["Holder of the API token", "Recorded a chart", "Ana Lopez", ""] in rows
    detail = "role: admin; receives messages: yes"
    assert ["Holder of the API token", "Added a user", "Kim Park", detail] in rows
    assert (await log(browser))[0] == ["Kim Park", "Looked at the audit log", "", ""]


def sights_of_a_chart(service: FastAPI) -> list[str]:
    """Return where something of chart c-1 and its patient is shown, by page and by API."""
    known = {"organization": "{organization}", "chart": "c-1", "person": "p-1"}
    paths = [
        re.sub(r"{(\w+)}", lambda found: known.get(found[1], "x"), route.path or "")
        for route in iter_route_contexts(service.routes)
        if "GET" in (route.methods or ())
        and "/charts/{chart}" in (route.path or "")
        # A stream has no end, and tells what the page that it belongs to told.
        and not (route.path or "").endswith("/stream")
    ]
    assert len(paths) >= 8
    return paths


async def test_nobody_looks_at_a_chart_without_it(
    service: FastAPI, servers: Servers, browser: httpx.AsyncClient, center: Center
) -> None:
    await center.has_chart()
    await signed_in(browser, center, "admin")
    engine = create_async_engine(servers.database_url("chart"))
    entries = text(
        "SELECT count(*) FROM audit_log WHERE organization_id = :id AND chart_id = 'c-1'"
    )

    async def noted() -> int:
        async with engine.connect() as connection:
            return int(await connection.scalar(entries, {"id": center.id}))

    for path in sights_of_a_chart(service):
        client = center.api if path.startswith("/api/") else browser
        before = await noted()
        answer = await client.get(path.format(organization=center.id))
        if answer.status_code == 200:
            assert await noted() > before, path
    await engine.dispose()


async def test_what_is_sent_to_a_webhook_by_hand_is_in_it(
    browser: httpx.AsyncClient, center: Center
) -> None:
    hook = {"url": "https://emr.example/hooks"}
    added = (await center.api.post(f"{center.path}/webhooks", json=hook)).json()
    path = f"{center.path}/webhooks/{added['id']}"
    sent = (await center.api.post(f"{path}/test")).json()
    await center.api.post(f"{path}/deliveries/{sent['id']}/redelivery")
    await signed_in(browser, center, "admin")
    entries = [row for row in await log(browser, actor="operator") if "webhook" in row[1]]
    assert [row[1] for row in entries[:2]] == [
        "Sent a message to a webhook endpoint again",
        "Sent a test message to a webhook endpoint",
    ]
    assert entries[0][3] == f"event: {sent['event_id']}; webhook: {added['id']}"


async def test_the_portals_reading_is_in_it(
    browser: httpx.AsyncClient, stranger: httpx.AsyncClient, portal: Portal, center: Center
) -> None:
    await center.has_chart()
    await signed_in(browser, center, "admin")
    claims = {"sub": "account-1", "organization": center.id, "chart": "c-1", "person": "p-1"}
    token = portal.signer.sign("chart_service", role="patient", scopes=["dashboard"], **claims)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await stranger.get("/api/v1/access/chart", headers=headers)).status_code == 200
    [entry] = await log(browser, actor="portal:account-1")
    detail = "role: patient; section: dashboard"
    assert entry == ["Ana Lopez (portal)", "Looked at a chart", "Ana Lopez", detail]


async def test_coming_and_going_and_failing_to_is_in_it(
    browser: httpx.AsyncClient, center: Center
) -> None:
    await signed_in(browser, center, "admin")
    await browser.post("/sign-out", data={"csrf_token": await token_in(browser, "/")})
    form = {"csrf_token": await token_in(browser, "/sign-in"), "email": center.staff_email}
    await browser.post("/sign-in", data=form | {"password": "wrong"})
    await browser.post("/sign-in", data=form | {"password": "green-hills-demo-1"})
    rows = [row for row in await log(browser) if row[1] != "Looked at the list of charts"]
    assert [row[1] for row in rows[:4]] == [
        "Signed in",
        "Failed to sign in",
        "Signed out",
        "Signed in",
    ]
    assert rows[1][3] == "by: password; reason: wrong password"


@pytest.fixture
async def busy(servers: Servers, browser: httpx.AsyncClient, center: Center) -> Center:
    """A centre whose administrator looks at a log of 120 entries of earlier days."""
    await center.has_chart()
    await signed_in(browser, center, "admin")
    engine = create_async_engine(servers.database_url("chart"))
    async with engine.begin() as connection:
        # An hour apart each; every third at the same moment as the one before it.
        await connection.execute(
            text("""
                INSERT INTO audit_log (organization_id, at, actor, action, chart_id, detail)
                SELECT :id, CAST('2026-01-10Z' AS timestamptz) - (n - (n % 3) / 2) * interval '1 h',
                    'client:emr-' || n % 2, 'chart_viewed', 'c-' || n % 4,
                    jsonb_build_object('number', n)
                FROM generate_series(1, 120) AS n
            """),
            {"id": center.id},
        )
    await engine.dispose()
    return center


def numbers(rows: list[list[str]]) -> list[int]:
    return [int(row[3].removeprefix("number: ")) for row in rows if "number" in row[3]]


async def test_every_entry_is_on_one_page_only_newest_first(
    browser: httpx.AsyncClient, busy: Center
) -> None:
    seen, path = [], "/audit-log?action=chart_viewed"
    for _ in range(3):
        page = (await browser.get(path)).text
        seen += numbers([row[1:] for row in entries_in(page)])
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(older[1]) if older else ""
    assert path == ""
    assert sorted(seen) == list(range(1, 121))
    assert seen[:4] == [2, 1, 3, 5]
    assert busy.id not in path


async def test_it_is_filtered_by_what_who_chart_and_days(
    browser: httpx.AsyncClient, busy: Center
) -> None:
    found = await log(browser, actor="client:emr-1", chart="c-3", action="chart_viewed")
    assert numbers(found) == list(range(3, 121, 4))
    assert found[0][0] == "Client emr-1"
    assert found[0][2] == "chart c-3"
    day = await log(browser, **{"from": "2026-01-08", "to": "2026-01-08"})
    assert sorted(numbers(day)) == list(range(25, 49))
    assert numbers(await log(browser, chart="nobody's")) == []
    wrong = await browser.get("/audit-log", params={"from": "soon", "to": "2026-13-01"})
    assert (wrong.status_code, "Enter a day like" in wrong.text) == (422, True)
    assert (await browser.get("/audit-log?after=x-1&chart=%00%ff")).status_code == 200
    del busy


async def test_the_export_is_the_filtered_log_and_runs_nothing_in_a_spreadsheet(
    browser: httpx.AsyncClient, busy: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "EXPORT_BATCH", 50)
    await busy.has_chart("c-3", given_name="=1+1")
    answer = await browser.get("/audit-log.csv", params={"chart": "c-3", "action": "chart_viewed"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-log.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["detail"] for row in rows] == [f'{{"number": {n}}}' for n in range(3, 121, 4)]
    assert rows[0]["patient_name"] == "'=1+1 Lopez"
    assert rows[0]["action_words"] == "Looked at a chart"
    everything = csv.DictReader(io.StringIO((await browser.get("/audit-log.csv")).text))
    assert sum(row["action"] == "chart_viewed" for row in everything) == 120
    exported = await log(browser, action="audit_log_exported", chart="c-3")
    assert exported[0][3] == "filtered by: action, chart"


async def test_another_organizations_log_is_another(
    browser: httpx.AsyncClient, center: Center
) -> None:
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    await other.has_chart("c-secret")
    await signed_in(browser, center, "admin")
    assert await log(browser, chart="c-secret") == []
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert await log(browser, **{"from": tomorrow.isoformat()}) == []
