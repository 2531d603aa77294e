"""What is late in the story of an invitation: a step that should have followed, and did not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.ops_console.timelines import Step

LIMIT = timedelta(seconds=60)
"""Services answer within a second; after a minute something is in the way."""

ENDED = frozenset({"InvitationRevoked", "InvitationSuperseded", "InvitationExpired"})
"""The ends of an invitation that is not accepted."""


class Expected(NamedTuple):
    """Which steps must follow a step within LIMIT; any of them will do."""

    after: str
    wanted: str
    or_else: frozenset[str] = frozenset()


EXPECTED = (
    Expected("InviteRequested", "InvitationIssued", frozenset({"InvitationRejected"})),
    Expected("InvitationIssued", "InvitationSent", ENDED | {"InvitationBounced"}),
    Expected("InvitationReminderIssued", "InvitationReminderSent", ENDED | {"InvitationAccepted"}),
    Expected("InvitationAccepted", "PortalAccessGranted"),
    Expected("InvitationAccepted", "FacesheetAlertCleared"),
)


def late_in(steps: Sequence[Step], now: datetime) -> list[str]:
    """Return a sentence about each step of one invitation that came late, or has not come."""
    return [
        sentence
        for rule in EXPECTED
        for step in steps
        if step.event == rule.after and (sentence := _late(step, rule, steps, now))
    ]


def _late(step: Step, rule: Expected, steps: Iterable[Step], now: datetime) -> str | None:
    answers = [each.at for each in steps if each.event in {rule.wanted, *rule.or_else}]
    waited = (min(answers) if answers else now) - step.at
    if waited <= LIMIT:
        return None
    if answers:
        return f"What follows {rule.after} came only after {waited.total_seconds():,.0f} s."
    return f"No {rule.wanted} {waited.total_seconds():,.0f} s after {rule.after}."
