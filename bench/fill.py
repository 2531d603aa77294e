"""Filling an organisation straight through chart_service's own statements, without events."""

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from uuid import uuid4

from bench import people
from chassis.database import Database, Transaction
from contracts.chart import ROLE_BY_RELATIONSHIP, Relationship
from services.chart_service import directory, queries
from services.chart_service.alert_news import News
from services.chart_service.models import AlertState

_AT_ONCE = 500
_STATES = (
    *(AlertState.SENT, AlertState.SENT, AlertState.EXPIRED),
    *(AlertState.BOUNCED, AlertState.CLEARED, AlertState.CLEARED, AlertState.CLEARED),
)
_INVITED = 0.3
"""The share of those who can be invited that were."""

Chart = tuple[str, str, list[people.Row]]


async def fill(url: str, organization_id: str, count: int, advance: Callable[[int], None]) -> None:
    """Make charts with people, some of them invited; `advance` hears how many more are done."""
    database = Database(url)
    made = people.charts(organization_id, count)
    while charts := list(islice(made, _AT_ONCE)):
        async with database.transaction() as tx:
            await _save(tx, organization_id, charts)
        advance(len(charts))
        await asyncio.sleep(0)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("VACUUM ANALYZE")  # as autovacuum does in time
    await database.close()


async def _save(tx: Transaction, organization_id: str, charts: list[Chart]) -> None:
    await queries.charts.save_charts(tx, organization_id, {chart[0]: chart[1] for chart in charts})
    await queries.people.save_people(tx, [person for chart in charts for person in chart[2]])
    await queries.alerts.save_alerts(tx, list(_news(tx, charts)))
    await directory.charts_changed(tx, organization_id, [chart[0] for chart in charts])


def _news(tx: Transaction, charts: list[Chart]) -> Iterator[News]:
    dice = random.Random(charts[0][0])  # noqa: S311 - the same in each run, nothing secret
    for person in (person for chart in charts for person in chart[2]):
        role = ROLE_BY_RELATIONSHIP.get(Relationship(person["relationship"]))
        if role is None or person["email"] is None or dice.random() > _INVITED:
            continue
        at = tx.now - timedelta(minutes=dice.randrange(100_000))
        yield News(
            person["organization_id"],
            uuid4(),
            person["chart_id"],
            person["id"],
            role.value,
            dice.choice(_STATES),
            None,
            at,
            at,
        )
