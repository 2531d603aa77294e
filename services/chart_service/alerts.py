"""Facesheet alerts: what staff see of a chart's invitations, and in which words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.chart_service.models import Alert, AlertState

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

_ASKED = "The invitee asked for a new invitation, as their link works no longer."


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


def message_of(alert: Alert) -> str:
    """Return what staff read of an alert, with the reason where there is one."""
    if alert.asked_at is not None:
        return _ASKED
    message = MESSAGES[AlertState(alert.state)]
    return f"{message} {alert.detail}" if alert.detail else message


def since(alert: Alert) -> datetime:
    """Return when the invitation was asked for, or the earliest that is known of it."""
    return alert.requested_at or alert.updated_at


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
