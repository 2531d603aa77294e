"""`portico`: every command, and where it is."""

import typer

from cli import (
    benchmarks,
    dead_letters,
    demo,
    events,
    fhir_import,
    preparation,
    publish,
    stack,
    trace,
)

app = typer.Typer(
    name="portico",
    help="Enrols patients, guardians and guarantors in a patient portal by invitation.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    # Values in a traceback may be tokens or a person's data.
    pretty_exceptions_show_locals=False,
)

app.command()(stack.up)
app.command()(stack.restart)
app.command()(stack.down)
app.command()(stack.status)
app.command()(demo.demo)
app.command()(publish.publish)
app.add_typer(fhir_import.app, name="import")
app.command()(trace.trace)
app.add_typer(dead_letters.app, name="dlq")
app.add_typer(events.app, name="events")
app.add_typer(benchmarks.app, name="bench")
app.command()(preparation.schemas)
app.command()(preparation.migrate)
