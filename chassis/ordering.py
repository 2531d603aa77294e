"""Grouping a batch by event type without changing the order of what concerns one key."""

from collections.abc import Iterable, Iterator

from contracts.envelope import CloudEvent


def in_order(events: Iterable[CloudEvent]) -> Iterator[tuple[type[CloudEvent], list[CloudEvent]]]:
    """Yield runs of one event type, such that each key's events keep their order.

    An event joins the wave of its key's previous event if both are of one type, else the next
    wave. Within a wave no key has two types, so the wave's types may be handled in any order.
    """
    waves: list[dict[type[CloudEvent], list[CloudEvent]]] = []
    last: dict[str, tuple[int, type[CloudEvent]]] = {}
    for event in events:
        kind = type(event)
        wave, previous = last.get(event.subject, (0, kind))
        if previous is not kind:
            wave += 1
        last[event.subject] = (wave, kind)
        if wave == len(waves):
            waves.append({})
        waves[wave].setdefault(kind, []).append(event)
    for runs in waves:
        yield from runs.items()
