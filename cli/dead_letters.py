"""`portico dlq`: look at the events that a consumer gave up, replay them or give them up."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager

import typer

from chassis.dead_letters import Reason
from cli import dead_letter_views as views
from cli import deciding
from cli.dead_letter_options import (
    All,
    Each,
    Id,
    Ids,
    OfReason,
    OfTopic,
    Resolved,
    Reveal,
    Why,
    WhyReveal,
    Yes,
)
from cli.deciding import kafka_explained, kafka_servers, require_agreement
from cli.errors import CommandError
from cli.revealing import write_reveal
from cli.terminal import AsJson, failures_explained, print_json, report
from services.ops_console import dead_letters, replay_plan
from services.ops_console.errors import DeadLetterError
from services.ops_console.grouping import groups_of
from services.ops_console.letter_history import history_of
from services.ops_console.letters import Letter, State
from services.ops_console.replay_plan import Plan

app = typer.Typer(help="Look at dead letters, and replay or discard them.", no_args_is_help=True)


@app.command("list")
def list_(
    topic: OfTopic = "",
    reason: OfReason = None,
    resolved: Resolved = False,
    each: Each = False,
    as_json: AsJson = False,
) -> None:
    """Show the open dead letters by topic, consumer and reason."""
    with _failures_explained():
        dead_letters.require_topic(topic)
        found = [
            letter
            for letter in _read(kafka_servers())
            if dead_letters.is_of(letter, topic=topic, reason=reason or "")
            and (resolved or letter.state is State.OPEN)
        ]
    if as_json:
        print_json(views.list_as_json(groups_of(found), found))
    else:
        views.print_list(groups_of(found), found if each else [])


@app.command()
def show(
    letter_id: Id, reveal: Reveal = False, why: WhyReveal = "", as_json: AsJson = False
) -> None:
    """Show one dead letter: its error, its payload and its history.

    Sealed parts are never shown; names, e-mail addresses and unknown fields only with --reveal and
    --why.
    """
    with _failures_explained():
        servers = kafka_servers()
        letters = _read(servers)
        (letter,) = dead_letters.find(letters, [letter_id])
        if reveal:
            place = letter.place._replace(topic=f"{letter.place.topic}.dlq")
            write_reveal(servers, str(place), why)
    shown = views.letter_as_json(letter, history_of(letter, letters), reveal=reveal)
    if as_json:
        print_json(shown)
    else:
        views.print_letter(shown)


@app.command()
def replay(
    ids: Ids = None,
    topic: OfTopic = "",
    reason: OfReason = None,
    every: All = False,
    why: Why = "",
    yes: Yes = False,
) -> None:
    """Send dead letters to their topic again, oldest first: by id, by reason and topic, or all.

    Consumers that handled an event pass it over, so replaying is harmless.
    """
    with _failures_explained():
        servers = kafka_servers()
        letters = _read(servers)
        chosen = _chosen(letters, ids or [], topic, reason, every=every)
        plan = _plan(servers, chosen, letters)
        require_agreement("Replay", plan.ready, yes=yes)
        deciding.replay(servers, plan.ready, why)
    print(f"Replayed {views.count_of(plan.ready)}.")
    raise typer.Exit(1 if plan.refused else 0)


@app.command()
def discard(
    why: Why,
    ids: Ids = None,
    topic: OfTopic = "",
    reason: OfReason = None,
    every: All = False,
    yes: Yes = False,
) -> None:
    """Give dead letters up for good: by id, by reason and topic, or all.

    For a while they stay where they are, with who discarded them, when and why.
    """
    with _failures_explained():
        servers = kafka_servers()
        chosen = _chosen(_read(servers), ids or [], topic, reason, every=every)
        require_agreement("Discard", chosen, yes=yes)
        deciding.discard(servers, chosen, why)
    print(f"Discarded {views.count_of(chosen)}.")


def _read(servers: str) -> list[Letter]:
    with kafka_explained(servers):
        return asyncio.run(dead_letters.read_all(servers))


def _plan(servers: str, chosen: Sequence[Letter], letters: Sequence[Letter]) -> Plan:
    with kafka_explained(servers):
        plan = asyncio.run(replay_plan.plan(servers, chosen, letters))
    for letter, refusal in plan.refused:
        report(f"{letter.id}: {refusal}")
    for warning in plan.warnings:
        report(warning)
    return plan


def _chosen(
    letters: Sequence[Letter], ids: Sequence[str], topic: str, reason: Reason | None, *, every: bool
) -> list[Letter]:
    if bool(ids) + bool(topic or reason) + every != 1:
        raise CommandError("Say which: their ids, or --topic and --reason, or --all.")
    if not ids:
        return dead_letters.open_ones(letters, topic, reason or "")
    found = dead_letters.find(letters, ids)
    dead_letters.require_open(found)
    return found


def _failures_explained() -> AbstractContextManager[None]:
    return failures_explained(DeadLetterError)
