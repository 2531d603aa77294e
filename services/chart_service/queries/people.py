"""SQL on the people of charts and their insurances."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import Coverage, Person

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
    "language": "varchar",
    "deceased": "boolean",
    "ended": "boolean",
    "discharged": "boolean",
    "of_age": "boolean",
    "imported": "jsonb",
}


_SAVE_PEOPLE = f"""
    INSERT INTO people ({", ".join(_PERSON_TYPES)})
    SELECT * FROM unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _PERSON_TYPES.items())})
    ON CONFLICT (organization_id, chart_id, id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in list(_PERSON_TYPES)[3:])}
"""  # noqa: S608 - made of the names above alone


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


async def saved_people(
    tx: Transaction, organization_id: str, chart_ids: Collection[str]
) -> Sequence[Person]:
    """Return the patients and contacts of these charts as this transaction saved them."""
    found = await tx.session.exec(
        select(Person)
        .where(Person.organization_id == organization_id, col(Person.chart_id).in_(chart_ids))
        .execution_options(populate_existing=True)
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
