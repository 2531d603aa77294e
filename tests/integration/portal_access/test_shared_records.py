"""My documents and My treatment plans: what is shared is read or saved, the rest is not there."""

from base64 import b64encode

import pytest

from tests.integration.portal_access.stack import DASHBOARD, Center, Visitor, heading_of

ADDRESS = "ana@sunrise.example"
GUARDIAN = "/charts/c-1/guardian"
PDF = b"%PDF-1.7 <script>alert(1)</script>"
TEXT = b"I agree to <b>treatment</b>."


async def put(center: Center, path: str, **body: object) -> None:
    await center.call("PUT", f"/charts/c-1/{path}", body)


async def put_document(center: Center, name: str, content: bytes, **more: object) -> None:
    body = {"kind": "consent", "title": f"Paper {name}", "content": b64encode(content).decode()}
    await put(center, f"documents/{name}", **body | more)


@pytest.fixture
async def patient(center: Center, visitor: Visitor) -> Visitor:
    """A patient who signed in, with documents of which some are shared."""
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await put_document(center, "d-1", TEXT, author="Dr. Chen", shared_with=["patient"])
    await put_document(center, "d-2", PDF, kind="evaluation", shared_with=["patient", "guardian"])
    await put_document(center, "d-3", TEXT)
    await visitor.accepts(token)
    return visitor


@pytest.fixture
async def guardian(center: Center, patient: Visitor, other_visitor: Visitor) -> Visitor:
    """A guardian who signed in to the same chart."""
    del patient
    _, token = await center.invites(await center.has_guardian("c-1", "rosa@sunrise.example"))
    await other_visitor.accepts(token)
    return other_visitor


async def test_a_text_is_read_on_a_page_and_nothing_in_it_runs(patient: Visitor) -> None:
    page = await patient.get(f"{DASHBOARD}/documents")
    assert f'href="{DASHBOARD}/documents/shared/d-1"' in page.text
    assert "Paper d-3" not in page.text
    read = await patient.get(f"{DASHBOARD}/documents/shared/d-1")
    assert heading_of(read) == "Paper d-1"
    assert "Dr. Chen" in read.text
    assert "I agree to &lt;b&gt;treatment&lt;/b&gt;." in read.text


async def test_a_file_is_saved_and_never_shown_as_a_page(patient: Visitor) -> None:
    page = await patient.get(f"{DASHBOARD}/documents")
    assert f'href="{DASHBOARD}/documents/shared/d-2/file"' in page.text
    file = await patient.get(f"{DASHBOARD}/documents/shared/d-2/file")
    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''Paper%20d-2.pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"].startswith("sandbox")
    assert file.headers["cache-control"] == "no-store"


async def test_what_is_not_shared_with_a_role_is_not_there(
    patient: Visitor, guardian: Visitor
) -> None:
    listed = await guardian.get(f"{GUARDIAN}/documents")
    assert "Paper d-2" in listed.text
    assert "Paper d-1" not in listed.text
    for path in ("d-1", "d-1/file", "d-3", "d-9"):
        answer = await guardian.get(f"{GUARDIAN}/documents/shared/{path}")
        assert answer.status_code == 404
        assert "Paper" not in answer.text
    assert (await patient.get(f"{GUARDIAN}/documents")).status_code == 404


async def test_the_patient_alone_sees_how_scores_went(
    center: Center, patient: Visitor, guardian: Visitor
) -> None:
    for month, score in ((3, 18), (4, 9.5)):
        taken = {"measure": "PHQ-9", "taken_at": f"2026-0{month}-02T10:00:00Z"}
        await put(center, f"outcomes/o-{month}", score=score, **taken)
    page = (await patient.get(f"{DASHBOARD}/documents/outcomes")).text
    assert '<svg class="plot"' in page
    assert "From 18 on March 2, 2026 to 9.5 on April 2, 2026" in page
    assert '<th scope="row" role="rowheader">April 2, 2026</th>' in page
    assert "/documents/outcomes" not in (await guardian.get(f"{GUARDIAN}/documents")).text
    refused = await guardian.get(f"{GUARDIAN}/documents/outcomes")
    assert refused.status_code == 404
    assert "PHQ" not in refused.text


async def test_plans_are_shown_with_their_goals_to_whom_they_are_shared_with(
    center: Center, patient: Visitor, guardian: Visitor
) -> None:
    plan = {"title": "First weeks", "status": "on-hold", "starts_on": "2026-03-02"}
    goals = ["Sleep through the night"]
    await put(center, "treatment-plans/t-1", goals=goals, shared_with=["patient"], **plan)
    page = (await patient.get(f"{DASHBOARD}/treatment-plans")).text
    for words in ("First weeks", "On hold", "Since March 2, 2026", *goals):
        assert words in page
    empty = (await guardian.get(f"{GUARDIAN}/treatment-plans")).text
    assert "No treatment plans are shared with you" in empty
    assert "First weeks" not in empty
