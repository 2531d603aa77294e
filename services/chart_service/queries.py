"""All SQL of chart_service. Lists go in as arrays, so that a batch is one statement."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.alerts import RANK, News
from services.chart_service.models import Alert, Chart, Coverage, Organization, Person, Staff

_PERSON_TYPES = {
    "organization_id": "varchar",
    "chart_id": "varchar",
    "id": "varchar",
    "relationship": "varchar",
    "given_name": "varchar",
    "family_name": "varchar",
    "preferred_name": "varchar",
    "birth_date": "date",
    "gender": "varchar",
    "gender_identity": "varchar",
    "phone": "varchar",
    "email": "varchar",
    "address": "varchar",
    "deceased": "boolean",
    "ended": "boolean",
    "imported": "jsonb",
}
_SAVE_PEOPLE = f"""
    INSERT INTO people ({", ".join(_PERSON_TYPES)})
    SELECT * FROM unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _PERSON_TYPES.items())})
    ON CONFLICT (organization_id, chart_id, id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in list(_PERSON_TYPES)[3:])}
"""  # noqa: S608 - made of the names above alone


async def organization(tx: Transaction, organization_id: str) -> Organization | None:
    """Return an organisation."""
    return await tx.session.get(Organization, organization_id)


async def save_organization(tx: Transaction, new: Organization) -> None:
    """Insert an organisation, or replace what is known of it."""
    await tx.run(
        """
        INSERT INTO organizations
            (id, name, phone, logo_media_type, logo, portal_enabled, invitation_days)
        VALUES (:id, :name, :phone, :logo_media_type, :logo, :portal_enabled, :invitation_days)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone,
            logo_media_type = excluded.logo_media_type, logo = excluded.logo,
            portal_enabled = excluded.portal_enabled, invitation_days = excluded.invitation_days
        """,
        **new.model_dump(),
    )


async def save_charts(tx: Transaction, organization_id: str, mrns: Mapping[str, str]) -> None:
    """Insert charts or change their MRN, by id; until the commit nobody else changes them."""
    ids = sorted(mrns)  # always in one order, so that two imports never wait for each other
    await tx.run(
        """
        INSERT INTO charts (organization_id, id, mrn, created_at)
        SELECT :organization_id, id, mrn, :now
        FROM unnest(CAST(:ids AS varchar[]), CAST(:mrns AS varchar[])) AS new (id, mrn)
        ON CONFLICT (organization_id, id) DO UPDATE SET mrn = excluded.mrn
        """,
        organization_id=organization_id,
        ids=ids,
        mrns=[mrns[chart_id] for chart_id in ids],
        now=tx.now,
    )


async def chart(tx: Transaction, organization_id: str, chart_id: str) -> Chart | None:
    """Return a chart."""
    return await tx.session.get(Chart, (organization_id, chart_id))


async def lock_chart(tx: Transaction, organization_id: str, chart_id: str) -> bool:
    """Let nobody else change a chart's people until the commit; tell whether there is one."""
    locked = await tx.run(
        """
        SELECT id FROM charts WHERE organization_id = :organization_id AND id = :chart_id
        FOR UPDATE
        """,
        organization_id=organization_id,
        chart_id=chart_id,
    )
    return locked.first() is not None


