"""Links that work no longer: what of them is kept, and asking for a new invitation in their place.

It is kept under the visitor's secret name, so that no page needs the token, and whoever never had
the link can neither ask nor find out whether there is an invitation.
"""

from typing import NamedTuple
from uuid import UUID

from chassis.database import Database, Transaction
from chassis.security.tokens import hash_of, new_token
from contracts.access import NewInvitationAsked, NewInvitationAskedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.portal_access import queries, rules
from services.portal_access.acceptance import OVER, PORTAL_OFF
from services.portal_access.invitations import FoundInvitation, RefusedError
from services.portal_access.models import Brand, RefusedLink


class Refused(NamedTuple):
    """A link that does not work, and whose it was."""

    link: RefusedLink
    brand: Brand


class RefusedLinks:
    """What is done for who followed a link that does not work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, found: FoundInvitation, reason: str, old_visitor: str) -> str:
        """Keep what the link was of, and why it does not work; return the visitor's new name."""
        visitor = new_token()
        async with self._database.transaction() as tx:
            new = RefusedLink(
                visitor_hash=hash_of(visitor),
                invitation_id=found.invitation_id,
                organization_id=found.organization,
                chart_id=found.chart,
                person_id=found.person,
                role=found.role,
                reason=reason,
                created_at=tx.now,
            )
            await queries.acceptances.rename_visitor(tx, hash_of(old_visitor), new.visitor_hash)
            await queries.refused_links.keep(tx, new)
        return visitor

    async def find(self, visitor: str, invitation_id: UUID) -> Refused:
        """Return a visitor's link that does not work.

        Raises:
            RefusedError: they followed none, or too long ago; the portal is off.
        """
        async with self._database.transaction() as tx:
            return await _find(tx, visitor, invitation_id)

    async def ask(self, visitor: str, invitation_id: UUID) -> None:
        """Tell the staff that a new invitation is wanted, once a day.

        Raises:
            RefusedError: as for `find`.
        """
        async with self._database.transaction() as tx:
            link = (await _find(tx, visitor, invitation_id)).link
            again_before = tx.now - rules.ASKED_ANEW_AFTER
            if await queries.refused_links.note_asking(tx, link.invitation_id, again_before):
                tx.publish(_asked(link, tx))


async def _find(tx: Transaction, visitor: str, invitation_id: UUID) -> Refused:
    after = tx.now - rules.ACCEPTANCE_LIFE
    link = await queries.refused_links.refused_link(tx, hash_of(visitor), invitation_id, after)
    brand = await queries.brands.brand(tx, link.organization_id) if link else None
    if link is None or brand is None:
        raise RefusedError(OVER)
    if not brand.portal_enabled:
        raise RefusedError(PORTAL_OFF, brand.organization_id)
    return Refused(link, brand)


def _asked(link: RefusedLink, tx: Transaction) -> NewInvitationAsked:
    invitee = Invitee(organization=link.organization_id, chart=link.chart_id, person=link.person_id)
    data = NewInvitationAskedData(
        invitee=invitee,
        invitation_id=link.invitation_id,
        role=Role(link.role),
        asked_at=tx.now,
    )
    return NewInvitationAsked.of(data)
