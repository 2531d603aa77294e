"""What `portico up` and `restart` say to arguments that cannot be."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTICO_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--brokers", "2"], "1 or 3"),
        (["--scale", "inbox=2"], "give one of chart_service"),
        (["--scale", "portal_access=0"], "1 to 8"),
        (["--scale", "portal_access"], "write it as in invitation_service=2"),
    ],
)
def test_a_size_that_cannot_be_is_refused_before_anything_starts(
    home: Path, arguments: list[str], advice: str
) -> None:
    result = CliRunner().invoke(app, ["up", *arguments])
    assert result.exit_code == 1
    assert advice in result.stderr
    assert not list(home.iterdir())


def test_restarting_what_does_not_run_says_how_to_start_it() -> None:
    result = CliRunner().invoke(app, ["restart"])
    assert result.exit_code == 1
    assert "portico up" in result.stderr
