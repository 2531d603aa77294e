"""Every command, and where it is: each is read when it is asked for, as all take a second."""

from importlib import import_module
from typing import cast

import typer
from typer.core import TyperCommand, TyperGroup

WHERE = {
    "up": "cli.up:up",
    "restart": "cli.stack:restart",
    "down": "cli.stack:down",
    "status": "cli.stack:status",
    "demo": "cli.demo:demo",
    "publish": "cli.publish:publish",
    "import": "cli.fhir_import:app",
    "trace": "cli.trace:trace",
    "dlq": "cli.dead_letters:app",
    "events": "cli.events:app",
    "bench": "cli.benchmarks:app",
    "schemas": "cli.preparation:schemas",
    "migrate": "cli.preparation:migrate",
}
"""By a command's name: its function, or the app with the commands below it."""

Command = TyperCommand | TyperGroup


class LazyGroup(TyperGroup):
    """The commands of `WHERE`."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - as in Click
        """Return all names, in the order of the help page."""
        return list(WHERE)

    def get_command(self, ctx: object, cmd_name: str) -> Command | None:  # noqa: ARG002
        """Return the command of this name; None if there is none."""
        if cmd_name in WHERE:
            return read(cmd_name)
        # A similar name is suggested from among these.
        self.commands = {name: read(name) for name in WHERE}
        return None


def read(name: str) -> Command:
    """Return a command from its module."""
    module, _, attribute = WHERE[name].partition(":")
    found = getattr(import_module(module), attribute)
    app = typer.Typer(rich_markup_mode="markdown")
    if isinstance(found, typer.Typer):
        app.add_typer(found, name=name)
    else:
        app.command(name)(found)
    return cast(Command, typer.main.get_group(app).commands[name])
