"""What staff look at in the list of charts and the directory, and how long each view takes."""

import re
import statistics
import time
from dataclasses import dataclass

import httpx

from services.chart_service.models import Status

_TOKEN = re.compile(r'name="csrf_token" value="(\w+)"')


@dataclass(frozen=True)
class Looking:
    """A view: its address, and what is looked for, when something is."""

    name: str
    path: str
    q: str = ""


VIEWS = (
    Looking("charts: all", "/"),
    Looking("charts: page 1,000", "/?page=1000"),
    *(
        Looking(f"charts: “{q}”", "/", q)
        for q in ("maria", "garc", "lopez ana", "kar", "s", "m", "maria.smith4", "mrn-00500")
    ),
    Looking("directory: all", "/directory"),
    Looking("directory: last page", "/directory?before=last"),
    Looking("directory: by status", "/directory?sort=status"),
    Looking("directory: by last change", "/directory?sort=changed"),
    *(Looking(f"directory: {s.value}", f"/directory?status={s.value}") for s in Status),
    Looking("directory: pending, by last change", "/directory?status=pending&sort=changed"),
    *(
        Looking(f"directory: “{q}”", "/directory", q)
        for q in ("maria", "garc", "lopez ana", "kar", "s", "example", "maria.smith4", "mrn-00500")
    ),
    Looking("directory: pending, “maria”", "/directory?status=pending", "maria"),
    Looking("directory: bounced, “s”", "/directory?status=bounced", "s"),
    Looking("directory: not eligible, “s”", "/directory?status=not_eligible", "s"),
)
FLOOR = Looking("floor: a page of one row, found by its key", "/directory/people/c-000017/p-0")


@dataclass(frozen=True)
class Timing:
    """How long a view took, in milliseconds."""

    name: str
    ms_p50: float
    ms_p95: float


async def sign_in(client: httpx.AsyncClient, email: str, password: str) -> None:
    """Sign in as staff; the client keeps the session."""
    form = {"email": email, "password": password, "csrf_token": await _token(client, "/sign-in")}
    answer = await client.post("/sign-in", data=form)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"signing in failed: {answer.status_code}")


async def measure(client: httpx.AsyncClient, view: Looking, rounds: int) -> Timing:
    """Look `rounds` times, one after the other; some looks before are not counted.

    Raises:
        RuntimeError: the page did not come.
    """
    form = {"q": view.q, "csrf_token": await _token(client, "/")}
    times = []
    for number in range(rounds + 8):
        begun = time.perf_counter()
        sent = client.post(view.path, data=form) if view.q else client.get(view.path)
        answer = await sent
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{view.name}: {answer.status_code}")
        if number >= 8:  # noqa: PLR2004 - the first ones make connections and plans
            times.append((time.perf_counter() - begun) * 1000)
    return Timing(view.name, statistics.median(times), sorted(times)[int(rounds * 0.95)])


async def _token(client: httpx.AsyncClient, path: str) -> str:
    found = _TOKEN.search((await client.get(path)).text)
    if found is None:
        raise RuntimeError(f"no form at {path}")
    return found[1]
