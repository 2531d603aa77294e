"""The envelope of every event: CloudEvents 1.0 in structured JSON, keyed by the invitee."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

MAX_EVENT_BYTES = 262_144
"""The largest event that Portico publishes or takes, in bytes of JSON."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""An organisation's, chart's or person's id, as its EMR names it; fit for a key and a URL."""

Language = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)
]
"""A language as BCP 47 names it: `en`, `es`, `es-MX`."""

Traceparent = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
]
"""W3C Trace Context, level 2, section 3.2."""


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Invitee(BaseModel):
    """A person on a chart of an organisation: who an invitation is for."""

    model_config = ConfigDict(frozen=True)

    organization: Identifier
    chart: Identifier
    person: Identifier

    @property
    def key(self) -> str:
        """The partition key: `organization/chart/person`."""
        return f"{self.organization}/{self.chart}/{self.person}"

    @property
    def chart_key(self) -> str:
        """The chart that this person is on: `organization/chart`."""
        return f"{self.organization}/{self.chart}"


class InviteeData(BaseModel):
    """The data of an event about one invitee."""

    model_config = ConfigDict(frozen=True)

    invitee: Invitee

    @property
    def key(self) -> str:
        """The event's partition key and subject."""
        return self.invitee.key


class KeyedData(Protocol):
    """An event's data knows its partition key."""

    @property
    def key(self) -> str:
        """The event's partition key and subject."""


class CloudEvent(BaseModel):
    """What all events share (CloudEvents 1.0, with the distributed tracing extension).

    A subclass names its `type` and `data`; `data.key` is both the subject and the Kafka key.
    """

    model_config = ConfigDict(frozen=True)

    name: ClassVar[str]
    version: ClassVar[int] = 1
    publisher: ClassVar[str]

    specversion: Literal["1.0"]
    id: UUID = Field(description="Unique; a second event of the same id is ignored.")
    source: str = Field(min_length=1, max_length=256, description="Who published it.")
    type: str
    subject: str = Field(max_length=200, description="The Kafka key of the message, too.")
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = Field(default=None, max_length=256)
    traceparent: Traceparent | None = None
    data: Any

    @model_validator(mode="after")
    def _subject_is_the_key(self) -> Self:
        if self.subject != self.data.key:
            raise ValueError(f"the subject must be {self.data.key!r}, the key of the data")
        return self

    @property
    def trace(self) -> str:
        """The traceparent of all that follows from this event; without one its id begins it."""
        number = self.id.int
        return self.traceparent or f"00-{number or 1:032x}-{number % 2**64 or 1:016x}-01"

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type, for instance `portico.InviteRequested.v1`."""
        return f"portico.{cls.name}.v{cls.version}"

    @classmethod
    def of(
        cls, data: KeyedData, cause: CloudEvent | None = None, traceparent: str | None = None
    ) -> Self:
        """Make an event of its data, in its cause's trace or in a given one."""
        fields = {
            "specversion": "1.0",
            "id": uuid4(),
            "time": utc_now(),
            "source": f"portico/{cls.publisher}",
            "type": cls.type_name(),
            "subject": data.key,
            "dataschema": f"urn:portico:schema:{cls.name}:v{cls.version}",
            "traceparent": cause.trace if cause else traceparent,
            "data": data,
        }
        return cls.model_validate(fields)
