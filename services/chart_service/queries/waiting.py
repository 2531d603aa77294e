"""SQL on what portal users wrote that no member of staff has read yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service.models import Staff

_WAITING = """
    FROM messages m
        JOIN message_threads t ON t.organization_id = m.organization_id AND t.id = m.thread_id
        JOIN staff addressee ON addressee.id = t.staff_id
"""
_UNREAD = "m.organization_id = :organization_id AND NOT m.from_staff AND m.read_at IS NULL"
_IS_OWN = """(t.staff_id = :staff_id
    OR NOT (addressee.is_active AND addressee.receives_messages))"""
"""Written to this member of staff, or to one who gets none any more: that is everybody's."""


async def count(tx: Transaction, reader: Staff) -> int:
    """Return how many messages wait for a member of staff."""
    found = await tx.run(
        f"SELECT count(*) {_WAITING} WHERE {_UNREAD} AND {_IS_OWN}",
        organization_id=reader.organization_id,
        staff_id=reader.id,
    )
    return int(found.scalar_one())


async def count_on_chart(tx: Transaction, organization_id: str, chart_id: str) -> int:
    """Return how many messages on a chart wait for anybody."""
    found = await tx.run(
        f"SELECT count(*) {_WAITING} WHERE {_UNREAD} AND t.chart_id = :chart_id",
        organization_id=organization_id,
        chart_id=chart_id,
    )
    return int(found.scalar_one())


async def threads(tx: Transaction, reader: Staff, most: int) -> Sequence[Row[Any]]:
    """Return where messages wait: first the reader's own, and what has waited longest."""
    found = await tx.run(
        f"""
        SELECT t.*, addressee.name AS addressee, {_IS_OWN} AS is_own,
            count(*) AS unread, min(m.sent_at) AS since,
            (SELECT given_name || ' ' || family_name FROM people WHERE (organization_id, chart_id)
                = (t.organization_id, t.chart_id) AND relationship = 'Patient') AS patient,
            (SELECT given_name || ' ' || family_name FROM people WHERE (organization_id, chart_id)
                = (t.organization_id, t.chart_id) AND id = t.person_id) AS person
        {_WAITING} WHERE {_UNREAD}
        GROUP BY t.organization_id, t.id, addressee.id
        ORDER BY is_own DESC, since, t.id LIMIT :most
        """,  # noqa: S608 - made of the texts above alone
        organization_id=reader.organization_id,
        staff_id=reader.id,
        most=most,
    )
    return found.all()
