"""ROLE_TABLE.md, cell by cell, as people meet it: what is theirs is there, all else is nowhere."""

import re
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from chassis.security.service_calls import Signer
from services.chart_service import app as chart_app
from tests.chart_settings import chart_settings, signing_key
from tests.integration.portal_access.filled_chart import (
    PEOPLE,
    ROLES,
    Family,
    message_to,
    seen_by,
    unseen_by,
)
from tests.integration.portal_access.stack import Center, Stack

PREFERRED, IDENTITY = "Markerpreferred", "Markeridentity"
PRESCRIBER, STAFFS_FILE = "Marker prescriber", "Marker card"


def visit(title: str) -> list[str]:
    """Return what is shown of an appointment: with whom, where, and the link to join."""
    link = f"https://video.example/{title.lower().replace(' ', '-')}"
    return [title, f"{title} doctor", f"{title} room", link]


AHEAD = [*visit("Marker visit"), *visit("Marker group")]
EARLIER = visit("Marker earlier visit")[:-1]  # what is over cannot be joined
INSURANCE = ["Marker insurer", "Marker gold plan", "MARKER-4711"]
DASHBOARD = ["Kim Markername", "M-c-1", "Marker program", "Marker case manager", "1 Marker Street"]
DASHBOARD += [*AHEAD, *INSURANCE, "Marker pill", "Marker pharmacy"]
PERSON = ["Kim Markername", "1 Marker Street", *INSURANCE, "Rosa Lopez", "Omar Lopez"]
VISITS = [*AHEAD, *EARLIER]
PILLS = ["Marker pill", PRESCRIBER, "Marker pharmacy", "Marker earlier pill"]


class Cell(NamedTuple):
    """A cell of the table: a section, a role, and what it shows; None when it is not there."""

    section: str
    role: str
    shows: list[str] | None


TABLE = [
    Cell("", "patient", [*DASHBOARD, PREFERRED]),
    Cell("", "guardian", DASHBOARD),
    Cell("", "guarantor", DASHBOARD),
    Cell("information", "patient", [*PERSON, PREFERRED, IDENTITY]),
    Cell("information", "guardian", PERSON),
    Cell("information", "guarantor", None),
    Cell("appointments", "patient", VISITS),
    Cell("appointments", "guardian", VISITS),
    Cell("appointments", "guarantor", None),
    *(
        Cell("documents", role, seen_by(role, "evaluation") + seen_by(role, "consent"))
        for role in ROLES
    ),
    Cell("documents/outcomes", "patient", ["Marker measure", "17.25"]),
    Cell("documents/outcomes", "guardian", None),
    Cell("documents/outcomes", "guarantor", None),
    *(Cell("treatment-plans", role, seen_by(role, "plan")) for role in ROLES),
    *(Cell("files", role, ["Upload a file"]) for role in ROLES),
    *(Cell("messages", role, [message_to(role)]) for role in ROLES),
    Cell("medications", "patient", PILLS),
    Cell("medications", "guardian", PILLS),
    Cell("medications", "guarantor", None),
]
"""The requirement's own words, not those of contracts/scopes.py."""

_PATIENTS_OWN = [PREFERRED, IDENTITY, "Marker measure", "17.25"]
HIDDEN = {
    "patient": [STAFFS_FILE],
    "guardian": [*_PATIENTS_OWN, STAFFS_FILE],
    "guarantor": [*_PATIENTS_OWN, STAFFS_FILE, *EARLIER, "Marker earlier pill", PRESCRIBER],
}
"""What must not be in any response to a role, besides what is not shared with it."""


def hidden_from(role: str) -> list[str]:
    """Return all that a role must meet nowhere."""
    unshared = [
        title for what in ("evaluation", "consent", "plan") for title in unseen_by(role, what)
    ]
    return HIDDEN[role] + unshared + [message_to(other) for other in ROLES if other != role]


@pytest.mark.parametrize("cell", TABLE, ids=lambda c: f"{c.section or 'dashboard'}-{c.role}")
async def test_a_cell_of_the_table(those: Family, cell: Cell) -> None:
    home = f"/charts/c-1/{cell.role}"
    visitor = those.visitors[cell.role]
    page = await visitor.get(f"{home}/{cell.section}".rstrip("/"))
    above = f"{home}/{cell.section.partition('/')[0]}" if "/" in cell.section else home
    linked = f'href="{home}/{cell.section}"'.replace('/"', '"') in (await visitor.get(above)).text
    if cell.shows is None:
        assert page.status_code == 404
        assert not linked
        return
    assert page.status_code == 200
    assert linked
    assert [marker for marker in cell.shows if marker not in page.text] == []


@pytest.mark.parametrize("role", ROLES)
async def test_my_account_is_ones_own(those: Family, role: str) -> None:
    visitor = those.visitors[role]
    assert 'href="/account"' in (await visitor.get(f"/charts/c-1/{role}")).text
    page = await visitor.get("/account")
    assert page.status_code == 200
    shown = page.text.replace("<wbr>", "")
    emails = {"patient": "kid", "guardian": "rosa", "guarantor": "omar"}
    for other, name in emails.items():
        assert (f"{name}@family.example" in shown) == (other == role)
    assert [marker for marker in (*PERSON, "202-555-0177") if marker in shown] == []


