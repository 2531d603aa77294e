"""Parts of long lists, and the addresses of the parts around them (RFC 8288)."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.chart_service.schemas.fields import LAST_OFFSET, MOST_CHARTS

Limit = Annotated[int, Query(ge=1, le=MOST_CHARTS, description="The most entries to answer.")]
Offset = Annotated[int, Query(ge=0, le=LAST_OFFSET, description="How many entries to leave out.")]


def link(request: Request, response: Response, limit: int, offset: int, total: int) -> None:
    """Put the addresses of the next and the previous part into the Link header."""
    found = []
    if offset + limit < total:
        found.append(_link(request, "next", limit, offset + limit))
    if offset > 0:
        found.append(_link(request, "prev", limit, max(offset - limit, 0)))
    if found:
        response.headers["Link"] = ", ".join(found)


def _link(request: Request, relation: str, limit: int, offset: int) -> str:
    # Relative, as a proxy may have another name and scheme than we see.
    url = request.url.include_query_params(limit=limit, offset=offset)
    return f'<{url.path}?{url.query}>; rel="{relation}"'
