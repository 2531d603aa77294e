"""`portico trace`: the story of an invitation, from the topics themselves."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table

from cli.deciding import kafka_explained, kafka_servers
from cli.errors import CommandError
from cli.terminal import AsJson, console, failures_explained, print_json, progress
from contracts.envelope import utc_now
from services.ops_console import lateness, timelines
from services.ops_console.payloads import masked
from services.ops_console.timelines import Step

Json = dict[str, Any]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An invitation's or event's id, or organization/chart/person."
    ),
]


def trace(id_: Id, as_json: AsJson = False) -> None:
    """Tell what happened to an invitation, step by step, and what is late.

    Of a person, all their invitations are told. E-mail addresses are never shown.
    """
    with failures_explained():
        stories = [_story(steps) for steps in _by_invitation(_find(id_))]
    if as_json:
        print_json({"invitations": stories})
    else:
        for story in stories:
            _print(story)


def _find(id_: str) -> list[Step]:
    servers = kafka_servers()
    with kafka_explained(servers), progress() as bar:
        task = bar.add_task("Reading", total=None)

        def expect(total: int) -> None:
            bar.reset(task, total=total)

        look = timelines.of_person if "/" in id_ else timelines.of_invitation
        found = asyncio.run(look(servers, _normal(id_), expect, partial(bar.advance, task)))
    if not found:
        raise CommandError(f"No event is about {id_}. Topics keep events for 30 days.")
    return found


def _normal(id_: str) -> str:
    try:
        return id_ if "/" in id_ else str(UUID(id_))
    except ValueError as error:
        raise CommandError(
            f"{id_} is neither an id of an invitation or event (a UUID) nor a person's key "
            "(organization/chart/person)."
        ) from error


def _by_invitation(steps: Iterable[Step]) -> list[list[Step]]:
    """Return the steps of each invitation, and those that are about the person alone."""
    stories: dict[str | None, list[Step]] = {}
    for step in steps:
        stories.setdefault(step.invitation_id, []).append(step)
    return list(stories.values())


def _story(steps: Sequence[Step]) -> Json:
    waits = [0.0, *((after.at - before.at).total_seconds() for before, after in pairwise(steps))]
    return {
        "invitation_id": steps[0].invitation_id,
        "invitee": masked(steps[0].key),
        "events": [
            {
                "type": step.event,
                "id": step.event_id,
                "at": step.at.isoformat(),
                "seconds_since_previous": wait,
                "detail": step.detail,
            }
            for step, wait in zip(steps, waits, strict=True)
        ],
        "late": lateness.late_in(steps, utc_now()),
    }


def _print(story: Json) -> None:
    console.print(
        f"{story['invitation_id'] or 'No one invitation'}, {story['invitee']}", soft_wrap=True
    )
    table = Table("At", "After", "Event", "", box=None)
    for event in story["events"]:
        wait = f"{event['seconds_since_previous']:,.3f} s"
        table.add_row(event["at"], wait, event["type"], event["detail"])
    console.print(table)
    for sentence in story["late"]:
        console.print(f"Late: {sentence}")
