"""Bodies about the texts that portal users agree to."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.chart import PolicyKind
from services.chart_service.schemas.fields import Body

MOST_CHARACTERS = 50_000

PolicyText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=MOST_CHARACTERS,
        # Lines end as they do; other control characters are no text.
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]


class PolicyBody(Body):
    """A text: paragraphs, parted by empty lines."""

    text: PolicyText


class PolicyAnswer(BaseModel):
    """A version of a text."""

    model_config = ConfigDict(from_attributes=True)

    kind: PolicyKind
    version: int
    text: str
    published_at: datetime
    published_by: str = Field(description="Who: an id, never a name.")

    @classmethod
    def of(cls, row: object) -> Self:
        """Return a version as the API shows it."""
        return cls.model_validate(row)
