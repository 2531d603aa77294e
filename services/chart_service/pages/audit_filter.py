"""The audit log's filter, as its page's address has it. All days are in UTC."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from services.chart_service.queries.audit import Wanted

NAMES = ("action", "actor", "chart", "from", "to")
_POSITION = "%Y%m%dT%H%M%S%f"
_LARGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What was asked for, and what of it cannot be."""

    entered: dict[str, str]
    wanted: Wanted
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a field's id and what is wrong with it."""

    @property
    def query(self) -> str:
        """The filter as a query string; empty when it filters nothing."""
        return urlencode({name: value for name, value in self.entered.items() if value})

    @property
    def named(self) -> list[str]:
        """By what is filtered."""
        return [name for name, value in self.entered.items() if value]


def read(params: QueryParams) -> AuditFilter:
    """Read the filter of an address."""
    entered = {name: _clean(params.get(name, "")) for name in NAMES}
    errors: list[tuple[str, str]] = []
    since, last = _day(entered, "from", errors), _day(entered, "to", errors)
    if since and last and last < since:
        errors.append(("to", "Enter a last day that is not before the first"))
    wanted = Wanted(
        action=entered["action"] or None,
        actor=entered["actor"] or None,
        chart=entered["chart"] or None,
        since=_midnight(since) if since else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )
    return AuditFilter(entered, wanted, errors)


def position_of(at: datetime, entry_id: int) -> str:
    """Return an entry's place in the log, for an address."""
    return f"{at.astimezone(UTC):{_POSITION}}-{entry_id}"


def place_in(params: QueryParams) -> tuple[datetime, int] | None:
    """Return after which time and id the page begins; None for the newest entries."""
    at, _, entry_id = params.get("after", "").partition("-")
    try:
        place = datetime.strptime(at, _POSITION).replace(tzinfo=UTC), int(entry_id)
    except ValueError:
        return None
    return place if place[1] < _LARGEST_ID else None


def _clean(entered: str) -> str:
    return "".join(filter(str.isprintable, entered)).strip()[:200]


def _day(entered: dict[str, str], name: str, errors: list[tuple[str, str]]) -> date | None:
    if not entered[name]:
        return None
    try:
        day = date.fromisoformat(entered[name])
    except ValueError:
        errors.append((name, "Enter a day like 2026-03-02"))
        return None
    return min(day, date.max - timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
