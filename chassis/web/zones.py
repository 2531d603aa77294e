"""The time zone of a page or mail: its organisation's; of all else, UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

DEFAULT = "UTC"

_here: ContextVar[str] = ContextVar("time_zone", default=DEFAULT)


def known() -> list[str]:
    """Return the names of all time zones that places have (IANA), such as "America/New_York"."""
    return sorted(name for name in available_timezones() if "/" in name or name == DEFAULT)


def is_known(name: str) -> bool:
    """Tell whether a time zone has this name."""
    return name in available_timezones()


def use(name: str) -> None:
    """Say times in this zone from now on, in this request."""
    _here.set(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Say times in this zone for a while."""
    before = _here.set(name)
    try:
        yield
    finally:
        _here.reset(before)


def here(moment: datetime) -> datetime:
    """Return a moment in the zone of the page or mail."""
    return moment.astimezone(ZoneInfo(_here.get()))
