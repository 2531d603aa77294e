"""Events of access to charts, published by portal_access."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.envelope import CloudEvent
from contracts.invitations import InvitationData, example


class PortalAccessGrantedData(InvitationData):
    """Which account now has which scopes on the chart (ROLE_TABLE.md)."""

    model_config = example(
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        scopes=["dashboard", "information", "appointments"],
    )

    account_id: UUID
    scopes: tuple[str, ...]


class PortalAccessGranted(CloudEvent):
    """A portal account was connected to a chart in a role."""

    name: ClassVar[str] = "PortalAccessGranted"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.PortalAccessGranted.v1"]
    data: PortalAccessGrantedData


class FacesheetAlertClearedData(InvitationData):
    """When the alert lost its reason."""

    model_config = example(cleared_at="2026-03-02T09:31:00Z")

    cleared_at: AwareDatetime


class FacesheetAlertCleared(CloudEvent):
    """The invitation was accepted: its alert leaves the facesheet."""

    name: ClassVar[str] = "FacesheetAlertCleared"
    publisher: ClassVar[str] = "portal_access"
    type: Literal["portico.FacesheetAlertCleared.v1"]
    data: FacesheetAlertClearedData
