"""Kafka's kept classes: Java starts from them, and without them where they cannot be kept."""

import subprocess
from io import StringIO
from pathlib import Path

from rich.console import Console

from devstack import kafka_classes
from devstack.kafka_jars import jar_folder
from devstack.kafka_java import java, kept_classes
from devstack.paths import cache_folder


def test_java_starts_from_the_kept_classes() -> None:
    kafka_classes.keep(cache_folder())
    # Told so, Java does not start at all when it cannot use them.
    told = java(cache_folder(), ["-XX:AOTMode=on"])
    done = subprocess.run(  # noqa: S603 - what is tested
        [*told, "kafka.tools.StorageTool", "random-uuid"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_they_are_written_once() -> None:
    kafka_classes.keep(cache_folder())
    written = kept_classes(cache_folder()).stat().st_mtime_ns
    kafka_classes.keep(cache_folder())
    assert kept_classes(cache_folder()).stat().st_mtime_ns == written


def test_without_a_place_for_them_kafka_starts_as_it_is(cache: Path) -> None:
    (jar_folder(cache) / "classes.lock").mkdir()
    said = StringIO()
    kafka_classes.keep(cache, Console(file=said))
    assert "could not be kept" in said.getvalue()
    assert "classes.lock" in said.getvalue()
    assert not any("AOTCache" in argument for argument in java(cache))
