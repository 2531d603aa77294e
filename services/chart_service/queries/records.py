"""SQL on what a chart holds besides people: one set of statements for all kinds of records."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, literal_column, or_, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from services.chart_service.models import RecordKey, RecordKind, Table

_KEY = ("organization_id", "chart_id", "id")
_FIRST_SAID = frozenset({"shared_with", "uploaded_by", "uploaded_at"})
"""What stays when a record is sent again: staff may have changed with whom it is shared."""
_LAST = {
    RecordKind.EPISODES: "admitted_on",
    RecordKind.APPOINTMENTS: "starts_at",
    RecordKind.DOCUMENTS: "written_on",
    RecordKind.OUTCOMES: "taken_at",
    RecordKind.TREATMENT_PLANS: "starts_on",
    RecordKind.MEDICATIONS: "started_on",
    RecordKind.ATTACHMENTS: "uploaded_at",
}
"""By what each kind is listed, the newest first."""


async def save(
    tx: Transaction, kind: RecordKind, rows: Sequence[Mapping[str, Any]]
) -> dict[str, bool]:
    """Insert records or bring them up to date; rows have the same columns, and no id twice.

    Returns the ids of those that changed, and whether they are new.
    """
    table = _table(kind)
    statement = insert(table).values(list(rows))
    news = {name: statement.excluded[name] for name in rows[0] if name not in {*_KEY, *_FIRST_SAID}}
    changed = await tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=_KEY,
            set_=news,
            where=or_(*(table.c[name].is_distinct_from(new) for name, new in news.items())),
        ).returning(table.c.id, literal_column("xmax = 0").label("is_new"))
    )
    return {row.id: row.is_new for row in changed}


async def listed(
    tx: Transaction,
    kind: RecordKind,
    organization_id: str,
    chart_id: str,
    part: slice = slice(None),
) -> Sequence[Row[Any]]:
    """Return a chart's records, the newest first; of a file its size and not its content."""
    table = _table(kind)
    found = await tx.connection.execute(
        select(*_shown(table))
        .where(table.c.organization_id == organization_id, table.c.chart_id == chart_id)
        .order_by(table.c[_LAST[kind]].desc().nulls_last(), table.c.id)
        .slice(part.start, part.stop)
    )
    return found.all()


async def record(tx: Transaction, key: RecordKey) -> Row[Any] | None:
    """Return a record; of a file its size and not its content."""
    table = _table(key.kind)
    found = await tx.connection.execute(select(*_shown(table)).where(*_is(table, key)))
    return found.one_or_none()


async def content(tx: Transaction, key: RecordKey) -> bytes | None:
    """Return a document's or attachment's content."""
    table = _table(key.kind)
    found = await tx.connection.execute(select(table.c.content).where(*_is(table, key)))
    kept: bytes | None = found.scalar_one_or_none()
    return kept


async def share(tx: Transaction, key: RecordKey, roles: Sequence[str]) -> bool:
    """Say which roles see a document or plan; tell whether there is one."""
    table = _table(key.kind)
    new = update(table).where(*_is(table, key)).values(shared_with=list(roles))
    found = await tx.connection.execute(new.returning(table.c.id))
    return found.first() is not None


async def remove(tx: Transaction, key: RecordKey) -> bool:
    """Delete a record; tell whether there was one."""
    table = _table(key.kind)
    gone = delete(table).where(*_is(table, key)).returning(table.c.id)
    return (await tx.connection.execute(gone)).first() is not None


def _table(kind: RecordKind) -> SqlTable:
    return Table.metadata.tables[kind.value]


def _shown(table: SqlTable) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = [c for c in table.c if c.name != "content"]
    if "content" in table.c:
        columns.append(func.length(table.c.content).label("size"))
    return columns


def _is(table: SqlTable, key: RecordKey) -> list[ColumnElement[bool]]:
    return [
        table.c.organization_id == key.organization_id,
        table.c.chart_id == key.chart_id,
        table.c.id == key.id,
    ]
