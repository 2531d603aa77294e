"""`portico schemas` and `portico migrate`: what is prepared before anything runs."""

from typing import Annotated

import typer
from asyncpg import PostgresError
from sqlalchemy.exc import SQLAlchemyError

from cli import migrate as migrations
from cli import schemas as contract_files
from cli.terminal import failures_explained

Check = Annotated[bool, typer.Option("--check", help="Change nothing; fail when one is stale.")]


def schemas(check: Check = False) -> None:
    """Write the JSON Schema of each event, and asyncapi.yaml, from the contracts."""
    raise typer.Exit(contract_files.main(check))


def migrate() -> None:
    """Migrate the databases and create the topics that the environment names."""
    with failures_explained(SQLAlchemyError, PostgresError):
        code = migrations.main()
    raise typer.Exit(code)
