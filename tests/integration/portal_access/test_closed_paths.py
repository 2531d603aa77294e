"""What has an address of its own is closed, too, to whom it is not for, or not any more."""

import re

import pytest

from chassis.security.service_calls import Signer
from contracts.chart import PersonChanged
from tests.integration.portal_access.filled_chart import ROLES, Family, mixes, records
from tests.integration.portal_access.stack import Center, Stack, Visitor
from tests.integration.portal_access.test_role_table import (
    ACCESS,
    ALL_SCOPES,
    claims_of,
    read,
    visit,
)
from tests.waiting import until

NOT_THEIRS = {
    "patient": (),
    "guardian": ("/outcomes",),
    "guarantor": ("/outcomes", "/information", "/appointments", "/medications"),
}
"""What the role table keeps from a role as a whole."""


@pytest.mark.parametrize("role", ROLES)
async def test_a_past_appointment_is_a_file_for_whom_appointments_are_there(
    those: Family, role: str
) -> None:
    answer = await those.visitors[role].get(f"/charts/c-1/{role}/appointments/a-3.ics")
    if role == "guarantor":
        assert answer.status_code == 404
        assert "Marker" not in answer.text
        return
    assert answer.headers["content-type"].startswith("text/calendar")
    title, _, _, link = visit("Marker earlier visit")
    assert f"SUMMARY:{title}" in answer.text
    assert f"LOCATION:{link}" in answer.text


@pytest.mark.parametrize("role", ROLES)
async def test_what_has_an_id_is_refused_whatever_scopes_are_claimed(
    those: Family, stack: Stack, role: str
) -> None:
    signer = Signer("portal_access", stack.portal_settings.signing_key)
    token = signer.sign("chart_service", scopes=ALL_SCOPES, **claims_of(those, role))
    closed = [f"/documents/{one}" for one in documents(role, shared=False)]
    closed += [f"{path}/content" for path in (*closed, "/files/x-1")]
    for path in (*closed, *NOT_THEIRS[role]):
        answer = await read(stack, token, f"{ACCESS}{path}")
        assert answer.status_code in {403, 404}, path
        assert "Marker" not in answer.text, path
    for one in documents(role, shared=True):
        assert (await read(stack, token, f"{ACCESS}/documents/{one}/content")).is_success


def documents(role: str, *, shared: bool) -> list[str]:
    """Return the ids of what is shared with a role, or not."""
    return [
        f"{kind}-{'-'.join(roles)}"
        for kind in ("evaluation", "consent")
        for roles in mixes()
        if (role in roles) is shared
    ]


async def test_an_open_session_loses_the_chart_as_soon_as_the_relationship_ends(
    center: Center, stack: Stack, visitor: Visitor
) -> None:
    await center.opens(messages_enabled=True)
    await center.has_chart("c-1", "kid@family.example", "Kim")
    await center.call("POST", "/charts/c-1/records", records())
    guardian = await center.has_guardian("c-1", "rosa@family.example")
    dashboard = await visitor.accepts((await center.invites(guardian))[1])
    home = "/charts/c-1/guardian"
    pages = set(re.findall(rf'href="({home}[^"#]*)"', dashboard.text))
    pages |= {f"{home}/appointments/a-1.ics", f"{home}/documents/shared/consent-guardian"}
    assert len(pages) > 7
    for page in pages:
        assert (await visitor.get(page)).is_success, page
    await center.call("PATCH", "/charts/c-1/people/g-1", {"ended": True})
    [news] = await center.stack.events.wait_for(
        PersonChanged, lambda e: e.data.invitee == guardian and e.data.ended
    )

    async def consumed() -> bool:
        return await stack.rows("SELECT count(*) FROM inbox WHERE event_id = :id", id=news.id) == 1

    async def all_closed() -> bool:
        return all([(await visitor.get(page)).status_code == 404 for page in pages])

    await until(consumed)
    await until(all_closed, seconds=1)
    assert home not in (await visitor.get("/")).text
