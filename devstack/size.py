"""How large a stack is: brokers of Kafka, and instances of each service."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from devstack import kafka_cluster
from devstack.services import OPS_CONSOLE, SERVICES, Instance

BROKERS_VARIABLE = "PORTICO_BROKERS"
SCALE_VARIABLE = "PORTICO_SCALE"
MOST_INSTANCES = 8
"""Of one service: a topic has eight partitions, so a ninth would have nothing to do."""


class SizeError(ValueError):
    """Such a stack cannot be; the message says what can."""


@dataclass(frozen=True)
class Size:
    """One broker and one instance of each service, unless told otherwise.

    Raises:
        SizeError: A number or a name is none of those that can be.
    """

    brokers: int = 1
    scale: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check both."""
        if self.brokers not in {1, kafka_cluster.SIZE}:
            raise SizeError(f"There can be 1 or {kafka_cluster.SIZE} brokers, not {self.brokers}.")
        names = [service.name for service in SERVICES]
        for name, number in self.scale.items():
            if name not in names:
                raise SizeError(f"{name!r} cannot be scaled; give one of {', '.join(names)}.")
            if not 1 <= number <= MOST_INSTANCES:
                raise SizeError(
                    f"There can be 1 to {MOST_INSTANCES} instances of {name}, not {number}."
                )

    @property
    def instances(self) -> list[Instance]:
        """All instances of all services, in the order in which they start."""
        scaled = [
            Instance(service, number)
            for service in SERVICES
            for number in range(1, self.scale.get(service.name, 1) + 1)
        ]
        return [*scaled, Instance(OPS_CONSOLE)]

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which `size_in` makes the same."""
        scale = ",".join(f"{name}={number}" for name, number in self.scale.items())
        return {BROKERS_VARIABLE: str(self.brokers), SCALE_VARIABLE: scale}


def size_in(environment: Mapping[str, str] = os.environ) -> Size:
    """Return the size that PORTICO_BROKERS and PORTICO_SCALE name.

    Raises:
        SizeError: They name none.
    """
    brokers = environment.get(BROKERS_VARIABLE) or "1"
    if not brokers.isdecimal():
        raise SizeError(f"{BROKERS_VARIABLE} is {brokers!r}; give 1 or {kafka_cluster.SIZE}.")
    scale = environment.get(SCALE_VARIABLE, "")
    return Size(int(brokers), scale_of(scale.split(",") if scale else []))


def scale_of(parts: Sequence[str]) -> dict[str, int]:
    """Return how many instances `name=number` words ask for, by service.

    Raises:
        SizeError: One is no such word.
    """
    found = {}
    for part in parts:
        name, _, number = part.strip().partition("=")
        if not number.isdecimal():
            raise SizeError(f"{part!r} is no scale; write it as in invitation_service=2.")
        found[name] = int(number)
    return found
