"""FHIR bundles become charts, and importing them again is safe."""

import json
from pathlib import Path
from typing import Any

from contracts.chart import PersonChanged
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center

BUNDLE = Path("demo_data/fhir/marty.json").read_bytes()


async def imported(center: Center, raw: bytes) -> dict[str, Any]:
    answer = await center.api.post(f"{center.path}/fhir", content=raw)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def test_a_real_bundle_becomes_a_chart_with_a_report(center: Center) -> None:
    report = await imported(center, BUNDLE)
    [patient] = report["patients"]
    chart = await center.chart(patient)
    assert chart["patient"]["given_name"].startswith("Marty")
    assert chart["coverages"]
    assert report["taken"]["Patient"] == 1
    assert {"resource_type", "reason", "count"} == set(report["skipped"][0])


async def test_importing_again_changes_nothing_and_keeps_what_staff_entered(
    center: Center, events: EventLog
) -> None:
    [patient] = (await imported(center, BUNDLE))["patients"]
    path = f"{center.path}/charts/{patient}"
    changes = {"email": "marty@sunrise.example", "phone": "+1 202-555-0100"}
    await center.api.patch(f"{path}/people/{patient}", json=changes)
    contact = {"given_name": "Maria", "family_name": "Kris", "relationship": "Guardian"}
    await center.api.post(f"{path}/contacts", json=contact)
    before = await center.chart(patient)
    await imported(center, BUNDLE)
    assert await center.chart(patient) == before
    assert before["patient"]["email"] == "marty@sunrise.example"
    assert before["patient"]["phone"] == "+1 202-555-0100"

    def is_of_this_chart(event: PersonChanged) -> bool:
        return event.data.invitee.organization == center.id

    await center.has_chart("c-last")
    await events.wait_for(PersonChanged, lambda e: e.data.invitee.chart_key.endswith("c-last"))
    people = [event.data.invitee.person for event in events.of(PersonChanged, is_of_this_chart)]
    assert people.count(patient) == 2


async def test_what_is_new_in_a_later_bundle_is_taken(center: Center) -> None:
    [patient] = (await imported(center, BUNDLE))["patients"]
    bundle = json.loads(BUNDLE)
    [resource] = [e["resource"] for e in bundle["entry"] if e["resource"]["id"] == patient]
    resource["deceasedBoolean"] = True
    await imported(center, json.dumps(bundle).encode())
    assert (await center.chart(patient))["patient"]["deceased"] is True


async def test_what_is_no_bundle_is_refused_with_what_to_do(center: Center) -> None:
    for raw in (b"", b"<xml/>", b"{}", b'{"resourceType": "Bundle", "type": "batch", "entry": []}'):
        answer = await center.api.post(f"{center.path}/fhir", content=raw)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:portico:problem:bundle_unusable"
        assert answer.json()["detail"]


async def test_records_come_with_the_bundle_and_stay_shared_when_it_comes_again(
    center: Center,
) -> None:
    [patient] = (await imported(center, BUNDLE))["patients"]
    path = f"{center.path}/charts/{patient}"
    [document] = (await center.api.get(f"{path}/documents")).json()
    assert (document["kind"], document["shared_with"]) == ("evaluation", [])
    assert len((await center.api.get(f"{path}/appointments")).json()) == 5
    shared = await center.api.put(
        f"{path}/documents/{document['id']}/sharing", json={"shared_with": ["guardian"]}
    )
    assert shared.is_success, shared.text
    await imported(center, BUNDLE)
    [again] = (await center.api.get(f"{path}/documents")).json()
    assert again["shared_with"] == ["guardian"]


async def test_ndjson_is_imported_like_a_bundle(center: Center) -> None:
    resources = [entry["resource"] for entry in json.loads(BUNDLE)["entry"]]
    raw = "\n".join(map(json.dumps, resources)).encode()
    headers = {"Content-Type": "application/fhir+ndjson"}
    answer = await center.api.post(f"{center.path}/fhir", content=raw, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["taken"]["Patient"] == 1


async def test_a_document_that_cannot_be_kept_is_reported_and_the_rest_is_taken(
    center: Center,
) -> None:
    bundle = json.loads(BUNDLE)
    [held] = [
        entry["resource"]["content"][0]["attachment"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "DocumentReference"
        and entry["resource"]["status"] == "current"
    ]
    held |= {"contentType": "image/png", "data": "iVBORw0KGgoAAAA="}
    report = await imported(center, json.dumps(bundle).encode())
    reasons = {each["reason"] for each in report["skipped"]}
    assert "The picture cannot be read. Save it anew and try again." in reasons
    assert report["taken"]["Encounter"] == 5
