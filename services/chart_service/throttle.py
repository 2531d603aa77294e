"""Guessing passwords is slowed down per e-mail address and per network address; never for ever.

So are test mails, uploads and messages.

A try counts as failed from its start, so that many at once get no further than one by one.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import Request

from chassis.database import Transaction
from chassis.security.tokens import hash_of
from services.chart_service import queries

WINDOW = timedelta(minutes=15)
MOST_PER_EMAIL = 10
MOST_PER_ADDRESS = 50
MOST_TEST_MAILS = 5
"""So many test mails a window; each is a mail at once, past the queue."""
MOST_UPLOADS = 20
"""So many files from one portal account a window; each is decoded and drawn anew."""

MOST_MESSAGES = 20
"""So many messages from one portal account a window; staff read each."""


def address_of(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else ""


def sources(email: str, address: str) -> tuple[bytes, bytes]:
    """Return the names under which a try is counted; they say neither address."""
    return hash_of(f"email {email}"), hash_of(f"address {address}")


async def count(tx: Transaction, counted: tuple[bytes, bytes]) -> bool:
    """Count a try; tell whether it may go on."""
    email, address = counted
    tries = await queries.sign_in.count_tries(tx, counted, _window(tx.now), 1)
    return tries[email] <= MOST_PER_EMAIL and tries[address] <= MOST_PER_ADDRESS


async def forgive(tx: Transaction, counted: tuple[bytes, bytes], counted_at: datetime) -> None:
    """Take a try back that had the right password."""
    await queries.sign_in.count_tries(tx, counted, _window(counted_at), -1)


async def count_test_mail(tx: Transaction, staff_id: UUID) -> bool:
    """Count a test mail to somebody; tell whether it may go out."""
    source = hash_of(f"test mail {staff_id}")
    sent = await queries.sign_in.count_tries(tx, (source,), _window(tx.now), 1)
    return sent[source] <= MOST_TEST_MAILS


async def count_upload(tx: Transaction, account: str) -> bool:
    """Count a file from a portal account; tell whether it may be taken in."""
    source = hash_of(f"upload {account}")
    sent = await queries.sign_in.count_tries(tx, (source,), _window(tx.now), 1)
    return sent[source] <= MOST_UPLOADS


async def count_message(tx: Transaction, account: str) -> bool:
    """Count a message from a portal account; tell whether it may be kept."""
    source = hash_of(f"message {account}")
    sent = await queries.sign_in.count_tries(tx, (source,), _window(tx.now), 1)
    return sent[source] <= MOST_MESSAGES


async def forget_old(tx: Transaction) -> None:
    """Drop what no longer counts."""
    await queries.sign_in.forget_failures(tx, tx.now - WINDOW)


def _window(now: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
