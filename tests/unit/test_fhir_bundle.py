"""What a bundle as a whole may look like, and how its resources refer to each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.chart_service import fhir
from tests.unit.fhir_resources import (
    TODAY,
    Json,
    bundle,
    entries,
    patient,
    read,
    reasons,
    related_person,
)

DEMO_BUNDLES = sorted(Path(__file__, "../../../demo_data/fhir").resolve().glob("*.json"))
MIA = "urn:uuid:8c0d4b4e-9d0c-4a55-9a3d-0d1f6f3b2a10"


def contacts_of(mia: Json, reference: str) -> list[str]:
    ana = {"resource": related_person(patient={"reference": reference})}
    report = fhir.read_bundle(entries(ana, mia), today=TODAY)
    return [contact.id for contact in report.patients[0].contacts]


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset"])
def test_each_kind_of_bundle_that_carries_records_is_read(kind: str) -> None:
    report = fhir.read_bundle(bundle(patient(), kind=kind))
    assert [each.id for each in report.patients] == ["p1"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "not JSON"),
        (b"<Bundle/>", "not JSON"),
        (b"\x1f\x8b\x08", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a FHIR Bundle"),
        (b'{"resourceType": "Patient"}', "not a FHIR Bundle"),
        (b'{"resourceType": "Bundle", "type": "history"}', "type must be one of transaction"),
        (b'{"resourceType": "Bundle", "type": "batch"}', "no entries"),
        (bundle({"resourceType": "Location"}), "no Patient in this import"),
        (bundle(patient(id="a b")), "No Patient of this import can be taken: it has no id"),
    ],
)
def test_what_is_no_patients_bundle_is_refused_with_what_to_do(raw: bytes, message: str) -> None:
    with pytest.raises(fhir.FhirError, match=message):
        fhir.read_bundle(raw)


@pytest.mark.parametrize("entry", [None, 7, [], {}, {"resource": []}, {"resource": {}}])
def test_a_malformed_entry_is_skipped_and_the_rest_is_read(entry: Any) -> None:
    report = fhir.read_bundle(entries(entry, {"resource": patient()}))
    assert len(report.patients) == 1
    assert "resource" in reasons(report)["Bundle.entry"]


def test_what_the_chart_does_not_use_yet_is_counted() -> None:
    observations = [{"resourceType": "Procedure", "id": id_} for id_ in "abc"]
    report = read(patient(), *observations)
    assert report.skipped_counts == {("Procedure", "not used by the chart yet"): 3}
    assert report.taken == {"Patient": 1}


def test_a_page_of_a_longer_search_says_that_more_follow() -> None:
    page = json.loads(bundle(patient(), kind="searchset"))
    page["link"] = [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]
    report = fhir.read_bundle(json.dumps(page).encode())
    assert "more pages follow" in reasons(report)["Bundle"]


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p1",
        "Patient/p1/_history/3",
        "https://ehr.example/fhir/Patient/p1",
        "Patient?identifier=https://ehr.example|M-17",
        "Patient?identifier=https%3A%2F%2Fehr.example%7CM-17",
        "Patient?identifier=M-17",
        MIA,
    ],
)
def test_a_reference_is_followed_in_each_of_its_forms(reference: str) -> None:
    identifier = [{"system": "https://ehr.example", "value": "M-17"}]
    mia = {"fullUrl": MIA, "resource": patient(identifier=identifier)}
    assert contacts_of(mia, reference) == ["r1"]


def test_a_resource_without_an_id_goes_by_its_uuid() -> None:
    without_id = {k: v for k, v in patient().items() if k != "id"}
    assert contacts_of({"fullUrl": MIA, "resource": without_id}, MIA) == ["r1"]


def test_a_reference_that_fits_two_patients_is_followed_to_neither() -> None:
    identifier = [{"value": "M-17"}]
    both = [patient(identifier=identifier), patient(id="p2", identifier=identifier)]
    report = read(*both, related_person(patient={"reference": "Patient?identifier=M-17"}))
    assert reasons(report)["RelatedPerson"] == "its patient is not in the bundle"


def test_a_patient_who_stands_twice_in_the_bundle_is_taken_once() -> None:
    report = read(patient(), patient(), related_person())
    assert [len(each.contacts) for each in report.patients] == [1]
    assert reasons(report)["Patient"] == "a Patient with the same id came before"


@pytest.mark.parametrize("path", DEMO_BUNDLES, ids=lambda path: path.stem)
def test_the_demo_bundles_are_read(path: Path) -> None:
    report = fhir.read_bundle(path.read_bytes(), today=TODAY)
    (person,) = report.patients
    assert person.given_name
    assert person.birth_date
    assert person.address
    assert report.taken["Patient"] == 1


def test_there_is_a_minor_among_the_demo_patients() -> None:
    people = [fhir.read_bundle(path.read_bytes()).patients[0] for path in DEMO_BUNDLES]
    assert any(each.birth_date and each.birth_date.year > TODAY.year - 18 for each in people)
