"""Files of a chart on their way to a browser, which saves them and never shows them as a page."""

import httpx
from fastapi.responses import Response

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


def as_attachment(answer: httpx.Response) -> Response:
    """Return a file that chart_service answered with; its name is the one that it has there."""
    _, _, name = answer.headers.get("content-disposition", "").partition(";")
    disposition = f"attachment;{name}" if name else "attachment"
    headers = {**_HEADERS, "Content-Disposition": disposition}
    return Response(answer.content, media_type=answer.headers["content-type"], headers=headers)
