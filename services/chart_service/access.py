"""Who has access to charts through the portal, as a projection of portal_access's events."""

from collections.abc import Iterable, Sequence

from contracts.access import (
    PortalAccessEnded,
    PortalAccessGranted,
    PortalAccessResumed,
    PortalAccessSuspended,
)
from services.chart_service.models import AccessState, PortalAccess

AccessEvent = PortalAccessGranted | PortalAccessSuspended | PortalAccessResumed | PortalAccessEnded
Key = tuple[str, str, str, str, str]
"""Organisation, chart, person, role and account."""

STATE_BY_EVENT: dict[type[AccessEvent], AccessState] = {
    PortalAccessGranted: AccessState.ACTIVE,
    PortalAccessSuspended: AccessState.SUSPENDED,
    PortalAccessResumed: AccessState.ACTIVE,
    PortalAccessEnded: AccessState.ENDED,
}
"""What each event says of an account on a chart."""

_MOST_TELLING = (AccessState.ACTIVE, AccessState.SUSPENDED, AccessState.ENDED)


def news_of(event: AccessEvent) -> PortalAccess:
    """Return an account on a chart as an event says it is."""
    data = event.data
    return PortalAccess(
        organization_id=data.invitee.organization,
        chart_id=data.invitee.chart,
        person_id=data.invitee.person,
        role=data.role.value,
        account_id=data.account_id,
        invitation_id=data.invitation_id,
        state=STATE_BY_EVENT[type(event)].value,
        reason=event.data.reason.value if isinstance(event, PortalAccessEnded) else None,
        at=event.time,
    )


def key_of(access: PortalAccess) -> Key:
    """Return what names an account on a chart in a role."""
    return (
        access.organization_id,
        access.chart_id,
        access.person_id,
        access.role,
        str(access.account_id),
    )


def fold(known: Iterable[PortalAccess], news: Iterable[PortalAccess]) -> list[PortalAccess]:
    """Return what is known once the news came, of what the news is about, in one order."""
    states = {key_of(access): access for access in known}
    told = set()
    for new in news:
        key = key_of(new)
        told.add(key)
        if key not in states or _prevails(new, states[key]):
            states[key] = new
    return [states[key] for key in sorted(told)]


def most_telling(of_one_person: Sequence[PortalAccess]) -> PortalAccess:
    """Return what counts of a person's accounts: an active one, else the newest news."""
    rank = {state.value: number for number, state in enumerate(_MOST_TELLING)}
    return min(of_one_person, key=lambda access: (rank[access.state], -access.at.timestamp()))


def _prevails(new: PortalAccess, known: PortalAccess) -> bool:
    # What ended stays ended until another invitation is accepted, however late the other news is.
    if new.invitation_id == known.invitation_id and AccessState.ENDED in {new.state, known.state}:
        return new.state == AccessState.ENDED
    return new.at >= known.at
