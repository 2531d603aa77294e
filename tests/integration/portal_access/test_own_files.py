"""My files: uploading cards and pictures, and what is said when one cannot be kept."""

import io
import re
from typing import Any

import httpx
import pytest
from PIL import Image

from services.chart_service.throttle import MOST_UPLOADS
from tests.integration.portal_access.stack import (
    DASHBOARD,
    Center,
    Visitor,
    csrf_token_in,
    heading_of,
)

ADDRESS = "ana@sunrise.example"
FILES = f"{DASHBOARD}/files"
FORM = f"{FILES}/new"
PDF = b"%PDF-1.7 a card"
MEGABYTE = 1024 * 1024


def picture() -> bytes:
    """Return a red PNG."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return written.getvalue()


REFUSED = (
    (b"", "identity_card", "Choose a file"),
    (PDF, "", "Choose what the file shows"),
    (PDF, "other", "Choose what the file shows"),
    (b"%PDF-" + b"0" * 10 * MEGABYTE, "identity_card", "The file must be smaller than 10 MB"),
    (b"MZ a program", "identity_card", "The file must be a PDF, PNG or JPEG"),
    (picture()[:50], "picture", "The picture cannot be read"),
    (PDF, "picture", "A profile picture must be a PNG or JPEG. Choose another one"),
)
"""What is sent, as what, and what is said."""


async def fill_in(
    page: httpx.Response, visitor: Visitor, content: bytes, kind: str = "identity_card"
) -> httpx.Response:
    """Send the form on a page that is open."""
    found = re.search(r'name="submission" value="([^"]+)"', page.text)
    assert found
    fields = {"csrf_token": csrf_token_in(page.text), "submission": found[1], "kind": kind}
    files = {"file": ("my card.pdf", content)} if content else {"file": ("", b"")}
    return await visitor.client.post(page.url.path, data=fields, files=files)


async def upload(visitor: Visitor, content: bytes, kind: str = "identity_card") -> httpx.Response:
    """Open the form, fill it in and send it."""
    return await fill_in(await visitor.get(FORM), visitor, content, kind)


async def attachments(center: Center) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await center.call("GET", "/charts/c-1/attachments")).json()
    return found


@pytest.fixture
async def patient(center: Center, visitor: Visitor) -> Visitor:
    """A patient who signed in."""
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    await visitor.accepts(token)
    return visitor


async def test_an_upload_is_on_the_chart_and_among_ones_own_files(
    center: Center, patient: Visitor
) -> None:
    page = await upload(patient, PDF)
    assert page.url.path == FILES
    assert "Your file is on the chart" in page.text
    assert "Identity card" in page.text
    [kept] = await attachments(center)
    account = (await center.account())["id"]
    assert kept["uploaded_by"] == f"portal:{account}"
    file = await patient.get(f"{FILES}/{kept['id']}")
    assert file.content == PDF
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''my%20card.pdf"
    assert file.headers["content-security-policy"].startswith("sandbox")


async def test_another_role_on_the_chart_does_not_see_it(
    center: Center, patient: Visitor, other_visitor: Visitor
) -> None:
    await upload(patient, PDF)
    [kept] = await attachments(center)
    _, token = await center.invites(await center.has_guardian("c-1", "rosa@sunrise.example"))
    await other_visitor.accepts(token)
    listed = await other_visitor.get("/charts/c-1/guardian/files")
    assert "You have not uploaded any files" in listed.text
    file = await other_visitor.get(f"/charts/c-1/guardian/files/{kept['id']}")
    assert file.status_code == 404


async def test_a_form_sent_twice_is_stored_once(center: Center, patient: Visitor) -> None:
    form = await patient.get(FORM)
    for _ in range(2):
        assert (await fill_in(form, patient, PDF)).url.path == FILES
    assert len(await attachments(center)) == 1


async def test_the_newest_profile_picture_is_on_the_dashboard(patient: Visitor) -> None:
    assert "person-photo" not in (await patient.get(DASHBOARD)).text
    await upload(patient, picture(), "picture")
    assert f'src="{DASHBOARD}/photo"' in (await patient.get(DASHBOARD)).text
    photo = await patient.get(f"{DASHBOARD}/photo")
    assert Image.open(io.BytesIO(photo.content)).getpixel((0, 0)) == (255, 0, 0)


async def test_what_is_wrong_with_a_file_is_said_above_the_form(
    center: Center, patient: Visitor
) -> None:
    for content, kind, sentence in REFUSED:
        page = await upload(patient, content, kind)
        assert page.status_code == 422
        assert 'class="error-summary"' in page.text
        assert page.text.count(sentence) == 2, sentence  # in the summary and at the field
    assert await attachments(center) == []
    assert (await fill_in(page, patient, PDF)).url.path == FILES


async def test_a_file_far_too_large_is_answered_by_a_page(patient: Visitor) -> None:
    page = await upload(patient, b"%PDF-" + b"0" * 17 * MEGABYTE)
    assert page.status_code == 413
    assert heading_of(page) == "That is too large"
    assert "Go back and choose a smaller file" in page.text


async def test_many_files_in_a_short_time_are_slowed_down(patient: Visitor) -> None:
    form = await patient.get(FORM)
    for _ in range(MOST_UPLOADS):
        await fill_in(form, patient, b"MZ")
    refused = await fill_in(form, patient, PDF)
    assert refused.status_code == 422
    assert "Wait 15 minutes and try again" in refused.text


async def test_a_form_of_another_site_uploads_nothing(center: Center, patient: Visitor) -> None:
    page = await patient.get(FORM)
    patient.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await fill_in(page, patient, PDF)).status_code == 403
    assert await attachments(center) == []
