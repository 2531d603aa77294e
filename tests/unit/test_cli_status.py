"""`portico status` and `down` where nothing runs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path))
    return tmp_path


def test_the_status_for_programs_says_that_nothing_is_ready() -> None:
    result = CliRunner().invoke(app, ["status", "--json"])
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert list(found) == ["ready", "urls", "kafka", "smtp", "services", "credentials"]
    assert found["ready"] is False
    assert found["services"] == []


def test_the_status_for_people_says_how_to_start() -> None:
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 1
    assert "portico up" in result.stdout


def test_stopping_what_does_not_run_is_no_failure() -> None:
    result = CliRunner().invoke(app, ["down"])
    assert result.exit_code == 0
    assert "No stack runs" in result.stderr


def test_charts_cannot_be_imported_then(home: Path) -> None:
    bundle = home / "bundle.json"
    bundle.write_text("{}")
    result = CliRunner().invoke(app, ["import", "fhir", str(bundle)])
    assert result.exit_code == 1
    assert "portico up" in result.stderr
