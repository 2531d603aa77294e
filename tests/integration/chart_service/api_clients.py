"""Clients of the API, for the tests of what they may do."""

from dataclasses import dataclass

import httpx

from chassis.database import Database
from services.chart_service import commands


@dataclass
class ApiClient:
    """A client of one organisation, with its secret."""

    http: httpx.AsyncClient
    id: str
    secret: str

    async def asks(self, **changes: str) -> httpx.Response:
        """Ask for a token with the secret in the form."""
        form = {"client_id": self.id, "client_secret": self.secret}
        form |= {"grant_type": "client_credentials"} | changes
        return await self.http.post("/oauth/token", data=form)

    async def headers(self, **changes: str) -> dict[str, str]:
        """Return the header with a new token."""
        answer = await self.asks(**changes)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def add_client(
    database: Database, http: httpx.AsyncClient, organization: str, *scopes: str
) -> ApiClient:
    """Let a program call the API for an organisation."""
    async with database.transaction() as tx:
        client, secret = await commands.clients.add_client(
            tx, organization, "An EMR", scopes, "staff:test"
        )
    return ApiClient(http, str(client.id), secret)
