"""Kafka's jars: nothing runs that is not what the lock file describes."""

from pathlib import Path

import pytest

from devstack import kafka_jars as jars

SMALL_JAR = "jspecify-1.0.0.jar"


def test_a_damaged_jar_is_replaced_before_use(cache: Path) -> None:
    damaged = jars.jar_folder(cache) / SMALL_JAR
    intact = damaged.read_bytes()
    jars.kafka_jars(cache)
    damaged.unlink()
    damaged.write_bytes(b"not a jar")
    jars.kafka_jars(cache)
    assert damaged.read_bytes() == intact


def test_a_jar_other_than_the_lock_describes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = next(
        entry
        for entry in jars.LOCK_FILE.read_text().split("[[dependencies]]\n")
        if 'artifactId = "jspecify"' in entry
    )
    expected = next(line for line in entry.splitlines() if line.startswith("sha256"))
    other = tmp_path / "jgo.lock.toml"
    other.write_text("[[dependencies]]\n" + entry.replace(expected, f'sha256 = "{"0" * 64}"'))
    monkeypatch.setattr(jars, "LOCK_FILE", other)
    with pytest.raises(jars.JarError, match=f"{SMALL_JAR} has the SHA-256 .* expects 0000"):
        jars.kafka_jars(tmp_path)
    assert not list(tmp_path.rglob("*.jar"))
