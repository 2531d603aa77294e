"""`portico`."""

import logging

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
    # A command says itself what went wrong; the client's own lines come before, in other words.
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())
