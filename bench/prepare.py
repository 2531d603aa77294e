"""What must be there before invitations: an organisation, and a chart per invitee."""

import httpx

from bench.load import PATIENCE_SECONDS, address
from chassis.lag import caught_up
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from contracts.topics import CHART_ORGANIZATIONS, CHART_PEOPLE
from devstack import credentials
from devstack.stack import Stack
from devstack.status import status

NAME = "Sunrise Recovery Center"
PHONE = "+1 202-555-0143"
_ORGANIZATION = "bench"
_CHARTS_PER_REQUEST = 1000


async def requests(stack: Stack, counts: dict[str, int]) -> list[list[tuple[str, bytes]]]:
    """Make a chart per invitee of each run; return each run's InviteRequested as (key, value)."""
    charts = [f"{run}-{number}" for run, count in counts.items() for number in range(count)]
    await _make_charts(stack, charts)
    await _known_to_invitation_service(stack.infrastructure.kafka.bootstrap_servers)
    return [[request(run, n) for n in range(count)] for run, count in counts.items()]


def request(run: str, number: int) -> tuple[str, bytes]:
    """Return a new InviteRequested for one invitee of a run, as (key, value)."""
    invitee = Invitee(organization=_ORGANIZATION, chart=f"{run}-{number}", person="patient")
    data = InviteRequestedData(invitee=invitee, role=Role.PATIENT, email=address(run, number))
    return invitee.key, InviteRequested.of(data).model_dump_json().encode()


async def _make_charts(stack: Stack, charts: list[str]) -> None:
    now = status(stack.home.folder)
    token = credentials.load_or_create(stack.home.secrets).api_token
    base = f"{now['urls']['emr']}/api/v1/organizations/{_ORGANIZATION}"
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=60) as client:
        made = await client.put(base, json={"name": NAME, "phone": PHONE})
        made.raise_for_status()
        for start in range(0, len(charts), _CHARTS_PER_REQUEST):
            body = [_chart(chart) for chart in charts[start : start + _CHARTS_PER_REQUEST]]
            (await client.post(f"{base}/charts", json=body)).raise_for_status()


def _chart(chart: str) -> dict[str, object]:
    patient = {"id": "patient", "given_name": "Ana", "family_name": "Lopez"}
    return {"id": chart, "mrn": chart, "patient": patient}


async def _known_to_invitation_service(servers: str) -> None:
    """Wait until invitation_service has read all news of people and organisations."""
    topics = (CHART_PEOPLE, CHART_ORGANIZATIONS)
    if not await caught_up(servers, "invitation_service", topics, PATIENCE_SECONDS):
        raise TimeoutError(f"invitation_service lags behind after {PATIENCE_SECONDS:.0f} s")
