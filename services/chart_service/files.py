"""Files from outside: what they are by their content, made harmless, and handed out safely."""

import asyncio
import io
from dataclasses import dataclass
from urllib.parse import quote

from fastapi.responses import Response
from PIL import Image, ImageOps

from chassis.web.problems import ProblemError

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 200
MOST_PIXELS = 50_000_000
"""A phone's camera makes fewer; a small file that unpacks to more is no picture of a card."""
LONGEST_SIDE = 4000
"""In pixels; a larger picture is made smaller, which leaves a card easy to read."""

TEXT = "text/plain; charset=utf-8"
PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"

TYPES = (TEXT, PDF, PNG, JPEG)
"""All types that are kept."""

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"%PDF-": PDF}
_ENDINGS = {TEXT: ".txt", PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}
_FORMATS = {PNG: "PNG", JPEG: "JPEG"}
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be kept: what it is, and its content."""

    media_type: str
    content: bytes


async def accept(content: bytes, *, text: bool = False) -> File:
    """Return a file fit to keep; pictures are drawn anew, without what the camera wrote into them.

    `text` says that plain text will do, too.

    Raises:
        ProblemError: 422, the file is empty, too large, broken, or of another type.
    """
    if not content:
        raise unusable("file_empty", "The file is empty. Choose another one.")
    if len(content) > MOST_BYTES:
        sentence = "The file is larger than 10 MB. Choose a smaller one."
        raise unusable("file_too_large", sentence)
    media_type = _type_of(content)
    if media_type in _FORMATS:
        return File(media_type, await asyncio.to_thread(_redrawn, content, _FORMATS[media_type]))
    if media_type is None and text and _is_text(content):
        return File(TEXT, content)
    if media_type is None:
        sentence = "The file is none of the types that can be kept: PDF, PNG or JPEG."
        raise unusable("file_type_unknown", sentence)
    return File(media_type, content)


def download(name: str, file: File) -> Response:
    """Return an answer that a browser saves and never shows or runs as a page of ours."""
    ending = _ENDINGS.get(file.media_type, "")
    full = name if name.lower().endswith(ending) else name + ending
    disposition = f"attachment; filename*=UTF-8''{quote(full, safe='')}"
    headers = {**_HEADERS, "Content-Disposition": disposition}
    return Response(file.content, media_type=file.media_type, headers=headers)


def name_of(sent: str) -> str:
    """Return the name of a file from outside, without folders and what cannot be shown."""
    name = "".join(letter if letter.isprintable() else "_" for letter in sent)
    name = name.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:]
    return name.encode(errors="replace").decode() or "file"


def unusable(code: str, sentence: str) -> ProblemError:
    """Return the problem of a file that cannot be kept; the sentence says what to do."""
    return ProblemError(422, code, sentence)


def _type_of(content: bytes) -> str | None:
    return next((kind for sign, kind in _SIGNATURES.items() if content.startswith(sign)), None)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _redrawn(content: bytes, image_format: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[image_format]) as image:
            if image.width * image.height > MOST_PIXELS:
                sentence = "The picture has too many pixels. Save it smaller and try again."
                raise unusable("picture_too_large", sentence)
            return _drawn(image, image_format)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        sentence = "The picture cannot be read. Save it anew and try again."
        raise unusable("picture_broken", sentence) from error


def _drawn(image: Image.Image, image_format: str) -> bytes:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    has_alpha = image_format == "PNG" and upright.has_transparency_data
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    written = io.BytesIO()
    plain.save(written, image_format, quality=90)
    return written.getvalue()
