"""What ops people did that somebody may ask about later, published by ops_console and the CLI."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import CloudEvent, Identifier


class OpsAction(StrEnum):
    """What was done; stable, for machines."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    REVEALED = "revealed"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class OpsActedData(BaseModel):
    """Who did what to which event, and why."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "via": "ops",
                    "who": "ana",
                    "action": "revealed",
                    "what": "chart.invites.v1/3/17",
                    "why": "The centre asks where the mail went.",
                }
            ]
        },
    )

    via: Literal["ops", "cli"] = Field(description="The console, or the command line.")
    who: Identifier = Field(description="The console's user, or the login name.")
    action: OpsAction
    what: str = Field(default="", max_length=300, description="Ids of events, never their data.")
    why: str = Field(default="", max_length=500, description="The reason that was given.")

    @property
    def key(self) -> str:
        """The event's partition key and subject."""
        return f"{self.via}/{self.who}"

    @property
    def by(self) -> str:
        """Who it was, as dead letters' resolutions name them: `ops:ana`."""
        return f"{self.via}:{self.who}"


class OpsActed(CloudEvent):
    """Somebody of the ops people is about to do something; it is published before it is done."""

    name: ClassVar[str] = "OpsActed"
    publisher: ClassVar[str] = "ops_console"
    type: Literal["portico.OpsActed.v1"]
    data: OpsActedData
