"""The console stays small: with an hour of a busy flow, and while somebody signs in."""

import subprocess
import sys

MOST_MIB = 200
HOUR = """
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiokafka import TopicPartition

import chassis.serving
from chassis.security import passwords
from contracts.topics import TOPICS
from services.ops_console.app import build
from services.ops_console.collector import GROUPS
from services.ops_console.flow_history import History, Sample
from services.ops_console.hour import Hour
from services.ops_console.offsets import Reading
from services.ops_console.plots import rows_of
from services.ops_console.service_metrics import Waiting
from services.ops_console.settings import Settings

hashed = passwords.hash_now("green hills of spring")
build(Settings(kafka_bootstrap_servers="none:1", ops_users={"ops": hashed},
    ops_secret="a secret of the tests", ops_url="http://127.0.0.1"))
partitions = [TopicPartition(t.name, p) for t in TOPICS for p in range(t.partitions)]
history, hour, begin = History(), Hour(), datetime(2026, 3, 2, tzinfo=UTC)
for reading in (*range(0, 7080, 20), *range(7080, 7200)):  # what is kept of two a second
    ends = {at: 10_000 + reading * 60 for at in partitions}
    committed = {group: {at: end - 3 for at, end in ends.items()} for group in GROUPS}
    waiting = {f"{g}{n}": Waiting(reading, 0.5, reading) for g in GROUPS for n in ("", "-2")}
    history.add(Sample(begin + timedelta(seconds=reading / 2), Reading(ends, committed)))
    hour.add(history, waiting)
rows_of(list(hour.points))
passwords.hash_now("green hills of spring")
lines = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


def test_an_hour_of_events_and_a_sign_in_fit_into_200_mib() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", HOUR], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < MOST_MIB
