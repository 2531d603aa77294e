"""Waiting for a condition, with a limit."""

import time
from collections.abc import Callable
from typing import TypeVar

from cli.errors import CommandError

T = TypeVar("T")
PATIENCE = 30.0
INTERVAL = 0.02


def wait_for(look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """Return what look() finds, as soon as it finds something.

    Raises:
        CommandError: It found nothing within so many seconds.
    """
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise CommandError(f"{what} did not come within {seconds:g} s.")
        time.sleep(INTERVAL)
    return found
