"""What the console may delete of dead letters: never one that nobody decided about."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.ops_console import sweeper
from services.ops_console.decided_prefix import DecidedPrefix
from services.ops_console.letters import letters_in
from tests.unit.test_dead_letters import FAILED_AT, failed, record

BEFORE = FAILED_AT + timedelta(days=30)
LONG_AGO = FAILED_AT.isoformat()
LATELY = (FAILED_AT + timedelta(days=31)).isoformat()


def resolved(offset: int, which: int | str, /, **headers: str) -> Any:
    """Return a resolution's record, of long ago; `which` is the letter's offset, or the header."""
    resolves = which if isinstance(which, str) else f"0:{which}"
    usual = {"resolves": resolves, "resolution": "replayed", "by": "cli:ana"}
    return record(offset, **usual | {"at": LONG_AGO, "why": ""} | headers)


def end_of(records: Iterable[Any], most: int = 100) -> int:
    """Return the offset before which all may go."""
    prefix = DecidedPrefix(BEFORE, most)
    for each in records:
        prefix.add(each)
    return prefix.end


def test_where_nothing_lies_nothing_goes() -> None:
    assert end_of([]) == 0


def test_what_was_decided_long_ago_goes_with_its_resolutions() -> None:
    discarded = resolved(3, 2, resolution="discarded")
    assert end_of([failed(0), resolved(1, 0), failed(2), discarded]) == 4


def test_all_that_follows_an_undecided_one_stays() -> None:
    assert end_of([failed(0), failed(1), resolved(2, 0), failed(3), resolved(4, 3)]) == 1
    assert end_of([failed(0), failed(1), resolved(2, 1)]) == 0


def test_what_was_decided_lately_stays() -> None:
    first = [failed(0), failed(1), resolved(2, 0)]
    assert end_of([*first, resolved(3, 1, at=LATELY)]) == 1
    assert end_of([*first, resolved(3, 1, at=BEFORE.isoformat())]) == 1
    assert end_of([*first, resolved(3, 1)]) == 4


def test_what_was_decided_first_holds() -> None:
    assert end_of([failed(0), resolved(1, 0, at=LATELY), resolved(2, 0)]) == 0
    assert end_of([failed(0), resolved(1, 0), resolved(2, 0, at=LATELY)]) == 3


def test_a_resolution_whose_letter_is_gone_goes_too() -> None:
    assert end_of([resolved(7, 3), failed(8), resolved(9, 5, at=LATELY)]) == 8
    assert end_of([resolved(7, 3)]) == 8


def test_offsets_may_have_gaps() -> None:
    assert end_of([failed(10), resolved(20, 10), failed(30), resolved(40, 30)]) == 41


def test_a_resolution_decides_nothing_that_comes_after_it() -> None:
    assert end_of([resolved(0, 1), failed(1)]) == 1


@pytest.mark.parametrize(
    "strange",
    [
        record(2, b"key", b"what is this"),
        resolved(2, 0, at="yesterday"),
        resolved(2, 0, at="2020-03-02T09:30:00"),
        resolved(2, 0, resolution="forgiven"),
        resolved(2, "0"),
        replace(record(2), headers=(("resolves", None),)),
        resolved(2, "1:0"),
        record(2, resolves="0:0"),
    ],
)
def test_what_is_not_understood_stays_and_so_does_all_that_follows(strange: Any) -> None:
    decided = [failed(0), failed(1), resolved(3, 0), resolved(4, 1)]
    assert end_of([*decided[:2], strange, *decided[2:]]) == 2


def test_what_is_still_open_after_a_resolution_is_no_decision() -> None:
    records = [failed(0), resolved(1, 0, resolution="open"), resolved(2, 0)]
    assert letters_in(records)[0].state == "open"
    assert end_of(records) == 0


def test_what_fails_again_after_a_replay_is_another_that_stays() -> None:
    records = [failed(0, source=7), resolved(1, 0), failed(2, source=9)]
    assert end_of(records) == 2
    (left,) = letters_in(records[2:])
    assert left.state == "open"


def test_of_many_the_oldest_go_first() -> None:
    letters = [failed(each) for each in range(5)]
    resolutions = [resolved(5 + each, each) for each in range(5)]
    assert end_of([*letters, *resolutions], most=3) == 3


def test_whatever_goes_no_open_letter_is_among_it_and_none_becomes_open() -> None:
    records = [failed(0), resolved(1, 0), failed(2), failed(3), resolved(4, 3), resolved(5, 2)]
    for length in range(len(records) + 1):
        end = end_of(records[:length])
        gone = [one for one in letters_in(records[:length]) if one.place.offset < end]
        left = {one.id: one.state for one in letters_in(records[end:])}
        states = {one.id: one.state for one in letters_in(records)}
        assert all(one.state == "replayed" for one in gone)
        assert left == {each: states[each] for each in left}


async def test_kafka_being_away_is_said_once() -> None:
    tries: asyncio.Queue[None] = asyncio.Queue()

    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.put_nowait(None)
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1") as nobody:
        host, port = nobody.sockets[0].getsockname()
        with capture_logs() as lines:
            sweeping = asyncio.create_task(sweeper.run(f"{host}:{port}", 30, seconds=0))
            async with asyncio.timeout(60):
                for _ in range(5):
                    await tries.get()
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
    assert [line["event"] for line in lines] == [
        "decided dead letters cannot be deleted; tried again later"
    ]
