"""What an EMR may set by the API: places, texts, and parts of an organisation."""

import base64

from contracts.chart import (
    LocationChanged,
    OrganizationChanged,
    PersonChanged,
    PolicyPublished,
)
from tests.event_log import EventLog
from tests.integration.chart_service.conftest import Center

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


async def test_an_emr_that_knows_name_and_phone_alone_undoes_no_settings(
    center: Center, events: EventLog
) -> None:
    logo = {"media_type": "image/png", "content": PNG}
    chosen = {"invitation_days": 21, "reminder_days": 5, "sections_off": ["files"]}
    await center.opens(logo=logo, portal_enabled=False, **chosen)
    answer = await center.api.put(center.path, json={"name": "Sunset", "phone": "1"})
    news = await events.wait_for(
        OrganizationChanged, lambda e: e.data.organization == center.id, count=3
    )
    for found in (answer.json(), news[-1].data.model_dump(mode="json")):
        assert (found["name"], found["portal_enabled"]) == ("Sunset", False)
        assert {name: found[name] for name in chosen} == chosen
        assert found["logo"]["media_type"] == "image/png"
    await center.api.put(center.path, json={"name": "Sunset", "phone": "1", "logo": None})
    assert (await center.api.get(center.path)).json()["logo"] is None


async def test_a_place_is_added_changed_and_ended(center: Center, events: EventLog) -> None:
    path = f"{center.path}/locations/harbor"
    assert (await center.api.get(path)).status_code == 404
    first = await center.api.put(path, json={"name": "Harbor House", "phone": "+1 202-555-0151"})
    assert first.json() == {
        "id": "harbor",
        "name": "Harbor House",
        "phone": "+1 202-555-0151",
        "logo": None,
        "ended": False,
    }
    await center.api.put(path, json={"name": "Harbor", "ended": True})
    assert (await center.api.get(path)).json()["phone"] == "+1 202-555-0151"
    assert [p["name"] for p in (await center.api.get(f"{center.path}/locations")).json()] == [
        "Harbor"
    ]
    news = await events.wait_for(
        LocationChanged, lambda e: e.data.organization == center.id, count=2
    )
    assert [(e.data.name, e.data.removed) for e in news] == [
        ("Harbor House", False),
        ("Harbor", True),
    ]


async def test_everybody_on_a_chart_moves_with_it(center: Center, events: EventLog) -> None:
    await center.api.put(f"{center.path}/locations/harbor", json={"name": "Harbor House"})
    guardian = {"id": "p-2", "given_name": "Luis", "family_name": "L", "relationship": "Guardian"}
    await center.has_chart(contacts=[guardian])
    patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez"}
    chart = {"id": "c-1", "mrn": "MRN c-1", "patient": patient}
    charts = f"{center.path}/charts"
    moved = await center.api.post(charts, json=[chart | {"location": "harbor"}])
    assert moved.json() == {"charts": 1, "changed_people": 0}
    news = await events.wait_for(
        PersonChanged, lambda e: e.data.invitee.organization == center.id, count=4
    )
    for person in ("p-1", "p-2"):
        told = [e.data.location for e in news if e.data.invitee.person == person]
        assert told == [None, "harbor"]
    await center.api.post(charts, json=[chart])
    assert (await center.chart())["location"] == "harbor"
    await center.api.post(charts, json=[chart | {"location": None}])
    assert (await center.chart())["location"] is None


async def test_a_chart_cannot_belong_to_a_place_that_is_not_there(center: Center) -> None:
    patient = {"id": "p-1", "given_name": "Ana", "family_name": "Lopez"}
    chart = {"id": "c-1", "mrn": "1", "location": "nowhere", "patient": patient}
    answer = await center.api.post(f"{center.path}/charts", json=[chart])
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:portico:problem:location_unknown"
    assert (await center.api.get(f"{center.path}/charts/c-1")).status_code == 404


async def test_a_text_is_published_once_for_each_version(center: Center, events: EventLog) -> None:
    path = f"{center.path}/policies"
    for text in ("Be kind.", "Be kind.", "Be kind, please."):
        answer = await center.api.put(f"{path}/terms", json={"text": text})
        assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["published_by"]) == (2, "operator")
    await center.api.put(f"{path}/privacy", json={"text": "We keep little."})
    shown = [(p["kind"], p["version"], p["text"]) for p in (await center.api.get(path)).json()]
    assert shown == [
        ("privacy", 1, "We keep little."),
        ("terms", 2, "Be kind, please."),
        ("terms", 1, "Be kind."),
    ]
    news = await events.wait_for(
        PolicyPublished, lambda e: e.data.organization == center.id, count=3
    )
    assert [(e.data.kind, e.data.version) for e in news] == [
        ("terms", 1),
        ("terms", 2),
        ("privacy", 1),
    ]
