"""Guessing tokens is slowed down per address and per network (DESIGN.md, token and link).

A token that was issued is no guess: many invitees share an address, and each link works.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.envelope import utc_now
from services.invitation_service import queries

WINDOW = timedelta(minutes=15)
_BUCKET = timedelta(minutes=1)
MOST_PER_ADDRESS = 20
MOST_PER_NETWORK = 100
_NETWORK_BITS = {4: 24, 6: 64}


async def refuse_if_throttled(tx: Transaction, client: str | None) -> None:
    """Let a client that failed too often wait.

    Raises:
        ProblemError: 429, with the time to wait in its detail.
    """
    if client is None:
        return
    since = utc_now() - WINDOW
    address, network = _sources(client)
    too_many = (
        await queries.failures.most_since(tx, [address], since) >= MOST_PER_ADDRESS
        or await queries.failures.most_since(tx, [network], since) >= MOST_PER_NETWORK
    )
    if too_many:
        minutes = int(WINDOW.total_seconds() // 60)
        raise ProblemError(
            429, "throttled", f"Too many links that do not work. Try again in {minutes} minutes."
        )


async def count_failure(tx: Transaction, client: str | None) -> None:
    """Remember that this client came with a token nobody issued."""
    if client is not None:
        seconds = int(_BUCKET.total_seconds())
        window = tx.now - timedelta(seconds=tx.now.timestamp() % seconds)
        await queries.failures.count(tx, _sources(client), window.replace(microsecond=0))


def _sources(client: str) -> tuple[str, str]:
    address = ip_address(client)
    # A server that listens on both families sees IPv4 clients so (RFC 4291 2.5.5.2).
    address = getattr(address, "ipv4_mapped", None) or address
    network = ip_network(f"{address}/{_NETWORK_BITS[address.version]}", strict=False)
    return f"address {address}", f"network {network}"
