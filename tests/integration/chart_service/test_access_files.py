"""Files that portal users put on a chart: made harmless, one's own, and stored once."""

import io
from base64 import b64decode
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from contracts.scopes import Role
from services.chart_service.throttle import MOST_UPLOADS
from tests.integration.chart_service.access_calls import CONTACTS, Calls
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.pages import signed_in
from tests.integration.chart_service.portal import Portal

PDF = b"%PDF-1.7 a card"
PLACE = b"48.8584 N 2.2945 E"


def picture(colour: str = "teal") -> bytes:
    """Return a PNG that says where it was taken."""
    written, said = io.BytesIO(), PngInfo()
    said.add_text("Location", PLACE.decode())
    Image.new("RGB", (40, 30), colour).save(written, "PNG", pnginfo=said)
    return written.getvalue()


@pytest.fixture
async def calls(center: Center, stranger: httpx.AsyncClient, portal: Portal) -> Calls:
    """A chart on which all roles look."""
    await center.has_chart(contacts=CONTACTS)
    return Calls(center, stranger, portal)


async def send(
    calls: Calls, content: bytes, role: Role = Role.PATIENT, **more: str
) -> httpx.Response:
    fields = {"kind": "insurance_card", "submission": str(uuid4())} | more
    return await calls.upload(role, content, **fields)


async def attachments(calls: Calls) -> list[dict[str, str]]:
    answer = await calls.center.api.get(f"{calls.center.path}/charts/c-1/attachments")
    found: list[dict[str, str]] = answer.json()
    return found


async def test_an_upload_is_an_attachment_of_the_chart_without_what_the_camera_wrote(
    calls: Calls,
) -> None:
    sent = picture()
    assert PLACE in sent
    answer = await send(calls, sent, name="C:\\cards\\mine.png")
    assert answer.status_code == 201, answer.text
    [kept] = await attachments(calls)
    assert kept["uploaded_by"] == f"portal:{calls.center.id}-patient"
    assert (kept["file_name"], kept["kind"]) == ("mine.png", "insurance_card")
    own = await calls.get(Role.PATIENT, f"/files/{kept['id']}/content")
    assert own.headers["content-disposition"].startswith("attachment;")
    assert PLACE not in own.content
    assert Image.open(io.BytesIO(own.content)).size == (40, 30)


async def test_who_uploads_sees_their_own_files_and_nobody_elses(calls: Calls) -> None:
    mine = (await send(calls, picture(), Role.GUARDIAN)).json()["id"]
    theirs = (await send(calls, picture(), Role.PATIENT)).json()["id"]
    assert mine != theirs
    listed = (await calls.get(Role.GUARDIAN, "/files")).json()
    assert [one["id"] for one in listed] == [mine]
    assert (await calls.get(Role.GUARDIAN, f"/files/{theirs}/content")).status_code == 404
    assert (await calls.get(Role.PATIENT, f"/files/{mine}/content")).status_code == 404
    assert (await calls.get(Role.GUARANTOR, "/files")).json() == []


async def test_a_form_sent_twice_is_stored_once_and_another_file_in_it_is_not_lost(
    calls: Calls,
) -> None:
    form = str(uuid4())
    first, again = await send(calls, PDF, submission=form), await send(calls, PDF, submission=form)
    assert first.json()["id"] == again.json()["id"]
    assert len(await attachments(calls)) == 1
    await send(calls, PDF + b" of mine", submission=form)
    assert len(await attachments(calls)) == 2


async def test_no_form_writes_over_a_file_of_staff(calls: Calls) -> None:
    of_staff = str(uuid4())
    content = "JVBERi0xLjcgc3RhZmY="
    await calls.puts(
        f"attachments/{of_staff}", kind="other", file_name="staff.pdf", content=content
    )
    await send(calls, PDF, submission=of_staff)
    path = f"{calls.center.path}/charts/c-1/attachments/{of_staff}/content"
    assert (await calls.center.api.get(path)).content == b64decode(content)


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"", "picture", "file_empty"),
        (b"%PDF-" + b"0" * 10 * 1024 * 1024, "identity_card", "file_too_large"),
        (b"MZ a program", "identity_card", "file_type_unknown"),
        (picture()[:60], "picture", "picture_broken"),
        (PDF, "picture", "picture_type_unknown"),
        (PDF, "other", "file_kind_unknown"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_a_reason(
    calls: Calls, content: bytes, kind: str, problem: str
) -> None:
    answer = await send(calls, content, kind=kind)
    assert answer.status_code == 422
    assert answer.json()["type"] == f"urn:portico:problem:{problem}"
    assert await attachments(calls) == []


async def test_the_newest_profile_picture_is_the_charts(calls: Calls) -> None:
    await send(calls, picture("red"), kind="picture")
    await send(calls, picture("blue"), kind="picture")
    shown = Image.open(io.BytesIO((await calls.get(Role.GUARDIAN, "/photo")).content))
    assert shown.getpixel((0, 0)) == (0, 0, 255)


async def test_many_uploads_in_a_short_time_are_slowed_down_for_that_account(
    calls: Calls,
) -> None:
    for _ in range(MOST_UPLOADS):
        assert (await send(calls, b"MZ")).status_code == 422
    refused = await send(calls, PDF)
    assert refused.status_code == 429
    assert await attachments(calls) == []
    assert (await send(calls, PDF, Role.GUARDIAN)).status_code == 201


async def test_the_audit_log_says_who_uploaded_and_read_what(
    calls: Calls, browser: httpx.AsyncClient
) -> None:
    file = (await send(calls, PDF, name="ana-lopez.pdf")).json()["id"]
    await calls.get(Role.PATIENT, f"/files/{file}/content")
    await signed_in(browser, calls.center, "admin")
    page = (await browser.get("/audit-log?chart=c-1")).text
    assert "Put a file on the chart in the portal" in page
    assert "Looked at a file" in page
    assert file in page
    assert "ana-lopez" not in page
