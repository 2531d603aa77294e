"""Links that work no longer: the page that says so, and asking for a new invitation on it.

Which invitation it was is kept here, under the visitor's secret name, so that the page needs no
token and whoever never had the link can neither ask nor find out whether there is an invitation.
"""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Database, Transaction
from chassis.security.tokens import hash_of, new_token
from contracts.access import NewInvitationAsked, NewInvitationAskedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.portal_access import queries, rules
from services.portal_access.acceptance import OVER, PORTAL_OFF
from services.portal_access.invitations import FoundInvitation, RefusedError
from services.portal_access.models import Brand, RefusedLink


class RefusedLinks:
    """What is done for who followed a link that does not work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, found: FoundInvitation, old_visitor: str) -> str:
        """Keep what the link was of; return the visitor's new secret name."""
        visitor = new_token()
        async with self._database.transaction() as tx:
            new = RefusedLink(
                visitor_hash=hash_of(visitor),
                invitation_id=found.invitation_id,
                organization_id=found.organization,
                chart_id=found.chart,
                person_id=found.person,
                role=found.role,
                created_at=tx.now,
            )
            await queries.acceptances.rename_visitor(tx, hash_of(old_visitor), new.visitor_hash)
            await queries.refused_links.keep(tx, new)
        return visitor

    async def ask(self, visitor: str, invitation_id: UUID | None) -> Brand:
        """Tell the staff that a new invitation is wanted, once a day; return whose staff.

        Raises:
            RefusedError: the visitor followed no such link, or too long ago; the portal is off.
        """
        async with self._database.transaction() as tx:
            link = await _link(tx, visitor, invitation_id)
            brand = await queries.brands.brand(tx, link.organization_id) if link else None
            if link is None or brand is None:
                raise RefusedError(OVER)
            if not brand.portal_enabled:
                raise RefusedError(PORTAL_OFF, brand.organization_id)
            again_before = tx.now - rules.ASKED_ANEW_AFTER
            if await queries.refused_links.note_asking(tx, link.invitation_id, again_before):
                tx.publish(_asked(link, tx))
        return brand

    async def page(self, request: Request, error: RefusedError) -> Response:
        """Return the page that says why a link cannot be used, and what to do."""
        brand = None
        if error.organization is not None:
            async with self._database.transaction() as tx:
                brand = await queries.brands.brand(tx, error.organization)
        page: Response = request.app.state.pages.render(
            request,
            "refused.html",
            429 if error.reason == "throttled" else 409,
            brand=brand,
            reason=error.reason,
            invitation_id=error.invitation_id,
        )
        return page


async def _link(tx: Transaction, visitor: str, invitation_id: UUID | None) -> RefusedLink | None:
    if invitation_id is None:
        return None
    after = tx.now - rules.ACCEPTANCE_LIFE
    return await queries.refused_links.refused_link(tx, hash_of(visitor), invitation_id, after)


def _asked(link: RefusedLink, tx: Transaction) -> NewInvitationAsked:
    invitee = Invitee(organization=link.organization_id, chart=link.chart_id, person=link.person_id)
    data = NewInvitationAskedData(
        invitee=invitee,
        invitation_id=link.invitation_id,
        role=Role(link.role),
        asked_at=tx.now,
    )
    return NewInvitationAsked.of(data)
