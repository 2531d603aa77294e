"""What the demo saw, whether it is what the product promises, and how it is shown."""

from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from cli.timeline import Step
from contracts.access import FacesheetAlertCleared, PortalAccessGranted
from contracts.chart import InviteRequested
from contracts.deliveries import InvitationSent
from contracts.invitations import (
    InvitationAccepted,
    InvitationIssued,
    InvitationOpened,
    RejectionReason,
)
from contracts.scopes import Role, scopes_of

EXPECTED_EVENTS = [
    event.name
    for event in (
        InviteRequested,
        InvitationIssued,
        InvitationSent,
        InvitationOpened,
        InvitationAccepted,
        PortalAccessGranted,
        FacesheetAlertCleared,
    )
]
EXPECTED_ROLES = [Role.PATIENT, Role.GUARDIAN, Role.GUARANTOR]
EXPECTED_REFUSALS = [RejectionReason.RELATIONSHIP_NOT_ELIGIBLE, RejectionReason.EMAIL_MISSING]


class Event(BaseModel):
    """One step of an invitation; the first has no previous one and 0 ms."""

    type: str
    at: str
    ms_since_previous: float


class AcceptedInvitation(BaseModel):
    """An invitation from the request to the granted access; the alerts as staff read them."""

    invitee: str
    role: Role
    events: list[Event]
    alert_before: str | None
    alert_after: str | None
    scopes: list[str]

    def problems(self) -> list[str]:
        """Return a sentence for each thing that is not as promised."""
        held = {
            f"the events are not {', '.join(EXPECTED_EVENTS)}": (
                [event.type for event in self.events] == EXPECTED_EVENTS
            ),
            "no alert stood on the facesheet": self.alert_before is not None,
            "the alert is still on the facesheet": self.alert_after is None,
            "the scopes are not the role's": self.scopes == list(scopes_of(self.role)),
        }
        return [f"{self.role}: {problem}" for problem, fine in held.items() if not fine]


class RefusedInvitation(BaseModel):
    """Somebody who could not be invited, and why."""

    invitee: str
    reason: str
    message: str


class DemoResult(BaseModel):
    """All that the demo saw."""

    invitations: list[AcceptedInvitation]
    refused: list[RefusedInvitation]

    def problems(self) -> list[str]:
        """Return a sentence for each thing that is not as promised; none when all held."""
        found = [problem for each in self.invitations for problem in each.problems()]
        if [each.role for each in self.invitations] != EXPECTED_ROLES:
            found.append(f"not exactly these were invited: {', '.join(EXPECTED_ROLES)}")
        if [each.reason for each in self.refused] != EXPECTED_REFUSALS:
            found.append(f"the refusals are not {', '.join(EXPECTED_REFUSALS)}")
        return found

    def as_json(self) -> dict[str, Any]:
        """Return what `portico demo --json` prints."""
        return {"ok": not self.problems(), **self.model_dump(mode="json")}


def events_of(steps: list[Step]) -> list[Event]:
    """Return steps, which are in order, with the time between them."""
    gaps = [0.0, *((later.at - step.at).total_seconds() * 1000 for step, later in pairwise(steps))]
    return [
        Event(type=step.name, at=step.at.isoformat(), ms_since_previous=round(gap, 1))
        for step, gap in zip(steps, gaps, strict=True)
    ]


def show(result: DemoResult, console: Console) -> None:
    """Print the result for people."""
    for invitation in result.invitations:
        _show_invitation(invitation, console)
    for refusal in result.refused:
        console.print(f"Not invited: {refusal.invitee}", style="bold", soft_wrap=True)
        console.print(f"Reason:  {refusal.reason}")
        console.print(f"Message: {refusal.message}\n", soft_wrap=True)


def _show_invitation(invitation: AcceptedInvitation, console: Console) -> None:
    heading = f"{invitation.role.capitalize()}: {invitation.invitee}"
    console.print(heading, style="bold", soft_wrap=True)
    table = Table("Event", "At", "ms since previous", box=None, padding=(0, 3, 0, 0))
    for event in invitation.events:
        table.add_row(event.type, event.at, f"{event.ms_since_previous:.1f}")
    console.print(table)
    console.print(f"Alert before: {invitation.alert_before or 'none'}")
    console.print(f"Alert after:  {invitation.alert_after or 'none'}")
    console.print(f"Scopes:       {', '.join(invitation.scopes)}\n", soft_wrap=True)
