"""How a person stands with the portal: decided here, on values alone; the directory stores it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.chart_service.models import AlertState, Status

REFUSED = "request_refused"
"""The reason of who is not invited because the last request was refused; the detail says why."""

_ENDED = {
    AlertState.EXPIRED: Status.EXPIRED,
    AlertState.REVOKED: Status.NOT_INVITED,
    AlertState.CLEARED: Status.ACTIVE,
}
"""What an invitation that is open no longer leaves behind, as far as the alert knows."""


class Invitation(NamedTuple):
    """What the alerts know of one of a person's invitations."""

    state: str
    detail: str | None
    requested_at: datetime | None
    updated_at: datetime

    @property
    def since(self) -> datetime:
        """When it was asked for, or the earliest that is known of it."""
        return self.requested_at or self.updated_at

    @property
    def is_open(self) -> bool:
        """Whether its link may still work, or will."""
        return self.state not in {*_ENDED, AlertState.SUPERSEDED, AlertState.REJECTED}


class Access(NamedTuple):
    """What is known of one of a person's accounts on the chart: active, suspended, ended."""

    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's status, its reason where it has one, and since when it holds."""

    status: Status
    reason: str | None = None
    detail: str | None = None
    since: datetime | None = None


def decide(
    refusal: str | None, invitations: Iterable[Invitation], accesses: Sequence[Access]
) -> Standing:
    """Return how somebody stands; `refusal` is why the chart would refuse to invite them.

    Who has access is active or disabled, whatever waits besides. An open invitation is pending
    until invitation_service takes it back, also of someone who is eligible no longer.
    """
    for state, status in (("active", Status.ACTIVE), ("suspended", Status.DISABLED)):
        if found := [access.at for access in accesses if access.state == state]:
            return Standing(status, since=min(found))
    ended_at = max((access.at for access in accesses), default=None)
    counting = sorted(
        (i for i in invitations if ended_at is None or i.since > ended_at), key=lambda i: i.since
    )
    standing = _by_invitations(counting)
    if refusal and standing.status not in {Status.PENDING, Status.ACTIVE}:
        return Standing(Status.NOT_ELIGIBLE, refusal)
    return standing


def _by_invitations(invitations: Sequence[Invitation]) -> Standing:
    """Return what the invitations say, given oldest first; an open one counts before all others."""
    known = [i for i in invitations if i.state not in {AlertState.SUPERSEDED, AlertState.REJECTED}]
    last = max(known, key=lambda i: (i.is_open, i.since), default=None)
    if last is not None and last.state == AlertState.BOUNCED:
        return Standing(Status.BOUNCED, detail=last.detail, since=last.updated_at)
    if last is not None and last.is_open:
        return Standing(Status.PENDING, since=last.since)
    status = _ENDED[AlertState(last.state)] if last else Status.NOT_INVITED
    since = last.updated_at if last and status is not Status.NOT_INVITED else None
    if invitations and invitations[-1].state == AlertState.REJECTED and status is not Status.ACTIVE:
        return Standing(status, REFUSED, invitations[-1].detail, since)
    return Standing(status, since=since)
