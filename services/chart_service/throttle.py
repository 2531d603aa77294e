"""Guessing passwords is slowed down per e-mail address and per network address."""

from datetime import timedelta

from chassis.database import Transaction
from chassis.security.tokens import hash_of
from services.chart_service import queries

WINDOW = timedelta(minutes=15)
MOST_PER_EMAIL = 10
MOST_PER_ADDRESS = 50
_BUCKET_SECONDS = 60


async def must_wait(tx: Transaction, email: str, address: str) -> bool:
    """Tell whether sign-in failed too often of late, for this e-mail or from this address."""
    failures = await queries.failures_since(tx, _sources(email, address), tx.now - WINDOW)
    return failures[0] >= MOST_PER_EMAIL or failures[1] >= MOST_PER_ADDRESS


async def count_failure(tx: Transaction, email: str, address: str) -> None:
    """Remember a failed sign-in."""
    seconds = timedelta(seconds=tx.now.timestamp() % _BUCKET_SECONDS)
    window = (tx.now - seconds).replace(microsecond=0)
    await queries.count_failure(tx, _sources(email, address), window)


async def forget_old(tx: Transaction) -> None:
    """Drop what no longer counts."""
    await queries.forget_failures(tx, tx.now - WINDOW)


def _sources(email: str, address: str) -> list[bytes]:
    return [hash_of(f"email {email}"), hash_of(f"address {address}")]
