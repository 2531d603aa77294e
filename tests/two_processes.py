"""What each of `make test`'s two processes runs: whole folders or files, what takes long first."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ORDER = ("browser", "integration", "e2e", "contract", "unit")
"""Pages beside single services, as both have promises about time; then whole stacks."""

OWN_STACKS = ("test_cluster", "test_demo", "test_faults", "test_start_order", "test_up_and_down")
"""Files of e2e that start a stack themselves; the others share one."""


class Schedule(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives each process one group of tests after another."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return the name of the group that a test is run with."""
    file = PurePosixPath(nodeid.partition("::")[0])
    share = folder_of(nodeid) in {"browser", "e2e"} and file.stem not in OWN_STACKS
    return folder_of(nodeid) if share else str(file)


def folder_of(nodeid: str) -> str:
    """Return the name of the folder that a test is in."""
    return nodeid.split("/")[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests by folder."""
    items.sort(key=lambda item: ORDER.index(folder_of(item.nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """Let xdist use this schedule."""
    return Schedule(config, log)
