"""The jars of Apache Kafka, downloaded once for all stacks and checked against jgo.lock.toml.

jgo.toml names what the broker needs; `jgo lock` in this folder writes the lock anew.
"""

import fcntl
import hashlib
import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from jgo.env import LockedDependency, LockFile
from jgo.maven import MavenContext
from rich.console import Console
from rich.progress import track

LOCK_FILE = Path(__file__).parent / "jgo.lock.toml"
DOWNLOADS_AT_ONCE = 4
STAMP = "verified.json"


class JarError(RuntimeError):
    """A jar could not be had as the lock describes it."""


def kafka_jars(cache: Path, console: Console | None = None) -> list[Path]:
    """Return the verified jars of Kafka, downloading those that are missing.

    Costs milliseconds once all are there.

    Args:
        cache: The folder shared by all stacks.
        console: Shows the progress; standard error by default.

    Raises:
        JarError: A download failed, or a jar's SHA-256 is not the lock's.
    """
    locked = LockFile.load(LOCK_FILE).dependencies
    folder = jar_folder(cache)
    jars = [folder / _file_name(dependency) for dependency in locked]
    if _stamp(jars) == _read_stamp(folder):
        return jars
    folder.mkdir(parents=True, exist_ok=True)
    with only_one_process(folder / "download.lock"):
        _download_missing(locked, folder, console or Console(stderr=True))
        (folder / STAMP).write_text(json.dumps(_stamp(jars)))
    return jars


def jar_folder(cache: Path) -> Path:
    """Return the folder of the jars of the present lock; another lock has another folder."""
    return cache / f"kafka-{hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:12]}"


def _file_name(dependency: LockedDependency) -> str:
    return f"{dependency.artifactId}-{dependency.version}.{dependency.packaging}"


def _stamp(jars: list[Path]) -> dict[str, list[int]] | None:
    """Sizes and times of the files, so that a file changed after its check is checked again."""
    try:
        stats = {jar.name: jar.stat() for jar in jars}
    except FileNotFoundError:
        return None
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}


def _read_stamp(folder: Path) -> object:
    try:
        return json.loads((folder / STAMP).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return ()


@contextmanager
def only_one_process(lock_file: Path) -> Iterator[None]:
    """Hold a lock among all processes; wait for who holds it."""
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download_missing(locked: list[LockedDependency], folder: Path, console: Console) -> None:
    missing = [dependency for dependency in locked if not _is_intact(dependency, folder)]
    if not missing:
        return
    if not console.is_terminal:
        console.print(f"Downloading {len(missing)} jars of Apache Kafka to {folder}")
    with (
        tempfile.TemporaryDirectory(dir=folder) as download,
        ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool,
    ):
        context = MavenContext(repo_cache=Path(download))
        done = pool.map(lambda dependency: _download(dependency, context, folder), missing)
        for name in track(
            done, "Apache Kafka", len(missing), console=console, disable=not console.is_terminal
        ):
            if not console.is_terminal:
                console.print(f"  {name}")


def _is_intact(dependency: LockedDependency, folder: Path) -> bool:
    jar = folder / _file_name(dependency)
    return jar.exists() and _sha256(jar) == dependency.sha256


def _download(dependency: LockedDependency, context: MavenContext, folder: Path) -> str:
    name = _file_name(dependency)
    component = context.project(dependency.groupId, dependency.artifactId)
    try:
        downloaded = component.at_version(dependency.version).artifact().resolve()
    except Exception as error:
        raise JarError(
            f"{dependency.groupId}:{name} could not be downloaded ({error}). "
            "Check the network connection and try again; what is complete is kept."
        ) from error
    actual = _sha256(downloaded)
    if actual != dependency.sha256:
        raise JarError(
            f"{name} has the SHA-256 {actual}, but {LOCK_FILE} expects {dependency.sha256}. "
            "It was damaged or replaced on its way and is not used. Try again; if it happens "
            "again, do not trust the network or the repository that it comes from."
        )
    downloaded.replace(folder / name)
    return name


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
