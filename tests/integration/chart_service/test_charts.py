"""Charts and people through the API, and what the other services learn of them."""

import json
from typing import Any

import httpx
import pytest

from contracts.chart import OrganizationChanged, PersonChanged
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center

GUARDIAN = {
    "id": "p-2",
    "given_name": "Luis",
    "family_name": "Lopez",
    "relationship": "Guardian",
    "email": "luis@sunrise.example",
}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


async def test_other_services_learn_an_organization_with_its_logo(
    center: Center, events: EventLog
) -> None:
    await center.opens(logo={"media_type": "image/png", "content": PNG}, invitation_days=3)
    found = await events.wait_for(
        OrganizationChanged, lambda e: e.data.organization == center.id, count=2
    )
    newest = found[-1].data
    assert newest.logo is not None
    assert newest.logo.content.startswith(b"\x89PNG")
    assert newest.invitation_days == 3
    shown = (await center.api.get(center.path)).json()
    assert shown["logo"]["content"].replace("\n", "") == PNG


async def test_other_services_learn_an_organizations_settings(
    center: Center, events: EventLog
) -> None:
    settings = {
        "reminder_days": 3,
        "messages_enabled": True,
        "sections_off": ["medications"],
        "age_of_majority": 16,
        "death_ends_access": False,
        "discharge_ends_access": True,
        "time_zone": "America/New_York",
    }
    await center.opens(**settings)
    found = await events.wait_for(
        OrganizationChanged, lambda e: e.data.organization == center.id, count=2
    )
    newest = found[-1].data.model_dump(mode="json")
    shown = (await center.api.get(center.path)).json()
    for name, value in settings.items():
        assert (newest[name], shown[name]) == (value, value), name


async def test_a_time_zone_that_there_is_not_is_refused(center: Center) -> None:
    body = {"name": "S", "phone": "1", "time_zone": "America/Sunrise"}
    answer = await center.api.put(center.path, json=body)
    assert answer.status_code == 422
    assert "America/New_York is one" in answer.text


async def test_a_logo_that_is_no_image_is_refused(center: Center) -> None:
    body = {"name": "S", "phone": "1", "logo": {"media_type": "image/png", "content": "R0lGODlh"}}
    answer = await center.api.put(center.path, json=body)
    assert answer.status_code == 422


async def test_other_services_learn_of_new_and_changed_people_only(
    center: Center, events: EventLog
) -> None:
    invitee = await center.has_chart(contacts=[GUARDIAN])
    await center.has_chart(contacts=[GUARDIAN])
    await center.has_chart(contacts=[GUARDIAN | {"email": "new@sunrise.example"}])

    def is_of_this_chart(event: PersonChanged) -> bool:
        return event.data.invitee.chart_key == invitee.chart_key

    found = await events.wait_for(PersonChanged, is_of_this_chart, count=3)
    assert [event.data.email for event in found if event.data.invitee.person == "p-2"] == [
        "luis@sunrise.example",
        "new@sunrise.example",
    ]
    assert len(events.of(PersonChanged, is_of_this_chart)) == 3


async def test_a_field_that_is_left_out_keeps_its_value_and_null_takes_it_away(
    center: Center,
) -> None:
    await center.has_chart(phone="1", preferred_name="Annie")
    path = f"{center.path}/charts/c-1/people/p-1"
    answer = await center.api.patch(path, json={"phone": None, "given_name": "Anna"})
    assert answer.status_code == 200
    patient = (await center.chart())["patient"]
    assert patient == answer.json()
    assert (patient["phone"], patient["preferred_name"]) == (None, "Annie")
    assert (patient["given_name"], patient["email"]) == ("Anna", "ana@sunrise.example")


async def test_a_contact_gets_an_id_and_may_not_take_a_known_one(center: Center) -> None:
    await center.has_chart()
    path = f"{center.path}/charts/c-1/contacts"
    nameless = {key: value for key, value in GUARDIAN.items() if key != "id"}
    added = await center.api.post(path, json=nameless)
    assert added.status_code == 201
    assert added.json()["role"] == "guardian"
    again = await center.api.post(path, json=GUARDIAN | {"id": added.json()["id"]})
    assert (again.status_code, _code(again)) == (409, "person_exists")
    assert [contact["given_name"] for contact in (await center.chart())["contacts"]] == ["Luis"]


async def test_a_chart_keeps_its_patient(center: Center) -> None:
    await center.has_chart()
    other = {"id": "p-9", "given_name": "Eva", "family_name": "Kern"}
    body = [{"id": "c-1", "mrn": "1", "patient": other}]
    answer = await center.api.post(f"{center.path}/charts", json=body)
    assert (answer.status_code, _code(answer)) == (409, "patient_differs")
    path = f"{center.path}/charts/c-1/people/p-1"
    answer = await center.api.patch(path, json={"relationship": "Friend"})
    assert (answer.status_code, _code(answer)) == (409, "patient_stays")


async def test_charts_that_cannot_be_right_are_refused_with_the_field(center: Center) -> None:
    def chart(**changes: Any) -> dict[str, Any]:
        patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez"}
        return {"id": "c-1", "mrn": "1", "patient": patient} | changes

    for body in (
        [],
        [chart(), chart()],
        [chart(id="no/slash")],
        [chart(mrn="a\x00b")],
        [chart(contacts=[GUARDIAN, GUARDIAN])],
        [chart(contacts=[GUARDIAN | {"relationship": "Patient"}])],
        [chart(e_mail="typing error")],
    ):
        answer = await center.api.post(f"{center.path}/charts", json=body)
        assert (answer.status_code, _code(answer)) == (422, "invalid_request"), body
        assert answer.json()["errors"]


