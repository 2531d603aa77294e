"""When a delivery is tried again, and when we give up."""

import random
from datetime import datetime, timedelta

GIVE_UP_AFTER = timedelta(days=3)
"""How long one delivery is tried."""
DISABLE_AFTER = timedelta(days=5)
"""How long an endpoint may fail without one success before nothing is sent to it any more."""
PREVIOUS_SECRET_LIFE = timedelta(days=1)
"""How long a rotated secret goes on signing beside the new one."""
MOST_ENDPOINTS = 20
"""The most endpoints of one organisation."""
KEPT_FOR = timedelta(days=30)
"""How long deliveries are kept to look at and to send again."""

_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=6)
_SHORTEST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(minutes=5)


def delay_after(attempts: int) -> timedelta:
    """Return how long a delivery waits after this many tries: twice as long each time."""
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(attempts - 1, 20))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter


def pause_of(failing_for: timedelta) -> timedelta:
    """Return how long a failing endpoint is left alone with its other deliveries.

    In proportion to how long it has failed, so that a backlog does not batter it.
    """
    return max(_SHORTEST_PAUSE, min(_LONGEST_PAUSE, failing_for / 4))


def is_hopeless(created_at: datetime, now: datetime) -> bool:
    """Tell whether a delivery is tried no more."""
    return now - created_at >= GIVE_UP_AFTER
