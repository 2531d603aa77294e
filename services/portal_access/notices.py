"""What portal users are told by mail; no notice says anything of a person's health."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Row

from chassis.security.seal import Seal
from contracts.access import AccessEndReason, NoticeKind, NoticeRequested, NoticeRequestedData
from contracts.scopes import Role
from services.portal_access.models import Account

LIFE = timedelta(days=7)
"""How long a notice is news; a mail with a link is of use as long as the link."""

_LONGEST_ADDRESS = 320


class Holder(NamedTuple):
    """Whom a notice greets, and in which language; an account says neither of itself."""

    given_name: str = ""
    language: str | None = None


class Link(NamedTuple):
    """A link that a notice carries: to which address, its token, and until when it works."""

    email: str
    token: str
    expires_at: datetime


def notice(
    kind: NoticeKind,
    to: Row[Any] | Account,
    recipient: str,
    holder: Row[Any] | Holder,
    now: datetime,
) -> NoticeRequested | None:
    """Return the notice to somebody's address, None if they have none that mail could reach."""
    if not to.email or len(to.email) > _LONGEST_ADDRESS:
        return None
    data = NoticeRequestedData(
        organization=to.organization_id,
        recipient=recipient,
        kind=kind,
        email=to.email,
        given_name=holder.given_name,
        expires_at=now + LIFE,
        language=holder.language,
    )
    return NoticeRequested.of(data)


def of_ended_access(
    ended: Row[Any], reason: AccessEndReason, now: datetime
) -> NoticeRequested | None:
    """Return what the holder of an account is told whose connection ended, None if nothing is."""
    own_death = reason is AccessEndReason.PATIENT_DECEASED and ended.role == Role.PATIENT
    if own_death or ended.deceased:
        return None
    of_age = reason is AccessEndReason.PATIENT_OF_AGE
    kind = NoticeKind.GUARDIAN_ACCESS_ENDED if of_age else NoticeKind.ACCESS_ENDED
    return notice(kind, ended, str(ended.account_id), ended, now)


def with_link(
    kind: NoticeKind, account: Account, holder: Holder, link: Link, seal: Seal
) -> NoticeRequested:
    """Return a mail with a link of ours; its token is sealed for notification_service."""
    notice_id: UUID = uuid4()
    data = NoticeRequestedData(
        organization=account.organization_id,
        recipient=str(account.id),
        kind=kind,
        email=link.email,
        given_name=holder.given_name,
        language=holder.language,
        sealed_token=seal.close(link.token, bound_to=notice_id),
        expires_at=link.expires_at,
    )
    return NoticeRequested.of(data).model_copy(update={"id": notice_id})
