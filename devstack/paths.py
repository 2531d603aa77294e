"""Where a stack keeps its state, and where all stacks share what they downloaded."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def default_home() -> Path:
    """Return the state folder of the stack: PORTICO_HOME, or .portico in the current folder."""
    return Path(os.environ.get("PORTICO_HOME") or ".portico").absolute()


def cache_folder() -> Path:
    """Return the folder that all stacks share: PORTICO_CACHE, or ~/.cache/portico."""
    return Path(os.environ.get("PORTICO_CACHE") or "~/.cache/portico").expanduser().absolute()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for a stack's state, or for a server's; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portico-") as name:
        yield Path(name)


@dataclass(frozen=True)
class Home:
    """The state folder of one stack; moving or deleting it moves or deletes the whole stack."""

    folder: Path

    @property
    def kafka(self) -> Path:
        """Kafka's logs and settings."""
        return self.folder / "kafka"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.folder / "postgres"

    @property
    def secrets(self) -> Path:
        """Keys and sign-ins of this stack, readable by its owner alone."""
        return self.folder / "secrets.json"

    @property
    def running(self) -> Path:
        """What runs now; there only while the stack runs."""
        return self.folder / "stack.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that runs this stack."""
        return self.folder / "stack.lock"

    def log(self, name: str) -> Path:
        """Return the log file of the process of that name."""
        return self.folder / "logs" / f"{name}.log"
