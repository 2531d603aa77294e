"""SQL on the copies of people on charts."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.chart import PersonChanged
from services.portal_access.models import Connection

ChartKey = tuple[str, str]
"""An organisation and a chart of it."""


async def keep_people(tx: Transaction, events: Sequence[PersonChanged]) -> None:
    """Keep the newest of each person."""
    newest: dict[str, PersonChanged] = {}
    for event in events:
        known = newest.get(event.subject)
        if known is None or known.time <= event.time:
            newest[event.subject] = event
    data = [event.data for event in newest.values()]
    await tx.run(
        """
        INSERT INTO people (organization_id, chart_id, person_id, relationship, given_name, email,
            deceased, ended, discharged, of_age, language, changed_at)
        SELECT * FROM unnest(
            CAST(:organizations AS text[]), CAST(:charts AS text[]), CAST(:people AS text[]),
            CAST(:relationships AS text[]), CAST(:names AS text[]), CAST(:emails AS text[]),
            CAST(:deceased AS boolean[]), CAST(:ended AS boolean[]),
            CAST(:discharged AS boolean[]), CAST(:of_age AS boolean[]),
            CAST(:languages AS text[]), CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id, chart_id, person_id) DO UPDATE SET
            relationship = excluded.relationship, given_name = excluded.given_name,
            email = excluded.email, deceased = excluded.deceased, ended = excluded.ended,
            discharged = excluded.discharged, of_age = excluded.of_age,
            language = excluded.language, changed_at = excluded.changed_at
        WHERE people.changed_at <= excluded.changed_at
        """,
        **columns((one.invitee.organization, one.invitee.chart) for one in data),
        people=[one.invitee.person for one in data],
        relationships=[one.relationship.value for one in data],
        names=[one.given_name for one in data],
        emails=[one.email for one in data],
        deceased=[one.deceased for one in data],
        ended=[one.ended for one in data],
        discharged=[one.discharged for one in data],
        of_age=[one.of_age for one in data],
        languages=[one.language for one in data],
        times=[event.time for event in newest.values()],
    )


async def charts_left(tx: Transaction, organizations: Collection[str]) -> set[ChartKey]:
    """Return the charts whose patient has died or left, if that ends access, and who see them."""
    found = await tx.run(
        """
        SELECT DISTINCT p.organization_id, p.chart_id FROM people p
        JOIN brands b ON b.organization_id = p.organization_id
        WHERE p.organization_id = ANY(:ids) AND p.relationship = 'Patient'
            AND (p.deceased OR p.discharged)
            AND (p.deceased AND b.death_ends_access OR p.discharged AND b.discharge_ends_access)
            AND EXISTS (SELECT FROM connections c
                WHERE c.organization_id = p.organization_id AND c.chart_id = p.chart_id)
        """,
        ids=list(organizations),
    )
    return {(row.organization_id, row.chart_id) for row in found}


async def patients_to_tell(tx: Transaction, charts: Collection[ChartKey]) -> Sequence[Row[Any]]:
    """Return how the patients of these charts are reached: by their accounts, else on file."""
    found = await tx.run(
        """
        SELECT p.organization_id, p.given_name, p.language,
            coalesce(a.id::text, p.person_id) AS recipient, coalesce(a.email, p.email) AS email
        FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]))
            AS wanted (organization_id, chart_id)
        JOIN people p ON p.organization_id = wanted.organization_id
            AND p.chart_id = wanted.chart_id
        LEFT JOIN connections c ON c.organization_id = p.organization_id
            AND c.chart_id = p.chart_id AND c.person_id = p.person_id AND c.role = 'patient'
        LEFT JOIN accounts a ON a.id = c.account_id
        WHERE p.relationship = 'Patient' AND NOT p.deceased
        """,
        **columns(charts),
    )
    return found.all()


async def patients_names(tx: Transaction, connections: Iterable[Connection]) -> dict[str, str]:
    """Return the first name of each chart's patient, by chart, as far as it is known."""
    found = await tx.run(
        """
        SELECT p.chart_id, p.given_name
        FROM unnest(CAST(:organizations AS text[]), CAST(:charts AS text[]))
            AS wanted (organization_id, chart_id)
        JOIN people p USING (organization_id, chart_id)
        WHERE p.relationship = 'Patient'
        """,
        **columns((one.organization_id, one.chart_id) for one in connections),
    )
    return {row.chart_id: row.given_name for row in found}


async def patients_name(tx: Transaction, organization: str, chart: str) -> str | None:
    """Return the first name of a chart's patient, None while it is not known."""
    found = await tx.run(
        """
        SELECT given_name FROM people
        WHERE organization_id = :organization AND chart_id = :chart AND relationship = 'Patient'
        """,
        organization=organization,
        chart=chart,
    )
    return found.scalar_one_or_none() or None


def columns(charts: Iterable[ChartKey]) -> dict[str, list[str]]:
    """Return the charts as the two arrays of a statement."""
    pairs = list(charts)
    return {
        "organizations": [organization for organization, _ in pairs],
        "charts": [chart for _, chart in pairs],
    }
