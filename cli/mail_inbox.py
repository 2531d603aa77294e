"""Reading mails by Mailpit's HTTP API, which the embedded inbox has, too."""

import re
from functools import partial

import httpx

from cli.errors import CommandError
from cli.waiting import wait_for

_LINK = re.compile(r"https?://\S+/accept(?:\?\S*)?#\S+")


class MailInbox:
    """A client of the inbox at this address."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10)

    def text_to(self, address: str) -> str:
        """Wait for a mail to this address; return its text.

        Raises:
            CommandError: None came.
        """
        mail_id = wait_for(partial(self._newest_to, address), f"A mail to {address}")
        return str(self._client.get(f"/api/v1/message/{mail_id}").raise_for_status().json()["Text"])

    def _newest_to(self, address: str) -> str | None:
        query = {"query": f"to:{address}"}
        found = self._client.get("/api/v1/search", params=query).raise_for_status().json()
        return str(found["messages"][0]["ID"]) if found["messages"] else None


def link_in(text: str) -> str:
    """Return the link that an invitation's mail is about.

    Raises:
        CommandError: There is none.
    """
    found = _LINK.search(text)
    if found is None:
        raise CommandError("The mail holds no link to accept the invitation.")
    return found[0]
