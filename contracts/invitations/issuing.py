"""An invitation is issued, or its invitee is reminded: its sealed token goes to the mail."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from contracts.envelope import CloudEvent, Identifier, Language
from contracts.invitations.invitation import EXAMPLE_TIME, InvitationData, example


class InvitationIssuedData(InvitationData):
    """An invitation and its sealed token, for the mail.

    `sealed_token` is AES-GCM under a key that invitation_service and notification_service share,
    with the invitation's id as associated data; nobody else can redeem what passes here.
    """

    model_config = example(
        email="ana.lopez@example.org",
        given_name="Ana",
        expires_at=EXAMPLE_TIME,
        sealed_token="c2VhbGVkLCBub3QgYSB0b2tlbg==",  # noqa: S106 - an example, sealed for nobody
        requested_at=EXAMPLE_TIME,
        location="harbor",
        language="es",
    )

    email: str = Field(max_length=320)
    given_name: str = Field(max_length=100)
    expires_at: AwareDatetime
    sealed_token: str = Field(max_length=400)
    requested_at: AwareDatetime
    location: Identifier | None = Field(
        default=None, description="Whose brand the mail has; without it the organisation's."
    )
    language: Language | None = Field(default=None, description="In which the mail is written.")


class InvitationIssued(CloudEvent):
    """A person is invited: the token exists and waits for its mail."""

    name: ClassVar[str] = "InvitationIssued"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationIssued.v1"]
    data: InvitationIssuedData


class InvitationReminderIssuedData(InvitationData):
    """A further sealed token of an open invitation, for the mail that reminds of it.

    The link of the first mail works, too, and both die together.
    """

    model_config = example(
        email="ana.lopez@example.org",
        given_name="Ana",
        expires_at=EXAMPLE_TIME,
        sealed_token="c2VhbGVkLCBub3QgYSB0b2tlbg==",  # noqa: S106 - an example, sealed for nobody
        location="harbor",
        language="es",
    )

    email: str = Field(max_length=320)
    given_name: str = Field(max_length=100)
    expires_at: AwareDatetime
    sealed_token: str = Field(max_length=400)
    location: Identifier | None = None
    language: Language | None = None


class InvitationReminderIssued(CloudEvent):
    """An invitation waits for long: its invitee is reminded, once."""

    name: ClassVar[str] = "InvitationReminderIssued"
    publisher: ClassVar[str] = "invitation_service"
    type: Literal["portico.InvitationReminderIssued.v1"]
    data: InvitationReminderIssuedData
