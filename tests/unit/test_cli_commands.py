"""All commands are found, though each is read when it is asked for."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.lazy_commands import WHERE
from cli.main import app


def test_the_help_page_names_every_command() -> None:
    found = CliRunner().invoke(app, ["--help"])
    assert [name for name in WHERE if f" {name} " not in found.output] == []


@pytest.mark.parametrize("name", WHERE)
def test_each_command_explains_itself(name: str) -> None:
    found = CliRunner().invoke(app, [name, "--help"])
    assert (found.exit_code, f"Usage: portico {name} " in found.output) == (0, True)


def test_for_a_misspelt_command_the_nearest_is_named() -> None:
    found = CliRunner().invoke(app, ["tarce", "an-id"])
    assert found.exit_code == 2
    assert "Did you mean 'trace'?" in found.output


def test_that_kafka_is_away_is_said_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import app; app()", "dlq", "list"],
        env=os.environ | {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Kafka at 127.0.0.1:1 does not answer")
    assert done.stderr.count("127.0.0.1:1") == 1
