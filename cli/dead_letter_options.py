"""The arguments and options of `portico dlq`."""

from typing import Annotated

import typer

from chassis.dead_letters import Reason

Id = Annotated[str, typer.Argument(metavar="ID", help="topic/partition/offset")]
Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID…]", help="topic/partition/offset", show_default=False),
]
OfTopic = Annotated[str, typer.Option("--topic", help="Only those of this topic.")]
OfReason = Annotated[
    Reason | None, typer.Option("--reason", help="Only those that failed for this reason.")
]
Resolved = Annotated[bool, typer.Option("--all", help="Those that were decided about, too.")]
Each = Annotated[bool, typer.Option("--each", help="Each dead letter with its id.")]
Reveal = Annotated[
    bool, typer.Option("--reveal", help="Show names, e-mail addresses and unknown fields.")
]
All = Annotated[bool, typer.Option("--all", help="All that are open.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Why = Annotated[str, typer.Option(help="The reason; it is kept for ever.")]
WhyReveal = Annotated[
    str, typer.Option("--why", help="Why --reveal is needed; it is in the audit log.")
]
