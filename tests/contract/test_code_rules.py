"""The code keeps its rules: style, types, which package may import which, and nothing private."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
THIRD_PARTY = "tests/contract/vendored/"

REGISTRIES = re.compile(
    r"pypi\.(org|python)|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|crates\.io"
    r"|repo1?\.maven|maven\.org|proxy\.golang|deb\.debian|index[-_]url",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.~}-])/(work|root|home/\w+|Users/\w+|builds?|workspace)/\.?\w")


def run(*command: str) -> None:
    """Run one of the installed tools on the project; fail with what it says."""
    done = subprocess.run(  # noqa: S603 - tools of our own environment
        [TOOLS / command[0], *command[1:]],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)


def committed_files() -> list[str]:
    """Return the paths of our own files that are under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git cloned the project
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return [
        each for each in names if not each.startswith(THIRD_PARTY) and (PROJECT / each).is_file()
    ]


def places(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern occurs in committed files, as `file:line: text`."""
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in committed_files()
        for number, line in enumerate((PROJECT / name).read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", ".")


def test_the_code_is_formatted() -> None:
    run("ruff", "format", "--check", ".")


@pytest.mark.timeout(900)
def test_all_types_hold() -> None:
    run("mypy")
    run("mypy", "docs/examples")


def test_imports_point_one_way() -> None:
    run("lint-imports", "--no-cache")


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRIES) == []


def test_no_file_names_a_folder_of_a_machine_that_built_it() -> None:
    here = re.compile(re.escape(f"{PROJECT}/"))
    assert places(MACHINE_PATHS) + places(here) == []


# In pieces, so that the two tests above do not find them here.
@pytest.mark.parametrize(
    "parts", [("work", "main"), ("root", ".cache"), ("home", "ana", "code"), ("Users", "ana", "x")]
)
@pytest.mark.parametrize("before", ["see ", 'folder = "', "file://"])
def test_such_a_folder_would_be_found(before: str, parts: tuple[str, ...]) -> None:
    assert MACHINE_PATHS.search("/".join((before, *parts)))


@pytest.mark.parametrize("parts", [("pypi", "org"), ("registry", "npmjs", "org"), ("crates", "io")])
def test_such_a_registry_would_be_found(parts: tuple[str, ...]) -> None:
    assert REGISTRIES.search(f"https://{'.'.join(parts)}/simple")
