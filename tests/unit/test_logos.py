"""Whatever is uploaded as a logo: a small clean picture comes out, or a sentence."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from contracts.chart import MAX_LOGO_BYTES, Logo
from services.chart_service.logos import LARGEST_SIZE, MOST_UPLOADED_BYTES, LogoError, logo_in


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture_of(logo: Logo) -> Image.Image:
    return Image.open(BytesIO(logo.content))


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 120).convert("RGBA")


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/png"),
        ("GIF", "image/png"),
    ],
)
def test_a_large_picture_is_made_to_fit(kind: str, media_type: str) -> None:
    found = logo_in(written(Image.new("RGB", (3000, 1000), "teal"), kind))
    assert found.media_type == media_type
    assert picture_of(found).format == media_type.removeprefix("image/").upper()
    assert picture_of(found).size == LARGEST_SIZE


def test_a_small_picture_keeps_its_size_and_a_tall_one_its_shape() -> None:
    assert picture_of(logo_in(written(Image.new("L", (40, 20)), "PNG"))).size == (40, 20)
    assert picture_of(logo_in(written(Image.new("RGB", (500, 1000)), "PNG"))).size == (80, 160)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    image = Image.new("RGBA", (60, 20), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 30, 20))
    found = picture_of(logo_in(written(image, kind))).convert("RGBA")
    assert found.getpixel((50, 10))[3] == 0  # type: ignore[index]
    assert found.getpixel((10, 10))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_even_noise_fits_into_every_mail(kind: str) -> None:
    image = noise(1000, 1000) if kind == "PNG" else noise(1000, 1000).convert("RGB")
    found = logo_in(written(image, kind))
    assert len(found.model_dump_json()) < MAX_LOGO_BYTES * 0.6


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    found = picture_of(logo_in(written(frames[0], "GIF", save_all=True, append_images=frames[1:])))
    assert not getattr(found, "is_animated", False)
    assert found.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_photo_stands_upright_and_says_not_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    found = logo_in(written(Image.new("RGB", (100, 50)), "JPEG", exif=exif))
    assert picture_of(found).size == (50, 100)
    assert b"taken at home" not in found.content


def test_what_stands_behind_a_picture_is_left_out() -> None:
    found = logo_in(written(Image.new("RGB", (10, 10)), "PNG") + b"<script>alert(1)</script>")
    assert b"script" not in found.content


def bomb() -> bytes:
    """Return a few bytes that would be a picture of 3.6 billion pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 10_000)))
    )


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        written(Image.new("RGB", (300, 300), "teal"), "PNG")[:200],
        written(noise(300, 300).convert("RGB"), "JPEG")[:4000],
        written(noise(300, 300), "WEBP")[:2000],
        written(Image.new("RGB", (10, 10)), "BMP"),
        written(Image.new("RGB", (10, 10)), "TIFF"),
        bomb(),
        b"\0" * (MOST_UPLOADED_BYTES + 1),
    ],
    ids=["empty", "text", "svg", "cut png", "cut jpeg", "cut webp", "bmp", "tiff", "bomb", "huge"],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(upload: bytes) -> None:
    with pytest.raises(LogoError, match=r"[Cc]hoose"):
        logo_in(upload)


def test_a_picture_of_many_pixels_is_refused_before_it_is_unpacked() -> None:
    image = written(Image.new("1", (8000, 8000)), "PNG")
    assert len(image) < 100_000
    with pytest.raises(LogoError, match="too many pixels"):
        logo_in(image)
