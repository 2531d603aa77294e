"""How the console says what waits, and what stalls."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from services.ops_console.flow_history import GroupOnTopic
from services.ops_console.service_metrics import Waiting

_MANY = 100
_MINUTE = 60
OUTBOX_STALLS_AFTER_SECONDS = 5.0
"""Every outbox is emptied within a second while its relay and Kafka work."""


def span(time: timedelta) -> str:
    """Return how long, for instance 40 s, or 3 min 5 s."""
    seconds = round(time.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds} s"
    return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"


def moment(value: datetime) -> str:
    """Return a moment in UTC, for instance 2026-03-02 09:30:15."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def rate(per_second: float) -> str:
    """Return a rate, for instance 0.4/s, or 1,203/s."""
    digits = 0 if per_second >= _MANY else 1
    return f"{per_second:,.{digits}f}/s"


def seconds(number: float | None) -> str:
    """Return how long something waits by its number of seconds."""
    return span(timedelta(seconds=number)) if number else "none"


def age(since: datetime | None, now: datetime) -> str:
    """Return how long something waits, "" when nothing does."""
    return span(now - since) if since else ""


def troubles(
    groups: Sequence[GroupOnTopic],
    waiting: Mapping[str, Waiting | None],
    *,
    kafka_is_away: bool,
) -> list[str]:
    """Return a sentence for each thing that stalls or is away, the worst first."""
    said = ["Kafka does not answer: nothing flows. Events wait in the outboxes."]
    return [
        *(said if kafka_is_away else []),
        *(f"{service} does not answer." for service, found in waiting.items() if found is None),
        *(_stalled(one) for one in groups if one.stalled_for),
        *(
            _outbox(service, found)
            for service, found in waiting.items()
            if found and (found.outbox_age_seconds or 0) > OUTBOX_STALLS_AFTER_SECONDS
        ),
    ]


def _stalled(one: GroupOnTopic) -> str:
    assert one.stalled_for is not None
    what = "1 event waits" if one.lag == 1 else f"{one.lag:,} events wait"
    return f"{one.group} has not moved for {span(one.stalled_for)}; {what} on {one.topic}."


def _outbox(service: str, found: Waiting) -> str:
    age_of_oldest = span(timedelta(seconds=found.outbox_age_seconds or 0))
    return (
        f"{service} publishes nothing: {found.outbox:,} events wait in its outbox, "
        f"the oldest for {age_of_oldest}."
    )
