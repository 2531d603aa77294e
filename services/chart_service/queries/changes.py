"""Telling all instances at the commit what changed (NOTIFY); chassis/listening.py hears it."""

from collections.abc import Collection

from chassis.database import Transaction

CHANNEL = "changes"
AGES_OF_MAJORITY = "ages-of-majority"
"""What is said when an organisation's settings changed."""

_PER_NOTICE = 50


async def tell(tx: Transaction, keys: Collection[str]) -> None:
    """Say what changed: charts, as `organization/chart`, or AGES_OF_MAJORITY.

    A notification holds fewer than 8,000 bytes, hence some fifty keys (PostgreSQL, NOTIFY).
    """
    listed = sorted(keys)
    payloads = [" ".join(listed[i : i + _PER_NOTICE]) for i in range(0, len(listed), _PER_NOTICE)]
    if payloads:
        await tx.run(
            "SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload",
            channel=CHANNEL,
            payloads=payloads,
        )
