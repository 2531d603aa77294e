"""What staff or any EMR ask for: that a person be invited, or be invited no longer."""

from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from contracts.chart.examples import EXAMPLE_INVITEE
from contracts.envelope import CloudEvent, InviteeData
from contracts.scopes import Role


class InviteRequestedData(InviteeData):
    """Who is to be invited, as what, and where the mail goes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "invitee": EXAMPLE_INVITEE,
                    "role": "guardian",
                    "email": "ana.lopez@example.org",
                    "requested_by": "staff:s-7",
                }
            ]
        }
    )

    role: Role
    email: str | None = Field(
        default=None,
        max_length=1000,
        description="The address that was confirmed; without it the chart's own is used.",
    )
    requested_by: str | None = Field(
        default=None, max_length=200, description="Who asked: an id, never a name or an address."
    )


class InviteRequested(CloudEvent):
    """Someone asks that a person on a chart be invited; its id becomes the invitation's id."""

    name: ClassVar[str] = "InviteRequested"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.InviteRequested.v1"]
    data: InviteRequestedData


class RevokeRequestedData(InviteeData):
    """Whose open invitation is to be revoked, in which role."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"invitee": EXAMPLE_INVITEE, "role": "guardian", "requested_by": "staff:s-7"}
            ]
        }
    )

    role: Role
    requested_by: str | None = Field(default=None, max_length=200)


class RevokeRequested(CloudEvent):
    """Someone asks that a person's open invitation be revoked."""

    name: ClassVar[str] = "RevokeRequested"
    publisher: ClassVar[str] = "chart_service"
    type: Literal["portico.RevokeRequested.v1"]
    data: RevokeRequestedData
