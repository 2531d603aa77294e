"""Facesheet alerts as a projection of events, whatever the order in which the news comes.

Order holds within a topic only, so each state has a rank: lower-ranking news changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.access import FacesheetAlertCleared, InvitationLocked, LockReason, NewInvitationAsked
from contracts.chart import InviteRequested
from contracts.deliveries import InvitationBounced, InvitationReminderSent, InvitationSent
from contracts.invitations import (
    InvitationAccepted,
    InvitationExpired,
    InvitationIssued,
    InvitationOpened,
    InvitationRejected,
    InvitationRevoked,
    InvitationSuperseded,
)
from services.chart_service.models import Alert, AlertState

AlertEvent = (
    InviteRequested
    | InvitationIssued
    | InvitationRejected
    | InvitationSuperseded
    | InvitationRevoked
    | InvitationExpired
    | InvitationOpened
    | InvitationAccepted
    | InvitationSent
    | InvitationBounced
    | InvitationReminderSent
    | FacesheetAlertCleared
    | NewInvitationAsked
    | InvitationLocked
)

STATE_BY_EVENT: dict[type[AlertEvent], AlertState] = {
    InviteRequested: AlertState.REQUESTED,
    InvitationIssued: AlertState.ISSUED,
    InvitationSent: AlertState.SENT,
    InvitationBounced: AlertState.BOUNCED,
    InvitationReminderSent: AlertState.REMINDED,
    InvitationOpened: AlertState.OPENED,
    InvitationRejected: AlertState.REJECTED,
    InvitationSuperseded: AlertState.SUPERSEDED,
    InvitationRevoked: AlertState.REVOKED,
    InvitationExpired: AlertState.EXPIRED,
    InvitationAccepted: AlertState.ACCEPTED,
    FacesheetAlertCleared: AlertState.CLEARED,
    NewInvitationAsked: AlertState.ASKED,
    InvitationLocked: AlertState.LOCKED,
}
"""What each event says of its invitation."""

RANK = {
    AlertState.ASKED: 0,
    AlertState.REQUESTED: 1,
    AlertState.ISSUED: 2,
    AlertState.SENT: 3,
    AlertState.BOUNCED: 4,
    AlertState.REMINDED: 5,
    AlertState.OPENED: 6,
    AlertState.LOCKED: 7,
    AlertState.REJECTED: 8,
    AlertState.SUPERSEDED: 8,
    AlertState.REVOKED: 8,
    AlertState.EXPIRED: 8,
    AlertState.ACCEPTED: 9,
    AlertState.CLEARED: 10,
}
"""An invitation that was opened and of which its invitee was reminded counts as opened.

