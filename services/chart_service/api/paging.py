"""Parts of long lists, and the addresses of the parts around them (RFC 8288)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

from services.chart_service.schemas.fields import LAST_OFFSET, MOST_CHARTS

Limit = Annotated[int, Query(ge=1, le=MOST_CHARTS, description="The most entries to answer.")]
Offset = Annotated[int, Query(ge=0, le=LAST_OFFSET, description="How many entries to leave out.")]


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list that a request asks for, where the answer is the list and no more."""

    request: Request
    response: Response
    limit: int
    offset: int

    @property
    def rows(self) -> slice:
        """Which rows to read: one more than is answered tells that there are more."""
        return slice(self.offset, self.offset + self.limit + 1)

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return what is answered of these rows; the Link header names what is around it."""
        link(self.request, self.response, self.limit, self.offset, self.offset + len(rows))
        return rows[: self.limit]


def _part(request: Request, response: Response, limit: Limit = 50, offset: Offset = 0) -> Part:
    return Part(request, response, limit, offset)


AskedPart = Annotated[Part, Depends(_part)]


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
