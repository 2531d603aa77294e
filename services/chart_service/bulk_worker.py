"""The task that requests confirmed bulk invitations; several instances share the work."""

import asyncio

from chassis.database import Database
from services.chart_service import commands

_POLL_SECONDS = 1.0


class BulkWorker:
    """Works through what was confirmed here, and looks now and then for what others left."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._confirmed = asyncio.Event()

    def wake(self) -> None:
        """Say that something was confirmed."""
        self._confirmed.set()

    async def run(self) -> None:
        """Work, for as long as the service runs."""
        while True:
            self._confirmed.clear()
            while await commands.bulk_invites.work(self._database):
                pass
            try:
                async with asyncio.timeout(_POLL_SECONDS):
                    await self._confirmed.wait()
            except TimeoutError:
                continue
