"""The audit log: what ops people did, written to a topic before it is done, and read from there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from chassis.broker import Broker
from contracts.ops import OpsActed, OpsActedData, OpsAction
from contracts.topics import OPS_AUDIT
from services.ops_console.errors import EventsError
from services.ops_console.letters import Letter
from services.ops_console.payloads import masked
from services.ops_console.resolving import MAX_WHY, Decision
from services.ops_console.topic_bounds import bounds_of, partitions_of
from services.ops_console.topic_reading import read

_READ = 1_000
"""How many entries a page looks through."""
_MAX_WHAT = 300
_NAMED = 5
"""How many ids of dead letters an entry names; each has its own record, too."""
_MAX_WHO = 64
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")


async def write(broker: Broker, by: str, action: OpsAction, what: str = "", why: str = "") -> None:
    """Write down what somebody, such as `ops:ana`, is about to do; `what` holds ids alone.

    Raises:
        KafkaError: It is not written: do not do it.
    """
    via, _, name = by.partition(":")
    # A login name may hold what no key does, such as a domain's backslash.
    who = _UNFIT.sub("-", name)[:_MAX_WHO]
    fields = {"via": via, "who": who, "action": action, "what": what[:_MAX_WHAT], "why": why}
    data = OpsActedData.model_validate(fields)
    value = OpsActed.of(data).model_dump_json().encode()
    await broker.send(OPS_AUDIT.name, data.key.encode(), value)


async def write_reveal(broker: Broker, by: str, what: str, why: str) -> None:
    """Write down that somebody is about to see names and e-mail addresses, and why.

    Raises:
        EventsError: No reason is given, or it is too long.
        KafkaError: It is not written: show nothing.
    """
    if not why.strip():
        raise EventsError("why", "Say why; it is written down.")
    if len(why.strip()) > MAX_WHY:
        raise EventsError("why", f"The reason may have {MAX_WHY} characters.")
    await write(broker, by, OpsAction.REVEALED, what, why.strip())


async def write_decision(
    broker: Broker, action: OpsAction, letters: Sequence[Letter], decision: Decision
) -> None:
    """Write down what is about to become of dead letters; nothing, when there are none.

    Raises:
        KafkaError: It is not written: decide nothing.
    """
    if letters:
        what = ", ".join([f"{len(letters):,}", *(letter.id for letter in letters[:_NAMED])])
        await write(broker, decision.by, action, what, decision.why)


@dataclass(frozen=True)
class Entries:
    """What was done, newest first; `older` is where the next page begins, None at the end."""

    acts: list[OpsActed]
    older: int | None


async def entries(servers: str, by: str = "", before: int | None = None) -> Entries:
    """Return what was done, by all or by one.

    Raises:
        KafkaError: Kafka is away.
    """
    ((at, bounds),) = (await bounds_of(servers, partitions_of(OPS_AUDIT.name))).items()
    end = bounds.end if before is None else min(before, bounds.end)
    start = max(bounds.first, end - _READ)
    starts = {at: start} if start < end else {}
    records = [each.value or b"" async for each in read(servers, starts, until={at: end})]
    acts = [act for value in reversed(records) if (act := _act(value)) and by in {"", act.data.by}]
    return Entries(acts, start if start > bounds.first else None)


def why_of(act: OpsActed) -> str:
    """Return the reason as people may see it: it is free text, and may hold an address."""
    return masked(act.data.why)


def _act(value: bytes) -> OpsActed | None:
    try:
        return OpsActed.model_validate_json(value)
    except ValidationError:
        return None
