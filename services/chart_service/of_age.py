"""Patients who come of age: noted within an hour of the day's begin in UTC, or of a new setting.

The others learn it by PersonChanged; what ends with it is theirs to decide.
"""

import asyncio
from contextlib import suppress
from itertools import groupby

from chassis.database import Database
from chassis.listening import Listener
from services.chart_service import directory, queries
from services.chart_service.commands.charts import tell
from services.chart_service.rules import Fields

PAUSE_SECONDS = 3600.0
_BATCH = 500


async def keep_noting(database: Database, listener: Listener) -> None:
    """Note who is of age, every hour and whenever settings change; for ever."""
    with listener.waiting_for(queries.changes.AGES_OF_MAJORITY) as due:
        while True:
            due.clear()
            while await _note_some(database):
                pass
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE_SECONDS):
                    await due.wait()


async def _note_some(database: Database) -> int:
    async with database.transaction() as tx:
        today = tx.now.date()
        charts = await queries.ages.lock_charts_due(tx, today, _BATCH)
        people = await queries.ages.note(tx, today, charts)
        for organization_id, rows in groupby(sorted(people, key=_organization), _organization):
            some = list(rows)
            await tell(tx, some)
            await directory.charts_changed(tx, organization_id, {row["chart_id"] for row in some})
    return len(charts)


def _organization(row: Fields) -> str:
    return str(row["organization_id"])
