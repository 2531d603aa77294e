"""`portico`."""

import typer

from cli.lazy_commands import LazyGroup

app = typer.Typer(
    name="portico",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    # Values in a traceback may be tokens or a person's data.
    pretty_exceptions_show_locals=False,
)


@app.callback()
def portico() -> None:
    """Enrols patients, guardians and guarantors in a patient portal by invitation."""
