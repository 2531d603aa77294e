"""How fast charts and people are found among 100,000 charts, beside a page of one row."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

import httpx

from bench import plans, views
from bench.fill import fill
from devstack import credentials
from devstack.stack import Stack
from devstack.status import status

_ORGANIZATION = "bench"
_EMAIL, _PASSWORD = "staff@bench.example", "green-hills-demo-1"
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


async def run(
    stack: Stack, charts: int, rounds: int, progress: Progress, *, with_plans: bool
) -> dict[str, Any]:
    """Fill an organisation in a running stack and look at it; return times in milliseconds."""
    url = stack.infrastructure.postgres.url("chart")
    address = status(stack.home.folder)["urls"]["emr"] or ""
    token = credentials.load_or_create(stack.home.secrets).api_token
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await _open(client, token)
        with progress(charts) as advance:
            await fill(url, _ORGANIZATION, charts, advance)
        client.headers["Accept"] = "text/html"
        await views.sign_in(client, _EMAIL, _PASSWORD)
        floor = await views.measure(client, views.FLOOR, rounds)
        timings = [await views.measure(client, view, rounds) for view in views.VIEWS]
    return {
        "charts": charts,
        "floor": asdict(floor),
        "views": [
            asdict(timing) | {"ratio_to_floor": round(timing.ms_p50 / floor.ms_p50, 2)}
            for timing in timings
        ],
        "plans": await plans.explain(url, _ORGANIZATION) if with_plans else {},
    }


async def _open(client: httpx.AsyncClient, token: str) -> None:
    path = f"/api/v1/organizations/{_ORGANIZATION}"
    headers = {"Authorization": f"Bearer {token}"}
    body = {"name": "Sunrise Recovery Center", "phone": "+1 202-555-0143"}
    (await client.put(path, json=body, headers=headers)).raise_for_status()
    staff = {"email": _EMAIL, "name": "Kim Park", "password": _PASSWORD}
    (await client.post(f"{path}/staff", json=staff, headers=headers)).raise_for_status()
