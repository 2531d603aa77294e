"""The texts that portal users agree to."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.envelope import CloudEvent, Identifier


class PolicyKind(StrEnum):
    """The two texts that who registers agrees to."""

    TERMS = "terms"
    PRIVACY = "privacy"


class PolicyPublishedData(BaseModel):
    """A text that portal users agree to, and its version: 1, 2, and so on."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "organization": "sunrise",
                    "kind": "terms",
                    "version": 2,
                    "text": "You may use the portal to see your records.",
                    "published_at": "2026-03-02T09:30:00Z",
                }
            ]
        },
    )

    organization: Identifier
    kind: PolicyKind
    version: int = Field(ge=1)
    text: str = Field(max_length=50_000, description="Paragraphs, parted by empty lines.")
    published_at: AwareDatetime

    @property
    def key(self) -> str:
        """The event's partition key and subject: `organization/kind`."""
        return f"{self.organization}/{self.kind}"


class PolicyPublished(CloudEvent):
    """A new version of an organisation's terms or privacy policy; its topic keeps the newest."""

    name: ClassVar[str] = "PolicyPublished"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.PolicyPublished.v1"]
    data: PolicyPublishedData
