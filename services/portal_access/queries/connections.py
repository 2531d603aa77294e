"""SQL on connections: which account is what on which chart."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import Account, Connection


async def connections(tx: Transaction, account: Account) -> Sequence[Connection]:
    """Return an account's charts, the oldest connection first."""
    wanted = (
        select(Connection)
        .where(
            Connection.account_id == account.id,
            Connection.organization_id == account.organization_id,
        )
        .order_by(col(Connection.granted_at), col(Connection.chart_id), col(Connection.role))
    )
    return (await tx.session.exec(wanted)).all()


async def account_connected_by(
    tx: Transaction, organization: str, invitation_id: UUID
) -> UUID | None:
    """Return the account that this invitation connected to its chart."""
    wanted = select(Connection.account_id).where(
        Connection.organization_id == organization, Connection.invitation_id == invitation_id
    )
    return (await tx.session.exec(wanted)).first()


async def add_connections(tx: Transaction, new: Sequence[Connection]) -> None:
    """Connect accounts to charts; the same role on the same chart again is renewed."""
    newest = [*{(c.account_id, c.organization_id, c.chart_id, c.role): c for c in new}.values()]
    await tx.run(
        """
        INSERT INTO connections (account_id, organization_id, chart_id, role, person_id,
            invitation_id, scopes, granted_at)
        SELECT account_id, organization_id, chart_id, role, person_id, invitation_id,
            string_to_array(scopes, ' '), :now
        FROM unnest(CAST(:accounts AS uuid[]), CAST(:organizations AS text[]),
            CAST(:charts AS text[]), CAST(:roles AS text[]), CAST(:people AS text[]),
            CAST(:invitations AS uuid[]), CAST(:scopes AS text[]))
            AS new (account_id, organization_id, chart_id, role, person_id, invitation_id, scopes)
        ON CONFLICT (account_id, organization_id, chart_id, role) DO UPDATE SET
            person_id = excluded.person_id, invitation_id = excluded.invitation_id,
            scopes = excluded.scopes, granted_at = excluded.granted_at
        """,
        accounts=[c.account_id for c in newest],
        organizations=[c.organization_id for c in newest],
        charts=[c.chart_id for c in newest],
        roles=[c.role for c in newest],
        people=[c.person_id for c in newest],
        invitations=[c.invitation_id for c in newest],
        scopes=[" ".join(c.scopes) for c in newest],
        now=tx.now,
    )
