"""FHIR files as requests to the chart API: a bundle each, and NDJSON in parts by patient.

A Bulk Data export has a file per resource type, so all NDJSON files of a command are one export:
what belongs to a patient goes with that patient, in parts that a request may have.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.errors import CommandError

BUNDLE = "application/fhir+json"
NDJSON = "application/fhir+ndjson"
PART_BYTES = 6 * 1024 * 1024
PART_PATIENTS = 200

_PATIENT = re.compile(rb'"reference"\s*:\s*"(?:[^"]*/)?Patient/([^"/]+)"')
_REFERENCE = re.compile(rb'"reference"\s*:\s*"(?:[^"]*/)?([A-Za-z]+/[^"/]+)"')


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into one request: the files it is of, its media type, its bytes, its patients."""

    files: str
    media_type: str
    content: bytes
    patients: int


@dataclass(slots=True)
class _Export:
    """The resources of NDJSON files: patients, what is about them, and what others refer to."""

    patients: dict[str, bytes] = field(default_factory=dict)
    about: dict[str, list[bytes]] = field(default_factory=dict)
    others: dict[bytes, bytes] = field(default_factory=dict)


def parts_of(files: Sequence[Path]) -> list[Part]:
    """Return the requests that import these files.

    Raises:
        CommandError: A line of an NDJSON file is no FHIR resource, or there is no patient in them.
    """
    lines = [file for file in files if _is_ndjson(file)]
    bundles = [Part(str(f), BUNDLE, f.read_bytes(), 1) for f in files if f not in lines]
    return bundles + (list(_parts(lines)) if lines else [])


def _is_ndjson(file: Path) -> bool:
    """Tell NDJSON by its name, or by a first line that is a whole resource and no bundle."""
    if file.suffix in {".ndjson", ".jsonl"}:
        return True
    with file.open("rb") as content:
        first, more = content.readline(), content.readline()
    try:
        return bool(more.strip()) and json.loads(first).get("resourceType") != "Bundle"
    except (ValueError, AttributeError):
        return False


def _parts(files: Sequence[Path]) -> Iterator[Part]:
    export = _read(files)
    if not export.patients:
        names = ", ".join(map(str, files))
        raise CommandError(f"There is no Patient in {names}. Give the export's Patient file, too.")
    of_what = ", ".join(str(file) for file in files)
    for chunk in _chunks(export):
        content = b"\n".join([*chunk, *_named_by(chunk, export)])
        patients = sum(line in chunk for line in export.patients.values())
        yield Part(of_what, NDJSON, content, patients)


def _chunks(export: _Export) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    patients = size = 0
    for patient_id, patient in export.patients.items():
        lines = [patient, *export.about.get(patient_id, ())]
        added = sum(map(len, lines))
        if chunk and (patients == PART_PATIENTS or size + added > PART_BYTES):
            yield chunk
            chunk, patients, size = [], 0, 0
        chunk += lines
        patients, size = patients + 1, size + added
    yield chunk


def _named_by(lines: Sequence[bytes], export: _Export) -> list[bytes]:
    names = {name for line in lines for name in _REFERENCE.findall(line)}
    return [export.others[name] for name in sorted(names & export.others.keys())]


def _read(files: Sequence[Path]) -> _Export:
    export = _Export()
    for file in files:
        with file.open("rb") as content:
            for number, line in enumerate(content, 1):
                if line.strip():
                    _add(export, line.strip(), f"{file}, line {number}")
    return export


def _add(export: _Export, line: bytes, where: str) -> None:
    kind, id_ = _name_of(line, where)
    of = {found.decode(errors="replace") for found in _PATIENT.findall(line)}
    if kind == "Patient":
        export.patients[id_] = line
    elif of:
        for patient in of:
            export.about.setdefault(patient, []).append(line)
    else:
        export.others[f"{kind}/{id_}".encode()] = line


def _name_of(line: bytes, where: str) -> tuple[str, str]:
    try:
        resource: dict[str, Any] = json.loads(line)
        return str(resource["resourceType"]), str(resource.get("id"))
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{where} is no FHIR resource in JSON.") from error