That its invitee asks for a new one is kept beside the state (`asked_at`), which it does not change.
"""

ISSUED = frozenset(
    {
        AlertState.ISSUED,
        AlertState.SENT,
        AlertState.BOUNCED,
        AlertState.REMINDED,
        AlertState.OPENED,
        AlertState.LOCKED,
    }
)
"""Invitations that are open to invitation_service, also where a check has locked their link."""

OPEN = ISSUED | {AlertState.REQUESTED}
"""Invitations that another one would take the place of, and that can be revoked."""

DISMISSIBLE = frozenset(
    {AlertState.BOUNCED, AlertState.LOCKED, AlertState.REJECTED, AlertState.EXPIRED}
)
"""What staff may have seen enough of; a pending invitation stands until something comes of it."""

MESSAGES = {
    AlertState.REQUESTED: "Invitation requested.",
    AlertState.ISSUED: "Invitation on its way.",
    AlertState.SENT: "Invitation mailed, waiting for acceptance.",
    AlertState.BOUNCED: "The invitation could not be delivered.",
    AlertState.REMINDED: "Reminder mailed, waiting for acceptance.",
    AlertState.OPENED: "Invitation opened, not accepted yet.",
    AlertState.LOCKED: "The link of the invitation is locked.",
    AlertState.ACCEPTED: "Invitation accepted, access is being set up.",
    AlertState.REJECTED: "The invitation was not sent.",
    AlertState.EXPIRED: "The invitation expired before it was accepted. Invite again to renew it.",
}
"""What staff read; a state that is not here needs no alert."""

_LOCKED = {
    LockReason.BIRTH_DATE_WRONG: (
        "The date of birth was wrong five times. Make sure who has the mail, then resend it."
    ),
    LockReason.BIRTH_DATE_MISSING: (
        "No date of birth of the patient is on file. Enter it, then resend the invitation."
    ),
}
"""Why a link is locked, and what staff do about it."""

_ASKED = "The invitee asked for a new invitation, as their link works no longer."


@dataclass(frozen=True, slots=True)
class News:
    """What one event says of an invitation."""

    organization_id: str
    invitation_id: UUID
    chart_id: str
    person_id: str
    role: str
    state: AlertState
    detail: str | None
    requested_at: datetime | None
    updated_at: datetime
    asked_at: datetime | None = None


def news_of(event: AlertEvent) -> News:
    """Return an event's news; an invitation's id is the id of the event that requested it."""
    data = event.data
    return News(
        data.invitee.organization,
        event.id if isinstance(event, InviteRequested) else event.data.invitation_id,
        data.invitee.chart,
        data.invitee.person,
        data.role.value,
        STATE_BY_EVENT[type(event)],
        _detail(event),
        _requested_at(event),
        event.time,
        event.data.asked_at if isinstance(event, NewInvitationAsked) else None,
    )


def merge(news: Iterable[News]) -> list[News]:
    """Return one piece of news per invitation: the highest-ranking, with what the others add."""
    merged: dict[tuple[str, UUID], News] = {}
    for new in news:
        key = (new.organization_id, new.invitation_id)
        known = merged.get(key)
        merged[key] = new if known is None else _higher(known, new)
    return [merged[key] for key in sorted(merged)]


def shown(alerts: Sequence[Alert]) -> list[Alert]:
    """Return a chart's alerts that its facesheet shows, newest first.

    Of each person and role the open invitation counts, else the newest: an EMR's clock may be
    wrong, but a superseded invitation is never the open one. A refused request ends no earlier
    invitation, so it stands beside that one, until something newer is known of the person. That
    somebody asked for a new invitation stands until they are sent one. What staff dismissed still
    hides what it took the place of.
    """
    standing = [alert for alert in alerts if alert.state != AlertState.SUPERSEDED]
    refused = [alert for alert in standing if alert.state == AlertState.REJECTED]
    ordered = sorted(standing, key=lambda alert: (_is_alive(alert), since(alert)))
    counting = {(a.person_id, a.role): a for a in ordered if a.state != AlertState.REJECTED}
    found = [alert for alert in counting.values() if alert.state in MESSAGES]
    found += [alert for alert in refused if not _is_outdated(alert, standing)]
    found += [alert for alert in _asked(alerts) if alert not in found]
    undismissed = (alert for alert in found if alert.dismissed_at is None)
    return sorted(undismissed, key=since, reverse=True)


def open_by_person(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """Return the open invitation of each person who has one; dismissing an alert ends none."""
    waiting = (alert for alert in alerts if alert.state in OPEN)
    return {alert.person_id: alert for alert in sorted(waiting, key=since)}


def _is_alive(alert: Alert) -> bool:
    # Whoever asks for a new invitation has found that the link does not work.
    return alert.state in ISSUED and alert.asked_at is None


def _asked(alerts: Sequence[Alert]) -> list[Alert]:
    """Return whose invitees wait for a new invitation: of each person and role the last to ask."""
    asked = (alert for alert in alerts if alert.asked_at is not None)
    last = {(a.person_id, a.role): a for a in sorted(asked, key=_asked_at)}
    return [alert for alert in last.values() if not _is_answered(alert, alerts)]


def _is_answered(asked: Alert, alerts: Sequence[Alert]) -> bool:
    who = (asked.person_id, asked.role)
    return any(
        since(alert) > _asked_at(asked)
        for alert in alerts
        if (alert.person_id, alert.role) == who
        and alert.state not in {AlertState.ASKED, AlertState.REJECTED}
        and alert is not asked
    )


def _asked_at(alert: Alert) -> datetime:
    assert alert.asked_at is not None
    return alert.asked_at


def _is_outdated(refused: Alert, alerts: Sequence[Alert]) -> bool:
    same_person = (alert for alert in alerts if alert.person_id == refused.person_id)
    return any(since(alert) > since(refused) for alert in same_person)


def message_of(alert: Alert) -> str:
    """Return what staff read of an alert, with the reason where there is one."""
    if alert.asked_at is not None:
        return _ASKED
    message = MESSAGES[AlertState(alert.state)]
    return f"{message} {alert.detail}" if alert.detail else message


def since(alert: Alert) -> datetime:
    """Return when the invitation was asked for, or the earliest that is known of it."""
    return alert.requested_at or alert.updated_at


def _higher(one: News, other: News) -> News:
    winner = other if RANK[other.state] > RANK[one.state] else one
    asked = [news.asked_at for news in (one, other) if news.asked_at]
    return replace(
        winner,
        requested_at=one.requested_at or other.requested_at,
        asked_at=max(asked, default=None),
    )


def _detail(event: AlertEvent) -> str | None:
    if isinstance(event, InvitationBounced | InvitationRejected):
        return event.data.message
    return _LOCKED[event.data.reason] if isinstance(event, InvitationLocked) else None


def _requested_at(event: AlertEvent) -> datetime | None:
    if isinstance(event, InviteRequested):
        return event.time
    if isinstance(event, InvitationIssued | InvitationRejected):
        return event.data.requested_at
    return None
