"""How a person stands with the portal: decided here, on values alone; the directory stores it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.chart_service.models import AlertState, Status

REFUSED = "request_refused"
"""The reason of who is not invited because the last request was refused; the detail says why."""

ASKED = "new_invitation_asked"
"""The reason of who asked for a new invitation, as their link works no longer."""

LOCKED = "link_locked"
"""The reason of whose link a check has locked."""

_ENDED = {
    AlertState.EXPIRED: Status.EXPIRED,
    AlertState.REVOKED: Status.NOT_INVITED,
    AlertState.CLEARED: Status.ACTIVE,
}
"""What an invitation that is open no longer leaves behind, as far as the alert knows."""

_PASSED_OVER = frozenset({AlertState.SUPERSEDED, AlertState.REJECTED, AlertState.ASKED})
"""States of invitations that say nothing of how somebody stands."""

ALIKE = [
    state.value
    for state in AlertState
    if state not in {*_ENDED, *_PASSED_OVER, AlertState.BOUNCED, AlertState.LOCKED}
]
"""States of an open invitation that mean the same for how somebody stands: pending."""

_MAY_ASK = frozenset({Status.NOT_INVITED, Status.PENDING, Status.EXPIRED})


class Invitation(NamedTuple):
    """What the alerts know of one of a person's invitations."""

    state: str
    detail: str | None
    requested_at: datetime | None
    updated_at: datetime
    asked_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """When it was asked for, or the earliest that is known of it."""
        return self.requested_at or self.updated_at

    @property
    def is_open(self) -> bool:
        """Whether its link may still work, or will."""
        return self.state not in {*_ENDED, *_PASSED_OVER}


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
    refusal: str | None, invitations: Sequence[Invitation], accesses: Sequence[Access]
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
    if (
        standing.status in _MAY_ASK
        and standing.reason is None
        and _waits_for_a_new_one(invitations)
    ):
        return replace(standing, reason=ASKED)
    return standing


def _waits_for_a_new_one(invitations: Sequence[Invitation]) -> bool:
    asked_at = max((i.asked_at for i in invitations if i.asked_at), default=None)
    sent = (i for i in invitations if i.state not in {AlertState.ASKED, AlertState.REJECTED})
    return asked_at is not None and all(i.since <= asked_at for i in sent)


def _by_invitations(invitations: Sequence[Invitation]) -> Standing:
    """Return what the invitations say, given oldest first; an open one counts before all others."""
    known = [i for i in invitations if i.state not in _PASSED_OVER]
    last = max(known, key=lambda i: (i.is_open, i.since), default=None)
    if last is not None and last.state == AlertState.BOUNCED:
        return Standing(Status.BOUNCED, detail=last.detail, since=last.updated_at)
    if last is not None and last.is_open:
        reason = LOCKED if last.state == AlertState.LOCKED else None
        return Standing(Status.PENDING, reason, since=last.since)
    status = _ENDED[AlertState(last.state)] if last else Status.NOT_INVITED
    since = last.updated_at if last and status is not Status.NOT_INVITED else None
    if invitations and invitations[-1].state == AlertState.REJECTED and status is not Status.ACTIVE:
        return Standing(status, REFUSED, invitations[-1].detail, since)
    return Standing(status, since=since)
