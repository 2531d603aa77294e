"""Logs say what happened, and never about whom."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, EmailStr, ValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError

from chassis import telemetry
from contracts.chart import PersonChangedData

SECRET = "ana.secret@sunrise.example"


class _UniqueViolationError(Exception):
    """As asyncpg raises it."""

    constraint_name = "accounts_email"


class _DatabaseSaysError(Exception):
    """As SQLAlchemy's dialect passes it on."""

    sqlstate = "23505"


def database_error() -> IntegrityError:
    said = _DatabaseSaysError(f"Key (email)=({SECRET}) already exists.")
    said.__cause__ = _UniqueViolationError(SECRET)
    return IntegrityError(f"INSERT … {SECRET}", {"email": SECRET}, said)


def validation_error(wrong: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        PersonChangedData.model_validate(wrong)
    return caught.value


def test_a_database_error_is_described_by_its_code_and_constraint() -> None:
    found = telemetry.describe(database_error())
    assert found == "IntegrityError sqlstate=23505 constraint=accounts_email"


def test_a_lost_connection_is_described_too() -> None:
    found = telemetry.describe(InterfaceError("SELECT 1", None, Exception(SECRET)))
    assert found == "InterfaceError sqlstate=None constraint=None"


def test_a_wrong_field_is_described_by_its_place_and_problem() -> None:
    wrong = {"invitee": {"organization": SECRET}, "relationship": SECRET, "given_name": SECRET * 9}
    found = telemetry.describe(validation_error(wrong))
    assert "relationship: enum" in found
    assert "invitee.chart: missing" in found
    assert SECRET not in found


def test_a_validators_own_words_are_not_quoted() -> None:
    class Address(BaseModel):
        email: EmailStr

    with pytest.raises(ValidationError) as caught:
        Address.model_validate({"email": f"{SECRET} and more"})
    assert telemetry.describe(caught.value) == "email: value_error"


def test_any_other_error_is_described_by_its_kind_alone() -> None:
    assert telemetry.describe(ValueError(f"{SECRET} is wrong")) == "ValueError"


def test_a_stack_has_places_and_no_values() -> None:
    found = telemetry.stack_of(validation_error({"given_name": [SECRET]}))
    assert any("test_telemetry.py" in frame for frame in found)
    assert SECRET not in "".join(found)


def test_a_new_trace_is_begun_and_a_given_one_continued() -> None:
    begun = telemetry.continue_trace(None)
    assert telemetry.valid_traceparent(begun) == begun
    assert telemetry.current_traceparent() == begun
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert telemetry.continue_trace(given) == given == telemetry.current_traceparent()


@pytest.mark.parametrize("header", [None, "", "nonsense", "00-XYZ-1-01", SECRET])
def test_what_is_no_traceparent_begins_no_trace(header: str | None) -> None:
    assert telemetry.valid_traceparent(header) is None


_SERVICE = f'''
import asyncio, logging
from uuid import UUID
from sqlalchemy.exc import IntegrityError
from chassis import telemetry
from contracts.chart import PersonChangedData

telemetry.configure_logs("a_service")
telemetry.continue_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
log = telemetry.logger("consumer")

def failing_handler():
    try:
        PersonChangedData.model_validate({{"given_name": ["{SECRET}"]}})
    except ValueError as error:
        raise IntegrityError("INSERT {SECRET}", {{"email": "{SECRET}"}}, error) from error

try:
    failing_handler()
except IntegrityError as error:
    log.error("event failed", event_id=str(UUID(int=1)), exc=error)
    logging.getLogger("library").error("failed for %s", "{SECRET}", exc_info=error)
    logging.getLogger("library").exception("failed for {SECRET}")
log.warning("waiting", what="for the database", attempt=1, exc=KeyError("{SECRET}"))
log.debug("not shown", email="{SECRET}")
loop = asyncio.new_event_loop()
loop.call_exception_handler({{"message": "never retrieved", "exception": ValueError("{SECRET}")}})
loop.close()
'''


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that a service printed while things went wrong in it."""
    script = tmp_path_factory.mktemp("service") / "service.py"
    script.write_text(_SERVICE)
    done = subprocess.run(  # noqa: S603 - the script above
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path.cwd())},
    )
    assert done.stdout == ""
    return done.stderr


def lines(logged: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.splitlines()]


def test_no_log_line_of_a_failing_handler_holds_an_address(logged: str) -> None:
    assert "ana.secret" not in logged
    assert "sunrise" not in logged


def test_every_log_line_says_when_where_and_in_which_trace(logged: str) -> None:
    found = lines(logged)
    assert len(found) == 5
    for line in found:
        assert line["service"] == "a_service"
        assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
        assert line["timestamp"].endswith("Z")
        assert line["level"] in {"error", "warning"}


def test_a_failure_is_found_by_its_event_its_error_and_its_place(logged: str) -> None:
    failed = lines(logged)[0]
    assert failed["event_id"] == str(UUID(int=1))
    assert failed["error"].startswith("IntegrityError")
    assert any("failing_handler" in frame for frame in failed["stack"])


def test_a_librarys_message_is_kept_where_it_is_a_template(logged: str) -> None:
    assert lines(logged)[1]["template"] == "failed for %s"
    assert lines(logged)[2]["template"] is None
