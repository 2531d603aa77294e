"""An invitee opens an invitation's link, and accepts it."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from contracts.envelope import CloudEvent
from contracts.invitations.invitation import EXAMPLE_TIME, InvitationData, example


class InvitationOpenedData(InvitationData):
    """When its link was opened for the first time, by a person and not by a mail scanner."""

    model_config = example(opened_at=EXAMPLE_TIME)

    opened_at: AwareDatetime


class InvitationOpened(CloudEvent):
    """Somebody opened an invitation's link and went on from its first page."""

    name: ClassVar[str] = "InvitationOpened"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationOpened.v1"]
    data: InvitationOpenedData


class InvitationAcceptedData(InvitationData):
    """By which redemption, into which portal account."""

    model_config = example(
        redemption_id="f0b1c2d3-0000-4000-8000-000000000003",
        account_id="a1b2c3d4-0000-4000-8000-000000000004",
        accepted_at=EXAMPLE_TIME,
    )

    redemption_id: UUID
    account_id: UUID
    accepted_at: AwareDatetime


class InvitationAccepted(CloudEvent):
    """An invitation was redeemed, once and for all."""

    name: ClassVar[str] = "InvitationAccepted"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationAccepted.v1"]
    data: InvitationAcceptedData
