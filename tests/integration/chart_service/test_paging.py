"""Lists of the API come in parts that name the parts around them."""

import pytest

from tests.integration.chart_service.conftest import Center


async def _has_five_of(center: Center, name: str) -> str:
    """Make five entries of a list; return its address."""
    if name == "alerts":
        contacts = [
            {"id": f"p-{n}", "given_name": "Luis", "family_name": "Lopez", "email": "x@y.example"}
            | {"relationship": "Guardian"}
            for n in range(2, 6)
        ]
        await center.has_chart(contacts=contacts)
        for n in range(1, 6):
            assert (await center.invites(f"p-{n}")).status_code == 202
        return f"{center.path}/charts/c-1/alerts"
    await center.has_chart()
    path = f"{center.path}/charts/c-1/{name}" if name == "episodes" else f"{center.path}/{name}"
    for n in range(5):
        body = {
            "episodes": {"program": f"Program {n}"},
            "locations": {"name": f"Place {n}"},
            "policies": {"text": f"Version {n}"},
        }[name]
        one = f"{path}/terms" if name == "policies" else f"{path}/x-{n}"
        assert (await center.api.put(one, json=body)).status_code in {200, 201}
    return path


@pytest.mark.parametrize("name", ["alerts", "episodes", "locations", "policies"])
async def test_a_list_is_read_part_by_part(center: Center, name: str) -> None:
    path = await _has_five_of(center, name)
    everything = (await center.api.get(path)).json()
    assert len(everything) == 5
    address, seen = f"{path}?limit=2", []
    for _ in range(3):
        answer = await center.api.get(address)
        seen += answer.json()
        address = answer.links.get("next", {}).get("url", "")
    assert (seen, address) == (everything, "")
    assert answer.links["prev"]["url"].endswith("limit=2&offset=2")
    assert (await center.api.get(path, params={"limit": 0})).status_code == 422