@pytest.mark.parametrize("odd", ["a\x00b", "\x1b", "\ud800"])
async def test_odd_characters_are_refused_wherever_text_is_taken(center: Center, odd: str) -> None:
    await center.has_chart()
    person = f"{center.path}/charts/c-1/people/p-1"
    staff = {"email": "a@b.example", "name": "Kim", "password": "green-hills-demo-1"}
    for method, path, body in (
        ("PUT", center.path, {"name": odd, "phone": "1"}),
        ("PUT", center.path, {"name": "Sunrise", "phone": odd}),
        ("POST", f"{center.path}/staff", staff | {"email": odd}),
        ("POST", f"{center.path}/staff", staff | {"name": odd}),
        ("POST", f"{center.path}/charts/c-1/contacts", GUARDIAN | {"given_name": odd}),
        ("PATCH", person, {"address": odd}),
        ("PATCH", person, {"gender_identity": odd}),
        ("POST", f"{person}/invitations", {"email": odd}),
        ("POST", f"{center.path}/charts/search", {"q": odd}),
    ):
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        answer = await center.api.request(method, path, content=content, headers=headers)
        assert (answer.status_code, _code(answer)) == (422, "invalid_request"), (path, body)


async def test_charts_are_found_by_words_of_name_and_mrn(center: Center) -> None:
    await center.has_chart("c-1")
    await center.has_chart("c-2", given_name="Eva", family_name="100%_Kern")

    async def found(q: str) -> list[str]:
        answer = await center.api.post(f"{center.path}/charts/search", json={"q": q})
        return [chart["id"] for chart in answer.json()["charts"]]

    assert await found("") == ["c-2", "c-1"]
    assert await found("lopez ANA") == ["c-1"]
    assert await found("mrn c-2") == ["c-2"]
    assert await found("100%") == ["c-2"]
    assert await found("nobody") == []
    paging = {"limit": 1, "offset": 1}
    for page in (
        await center.api.get(f"{center.path}/charts", params=paging),
        await center.api.post(f"{center.path}/charts/search", json=paging | {"q": "mrn"}),
    ):
        assert ([c["id"] for c in page.json()["charts"]], page.json()["total"]) == (["c-1"], 2)


async def test_no_address_of_the_api_holds_the_words_of_a_search(center: Center) -> None:
    paths = (await center.api.get("/openapi.json")).json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    names = {each["name"] for found in operations for each in found.get("parameters", [])}
    assert "q" not in names


@pytest.mark.parametrize("name", [".", ".."])
async def test_ids_that_do_not_survive_in_a_path_are_refused(center: Center, name: str) -> None:
    patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez"}
    chart = {"id": "c-1", "mrn": "1", "patient": patient}
    body = {"name": "Sunrise", "phone": "1"}
    path = f"/api/v1/organizations/{name.replace('.', '%2E')}"
    for answer in (
        await center.api.put(path, json=body),
        await center.api.post(f"{center.path}/charts", json=[chart | {"id": name}]),
        await center.api.post(
            f"{center.path}/charts", json=[chart | {"patient": patient | {"id": name}}]
        ),
    ):
        assert (answer.status_code, _code(answer)) == (422, "invalid_request")
        assert "does not survive" in answer.text


async def test_no_organization_sees_anothers_charts(center: Center) -> None:
    await center.has_chart()
    other = Center(center.api, f"{center.id}-2")
    await other.opens()
    assert (await other.api.get(f"{other.path}/charts")).json()["total"] == 0
    for path in ("charts/c-1", "charts/c-1/alerts"):
        answer = await other.api.get(f"{other.path}/{path}")
        assert (answer.status_code, _code(answer)) == (404, "chart_unknown")


async def test_what_is_not_there_is_said_by_name(center: Center) -> None:
    await center.has_chart()
    api = center.api
    nowhere = "/api/v1/organizations/nobody"
    chart = [{"id": "c", "mrn": "1", "patient": {"id": "p", "given_name": "A", "family_name": "B"}}]
    for answer, code in (
        (await api.get(nowhere), "organization_unknown"),
        (await api.get(f"{nowhere}/charts"), "organization_unknown"),
        (await api.post(f"{nowhere}/charts", json=chart), "organization_unknown"),
        (await api.post(f"{center.path}/charts/c-9/contacts", json=GUARDIAN), "chart_unknown"),
        (await api.patch(f"{center.path}/charts/c-1/people/p-9", json={}), "person_unknown"),
        (await api.post(f"{center.path}/charts/c-9/people/p-1/revocation"), "chart_unknown"),
        (await center.invites("p-9"), "person_unknown"),
    ):
        assert (answer.status_code, _code(answer)) == (404, code)


async def test_an_address_signs_in_one_person_only(center: Center) -> None:
    body = {"email": f"Staff@{center.id}.example", "name": "Kim", "password": "green-hills-demo-1"}
    first = await center.api.post(f"{center.path}/staff", json=body)
    assert first.status_code == 201
    assert "password" not in first.text
    second = await center.api.post(f"{center.path}/staff", json=body | {"name": "Lee"})
    assert (second.status_code, _code(second)) == (409, "staff_exists")
    weak = await center.api.post(f"{center.path}/staff", json=body | {"password": "password"})
    assert (weak.status_code, _code(weak)) == (422, "password_weak")


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:portico:problem:")
