"""A sentence for each thing that stalls, grows or is away."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from services.ops_console.cluster import Cluster
from services.ops_console.flow_history import GroupOnTopic
from services.ops_console.service_metrics import Waiting, by_service
from services.ops_console.words import many, span

OUTBOX_STALLS_AFTER_SECONDS = 5.0
"""Every outbox is emptied within a second while its relay and Kafka work."""
MAILS_STALL_AFTER_SECONDS = 10.0
GROWS_AFTER_SECONDS = 1.0
GROWN_FROM = 100
"""A smaller outbox is emptied before anybody has read of it."""


def of_kafka(cluster: Cluster | None, *, is_away: bool) -> list[str]:
    """Return what is wrong with Kafka itself, the worst first."""
    if is_away:
        return ["Kafka does not answer: nothing flows. Events wait in the outboxes."]
    if cluster is None:
        return []
    there, size = len(cluster.brokers), len(cluster.brokers | cluster.away)
    found = [f"Broker {one} does not answer; {there} of {size} do." for one in sorted(cluster.away)]
    if cluster.leaderless:
        are = "has" if cluster.leaderless == 1 else "have"
        partitions = many(cluster.leaderless, "partition")
        found.append(f"{partitions} {are} no leader: nothing can be published there.")
    if cluster.behind and not cluster.away:
        copies = many(cluster.behind, "partition")
        found.append(f"A copy of {copies} is behind and catches up.")
    return found


def of_groups(groups: Iterable[GroupOnTopic], cluster: Cluster | None) -> list[str]:
    """Return which consumer groups stall."""
    members = cluster.members if cluster else {}
    return [_stalled(one, members.get(one.group)) for one in groups if one.stalled_for]


def of_services(waiting: Mapping[str, Waiting | None], before: Mapping[str, int]) -> list[str]:
    """Return which instances are away, and where outboxes or mails pile up.

    `before` is how many events waited in each outbox a minute ago.
    """
    away = [f"{instance} does not answer." for instance, one in waiting.items() if one is None]
    found = by_service(waiting).items()
    return away + [said for name, one in found for said in _of_service(name, one, before)]


def _of_service(name: str, found: Waiting, before: Mapping[str, int]) -> Iterator[str]:
    was, outbox = before.get(name, 0), found.outbox or 0
    if (found.outbox_age_seconds or 0) > OUTBOX_STALLS_AFTER_SECONDS:
        yield (
            f"{name} publishes nothing: {many(outbox, 'event')} in its outbox, "
            f"the oldest for {_seconds(found.outbox_age_seconds)}."
        )
    elif (
        outbox > GROWN_FROM
        and outbox > 2 * was
        and (found.outbox_age_seconds or 0) > GROWS_AFTER_SECONDS
    ):
        yield f"{name} publishes too slowly: its outbox grew from {was:,} to {outbox:,} events."
    if (found.mails_age_seconds or 0) > MAILS_STALL_AFTER_SECONDS:
        yield (
            f"{name} is behind with its mails: {many(found.mails or 0, 'mail')} in its queue, "
            f"the next due for {_seconds(found.mails_age_seconds)}."
        )


def _stalled(one: GroupOnTopic, members: int | None) -> str:
    assert one.stalled_for is not None
    what = f"{many(one.lag, 'event')} {'waits' if one.lag == 1 else 'wait'}"
    nobody = " No instance of it is there." if members == 0 else ""
    moved = f"{one.group} has not moved for {span(one.stalled_for)}"
    return f"{moved}; {what} on {one.topic}.{nobody}"


def _seconds(number: float | None) -> str:
    return span(timedelta(seconds=number or 0))
