"""Grouping a batch by who handles it, without changing the order of what concerns one key."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from contracts.envelope import CloudEvent

H = TypeVar("H", bound=Callable[..., object])


def in_order(
    events: Iterable[CloudEvent], handlers: Mapping[type[CloudEvent], H]
) -> Iterator[tuple[H, list[CloudEvent]]]:
    """Yield runs for one handler, such that each key's events keep their order.

    An event joins the wave of its key's previous event if both are for one handler, else the next
    wave. Within a wave no key has two handlers, so they may have their turn in any order.
    """
    waves: list[dict[H, list[CloudEvent]]] = []
    last: dict[str, tuple[int, H]] = {}
    for event in events:
        handler = handlers[type(event)]
        wave, previous = last.get(event.subject, (0, handler))
        if previous is not handler:
            wave += 1
        last[event.subject] = (wave, handler)
        if wave == len(waves):
            waves.append({})
        waves[wave].setdefault(handler, []).append(event)
    for runs in waves:
        yield from runs.items()
