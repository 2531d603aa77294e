"""`portico trace`: the story of an invitation, from the topics and from what services know."""

import asyncio
from functools import partial
from typing import Annotated, Any

import typer
from rich.table import Table

from cli import knowledge
from cli.dead_letter_options import WhyReveal
from cli.deciding import kafka_explained, kafka_servers
from cli.errors import CommandError
from cli.revealing import write_reveal
from cli.terminal import AsJson, console, failures_explained, print_json, progress
from services.ops_console import stories
from services.ops_console.addresses import hinted
from services.ops_console.stories import IdError, Story

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
        for story in told:
            _print(story)
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
            }
            for step, wait in story.steps
        ],
        "late": story.late,
    }


def _print(story: Json) -> None:
    console.print(
        f"{story['invitation_id'] or 'No one invitation'}, {story['invitee']}", soft_wrap=True
    )
    if story["email"]:
        console.print(f"Goes to {story['email']}", markup=False, soft_wrap=True)
    table = Table("At", "After", "Event", "", box=None)
    for event in story["events"]:
        wait = f"{event['seconds_since_previous']:,.3f} s"
        table.add_row(event["at"], wait, event["type"], event["detail"])
    console.print(table)
    for sentence in story["late"]:
        console.print(f"Late: {sentence}")
