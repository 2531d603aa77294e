"""SQL on the list of an organisation's accounts: searched, filtered, in pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from chassis.database import Transaction
from services.portal_access.models import Account, Connection

_FOUND = """
    FROM accounts WHERE organization_id = :organization
        AND (:part = '' OR position(:part IN email_key) > 0)
        AND (CAST(:active AS boolean) IS NULL OR is_active = CAST(:active AS boolean))
"""


async def count(tx: Transaction, organization: str, part: str, active: bool | None) -> int:
    """Return how many accounts have this part in their address, and this state if one is given."""
    found = await tx.run(
        f"SELECT count(*) {_FOUND}", organization=organization, part=part, active=active
    )
    return int(found.scalar_one())


async def page(
    tx: Transaction,
    organization: str,
    part: str,
    active: bool | None,
    limit: int,
    offset: int,
) -> Sequence[Account]:
    """Return such accounts by address."""
    found = await tx.run(
        f"""
        SELECT accounts.* FROM accounts JOIN (
            SELECT email_key {_FOUND} ORDER BY email_key LIMIT :limit OFFSET :offset
        ) AS shown USING (email_key)
        WHERE organization_id = :organization ORDER BY email_key
        """,  # noqa: S608 - made of the condition above alone
        organization=organization,
        part=part,
        active=active,
        limit=limit,
        offset=offset,
    )
    return [Account(**row._mapping) for row in found]


async def connections_of(
    tx: Transaction, organization: str, account_ids: Sequence[UUID]
) -> Sequence[Connection]:
    """Return the connections of these accounts, the oldest first."""
    wanted = (
        select(Connection)
        .where(
            col(Connection.account_id).in_(account_ids),
            Connection.organization_id == organization,
        )
        .order_by(col(Connection.granted_at), col(Connection.chart_id), col(Connection.role))
    )
    return (await tx.session.exec(wanted)).all()
