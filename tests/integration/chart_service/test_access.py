"""What the portal may read of a chart: only by signed calls, only the role's fields."""

from typing import Any

import httpx
import pytest

from chassis.security.service_calls import Signer
from contracts.scopes import Role, scopes_of
from tests.integration.chart_service.conftest import Center
from tests.integration.chart_service.portal import Portal, new_signer

PATH = "/api/v1/access/chart"


@pytest.fixture
async def chart(center: Center) -> Center:
    """A chart with a patient and a guardian."""
    await center.has_chart(
        preferred_name="Annie",
        contacts=[
            {"id": "p-2", "given_name": "Luis", "family_name": "Lopez", "relationship": "Guardian"}
        ],
    )
    return center


async def read(
    stranger: httpx.AsyncClient,
    signer: Signer,
    audience: str = "chart_service",
    **claims: Any,
) -> httpx.Response:
    token = signer.sign(audience, sub="account", **claims)
    return await stranger.get(PATH, headers={"Authorization": f"Bearer {token}"})


def grant(center: Center, person: str, role: Role) -> dict[str, Any]:
    where = {"organization": center.id, "chart": "c-1", "person": person}
    return where | {"role": role, "scopes": scopes_of(role)}


async def test_the_patient_sees_the_preferred_name_and_a_guardian_does_not(
    chart: Center, stranger: httpx.AsyncClient, portal: Portal
) -> None:
    patient = await read(stranger, portal.signer, **grant(chart, "p-1", Role.PATIENT))
    assert patient.json() == {
        "chart": "c-1",
        "role": "patient",
        "legal_name": "Ana Lopez",
        "mrn": "MRN c-1",
        "preferred_name": "Annie",
    }
    generous = grant(chart, "p-2", Role.GUARDIAN) | {"scopes": scopes_of(Role.PATIENT)}
    guardian = await read(stranger, portal.signer, **generous)
    assert guardian.status_code == 200
    assert "Annie" not in guardian.text
    assert "preferred_name" not in guardian.json()


async def test_a_call_that_portal_access_did_not_sign_for_this_service_is_refused(
    chart: Center, stranger: httpx.AsyncClient, portal: Portal
) -> None:
    claims = grant(chart, "p-1", Role.PATIENT)
    assert (await stranger.get(PATH)).status_code == 401
    assert (await chart.api.get(PATH)).status_code == 401
    assert (await read(stranger, new_signer(), **claims)).status_code == 401
    assert (await read(stranger, portal.signer, "another", **claims)).status_code == 401


async def test_access_ends_with_the_relationship(
    chart: Center, stranger: httpx.AsyncClient, portal: Portal
) -> None:
    guardian = grant(chart, "p-2", Role.GUARDIAN)
    assert (await read(stranger, portal.signer, **guardian)).status_code == 200
    as_guarantor = grant(chart, "p-2", Role.GUARANTOR)
    assert (await read(stranger, portal.signer, **as_guarantor)).status_code == 403
    await chart.api.patch(f"{chart.path}/charts/c-1/people/p-2", json={"ended": True})
    answer = await read(stranger, portal.signer, **guardian)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:portico:problem:access_ended"
    assert "Ana" not in answer.text


async def test_a_signed_call_without_the_claims_is_refused(
    stranger: httpx.AsyncClient, portal: Portal
) -> None:
    assert (await read(stranger, portal.signer, organization="o")).status_code == 403
