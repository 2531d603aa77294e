"""Which of `make test`'s two processes runs what: one the long tests, the other all files."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONG = ("tests/browser/", "tests/e2e/")
"""Folders whose tests share what takes long to start."""


class Schedule(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives each process one group of tests after another."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return the name of the group that a test is run with."""
    return "long" if nodeid.startswith(LONG) else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: group_of(item.nodeid) != "long")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """Let xdist use this schedule."""
    return Schedule(config, log)
