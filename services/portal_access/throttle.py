"""Guessing passwords is slowed down, per account name and per network address; never for ever.

A try counts as failed from its start, so that many at once get no further than one by one.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from fastapi import Request

from chassis.database import Database, Transaction
from chassis.web.languages import marked
from services.portal_access import queries

TOO_OFTEN = marked("There were too many tries. Wait 15 minutes, then try again")

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 100
MOST_MAILS = 3
"""Links for a new password in a window: whoever asks for them fills somebody else's mailbox."""


MOST_CODES = 5
"""Codes of the second step in a window: there are a million, and two are right."""


def network_address(request: Request) -> str:
    """Return whom a request comes from, as the network tells it."""
    return request.client.host if request.client else "unknown"


def sources(
    organization: str, email_key: str, network_address: str, what: str = ""
) -> tuple[str, str]:
    """Return the names under which a try is counted; they say neither address.

    `what` keeps tries of another thing than passwords apart.
    """
    return (
        _hidden(f"{what}account {organization} {email_key}"),
        _address_source(network_address, what),
    )


def _address_source(network_address: str, what: str) -> str:
    return _hidden(f"{what}address {network_address}")


async def count(
    tx: Transaction, counted: Sequence[str], most_per_account: int = MOST_PER_ACCOUNT
) -> bool:
    """Count a try; tell whether it may go on."""
    limits = (most_per_account, MOST_PER_ADDRESS)
    window = _window(tx.now)
    tries = [await queries.attempts.count_attempt(tx, source, window) for source in counted]
    return all(number <= limit for number, limit in zip(tries, limits, strict=True))


async def may_go_on(database: Database, request: Request, what: str) -> bool:
    """Count a try of what names no account, by its network address; tell whether it may go on."""
    source = _address_source(network_address(request), what)
    async with database.transaction() as tx:
        tries = await queries.attempts.count_attempt(tx, source, _window(tx.now))
    return tries <= MOST_PER_ADDRESS


async def forgive(tx: Transaction, counted: Sequence[str], counted_at: datetime) -> None:
    """Take a try back that had the right password."""
    await queries.attempts.forgive_attempt(tx, counted, _window(counted_at))


def _hidden(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _window(now: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
