"""Signed calls as portal_access makes them, for tests of what a role sees of a chart."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import httpx

from contracts.scopes import Role, scopes_of
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.portal import Portal

PERSONS = {Role.PATIENT: "p-1", Role.GUARDIAN: "p-2", Role.GUARANTOR: "p-3"}
CONTACTS = [
    {"id": "p-2", "given_name": "Luis", "family_name": "Lopez", "relationship": "Guardian"},
    {"id": "p-3", "given_name": "Eva", "family_name": "Lopez", "relationship": "Guarantor"},
]


@dataclass
class Calls:
    """The roles of chart c-1, each with an account of its own."""

    center: Center
    http: httpx.AsyncClient
    portal: Portal

    async def get(self, role: Role, path: str) -> httpx.Response:
        """Read something in a role's name."""
        return await self.http.get(f"/api/v1/access{path}", headers=self._headers(role))

    async def send(self, role: Role, method: str, path: str, **body: Any) -> httpx.Response:
        """Send something in a role's name."""
        url, headers = f"/api/v1/access{path}", self._headers(role)
        return await self.http.request(method, url, headers=headers, json=body)

    async def upload(
        self, role: Role, content: bytes, name: str = "card.png", **fields: str
    ) -> httpx.Response:
        """Send a file in a role's name."""
        path, files = "/api/v1/access/files", {"file": (name, content)}
        headers = self._headers(role)
        return await self.http.post(path, headers=headers, data=fields, files=files)

    async def puts(self, path: str, **body: Any) -> None:
        """Record something on the chart as the EMR does."""
        answer = await self.center.api.put(f"{self.center.path}/charts/c-1/{path}", json=body)
        assert answer.is_success, answer.text

    def _headers(self, role: Role) -> dict[str, str]:
        token = self.portal.signer.sign(
            "chart_service",
            sub=f"{self.center.id}-{role}",
            organization=self.center.id,
            chart="c-1",
            person=PERSONS[role],
            role=role,
            scopes=scopes_of(role),
        )
        return {"Authorization": f"Bearer {token}"}


def document(kind: str, title: str, content: bytes, *shared_with: str) -> dict[str, Any]:
    """Return a document as the EMR sends it."""
    sent = b64encode(content).decode()
    return {"kind": kind, "title": title, "content": sent, "shared_with": list(shared_with)}
