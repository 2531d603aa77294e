"""What tests of the embedded Kafka stand on."""

from pathlib import Path

import pytest

from devstack.kafka_jars import jar_folder, kafka_jars
from devstack.paths import cache_folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache of its own with the jars that this machine has already."""
    copy = jar_folder(tmp_path)
    copy.mkdir()
    for jar in kafka_jars(cache_folder()):
        (copy / jar.name).symlink_to(jar)
    return tmp_path
