"""Staff of a treatment centre who use the EMR's pages, without a browser."""

import httpx

from tests.integration.portal_access.stack import Center, csrf_token_in

STAFF_PASSWORD = "green-hills-demo-1"


class Admin:
    """A member of staff who signed in to chart_service's pages."""

    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=url, headers={"Accept": "text/html"}, follow_redirects=True, timeout=30
        )

    async def signs_in(self, center: Center, role: str = "admin") -> None:
        """Be added to the centre's staff, and sign in."""
        email = f"{role}@{center.id}.example"
        body = {"email": email, "name": "Kim Park", "password": STAFF_PASSWORD, "role": role}
        await center.call("POST", "/staff", body)
        page = await self.client.get("/sign-in")
        form = {"email": email, "password": STAFF_PASSWORD, "csrf_token": csrf_token_in(page.text)}
        assert (await self.client.post("/sign-in", data=form)).status_code == 200

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path)

    async def post(self, path: str, at: str | None = None, **fields: str) -> httpx.Response:
        """Open the page that has the form, fill it in and send it."""
        page = await self.client.get(at or path)
        data = {"csrf_token": csrf_token_in(page.text), **fields}
        return await self.client.post(path, data=data)
