"""`portico trace`: the story of an invitation, from the topics and from what services know."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from cli import knowledge
from cli.dead_letter_options import WhyReveal
from cli.deciding import kafka_explained, kafka_servers
from cli.errors import CommandError
from cli.revealing import write_reveal
from cli.terminal import (
    AsJson,
    console,
    failures_explained,
    print_folded,
    print_json,
    progress,
)
from services.ops_console import stories
from services.ops_console.addresses import hinted
from services.ops_console.stories import IdError, Story
from services.ops_console.timelines import Step
from services.ops_console.words import moment

_INDENT = 4

Json = dict[str, Any]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An invitation's or event's id, or organization/chart/person."
    ),
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show whole e-mail addresses.")]


def trace(id_: Id, reveal: Reveal = False, why: WhyReveal = "", as_json: AsJson = False) -> None:
    """Tell what happened to an invitation, step by step, what is late, and what services know now.

    Of a person, all their invitations are told. E-mail addresses are masked but with --reveal, and
    --why. The services are asked where they are those of the running stack.
    """
    with failures_explained():
        found = _find(id_)
        known = knowledge.of(found)
        if reveal:
            write_reveal(kafka_servers(), id_.strip(), why)
    told = [_as_json(story, reveal=reveal) for story in found]
    if as_json:
        print_json({"invitations": told, "known": knowledge.as_json(known)})
    else:
        for story, shown in zip(found, told, strict=True):
            show(story, shown["email"])
        knowledge.show(known)


def _find(id_: str) -> list[Story]:
    servers = kafka_servers()
    with kafka_explained(servers), progress() as bar:
        task = bar.add_task("Reading", total=None)

        def expect(total: int) -> None:
            bar.reset(task, total=total)

        try:
            found = asyncio.run(stories.find(servers, id_, expect, partial(bar.advance, task)))
        except IdError as error:
            raise CommandError(str(error)) from error
    if not found:
        raise CommandError(f"No event is about {id_}. Topics keep events for 30 days.")
    return found


def _as_json(story: Story, *, reveal: bool) -> Json:
    return {
        "invitation_id": story.invitation_id,
        "invitee": story.invitee,
        "email": story.email if reveal or not story.email else hinted(story.email),
        "events": [
            {
                "type": step.event,
                "id": step.event_id,
                "place": str(step.place),
                "at": step.at.isoformat(),
                "seconds_since_previous": wait,
                "detail": step.detail,
                "trace_id": step.trace_id,
            }
            for step, wait in story.steps
        ],
        "late": story.late,
    }


def show(story: Story, email: str) -> None:
    """Print a story, with the e-mail address as it may be shown."""
    console.print(f"{story.invitation_id or 'No one invitation'}, {story.invitee}", soft_wrap=True)
    if email:
        console.print(f"Goes to {email}", soft_wrap=True)
    _print_steps(story.steps)
    for trace_id, event in story.traces.items():
        print_folded(f"Trace {trace_id}, from {event} on", _INDENT)
    for sentence in story.late:
        print_folded(f"Late: {sentence}", _INDENT)


def _print_steps(steps: Sequence[tuple[Step, float]]) -> None:
    waits = ["After", *(f"{wait:,.3f} s" for _, wait in steps)]
    width = max(map(len, waits))
    console.print(f"{'At (UTC)':<19}  {waits[0]:>{width}}  Event")
    for (step, _), wait in zip(steps, waits[1:], strict=True):
        head = f"{moment(step.at)}  {wait:>{width}}  "
        told = f"{step.event}: {step.detail}" if step.detail else step.event
        print_folded(head + told, len(head))
