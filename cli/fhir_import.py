"""`portico import fhir`: FHIR R4 bundles into the charts of the running stack."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli import demo_data
from cli.chart_api import ChartApi, RefusedError
from cli.terminal import AsJson, console, failures_explained, print_json, progress, report
from devstack.paths import default_home
from devstack.stack import status

app = typer.Typer(help="Import charts.", no_args_is_help=True)
Json = dict[str, Any]

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="A bundle in JSON each."),
]
Organization = Annotated[
    str, typer.Option(help="The id of the organisation whose charts they are.")
]


@app.callback()
def import_() -> None:
    """Import charts."""


@app.command()
def fhir(
    files: Files, organization: Organization = demo_data.ORGANIZATION, as_json: AsJson = False
) -> None:
    """Import FHIR R4 bundles: their patients become charts; what staff entered stays.

    Prints what was taken and what was skipped, with the reason. Importing a bundle again is
    harmless. A bundle that cannot be used does not keep the others from being imported.
    """
    with (
        failures_explained(),
        ChartApi(status(default_home()), organization) as api,
        progress() as bar,
    ):
        results = [_import(api, file) for file in bar.track(files, description="Importing")]
    if as_json:
        print_json({"files": results})
    else:
        for result in results:
            _print(result)
    if any(result["error"] for result in results):
        raise typer.Exit(1)


def _import(api: ChartApi, file: Path) -> Json:
    try:
        return {"file": str(file), "error": None, **api.import_bundle(file)}
    except RefusedError as refusal:
        report(f"{file}: {refusal.message}")
        nothing: Json = {"patients": [], "taken": {}, "skipped": []}
        return {"file": str(file), "error": refusal.message, **nothing}


def _print(result: Json) -> None:
    if result["error"]:
        return
    table = Table("Resource", "Number", "What became of it", box=None)
    console.print(result["file"], soft_wrap=True)
    for kind, count in result["taken"].items():
        table.add_row(kind, str(count), "taken")
    for skipped in result["skipped"]:
        table.add_row(
            skipped["resource_type"], str(skipped["count"]), f"skipped: {skipped['reason']}"
        )
    console.print(table)
