"""Uploaded logos: looked into, made small enough for every mail, and written anew.

Only the picture itself is kept, so that nothing else in the file (places, scripts, a second
picture behind the first) ever reaches a mail or a page.
"""

from io import BytesIO

from PIL import Image, ImageOps

from contracts.chart import Logo

MOST_UPLOADED_BYTES = 5 * 1024 * 1024
LARGEST_SIZE = (480, 160)
"""Width and height in pixels; mails show logos 48 px high, screens have up to three per px."""

_MOST_PIXELS = 30_000_000
_MOST_KEPT_BYTES = 48 * 1024
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_NO_IMAGE = "This file cannot be read as a picture. Choose a PNG, JPEG, WebP or GIF file"


class LogoError(ValueError):
    """An upload is no logo; the message tells people why."""


def logo_in(upload: bytes) -> Logo:
    """Return an uploaded picture as a logo: at most LARGEST_SIZE, a PNG, or a JPEG if it was one.

    Of a moving picture the first frame is taken. It is slow: call it in a thread.

    Raises:
        LogoError: it is too large, no picture, or a broken one.
    """
    if len(upload) > MOST_UPLOADED_BYTES:
        raise LogoError("The file is larger than 5 MB. Choose a smaller one")
    try:
        return _logo_of(upload)
    except LogoError:
        raise
    # Pillow's readers raise whatever a broken file makes them stumble over.
    except Exception as error:
        raise LogoError(_NO_IMAGE) from error


def _logo_of(upload: bytes) -> Logo:
    with Image.open(BytesIO(upload), formats=_FORMATS) as image:
        # So far only the file's head was read: a bomb is refused before it goes off.
        if image.width * image.height > _MOST_PIXELS:
            raise LogoError("The picture has too many pixels. Choose a smaller one")
        is_photo = image.format == "JPEG"
        image.draft("RGB", (2 * LARGEST_SIZE[0], 2 * LARGEST_SIZE[1]))
        picture = ImageOps.exif_transpose(image).convert("RGB" if is_photo else "RGBA")
    return _smallest(picture, is_photo=is_photo)


def _smallest(picture: Image.Image, *, is_photo: bool) -> Logo:
    for divisor in (1, 2, 4):
        fitted = picture.copy()
        fitted.thumbnail((LARGEST_SIZE[0] // divisor, LARGEST_SIZE[1] // divisor))
        content = _jpeg(fitted) if is_photo else _png(fitted)
        if len(content) <= _MOST_KEPT_BYTES:
            return _logo(content, is_photo=is_photo)
    raise LogoError("The picture cannot be made small enough for mails. Choose a simpler one")


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    for reduced in (picture, picture.quantize(method=Image.Quantize.FASTOCTREE)):
        out = BytesIO()
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= _MOST_KEPT_BYTES:
            break
    return out.getvalue()


def _logo(content: bytes, *, is_photo: bool) -> Logo:
    # Made without validation: the field would decode from base64 what is no base64.
    return Logo.model_construct(
        media_type="image/jpeg" if is_photo else "image/png", content=content
    )
