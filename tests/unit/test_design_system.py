"""Browsers load one stylesheet, which is every part in its order, and keep it while it lasts."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from chassis.web.design_system import ORDER, PARTS, DesignSystem

STYLESHEET = "/static/portico.css"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.mount("/static", DesignSystem())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


def test_every_part_has_one_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(part.stem for part in PARTS.iterdir())


async def test_what_is_served_is_every_part_in_its_order(client: httpx.AsyncClient) -> None:
    answer = await client.get(STYLESHEET)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert answer.text == "\n".join((PARTS / f"{name}.css").read_text() for name in ORDER)


async def test_a_browser_that_has_it_is_not_sent_it_again(client: httpx.AsyncClient) -> None:
    kept = (await client.get(STYLESHEET)).headers
    conditions = [
        {"If-None-Match": kept["etag"]},
        {"If-Modified-Since": kept["last-modified"]},
    ]
    for condition in conditions:
        answer = await client.get(STYLESHEET, headers=condition)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == kept["etag"]
    changed = await client.get(STYLESHEET, headers={"If-None-Match": '"another"'})
    assert changed.status_code == 200


async def test_it_stands_among_files_and_cannot_be_written(client: httpx.AsyncClient) -> None:
    assert (await client.get("/static/passkeys.js")).status_code == 200
    assert (await client.get("/static/tokens.css")).status_code == 404
    refused = await client.post(STYLESHEET)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
