"""A picture goes from a portal user's browser to the staff's, without what the camera wrote."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.async_api import Page, expect

from tests.browser.checks import check_on_all_screens
from tests.browser.test_portal_accounts import accept, center, emr, portal
from tests.integration.portal_access.stack import Center

__all__ = ["center", "emr", "portal"]

PLACE = "48.8584 N 2.2945 E"
_DESCRIPTION = 0x010E
"""EXIF's tag of what a picture shows."""


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A picture that says where it was taken, in a text of PNG's and in EXIF."""
    path, said = tmp_path / "my card.png", PngInfo()
    said.add_text("Location", PLACE)
    picture = Image.new("RGB", (60, 40), "navy")
    exif = picture.getexif()
    exif[_DESCRIPTION] = PLACE
    picture.save(path, pnginfo=said, exif=exif)
    assert path.read_bytes().count(PLACE.encode()) == 2
    return path


async def test_an_uploaded_picture_is_on_the_chart_without_its_place(
    center: Center, portal: Page, emr: Page, card: Path
) -> None:
    await accept(center, portal)
    await upload(portal, card)
    await expect(portal.get_by_role("status")).to_contain_text("Your file is on the chart")
    await check_on_all_screens(portal)
    assert_harmless(await download(portal, "Download my card.png (PNG"))
    await emr.goto("/charts/c-1/attachments")
    row = emr.get_by_role("row").filter(has_text="my card.png")
    await expect(row).to_contain_text("Insurance card")
    await expect(row).to_contain_text("A portal user")
    assert_harmless(await download(emr, "my card.png"))


async def test_what_is_no_picture_is_refused_with_a_sentence(
    center: Center, portal: Page, emr: Page, tmp_path: Path
) -> None:
    await accept(center, portal)
    text = tmp_path / "card.png"
    text.write_text(PLACE)
    await upload(portal, text)
    await expect(portal.get_by_role("alert")).to_contain_text(
        "The file must be a PDF, PNG or JPEG. Choose another one"
    )
    await check_on_all_screens(portal)
    await portal.get_by_role("link", name="Cancel").click()
    await expect(portal.get_by_text("You have not uploaded any files")).to_be_visible()
    await emr.goto("/charts/c-1/attachments")
    await expect(emr.get_by_text("No attachments")).to_be_visible()


async def upload(portal: Page, file: Path) -> None:
    await portal.get_by_role("link", name="My files").click()
    await portal.get_by_role("link", name="Upload a file").click()
    await portal.get_by_label("What the file shows").select_option("Insurance card")
    await portal.get_by_label("File", exact=True).set_input_files(file)
    await portal.get_by_role("button", name="Upload").click()


async def download(page: Page, link: str) -> bytes:
    async with page.expect_download() as started:
        await page.get_by_role("link", name=link).click()
    return (await (await started.value).path()).read_bytes()


def assert_harmless(content: bytes) -> None:
    assert PLACE.encode() not in content
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (60, 40))
        assert not picture.getexif()
