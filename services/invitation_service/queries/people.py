"""SQL on the copies of patients and contacts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from contracts.chart import PersonChanged, Relationship
from services.invitation_service.known_charts import ChartKey, Person


def person_of(row: Row[Any]) -> Person:
    """Return what eligibility needs of a person, from their row."""
    return Person(
        Relationship(row.relationship),
        row.given_name,
        row.email,
        row.deceased,
        row.ended,
        row.discharged,
        row.of_age,
        row.location,
        row.language,
        row.changed_at,
    )


async def keep(
    tx: Transaction, events: Sequence[PersonChanged]
) -> dict[ChartKey, dict[str, Person]]:
    """Keep the newest of each patient and contact; return those that were news, by chart."""
    newest = {event.subject: event for event in events}.values()
    data = [event.data for event in newest]
    kept = await tx.run(
        """
        INSERT INTO people (organization_id, chart_id, id, relationship, given_name, email,
            deceased, ended, discharged, of_age, location, language, changed_at)
        SELECT * FROM unnest(
            CAST(:organizations AS text[]), CAST(:charts AS text[]), CAST(:ids AS text[]),
            CAST(:relationships AS text[]), CAST(:names AS text[]), CAST(:emails AS text[]),
            CAST(:deceased AS boolean[]), CAST(:ended AS boolean[]),
            CAST(:discharged AS boolean[]), CAST(:of_age AS boolean[]),
            CAST(:locations AS text[]), CAST(:languages AS text[]),
            CAST(:times AS timestamptz[]))
        ON CONFLICT (organization_id, chart_id, id) DO UPDATE SET
            relationship = excluded.relationship, given_name = excluded.given_name,
            email = excluded.email, deceased = excluded.deceased, ended = excluded.ended,
            discharged = excluded.discharged, of_age = excluded.of_age,
            location = excluded.location, language = excluded.language,
            changed_at = excluded.changed_at
        WHERE people.changed_at <= excluded.changed_at
        RETURNING *
        """,
        organizations=[person.invitee.organization for person in data],
        charts=[person.invitee.chart for person in data],
        ids=[person.invitee.person for person in data],
        relationships=[person.relationship.value for person in data],
        names=[person.given_name for person in data],
        emails=[person.email for person in data],
        deceased=[person.deceased for person in data],
        ended=[person.ended for person in data],
        discharged=[person.discharged for person in data],
        of_age=[person.of_age for person in data],
        locations=[person.location for person in data],
        languages=[person.language for person in data],
        times=[event.time for event in newest],
    )
    news: dict[ChartKey, dict[str, Person]] = {}
    for row in kept:
        news.setdefault((row.organization_id, row.chart_id), {})[row.id] = person_of(row)
    return news
