"""SQL on who has access to charts through the portal."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service import access
from services.chart_service.models import AccessState, PortalAccess


async def state_of(tx: Transaction, organization_id: str, chart_id: str) -> dict[str, PortalAccess]:
    """Return by person what counts of their access to a chart; who never had any is left out."""
    found = await states(tx, organization_id, [chart_id])
    return {person_id: state for (_, person_id), state in found.items()}


async def states(
    tx: Transaction, organization_id: str, chart_ids: Collection[str]
) -> dict[tuple[str, str], PortalAccess]:
    """Return the same of many charts, by chart and person."""
    wanted = select(PortalAccess).where(
        PortalAccess.organization_id == organization_id,
        col(PortalAccess.chart_id).in_(chart_ids),
    )
    by_person = defaultdict(list)
    for one in (await tx.session.exec(wanted)).all():
        by_person[one.chart_id, one.person_id].append(one)
    return {person: access.most_telling(rows) for person, rows in by_person.items()}


async def active_accounts(
    tx: Transaction, organization_id: str, chart_id: str
) -> Sequence[PortalAccess]:
    """Return the accounts that see a chart now: those to which messages may be written."""
    wanted = (
        select(PortalAccess)
        .where(
            PortalAccess.organization_id == organization_id,
            PortalAccess.chart_id == chart_id,
            PortalAccess.state == AccessState.ACTIVE.value,
        )
        .order_by(PortalAccess.person_id, PortalAccess.role, col(PortalAccess.account_id))
    )
    return (await tx.session.exec(wanted)).all()


async def known(tx: Transaction, keys: Sequence[access.Key]) -> Sequence[PortalAccess]:
    """Return what is known of these accounts on charts."""
    columns = [list(column) for column in zip(*keys, strict=True)]
    found = await tx.run(
        f"""
        SELECT known.* FROM portal_access_state known JOIN unnest({_KEYS}) AS wanted
            (organization_id, chart_id, person_id, role, account_id)
            USING (organization_id, chart_id, person_id, role, account_id)
        """,  # noqa: S608 - made of the names below alone
        **dict(zip(_KEY_COLUMNS, columns, strict=True)),
    )
    return [PortalAccess(**row._mapping) for row in found]


async def save(tx: Transaction, new: Sequence[PortalAccess]) -> None:
    """Insert these accounts on charts, or replace what is known of them."""
    rows = [one.model_dump() for one in new]
    await tx.run(_SAVE, **{name: [row[name] for row in rows] for name in _TYPES})


_TYPES = {
    "organization_id": "varchar",
    "chart_id": "varchar",
    "person_id": "varchar",
    "role": "varchar",
    "account_id": "uuid",
    "invitation_id": "uuid",
    "state": "varchar",
    "reason": "varchar",
    "at": "timestamptz",
}
_KEY_COLUMNS = list(_TYPES)[:5]
_KEYS = ", ".join(f"CAST(:{name} AS {_TYPES[name]}[])" for name in _KEY_COLUMNS)
_SAVE = f"""
    INSERT INTO portal_access_state ({", ".join(_TYPES)})
    SELECT * FROM unnest({", ".join(f"CAST(:{n} AS {t}[])" for n, t in _TYPES.items())})
    ON CONFLICT ({", ".join(_KEY_COLUMNS)}) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in list(_TYPES)[5:])}
"""  # noqa: S608 - made of the names above alone
