"""What somebody looks at in the directory: the filter, order and place in the address.

Only the words of a search are not there: they go along in the body of a form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from services.chart_service import search_words
from services.chart_service.models import Status
from services.chart_service.queries.directory_selection import Place, Selection, Sort

ENTRY = re.compile(r"([A-Za-z0-9._-]{1,64})/([A-Za-z0-9._-]{1,64})")
"""How somebody's entry is named in addresses and forms: the ids of the chart and the person."""

_LAST = "last"


@dataclass(frozen=True, slots=True)
class View:
    """A part of the directory; `after` and `before` are "chart/person" of an entry, or empty."""

    status: Status | None = None
    sort: Sort = Sort.NAME
    after: str = ""
    before: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], q: str = "") -> Self:
        """Return what an address asks for; what it should not say counts as left out."""
        status, sort = query.get("status"), query.get("sort")
        return cls(
            Status(status) if status in set(Status) else None,
            Sort(sort) if sort in set(Sort) else Sort.NAME,
            query.get("after", ""),
            query.get("before", ""),
            q[: search_words.LONGEST],
        )

    def selection(self, organization_id: str) -> Selection:
        """Return whom this view lists."""
        return Selection(organization_id, self.status, search_words.wanted(self.q), self.sort)

    @property
    def place(self) -> Place:
        """From where on."""
        if found := ENTRY.fullmatch(self.before or self.after):
            return Place(found[1], found[2], is_before=bool(self.before))
        return Place(is_before=self.before == _LAST)

    def filtered(self, status: str) -> Self:
        """Return the first page of another status, of all when it is empty."""
        return replace(self, status=Status(status) if status else None, after="", before="")

    def sorted_by(self, sort: str) -> Self:
        """Return the first page in another order."""
        return replace(self, sort=Sort(sort), after="", before="")

    def at(self, after: str = "", before: str = "") -> Self:
        """Return another page; the first, when no place is given."""
        return replace(self, after=after, before=before)

    @property
    def last_page(self) -> Self:
        """The last page."""
        return self.at(before=_LAST)

    def href(self, path: str = "/directory") -> str:
        """Return the address, without the words of a search."""
        said = {
            "status": self.status,
            "sort": "" if self.sort is Sort.NAME else self.sort,
            "after": self.after,
            "before": self.before,
        }
        query = urlencode({name: value for name, value in said.items() if value}, safe="/")
        return f"{path}?{query}" if query else path
