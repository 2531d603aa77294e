"""What an EMR records of a chart besides people, through the API."""

import io
from base64 import b64encode
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.integration.chart_service.conftest import Center

PDF = b"%PDF-1.7\n%%EOF"
RECORDS: dict[str, dict[str, Any]] = {
    "episodes": {"program": "Residential", "admitted_on": "2026-03-02"},
    "appointments": {
        "title": "Family session",
        "starts_at": "2026-03-09T15:00:00Z",
        "telehealth_url": "https://video.example/r/1",
        "is_group": True,
    },
    "documents": {"kind": "consent", "title": "Consent to treatment", "content": "SSBhZ3JlZQ=="},
    "outcomes": {"measure": "PHQ-9", "score": 14.5, "taken_at": "2026-03-02T10:00:00Z"},
    "treatment-plans": {"title": "First weeks", "goals": ["Sleep", "Eat"]},
    "medications": {"name": "Sertraline", "dosage": "50 mg", "pharmacy": "Harbor Pharmacy"},
    "attachments": {"kind": "other", "file_name": "a.pdf", "content": b64encode(PDF).decode()},
}


def picture(image_format: str, **options: Any) -> bytes:
    """Return a small picture as a camera writes it: with notes of where it was taken."""
    image = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    written = io.BytesIO()
    image.save(written, image_format, exif=exif, **options)
    return written.getvalue()


async def put(center: Center, path: str, **changes: Any) -> httpx.Response:
    """Put a record of chart c-1: `path` is its kind and id."""
    body = RECORDS[path.split("/", maxsplit=1)[0]] | changes
    return await center.api.put(f"{center.path}/charts/c-1/{path}", json=body)


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_record_is_put_read_and_deleted_by_the_emrs_id(center: Center, kind: str) -> None:
    await center.has_chart()
    path = f"{center.path}/charts/c-1/{kind}"
    assert (await put(center, f"{kind}/r-1")).status_code == 201
    again = await put(center, f"{kind}/r-1")
    assert again.status_code == 200
    assert (await center.api.get(path)).json() == [again.json()]
    assert (await center.api.get(f"{path}/r-1")).json() == again.json()
    assert again.json().items() >= {
        (name, value) for name, value in RECORDS[kind].items() if name not in {"content", "goals"}
    }
    assert (await center.api.delete(f"{path}/r-1")).status_code == 204
    assert (await center.api.get(path)).json() == []
    assert (await center.api.delete(f"{path}/r-1")).status_code == 404


@pytest.mark.parametrize("kind", RECORDS)
async def test_another_organizations_ids_are_unknown(center: Center, kind: str) -> None:
    await center.has_chart()
    await put(center, f"{kind}/r-1")
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    path = f"{other.path}/charts/c-1/{kind}"
    for method, at in (
        ("GET", path),
        ("GET", f"{path}/r-1"),
        ("DELETE", f"{path}/r-1"),
        ("GET", f"{path}/r-1/content"),
    ):
        assert (await center.api.request(method, at)).status_code == 404, at
    assert (await put(other, f"{kind}/r-1")).status_code == 404
    assert (await put(center, f"{kind}/r-1")).status_code == 200


async def test_many_records_are_saved_at_once_and_only_what_changed_is_counted(
    center: Center,
) -> None:
    await center.has_chart()
    path = f"{center.path}/charts/c-1/records"
    body = {kind.replace("-", "_"): [one | {"id": "r-1"}] for kind, one in RECORDS.items()}
    first = await center.api.post(path, json=body)
    assert first.json()["changed"] == dict.fromkeys(body, 1)
    body["medications"][0] |= {"is_active": False}
    assert (await center.api.post(path, json=body)).json() == {"changed": {"medications": 1}}
    twice = {"episodes": body["episodes"] * 2}
    assert (await center.api.post(path, json=twice)).status_code == 422


@pytest.mark.parametrize("kind", ["documents", "treatment-plans"])
async def test_sharing_that_staff_chose_stays_when_the_emr_sends_again(
    center: Center, kind: str
) -> None:
    await center.has_chart()
    first = await put(center, f"{kind}/r-1", shared_with=["patient"])
    assert first.json()["shared_with"] == ["patient"]
    path = f"{center.path}/charts/c-1/{kind}/r-1"
    chosen = {"shared_with": ["guardian", "guarantor"]}
    assert (await center.api.put(f"{path}/sharing", json=chosen)).status_code == 200
    again = await put(center, f"{kind}/r-1", title="Second version", shared_with=["patient"])
    assert again.json()["title"] == "Second version"
    assert again.json()["shared_with"] == chosen["shared_with"]
    wrong = await center.api.put(f"{path}/sharing", json={"shared_with": ["friend"]})
    assert wrong.status_code == 422


@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
async def test_a_picture_is_kept_without_what_the_camera_wrote_into_it(
    center: Center, image_format: str
) -> None:
    await center.has_chart()
    taken = picture(image_format)
    assert b"taken at home" in taken
    content = b64encode(taken).decode()
    # The name says what it likes; the content decides.
    answer = await put(center, "attachments/r-1", file_name="card.pdf", content=content)
    assert answer.json()["media_type"] == f"image/{image_format.lower()}"
    file = await center.api.get(f"{center.path}/charts/c-1/attachments/r-1/content")
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert b"taken at home" not in file.content
    with Image.open(io.BytesIO(file.content)) as image:
        assert (image.format, image.size) == (image_format, (40, 20))


def bomb() -> bytes:
    """Return a picture that is small until it is unpacked."""
    written = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(written, "PNG", optimize=True)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<script>alert(1)</script>", "PDF, PNG or JPEG"),
        (b"GIF89a", "PDF, PNG or JPEG"),
        (picture("PNG")[:60], "cannot be read"),
        (b"\xff\xd8\xff\xe0 not a picture", "cannot be read"),
        (bomb(), "too many pixels"),
    ],
    ids=["nothing", "script", "gif", "torn", "pretended", "bomb"],
)
async def test_what_cannot_be_kept_is_refused_with_what_to_do(
    center: Center, content: bytes, words: str
) -> None:
    await center.has_chart()
    answer = await put(center, "attachments/r-1", content=b64encode(content).decode())
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("documents/r-1", {"content": b64encode(b"\xfe\xff\x00").decode()}),
        ("documents/r-1", {"kind": "outcome"}),
        ("appointments/r-1", {"telehealth_url": "javascript:alert(1)"}),
        ("appointments/r-1", {"starts_at": "0001-01-01T00:00:00+14:00"}),
        ("outcomes/r-1", {"score": 1e300}),
        ("outcomes/r-1", {"taken_at": "2026-03-02T10:00:00"}),
    ],
)
async def test_what_makes_no_sense_is_refused(
    center: Center, path: str, change: dict[str, Any]
) -> None:
    await center.has_chart()
    assert (await put(center, path, **change)).status_code == 422