async def people(
    tx: Transaction, organization_id: str, chart_ids: Collection[str]
) -> Sequence[Person]:
    """Return the patients and contacts of these charts, by name."""
    found = await tx.session.exec(
        select(Person)
        .where(Person.organization_id == organization_id, col(Person.chart_id).in_(chart_ids))
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    return found.all()


async def save_people(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert people or replace what is known of them; a row has every column."""
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in _PERSON_TYPES}
    columns["imported"] = [
        None if imported is None else json.dumps(imported) for imported in columns["imported"]
    ]
    await tx.run(_SAVE_PEOPLE, **columns)


async def coverages(tx: Transaction, organization_id: str, chart_id: str) -> Sequence[Coverage]:
    """Return the patient's insurances, in order."""
    found = await tx.session.exec(
        select(Coverage)
        .where(Coverage.organization_id == organization_id, Coverage.chart_id == chart_id)
        .order_by(col(Coverage.position))
    )
    return found.all()


async def replace_coverages(
    tx: Transaction, organization_id: str, chart_id: str, new: Sequence[Mapping[str, Any]]
) -> None:
    """Put these insurances in the place of those that were known."""
    await tx.run(
        "DELETE FROM coverages WHERE organization_id = :organization_id AND chart_id = :chart_id",
        organization_id=organization_id,
        chart_id=chart_id,
    )
    await tx.run(
        """
        INSERT INTO coverages (organization_id, chart_id, position, payer, plan, member_id)
        SELECT :organization_id, :chart_id, position, payer, plan, member_id
        FROM unnest(CAST(:payers AS varchar[]), CAST(:plans AS varchar[]),
            CAST(:member_ids AS varchar[]))
            WITH ORDINALITY AS new (payer, plan, member_id, position)
        """,
        organization_id=organization_id,
        chart_id=chart_id,
        payers=[coverage["payer"] for coverage in new],
        plans=[coverage["plan"] for coverage in new],
        member_ids=[coverage["member_id"] for coverage in new],
    )


_LISTED = """
    FROM people p JOIN charts c ON c.organization_id = p.organization_id AND c.id = p.chart_id
    WHERE p.organization_id = :organization_id AND p.relationship = 'Patient'
        AND NOT EXISTS (
            SELECT FROM unnest(CAST(:words AS varchar[])) AS word
            WHERE position(word IN lower(
                concat_ws(' ', p.given_name, p.family_name, p.preferred_name, c.mrn))) = 0)
"""


async def list_charts(
    tx: Transaction, organization_id: str, words: Sequence[str], limit: int, offset: int
) -> Sequence[Row[Any]]:
    """Return charts by their patient's name, in which each of the words is found."""
    found = await tx.run(
        f"""
        SELECT c.id, c.mrn, p.given_name, p.family_name, p.birth_date {_LISTED}
        ORDER BY p.family_name, p.given_name, p.chart_id LIMIT :limit OFFSET :offset
        """,
        organization_id=organization_id,
        words=words,
        limit=limit,
        offset=offset,
    )
    return found.all()


async def count_charts(tx: Transaction, organization_id: str, words: Sequence[str]) -> int:
    """Return how many charts there are whose patient's name or MRN has each of the words."""
    found = await tx.run(
        f"SELECT count(*) {_LISTED}",
        organization_id=organization_id,
        words=words,
    )
    return int(found.scalar_one())


async def alerts(tx: Transaction, organization_id: str, chart_id: str) -> Sequence[Alert]:
    """Return all that is known of a chart's invitations."""
    found = await tx.session.exec(
        select(Alert).where(Alert.organization_id == organization_id, Alert.chart_id == chart_id)
    )
    return found.all()


async def alert(tx: Transaction, organization_id: str, invitation_id: UUID) -> Alert | None:
    """Return what is known of an invitation."""
    return await tx.session.get(Alert, (organization_id, invitation_id))


async def lock_invitation(tx: Transaction, invitation_id: UUID) -> None:
    """Let nobody else ask for an invitation of this id until the commit."""
    await tx.run(
        "SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))",
        id=str(invitation_id),
    )


async def save_alerts(tx: Transaction, news: Sequence[News]) -> None:
    """Note the news, one per invitation; what ranks no higher than what is known changes nothing.

    When the invitation was requested is kept from whichever event says so.
    """
    await tx.run(
        """
        INSERT INTO alerts (organization_id, invitation_id, chart_id, person_id, role, state, rank,
            detail, requested_at, updated_at)
        SELECT * FROM unnest(
            CAST(:organizations AS varchar[]), CAST(:invitations AS uuid[]),
            CAST(:charts AS varchar[]), CAST(:people AS varchar[]), CAST(:roles AS varchar[]),
            CAST(:states AS varchar[]), CAST(:ranks AS integer[]), CAST(:details AS varchar[]),
            CAST(:requested AS timestamptz[]), CAST(:updated AS timestamptz[]))
        ON CONFLICT (organization_id, invitation_id) DO UPDATE SET
            state = CASE WHEN excluded.rank > alerts.rank THEN excluded.state
                ELSE alerts.state END,
            detail = CASE WHEN excluded.rank > alerts.rank THEN excluded.detail
                ELSE alerts.detail END,
            updated_at = CASE WHEN excluded.rank > alerts.rank THEN excluded.updated_at
                ELSE alerts.updated_at END,
            rank = greatest(excluded.rank, alerts.rank),
            requested_at = coalesce(alerts.requested_at, excluded.requested_at)
        WHERE excluded.rank > alerts.rank
            OR (alerts.requested_at IS NULL AND excluded.requested_at IS NOT NULL)
        """,
        organizations=[new.organization_id for new in news],
        invitations=[new.invitation_id for new in news],
        charts=[new.chart_id for new in news],
        people=[new.person_id for new in news],
        roles=[new.role for new in news],
        states=[new.state.value for new in news],
        ranks=[RANK[new.state] for new in news],
        details=[new.detail for new in news],
        requested=[new.requested_at for new in news],
        updated=[new.updated_at for new in news],
    )


async def add_staff(tx: Transaction, new: Staff) -> bool:
    """Insert someone who may sign in; False when the address is somebody's already."""
    added = await tx.run(
        """
        INSERT INTO staff (id, organization_id, email, name, password_hash)
        VALUES (:id, :organization_id, :email, :name, :password_hash)
        ON CONFLICT (email) DO NOTHING RETURNING id
        """,
        **new.model_dump(),
    )
    return added.first() is not None


async def staff(tx: Transaction, staff_id: UUID) -> Staff | None:
    """Return someone who signed in; their row says for which organisation."""
    return await tx.session.get(Staff, staff_id)


async def staff_by_email(tx: Transaction, email: str) -> Staff | None:
    """Return who signs in with this address, in lower case."""
    found = await tx.session.exec(select(Staff).where(Staff.email == email))
    return found.one_or_none()


async def count_tries(
    tx: Transaction, sources: Sequence[bytes], window: datetime, change: int
) -> dict[bytes, int]:
    """Change how many tries to sign in count as failed; return their number by source.

    In one order, so that two tries never wait for each other.
    """
    counted = await tx.run(
        """
        INSERT INTO sign_in_failures (source, window_start, failures)
        SELECT source, CAST(:window AS timestamptz), CAST(:change AS integer)
        FROM unnest(CAST(:sources AS bytea[])) AS source ORDER BY source
        ON CONFLICT (source, window_start)
            DO UPDATE SET failures = sign_in_failures.failures + excluded.failures
        RETURNING source, failures
        """,
        sources=list(sources),
        window=window,
        change=change,
    )
    return {row.source: row.failures for row in counted}


async def forget_failures(tx: Transaction, before: datetime) -> None:
    """Drop counts that no throttle looks at any more."""
    await tx.run("DELETE FROM sign_in_failures WHERE window_start < :before", before=before)
