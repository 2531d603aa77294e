"""Dead letters as JSON and as tables."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cli.terminal import console, print_folded
from services.ops_console import payloads
from services.ops_console.grouping import Group
from services.ops_console.letter_history import Step
from services.ops_console.letters import Letter, State

Json = dict[str, Any]


def list_as_json(groups: Sequence[Group], letters: Sequence[Letter]) -> Json:
    """Return groups and their dead letters for programs."""
    return {
        "open": sum(group.states[State.OPEN] for group in groups),
        "groups": [_group_as_json(group) for group in groups],
        "dead_letters": [_summary(letter) for letter in letters],
    }


def letter_as_json(letter: Letter, steps: Sequence[Step], *, reveal: bool) -> Json:
    """Return one dead letter with all that is known of it."""
    return _summary(letter) | {
        "read_at": str(letter.source),
        "bytes": letter.truncated_from or len(letter.value),
        "truncated": letter.truncated_from is not None,
        "payload": payloads.view(letter.value, reveal=reveal),
        "history": [step._asdict() | {"at": step.at.isoformat()} for step in steps],
    }


def print_list(groups: Sequence[Group], letters: Sequence[Letter]) -> None:
    """Print groups, and these dead letters with their ids."""
    if not groups:
        console.print("There are no dead letters.")
        return
    for group in groups:
        counts = ", ".join(f"{count:,} {state}" for state, count in sorted(group.states.items()))
        console.print(f"{group.topic}, {group.consumer}, {group.reason}", soft_wrap=True)
        line = f"    {counts}; {_time(group.first_at)} to {_time(group.last_at)} UTC"
        print_folded(line, indent=4)
    for letter in letters:
        found = _summary(letter)
        names = ("id", "state", "reason", "event", "key")
        print_folded("  ".join(found[name] or "" for name in names), indent=4)


def print_letter(shown: Json) -> None:
    """Print one dead letter."""
    for name in ("id", "state", "event", "key", "consumer", "reason", "detail", "failed_at"):
        console.print(
            f"{name.replace('_', ' ').capitalize():<10} {shown[name] or ''}", soft_wrap=True
        )
    part = ", only the beginning was kept" if shown["truncated"] else ""
    console.print(f"\nPayload, {shown['bytes']:,} bytes{part}:")
    payload = shown["payload"]
    text = (
        payload if isinstance(payload, str) else json.dumps(payload, indent=2, ensure_ascii=False)
    )
    console.print(text, soft_wrap=True)
    console.print("\nHistory:")
    for step in shown["history"]:
        line = "  ".join((step["at"], step["what"], step["by"], step["detail"]))
        print_folded(line, indent=4)


def count_of(letters: Sequence[Letter]) -> str:
    """Say how many they are."""
    return "1 dead letter" if len(letters) == 1 else f"{len(letters):,} dead letters"


def _summary(letter: Letter) -> Json:
    return {
        "id": letter.id,
        "state": letter.state.value,
        "event": payloads.name_of(letter.value),
        "key": None if letter.key is None else payloads.masked(letter.key.decode(errors="replace")),
        "consumer": letter.consumer,
        "reason": letter.reason,
        "detail": payloads.masked(letter.detail),
        "failed_at": letter.failed_at.isoformat(),
    }


def _group_as_json(group: Group) -> Json:
    return {
        "topic": group.topic,
        "consumer": group.consumer,
        "reason": group.reason,
        **{state.value: group.states[state] for state in State},
        "first_at": group.first_at.isoformat(),
        "last_at": group.last_at.isoformat(),
    }


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
