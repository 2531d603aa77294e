"""What the bodies of the HTTP API have in common."""

import re
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from contracts.envelope import Identifier

NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_CONTROL),
]


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=320, pattern=NO_CONTROL),
]


def _fit_for_a_path(identifier: str) -> str:
    if identifier in {".", ".."}:
        raise ValueError("an id of dots alone does not survive in a URL's path (RFC 3986 5.2.4)")
    return identifier


Id = Annotated[Identifier, AfterValidator(_fit_for_a_path)]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_a_day(sent: object) -> object:
    if isinstance(sent, date) or (isinstance(sent, str) and _DAY.fullmatch(sent)):
        return sent
    raise ValueError("a day is written like 2026-03-02")


# As the API's description has them: what pydantic would guess at is refused ("yes", "7", 1e9).
Flag = StrictBool
Whole = StrictInt
Day = Annotated[date, BeforeValidator(_written_as_a_day)]


MOST_CHARTS = 1000
"""The most charts in one request."""


LAST_OFFSET = 10_000_000


class Body(BaseModel):
    """What comes in: a field nobody knows is refused, so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid")
