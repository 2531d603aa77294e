"""`portico events`: the events of a topic as they lie in Kafka, page by page and one by one."""

import asyncio
from typing import Annotated

import typer

from cli import event_views as views
from cli.dead_letter_options import Reveal, WhyReveal
from cli.deciding import kafka_explained, kafka_servers
from cli.errors import CommandError
from cli.revealing import write_reveal
from cli.terminal import AsJson, failures_explained, print_json
from services.ops_console import one_event
from services.ops_console.browsing import Asked, browse
from services.ops_console.errors import EventsError
from services.ops_console.letters import Place

app = typer.Typer(help="Look at the events of a topic.", no_args_is_help=True)

Topic = Annotated[str, typer.Argument(metavar="TOPIC", help="Such as chart.invites.v1.")]
Partition = Annotated[str, typer.Option(help="Only those of this partition.")]
Offset = Annotated[str, typer.Option(help="From this offset of the partition on.")]
Time = Annotated[str, typer.Option(help="From this time on, such as 2026-03-02T09:30, in UTC.")]
Type = Annotated[
    str, typer.Option("--type", help="Only those of this type, such as InvitationSent.")
]
Key = Annotated[str, typer.Option(help="Only those of this key, or its beginning up to a slash.")]
Before = Annotated[str, typer.Option(help="The older page: what `older` says.")]
After = Annotated[str, typer.Option(help="The newer page: what `newer` says.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="topic/partition/offset")]


@app.command("list")
def list_(  # noqa: PLR0913, PLR0917 - each is an option
    topic: Topic,
    partition: Partition = "",
    offset: Offset = "",
    time: Time = "",
    type_: Type = "",
    key: Key = "",
    before: Before = "",
    after: After = "",
    as_json: AsJson = False,
) -> None:
    """Show a page of a topic's events, newest first."""
    asked = Asked(
        topic=topic,
        partition=partition,
        offset=offset,
        time=time,
        type=type_,
        key=key,
        before=before,
        after=after,
    )
    with failures_explained(EventsError):
        servers = kafka_servers()
        with kafka_explained(servers):
            page = asyncio.run(browse(servers, asked))
    shown = views.page_as_json(page)
    if as_json:
        print_json(shown)
    else:
        views.print_page(shown)


@app.command()
def show(
    event_id: Id, reveal: Reveal = False, why: WhyReveal = "", as_json: AsJson = False
) -> None:
    """Show one event: its fields by its schema, and its headers.

    Sealed parts are never shown; names, e-mail addresses and unknown fields only with --reveal, and
    --why.
    """
    with failures_explained(EventsError):
        place = _place(event_id)
        servers = kafka_servers()
        with kafka_explained(servers):
            found = asyncio.run(one_event.find(servers, place))
        if reveal:
            write_reveal(servers, str(place), why)
    shown = views.event_as_json(found, reveal=reveal)
    if as_json:
        print_json(shown)
    else:
        views.print_event(shown)


def _place(event_id: str) -> Place:
    parts = event_id.split("/")
    if len(parts) != len(Place._fields) or not all(each.isdigit() for each in parts[1:]):
        raise CommandError(
            f"{event_id} is no id of an event. Ids look like chart.invites.v1/0/17; "
            "`portico events list TOPIC` shows them."
        )
    return Place(parts[0], int(parts[1]), int(parts[2]))
