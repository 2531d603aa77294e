"""Documents, outcomes and plans in the portal: what is shared with a role, and no more."""

import httpx
import pytest

from contracts.scopes import Role
from tests.integration.chart_service.access_calls import CONTACTS, Calls, document
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.portal import Portal

PDF = b"%PDF-1.7 <script>alert(1)</script>"
TEXT = b"I agree.\nAna"


@pytest.fixture
async def calls(center: Center, stranger: httpx.AsyncClient, portal: Portal) -> Calls:
    """A chart whose documents and plans are shared with some and not with others."""
    await center.has_chart(contacts=CONTACTS)
    made = Calls(center, stranger, portal)
    await made.puts("documents/d-1", **document("consent", "Consent", TEXT, "patient", "guardian"))
    await made.puts("documents/d-2", **document("evaluation", "Intake", PDF, "patient"))
    await made.puts("documents/d-3", **document("evaluation", "Secret", TEXT))
    for number, roles in enumerate((["patient", "guarantor"], ["guardian"], []), 1):
        goals = ["Sleep through the night"]
        await made.puts(
            f"treatment-plans/t-{number}", title=f"Plan {number}", goals=goals, shared_with=roles
        )
    taken = {"measure": "PHQ-9", "taken_at": "2026-03-02T10:00:00Z"}
    await made.puts("outcomes/o-1", score=9.5, **taken)
    return made


def names(answer: httpx.Response, field: str = "title") -> set[str]:
    assert answer.status_code == 200, answer.text
    return {one[field] for one in answer.json()}


async def test_each_role_sees_the_documents_that_are_shared_with_it(calls: Calls) -> None:
    assert names(await calls.get(Role.PATIENT, "/documents")) == {"Consent", "Intake"}
    assert names(await calls.get(Role.GUARDIAN, "/documents")) == {"Consent"}
    assert names(await calls.get(Role.GUARANTOR, "/documents")) == set()


async def test_a_document_is_read_as_text_or_saved_as_a_file(calls: Calls) -> None:
    text = (await calls.get(Role.GUARDIAN, "/documents/d-1")).json()
    assert (text["text"], text["media_type"]) == (TEXT.decode(), "text/plain; charset=utf-8")
    assert (await calls.get(Role.PATIENT, "/documents/d-2")).json()["text"] is None
    file = await calls.get(Role.PATIENT, "/documents/d-2/content")
    assert file.content == PDF
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''Intake.pdf"
    assert "sandbox" in file.headers["content-security-policy"]


@pytest.mark.parametrize("end", ["", "/content"])
async def test_what_is_not_shared_is_not_there(calls: Calls, end: str) -> None:
    hidden = await calls.get(Role.GUARDIAN, f"/documents/d-2{end}")
    missing = await calls.get(Role.GUARDIAN, f"/documents/d-9{end}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert (await calls.get(Role.PATIENT, f"/documents/d-3{end}")).status_code == 404


async def test_what_staff_stop_sharing_is_gone_at_once(calls: Calls) -> None:
    await calls.puts("documents/d-1/sharing", shared_with=["guarantor"])
    assert names(await calls.get(Role.PATIENT, "/documents")) == {"Intake"}
    assert (await calls.get(Role.PATIENT, "/documents/d-1")).status_code == 404
    assert names(await calls.get(Role.GUARANTOR, "/documents")) == {"Consent"}


async def test_outcomes_are_the_patients_alone(calls: Calls) -> None:
    [score] = (await calls.get(Role.PATIENT, "/outcomes")).json()
    assert (score["measure"], float(score["score"])) == ("PHQ-9", 9.5)
    for role in (Role.GUARDIAN, Role.GUARANTOR):
        answer = await calls.get(role, "/outcomes")
        assert answer.status_code == 403
        assert "PHQ" not in answer.text


async def test_each_role_sees_the_plans_that_are_shared_with_it(calls: Calls) -> None:
    assert names(await calls.get(Role.PATIENT, "/treatment-plans")) == {"Plan 1"}
    assert names(await calls.get(Role.GUARDIAN, "/treatment-plans")) == {"Plan 2"}
    guarantor = await calls.get(Role.GUARANTOR, "/treatment-plans")
    assert names(guarantor) == {"Plan 1"}
    assert guarantor.json()[0]["goals"] == ["Sleep through the night"]
    assert "shared_with" not in guarantor.text


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("documents", "/documents"),
        ("documents", "/outcomes"),
        ("treatment_plans", "/treatment-plans"),
        ("files", "/files"),
    ],
)
async def test_a_section_that_is_switched_off_is_closed(
    calls: Calls, section: str, path: str
) -> None:
    await calls.center.opens(sections_off=[section])
    assert (await calls.get(Role.PATIENT, path)).status_code == 403
