"""What all events of an invitation name, and the example that shows them."""

from uuid import UUID

from pydantic import ConfigDict, JsonValue
from pydantic.config import JsonDict

from contracts.chart import EXAMPLE_INVITEE
from contracts.envelope import InviteeData
from contracts.scopes import Role

_EXAMPLE: JsonDict = {
    "invitation_id": "0b9d3f5e-5b0c-4f5c-9b57-3d6f1f1f2a01",
    "invitee": EXAMPLE_INVITEE,
    "role": "guardian",
}
EXAMPLE_TIME = "2026-03-02T09:30:00Z"


def example(**more: JsonValue) -> ConfigDict:
    """Return the model configuration that shows an example of an invitation's event data."""
    return ConfigDict(json_schema_extra={"examples": [_EXAMPLE | more]})


class InvitationData(InviteeData):
    """What every event about an invitation names: the invitation's id is its request's event id."""

    invitation_id: UUID
    role: Role
