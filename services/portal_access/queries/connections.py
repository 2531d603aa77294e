"""SQL on connections: which account is what on which chart."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from chassis.database import Transaction
from contracts.envelope import Invitee
from services.portal_access.models import Account, Connection
from services.portal_access.notices import Holder
from services.portal_access.queries.people import ChartKey, columns


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
    """Return the account that this invitation connected to its chart, be it for a moment only."""
    found = await tx.run(
        """
        SELECT account_id FROM connections
        WHERE organization_id = :organization AND invitation_id = :invitation_id
        UNION ALL
        SELECT account_id FROM account_events
        WHERE organization_id = :organization AND invitation_id = :invitation_id
        LIMIT 1
        """,
        organization=organization,
        invitation_id=invitation_id,
    )
    account_id: UUID | None = found.scalar_one_or_none()
    return account_id


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


async def standings(tx: Transaction, charts: Collection[ChartKey]) -> Sequence[Row[Any]]:
    """Return who sees these charts, and all that decides whether they still may.

    What is not known of a person, a patient or an organisation ends nothing.
    """
    found = await tx.run(
        """
        SELECT c.*, a.email, p.relationship, p.language, coalesce(p.given_name, '') AS given_name,
            coalesce(p.ended, false) AS ended, coalesce(p.deceased, false) AS deceased,
            coalesce(patient.deceased, false) AS patient_deceased,
            coalesce(patient.discharged, false) AS patient_discharged,
            coalesce(patient.of_age, false) AS patient_of_age,
            coalesce(b.death_ends_access, true) AS death_ends_access,
            coalesce(b.discharge_ends_access, false) AS discharge_ends_access
        FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]))
            AS wanted (organization_id, chart_id)
        JOIN connections c ON c.organization_id = wanted.organization_id
            AND c.chart_id = wanted.chart_id
        JOIN accounts a ON a.id = c.account_id
        LEFT JOIN people p ON p.organization_id = c.organization_id
            AND p.chart_id = c.chart_id AND p.person_id = c.person_id
        LEFT JOIN brands b ON b.organization_id = c.organization_id
        LEFT JOIN LATERAL (
            SELECT bool_or(deceased) AS deceased, bool_or(discharged) AS discharged,
                bool_or(of_age) AS of_age
            FROM people WHERE organization_id = wanted.organization_id
                AND chart_id = wanted.chart_id AND relationship = 'Patient'
        ) AS patient ON true
        ORDER BY c.account_id, c.organization_id, c.chart_id, c.role
        """,
        **columns(charts),
    )
    return found.all()


async def remove(tx: Transaction, connections: Sequence[Row[Any]]) -> set[tuple[UUID, UUID]]:
    """Take these connections away; return account and invitation of those that were still there.

    One that was renewed by another invitation since stays.
    """
    removed = await tx.run(
        """
        DELETE FROM connections c USING unnest(CAST(:accounts AS uuid[]),
            CAST(:organizations AS text[]), CAST(:charts AS text[]), CAST(:roles AS text[]),
            CAST(:invitations AS uuid[]))
            AS gone (account_id, organization_id, chart_id, role, invitation_id)
        WHERE c.account_id = gone.account_id AND c.organization_id = gone.organization_id
            AND c.chart_id = gone.chart_id AND c.role = gone.role
            AND c.invitation_id = gone.invitation_id
        RETURNING c.account_id, c.invitation_id
        """,
        accounts=[c.account_id for c in connections],
        organizations=[c.organization_id for c in connections],
        charts=[c.chart_id for c in connections],
        roles=[c.role for c in connections],
        invitations=[c.invitation_id for c in connections],
    )
    return {(row.account_id, row.invitation_id) for row in removed}


async def take(
    tx: Transaction, organization: str, account_id: UUID, chart_id: str, role: str
) -> Connection | None:
    """Take one connection away; return it, None if it is not there."""
    taken = await tx.run(
        """
        DELETE FROM connections WHERE account_id = :account_id
            AND organization_id = :organization AND chart_id = :chart_id AND role = :role
        RETURNING *
        """,
        account_id=account_id,
        organization=organization,
        chart_id=chart_id,
        role=role,
    )
    row = taken.one_or_none()
    return Connection(**row._mapping) if row else None


async def to_notify(
    tx: Transaction, invitees: Collection[Invitee]
) -> dict[Invitee, list[Row[Any]]]:
    """Return by person the active accounts that see their chart, if messages are on there."""
    found = await tx.run(
        """
        SELECT DISTINCT c.organization_id, c.chart_id, c.person_id, c.account_id, a.email,
            p.language, coalesce(p.given_name, '') AS given_name
        FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]),
            CAST(:people AS text[])) AS wanted (organization_id, chart_id, person_id)
        JOIN connections c USING (organization_id, chart_id, person_id)
        JOIN accounts a ON a.id = c.account_id AND a.is_active
        JOIN brands b ON b.organization_id = c.organization_id
        LEFT JOIN people p ON p.organization_id = c.organization_id
            AND p.chart_id = c.chart_id AND p.person_id = c.person_id
        WHERE b.messages_enabled
        """,
        **columns((one.organization, one.chart) for one in invitees),
        people=[one.person for one in invitees],
    )
    by_person: dict[Invitee, list[Row[Any]]] = {}
    for row in found:
        key = Invitee(organization=row.organization_id, chart=row.chart_id, person=row.person_id)
        by_person.setdefault(key, []).append(row)
    return by_person


async def holder(tx: Transaction, account: Account) -> Holder:
    """Return the first name and language of an account's holder, as the oldest connection has."""
    found = await tx.run(
        """
        SELECT p.given_name, p.language FROM connections c
        JOIN people p USING (organization_id, chart_id, person_id)
        WHERE c.account_id = :id AND c.organization_id = :organization
        ORDER BY c.granted_at LIMIT 1
        """,
        id=account.id,
        organization=account.organization_id,
    )
    row = found.one_or_none()
    return Holder(row.given_name, row.language) if row else Holder()
