"""The mails that the portal asks for, and the tokens that their links would carry."""

from uuid import UUID

from chassis.security.seal import Seal
from contracts.access import NoticeKind, NoticeRequested
from tests.integration.invitation_service.conftest import SEAL_KEY
from tests.integration.portal_access.stack import Center


async def notices(center: Center, kind: NoticeKind, count: int = 1) -> list[NoticeRequested]:
    """Return the mails of a kind that were asked for in the centre's name."""
    return await center.stack.events.wait_for(
        NoticeRequested,
        lambda e: e.data.organization == center.id and e.data.kind is kind,
        count=count,
    )


def token_of(notice: NoticeRequested) -> str:
    """Return the token that a mail's link would carry."""
    assert notice.data.sealed_token
    return Seal(SEAL_KEY).open(notice.data.sealed_token, bound_to=UUID(str(notice.id)))
