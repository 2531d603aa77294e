"""How files of an export become requests: nobody's records go without their patient."""

import json
from pathlib import Path

import pytest

from cli import fhir_files
from cli.errors import CommandError


def write(folder: Path, name: str, *resources: object) -> Path:
    """Write a file with a resource a line."""
    file = folder / name
    file.write_text("".join(f"{json.dumps(each)}\n" for each in resources))
    return file


def patient(id_: str) -> dict[str, object]:
    return {"resourceType": "Patient", "id": id_}


def request(id_: str, of: str, medication: str) -> dict[str, object]:
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "subject": {"reference": f"Patient/{of}"},
        "medicationReference": {"reference": f"Medication/{medication}"},
    }


def ids_in(part: fhir_files.Part) -> list[str]:
    return [json.loads(line)["id"] for line in part.content.splitlines()]


def test_a_bundle_goes_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"resourceType": "Bundle"}, indent=2))
    [part] = fhir_files.parts_of([file])
    assert (part.media_type, part.content) == (fhir_files.BUNDLE, file.read_bytes())


def test_files_by_type_become_parts_by_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fhir_files, "PART_PATIENTS", 1)
    drugs = [{"resourceType": "Medication", "id": each} for each in ("d1", "d2")]
    files = [
        write(tmp_path, "MedicationRequest.ndjson", request("m2", "p2", "d2")),
        write(tmp_path, "Medication.ndjson", *drugs),
        write(tmp_path, "Patient.000.ndjson", patient("p1"), patient("p2")),
    ]
    first, second = fhir_files.parts_of(files)
    assert ids_in(first) == ["p1"]
    assert ids_in(second) == ["p2", "m2", "d2"]
    assert (first.patients, second.patients) == (1, 1)


def test_ndjson_is_known_by_its_lines_whatever_its_name(tmp_path: Path) -> None:
    file = write(tmp_path, "export.json", patient("p1"), patient("p2"))
    [part] = fhir_files.parts_of([file])
    assert (part.media_type, part.patients) == (fhir_files.NDJSON, 2)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.ndjson"
    file.write_text('{"resourceType": "Patient", "id": "p1"}\n{oops\n')
    with pytest.raises(CommandError, match="line 2 is no FHIR resource"):
        fhir_files.parts_of([file])


def test_an_export_without_patients_says_which_file_is_missing(tmp_path: Path) -> None:
    file = write(tmp_path, "Medication.ndjson", {"resourceType": "Medication", "id": "d1"})
    with pytest.raises(CommandError, match="Give the export's Patient file, too"):
        fhir_files.parts_of([file])