@pytest.mark.parametrize("role", ROLES)
async def test_what_a_role_may_not_see_is_in_no_response(those: Family, role: str) -> None:
    visitor = those.visitors[role]
    ahead, seen = ["/", *(f"/charts/c-1/{role}/{one}" for one in SECTIONS)], {"/sign-out"}
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = await visitor.get(path)
        ahead += re.findall(r'(?:href|src)="(/[^"#?]*)', answer.text)
        said = f"{answer.headers!r} {answer.content.decode(errors='replace')}"
        assert [marker for marker in hidden_from(role) if marker in said] == [], path
    assert len(seen) > 8


SECTIONS = (
    *("information", "appointments", "documents", "treatment-plans"),
    *("medications", "files", "messages", "photo", "outcomes"),
)


@pytest.mark.parametrize("role", ROLES)
async def test_other_charts_roles_and_organizations_are_not_there(
    those: Family, stack: Stack, role: str
) -> None:
    await those.center.has_chart("c-2", "other@family.example", "Markerother")
    elsewhere = Center(stack)
    await elsewhere.opens()
    await elsewhere.has_chart("c-far", "far@family.example", "Markerfar")
    visitor = those.visitors[role]
    others = [one for one in ROLES if one != role]
    for home in (
        *(f"/charts/c-1/{other}" for other in others),
        *(f"/charts/{chart}/{any_role}" for chart in ("c-2", "c-far", "c-3") for any_role in ROLES),
        *("/charts/c-1/admin", "/charts/%2e%2e/patient", "/charts/c-1%2Fx/patient"),
    ):
        for section in ("", "/information", "/appointments", "/appointments/a-3.ics", "/photo"):
            answer = await visitor.get(home + section)
            assert answer.status_code == 404, home + section
            assert "Marker" not in answer.text


async def read(stack: Stack, token: str, path: str) -> httpx.Response:
    """Ask chart_service itself."""
    async with httpx.AsyncClient(base_url=stack.chart_url) as client:
        return await client.get(path, headers={"Authorization": f"Bearer {token}"})


def access_paths(stack: Stack) -> list[str]:
    """Return every path of chart_service's API for the portal that can be read without an id."""
    app = chart_app.build(chart_settings(stack.servers))
    return [
        path
        for route in iter_route_contexts(app.routes)
        if (path := route.path or "").startswith(ACCESS)
        and "GET" in (route.methods or ())
        and "{" not in path
    ]


ACCESS = "/api/v1/access"
ALL_SCOPES = [
    *("dashboard", "dashboard.preferred_name", "information", "information.gender_identity"),
    *("appointments", "documents.evaluations", "documents.consents", "documents.outcomes"),
    *("treatment_plans", "medications", "files.upload", "account", "messages"),
]


def claims_of(those: Family, role: str) -> dict[str, Any]:
    """Return what portal_access vouches for, but for the scopes."""
    where = {"organization": those.center.id, "chart": "c-1"}
    return where | {"sub": "a", "person": PEOPLE[role], "role": role}


@pytest.mark.parametrize("role", ROLES)
async def test_chart_service_itself_keeps_to_the_role_whatever_scopes_are_claimed(
    those: Family, stack: Stack, role: str
) -> None:
    signer = Signer("portal_access", stack.portal_settings.signing_key)
    claims = claims_of(those, role)
    paths = access_paths(stack)
    assert len(paths) >= 9
    for path in paths:
        answer = await read(stack, signer.sign("chart_service", scopes=ALL_SCOPES, **claims), path)
        said = f"{answer.headers!r} {answer.content.decode(errors='replace')}"
        assert [marker for marker in hidden_from(role) if marker in said] == [], path
        no_scopes = await read(stack, signer.sign("chart_service", scopes=[], **claims), path)
        assert no_scopes.status_code == 403, path


async def test_calls_that_are_not_the_portals_open_nothing(those: Family, stack: Stack) -> None:
    claims = claims_of(those, "patient") | {"scopes": ALL_SCOPES}
    portal = Signer("portal_access", stack.portal_settings.signing_key)
    good = portal.sign("chart_service", **claims)
    head, _, signature = good.rpartition(".")
    tampered = f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    stranger = Signer("portal_access", signing_key()).sign("chart_service", **claims)
    expired = portal.sign("chart_service", **claims | {"exp": 1_700_000_000})
    of_another = portal.sign("chart_service", **claims | {"organization": "somebody-elses"})
    for path in access_paths(stack):
        for token in (tampered, stranger, expired, "none"):
            assert (await read(stack, token, path)).status_code == 401, path
        assert (await read(stack, of_another, path)).status_code == 404, path


def test_the_copy_of_the_table_names_each_cell_once() -> None:
    cells = [(cell.section, cell.role) for cell in TABLE]
    assert len(cells) == len(set(cells))
    assert {role for _, role in cells} == set(ROLES)
    assert seen_by("patient", "plan")
