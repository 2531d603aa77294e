"""A chart in which every field and record says what it is, and three people who see it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from tests.integration.portal_access.stack import Center, Visitor
from tests.integration.portal_access.staff_pages import staff_of, writes
from tests.unit import fhir_resources as fhir

ROLES = ("patient", "guardian", "guarantor")
PEOPLE = {"patient": "c-1", "guardian": "g-1", "guarantor": "r-1"}
"""Their ids on the chart; FHIR's patient has the chart's."""
NOW = datetime.now(UTC).replace(microsecond=0)

PATIENT: dict[str, Any] = {
    "family_name": "Markername",
    "preferred_name": "Markerpreferred",
    "birth_date": f"{NOW.year - 9}-05-17",
    "gender": "female",
    "gender_identity": "Markeridentity",
    "phone": "+1 202-555-0177",
    "address": "1 Marker Street",
}
"""A child: a guardian's access would end with the patient's coming of age."""

INSURANCE: list[dict[str, Any]] = [
    fhir.patient(id="c-1"),
    fhir.coverage(
        beneficiary={"reference": "Patient/c-1"},
        payor=[{"display": "Marker insurer"}],
        subscriberId="MARKER-4711",
        **{"class": [{"type": fhir.coded("", "plan"), "value": "Marker gold plan"}]},
    ),
]
"""Of the patient, who has the chart's id there."""


def mixes() -> Iterator[tuple[str, ...]]:
    """Yield every mix of roles with which something can be shared, nobody among them."""
    for count in range(len(ROLES) + 1):
        yield from combinations(ROLES, count)


def shared(what: str, roles: tuple[str, ...]) -> str:
    """Return the title of what is shared with a mix of roles."""
    return f"Marker {what} for {' and '.join(roles) or 'nobody'}."


def seen_by(role: str, what: str) -> list[str]:
    """Return the titles of what is shared with a role."""
    return [shared(what, roles) for roles in mixes() if role in roles]


def unseen_by(role: str, what: str) -> list[str]:
    """Return the titles of what is not."""
    return [shared(what, roles) for roles in mixes() if role not in roles]


def message_to(role: str) -> str:
    """Return the subject of what staff write to a role, which is in the message, too."""
    return f"Marker message to the {role}."


def records() -> dict[str, list[dict[str, Any]]]:
    """Return records of every kind."""
    soon, past = NOW + timedelta(days=3), NOW - timedelta(days=30)
    documents = [
        {
            "id": f"{kind}-{'-'.join(roles)}",
            "kind": kind,
            "title": shared(kind, roles),
            "content": b64encode(f"Text: {shared(kind, roles)}".encode()).decode(),
            "shared_with": list(roles),
        }
        for kind in ("evaluation", "consent")
        for roles in mixes()
    ]
    plans = [
        {
            "id": f"plan-{'-'.join(roles)}",
            "title": shared("plan", roles),
            "goals": [f"Goal: {shared('plan', roles)}"],
            "shared_with": list(roles),
        }
        for roles in mixes()
    ]
    return {
        "episodes": [
            {"id": "e", "program": "Marker program", "admitted_on": "2026-03-02"}
            | {"provider": "Marker case manager"}
        ],
        "appointments": [
            _appointment("a-1", "Marker visit", soon),
            _appointment("a-2", "Marker group", soon, is_group=True),
            _appointment("a-3", "Marker earlier visit", past),
        ],
        "medications": [
            {"id": "m-1", "name": "Marker pill", "prescriber": "Marker prescriber"}
            | {"pharmacy": "Marker pharmacy"},
            {"id": "m-2", "name": "Marker earlier pill", "is_active": False},
        ],
        "attachments": [
            {"id": "x-1", "kind": "insurance_card", "file_name": "Marker card.pdf"}
            | {"content": b64encode(b"%PDF-1.7 Marker card").decode()}
        ],
        "outcomes": [
            {"id": "o", "measure": "Marker measure", "score": 17.25, "taken_at": past.isoformat()}
        ],
        "documents": documents,
        "treatment_plans": plans,
    }


def _appointment(record: str, title: str, starts_at: datetime, **more: Any) -> dict[str, Any]:
    link = f"https://video.example/{title.lower().replace(' ', '-')}"
    said = {"provider": f"{title} doctor", "place": f"{title} room", "telehealth_url": link}
    return {"id": record, "title": title, "starts_at": starts_at.isoformat()} | said | more


@dataclass
class Family:
    """A centre with the chart, and a browser of each role in which they signed in."""

    center: Center
    visitors: dict[str, Visitor]


async def family(center: Center) -> Family:
    """Fill a chart, invite a patient, a guardian and a guarantor, and let them accept."""
    await center.opens(messages_enabled=True)
    insured = [{"resource": resource} for resource in INSURANCE]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": insured}
    await center.call("POST", "/fhir", bundle)
    patient = await center.has_chart("c-1", "kid@family.example", "Kim", id="c-1", **PATIENT)
    guardian = await center.has_guardian("c-1", "rosa@family.example")
    payer = {"id": "r-1", "relationship": "Guarantor", "given_name": "Omar"}
    payer |= {"family_name": "Lopez", "email": "omar@family.example"}
    await center.call("POST", "/charts/c-1/contacts", payer)
    guarantor = guardian.model_copy(update={"person": "r-1"})
    await center.call("POST", "/charts/c-1/records", records())
    staff, visitors = await staff_of(center), {}
    for role, invitee in zip(ROLES, (patient, guardian, guarantor), strict=True):
        _, token = await center.invites(invitee)
        visitors[role] = Visitor(center.stack.portal_url)
        page = await visitors[role].accepts(token)
        assert page.url.path == f"/charts/c-1/{role}"
        await writes(staff, invitee.person, message_to(role), f"Text: {message_to(role)}")
    await staff.client.aclose()
    return Family(center, visitors)
