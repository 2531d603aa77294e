"""A service is live while a restart would not help, and metrics are looked up once a second."""

import asyncio
from pathlib import Path

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from chassis.web.app import Task, create_app
from tests.waiting import until


async def live(app: FastAPI) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/health/live")


def families_of(answer: httpx.Response) -> set[str]:
    return {family.name for family in text_string_to_metric_families(answer.text)}


async def ends_for_good() -> None:
    raise asyncio.CancelledError


async def fails() -> None:
    raise ConnectionError


async def passes() -> str | None:
    return None


async def never_ends() -> None:
    await asyncio.Event().wait()


async def test_a_task_that_is_gone_for_good_needs_a_restart() -> None:
    app = create_app("a_service", Path(), {"relay": ends_for_good}, {}, [])

    async def is_dead() -> bool:
        return (await live(app)).status_code == 503

    async with app.router.lifespan_context(app):
        await until(is_dead)
        assert (await live(app)).json() == {"live": False, "ended": ["relay"]}


async def test_a_task_that_fails_begins_again_and_needs_no_restart() -> None:
    tries = 0

    async def fails_and_counts() -> None:
        nonlocal tries
        tries += 1
        await fails()

    async def was_tried_again() -> bool:
        return tries > 1

    tasks: dict[str, Task] = {"relay": fails_and_counts, "consumer": never_ends}
    app = create_app("a_service", Path(), tasks, {}, [])
    async with app.router.lifespan_context(app):
        await until(was_tried_again)
        answer = await live(app)
    assert (answer.status_code, answer.json()) == (200, {"live": True})


async def test_what_is_wrong_elsewhere_needs_no_restart() -> None:
    async def away() -> str | None:
        return "no broker answers"

    app = create_app("a_service", Path(), {"relay": never_ends}, {"kafka": away}, [])
    async with app.router.lifespan_context(app):
        assert (await live(app)).status_code == 200


async def test_whoever_asks_for_metrics_again_and_again_costs_one_look_a_second() -> None:
    looks = 0

    async def look() -> str | None:
        nonlocal looks
        looks += 1
        return None

    app = create_app("a_service", Path(), {}, {"kafka": look}, [])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = await asyncio.gather(*(client.get("/metrics") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert looks == 1


async def test_who_names_metrics_gets_those_alone() -> None:
    app = create_app("a_service", Path(), {}, {"kafka": passes}, [])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        everything = await client.get("/metrics")
        asked = {"name[]": ["portico_check_passing", "a_name_of_none"]}
        named = await client.get("/metrics", params=asked)
    assert families_of(everything) > {"portico_check_passing"}
    assert families_of(named) == {"portico_check_passing"}
