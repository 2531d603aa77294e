"""ROLE_TABLE.md, cell by cell, as people meet it: what is theirs is there, all else is nowhere."""

import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest

from chassis.security.service_calls import Signer
from tests.chart_settings import signing_key
from tests.integration.portal_access.filled_chart import (
    ROLES,
    Family,
    family,
    message_to,
    seen_by,
    unseen_by,
)
from tests.integration.portal_access.stack import Center, Stack

PREFERRED, IDENTITY = "Markerpreferred", "Markeridentity"
AHEAD = ["Marker visit", "Marker group"]
DASHBOARD = ["Kim Markername", "M-c-1", "Marker program", "1 Marker Street", *AHEAD]
DASHBOARD += ["Marker pill", "Marker pharmacy"]
PERSON = ["Kim Markername", "1 Marker Street", "Rosa Lopez", "Omar Lopez"]
VISITS = [*AHEAD, "Marker earlier visit"]
PILLS = ["Marker pill", "Marker pharmacy", "Marker earlier pill"]


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

HIDDEN = {
    "patient": [],
    "guardian": [PREFERRED, IDENTITY, "Marker measure", "17.25"],
    "guarantor": [PREFERRED, IDENTITY, "Marker measure", "17.25", "Marker earlier"],
}
"""What must not be in any response to a role, besides what is not shared with it."""


def hidden_from(role: str) -> list[str]:
    """Return all that a role must meet nowhere."""
    unshared = [
        title for what in ("evaluation", "consent", "plan") for title in unseen_by(role, what)
    ]
    return HIDDEN[role] + unshared + [message_to(other) for other in ROLES if other != role]


@pytest.fixture(scope="module")
async def those(stack: Stack) -> AsyncIterator[Family]:
    """The family of these tests, which change nothing."""
    opened = Center(stack)
    found = await family(opened)
    yield found
    for visitor in found.visitors.values():
        await visitor.client.aclose()


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


async def access_paths(stack: Stack) -> list[str]:
    """Return every path of chart_service's API for the portal that can be read without an id."""
    async with httpx.AsyncClient(base_url=stack.chart_url) as client:
        paths: dict[str, Any] = (await client.get("/openapi.json")).json()["paths"]
    prefix = "/api/v1/access/"
    return [
        p for p, does in paths.items() if p.startswith(prefix) and "get" in does and "{" not in p
    ]


PEOPLE = {"patient": "p-1", "guardian": "g-1", "guarantor": "r-1"}
ALL_SCOPES = [
    *("dashboard", "dashboard.preferred_name", "information", "information.gender_identity"),
    *("appointments", "documents.evaluations", "documents.consents", "documents.outcomes"),
    *("treatment_plans", "medications", "files.upload", "account", "messages"),
]


@pytest.mark.parametrize("role", ROLES)
async def test_chart_service_itself_keeps_to_the_role_whatever_scopes_are_claimed(
    those: Family, stack: Stack, role: str
) -> None:
    signer = Signer("portal_access", stack.portal_settings.signing_key)
    claims = {"sub": "a", "organization": those.center.id, "chart": "c-1"}
    claims |= {"person": PEOPLE[role], "role": role}
    paths = await access_paths(stack)
    assert len(paths) >= 5
    for path in paths:
        answer = await read(stack, signer.sign("chart_service", scopes=ALL_SCOPES, **claims), path)
        said = f"{answer.headers!r} {answer.content.decode(errors='replace')}"
        assert [marker for marker in hidden_from(role) if marker in said] == [], path
        no_scopes = await read(stack, signer.sign("chart_service", scopes=[], **claims), path)
        assert no_scopes.status_code == 403, path


async def test_calls_that_are_not_the_portals_open_nothing(those: Family, stack: Stack) -> None:
    claims: dict[str, Any] = {"sub": "a", "organization": those.center.id, "chart": "c-1"}
    claims |= {"person": "p-1", "role": "patient", "scopes": ALL_SCOPES}
    portal = Signer("portal_access", stack.portal_settings.signing_key)
    good = portal.sign("chart_service", **claims)
    head, _, signature = good.rpartition(".")
    tampered = f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    stranger = Signer("portal_access", signing_key()).sign("chart_service", **claims)
    expired = portal.sign("chart_service", **claims | {"exp": 1_700_000_000})
    of_another = portal.sign("chart_service", **claims | {"organization": "somebody-elses"})
    for path in await access_paths(stack):
        for token in (tampered, stranger, expired, "none"):
            assert (await read(stack, token, path)).status_code == 401, path
        assert (await read(stack, of_another, path)).status_code == 404, path


def test_the_copy_of_the_table_names_each_cell_once() -> None:
    cells = [(cell.section, cell.role) for cell in TABLE]
    assert len(cells) == len(set(cells))
    assert {role for _, role in cells} == set(ROLES)
    assert seen_by("patient", "plan")
