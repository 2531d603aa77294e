"""`portico import fhir`: FHIR R4 bundles into the charts of the running stack."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli import demo_data, fhir_files
from cli.chart_api import ChartApi, RefusedError
from cli.fhir_files import Part
from cli.terminal import AsJson, console, failures_explained, print_json, progress, report
from devstack.paths import default_home
from devstack.status import status

app = typer.Typer(help="Import charts.", no_args_is_help=True)
Json = dict[str, Any]

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE…", exists=True, dir_okay=False, help="Bundles in JSON, or NDJSON."
    ),
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
    """Import FHIR R4: patients become charts with their records; what staff entered stays.

    A file is a bundle, or NDJSON with a resource a line; all NDJSON files together are one export.
    Prints what was taken and what was skipped, with the reason. Importing a file again is
    harmless. A bundle that cannot be used does not keep the others from being imported.
    """
    with failures_explained(), ChartApi(status(default_home()), organization) as api:
        results = _import_all(api, fhir_files.parts_of(files))
    if as_json:
        print_json({"files": results})
    else:
        for result in results:
            _print(result)
    if any(result["error"] for result in results):
        raise typer.Exit(1)


def _import_all(api: ChartApi, parts: Sequence[Part]) -> list[Json]:
    with progress() as bar:
        task = bar.add_task("Importing patients", total=sum(part.patients for part in parts))
        results = []
        for part in parts:
            results.append(_import(api, part))
            bar.advance(task, part.patients)
    by_files = groupby(results, key=itemgetter("file"))
    return [_sum(list(of_one)) for _, of_one in by_files]


def _sum(results: Sequence[Json]) -> Json:
    """Return what became of all parts of an export as one result."""
    skipped: Counter[tuple[str, str]] = Counter()
    for each in (each for result in results for each in result["skipped"]):
        skipped[each["resource_type"], each["reason"]] += each["count"]
    taken: Counter[str] = Counter()
    for result in results:
        taken.update(result["taken"])
    return {
        "file": results[0]["file"],
        "error": next(filter(None, (result["error"] for result in results)), None),
        "patients": [patient for result in results for patient in result["patients"]],
        "taken": dict(sorted(taken.items())),
        "skipped": [
            {"resource_type": kind, "reason": reason, "count": count}
            for (kind, reason), count in sorted(skipped.items())
        ],
    }


def _import(api: ChartApi, part: Part) -> Json:
    try:
        return {
            "file": part.files,
            "error": None,
            **api.import_fhir(part.media_type, part.content),
        }
    except RefusedError as refusal:
        report(f"{part.files}: {refusal.message}")
        nothing: Json = {"patients": [], "taken": {}, "skipped": []}
        return {"file": part.files, "error": refusal.message, **nothing}


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
