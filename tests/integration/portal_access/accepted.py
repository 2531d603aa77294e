"""Acceptances as invitation_service tells of them, with and without what was registered."""

from uuid import uuid4

from contracts.envelope import Invitee, utc_now
from contracts.invitations import InvitationAccepted, InvitationAcceptedData
from contracts.scopes import Role
from services.portal_access import queries
from services.portal_access.models import Registration
from tests.integration.portal_access.stack import Center, Stack

ADDRESS = "ana@sunrise.example"


async def registered(center: Center, stack: Stack, chart: str) -> InvitationAccepted:
    """Return the news that somebody accepted who has registered."""
    event = acceptance_of(center, chart)
    await register(event, center, stack)
    return event


async def register(event: InvitationAccepted, center: Center, stack: Stack) -> None:
    """Register who accepted."""
    async with stack.database.transaction() as tx:
        registration = Registration(
            redemption_id=event.data.redemption_id,
            account_id=event.data.account_id,
            organization_id=center.id,
            email=ADDRESS,
            email_key=ADDRESS,
            password_hash="of some password",
            terms_accepted_at=tx.now,
            created_at=tx.now,
        )
        await queries.acceptances.keep_registration(tx, registration)


def acceptance_of(center: Center, chart: str) -> InvitationAccepted:
    """Return the news that somebody accepted."""
    data = InvitationAcceptedData(
        invitee=Invitee(organization=center.id, chart=chart, person="p-1"),
        invitation_id=uuid4(),
        role=Role.PATIENT,
        redemption_id=uuid4(),
        account_id=uuid4(),
        accepted_at=utc_now(),
    )
    return InvitationAccepted.of(data)
