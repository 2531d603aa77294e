"""An invitee with a browser: keeps cookies, follows redirects, fills in the portal's forms."""

import re
from functools import partial
from urllib.parse import urlsplit

import httpx

from cli.errors import CommandError
from cli.waiting import wait_for

_FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_HEADING = re.compile(r"<h1>([^<]+)</h1>")


class PortalVisitor:
    """Somebody who never was at the portal before."""

    def __init__(self) -> None:
        self._client = httpx.Client(
            headers={"Accept": "text/html"}, follow_redirects=True, timeout=30
        )

    def accept(self, link: str, password: str) -> str:
        """Open the link in a mail, register, and return the dashboard's HTML.

        Raises:
            CommandError: A page was not the one that was expected; the message has its heading.
        """
        address = urlsplit(link)
        page = self._client.get(link)
        # What the page's script does: the fragment never leaves the browser by itself.
        question = self._send(
            page, f"{address.scheme}://{address.netloc}/accept", code=address.fragment
        )
        answer = self._send(question, str(question.url), password=password, terms="yes")
        return wait_for(partial(self._dashboard, answer), "The dashboard")

    def _send(self, page: httpx.Response, url: str, **fields: str) -> httpx.Response:
        token = _FORM_TOKEN.search(page.text)
        if not page.is_success or token is None:
            raise CommandError(f"The portal shows “{_heading(page)}” ({page.status_code}).")
        return self._client.post(url, data={"csrf_token": token[1], **fields})

    def _dashboard(self, answer: httpx.Response) -> str | None:
        """Return the dashboard once the portal has left the page that asks for patience."""
        page = answer if "refresh" not in answer.headers else self._client.get(answer.url)
        if "refresh" in page.headers:
            return None
        if not page.is_success or not page.url.path.startswith("/charts/"):
            raise CommandError(f"The portal shows “{_heading(page)}” ({page.status_code}).")
        return page.text


def _heading(page: httpx.Response) -> str:
    found = _HEADING.search(page.text)
    return found[1].strip() if found else "a page without a heading"
