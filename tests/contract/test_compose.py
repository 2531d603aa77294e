"""docker-compose.yml is a valid Compose file that starts what there is, told what it needs."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic_settings import BaseSettings

from cli.migrate import targets_in
from devstack.services import OPS_CONSOLE, SERVICES
from services.chart_service.settings import Settings as ChartSettings
from services.invitation_service.settings import Settings as InvitationSettings
from services.notification_service.settings import Settings as NotificationSettings
from services.ops_console.settings import Settings as OpsSettings
from services.portal_access.settings import Settings as PortalSettings
from tests.contract import compose_file
from tests.contract.compose_file import PROJECT, document, example_environment, variables
from tests.contract.schema_files import vendored

SETTINGS: dict[str, type[BaseSettings]] = {
    "chart_service": ChartSettings,
    "invitation_service": InvitationSettings,
    "notification_service": NotificationSettings,
    "portal_access": PortalSettings,
    "ops_console": OpsSettings,
}
WITH_DATABASE = [service.name for service in SERVICES]
ONE_SHOT = {"migrate"}
TRUSTED_PROXY = "FORWARDED_ALLOW_IPS"
"""Read by uvicorn itself."""
OPTIONAL = {"PORTICO_OTLP_ENDPOINT", "PORTICO_OPS_TRACE_URL"}
"""Neither is a secret; without them there is no tracing."""
CONTAINERS: dict[str, dict[str, Any]] = document()["services"]

every_container = pytest.mark.parametrize("name", CONTAINERS)
every_service = pytest.mark.parametrize("name", SETTINGS)


def environment_of(name: str) -> dict[str, str]:
    """Return what a container is told."""
    found: dict[str, str] = CONTAINERS[name].get("environment", {})
    return found


def test_it_is_a_valid_compose_file() -> None:
    errors = Draft202012Validator(vendored("compose-spec.json")).iter_errors(document())
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_it_starts_every_service_and_all_that_they_stand_on() -> None:
    assert set(SETTINGS) == {*WITH_DATABASE, OPS_CONSOLE.name}
    assert set(CONTAINERS) == set(SETTINGS) | {"kafka", "postgres", "mailpit", "migrate"}


@every_container
def test_a_container_tells_whether_it_is_healthy(name: str) -> None:
    if name in ONE_SHOT:
        assert CONTAINERS[name]["healthcheck"] == {"disable": True}
    else:
        assert CONTAINERS[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@every_service
def test_a_service_is_healthy_when_it_says_that_it_is_ready(name: str) -> None:
    port = environment_of(name)["PORTICO_PORT"]
    probe = CONTAINERS[name]["healthcheck"]["test"][-1]
    assert f"http://127.0.0.1:{port}/health/ready" in probe
    compile(probe, name, "exec")


@every_container
def test_no_port_is_open_to_the_network(name: str) -> None:
    for port in CONTAINERS[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port


def test_no_port_is_wanted_twice() -> None:
    ports = [port.split(":")[1] for each in CONTAINERS.values() for port in each.get("ports", [])]
    assert len(ports) == len(set(ports))


@every_service
def test_a_service_answers_where_the_embedded_default_has_it(name: str) -> None:
    [service] = [each for each in (*SERVICES, OPS_CONSOLE) if each.name == name]
    port = environment_of(name)["PORTICO_PORT"]
    assert CONTAINERS[name]["ports"] == [f"127.0.0.1:{service.port}:{port}"]


@every_container
def test_an_image_is_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d[\w.-]*", CONTAINERS[name]["image"])


@every_service
def test_a_service_gets_all_settings_that_it_needs_and_no_other(name: str) -> None:
    fields = SETTINGS[name].model_fields
    variables = environment_of(name).keys() - {TRUSTED_PROXY}
    given = {variable.removeprefix("PORTICO_").lower() for variable in variables}
    required = {field for field, info in fields.items() if info.is_required()}
    assert required <= given, "missing"
    assert given <= fields.keys(), "not known to the service"


@every_service
def test_a_service_can_read_its_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in environment_of(name).items():
        monkeypatch.setenv(variable, value)
    settings = SETTINGS[name]().model_dump()
    assert settings["host"] == "0.0.0.0"  # noqa: S104 - inside the container
    if name in WITH_DATABASE:
        assert settings["database_url"].startswith("postgresql+asyncpg://")


def test_migrate_prepares_the_databases_that_the_services_use() -> None:
    targets = targets_in(environment_of("migrate"))
    used = {name: environment_of(name)["PORTICO_DATABASE_URL"] for name in WITH_DATABASE}
    assert targets.databases == used
    assert len(set(used.values())) == len(used)
    assert {environment_of(name)["PORTICO_KAFKA_BOOTSTRAP_SERVERS"] for name in SETTINGS} == {
        targets.kafka
    }


@every_service
def test_a_service_starts_only_on_prepared_ground(name: str) -> None:
    conditions = {on: how["condition"] for on, how in CONTAINERS[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "kafka": "service_healthy",
        "postgres": "service_healthy",
    }


@every_service
def test_a_service_runs_by_its_module_with_no_rights_to_spare(name: str) -> None:
    container = CONTAINERS[name]
    assert container["command"] == ["python", "-m", f"services.{name}"]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]


def test_addresses_between_containers_name_containers_and_their_ports() -> None:
    for name in SETTINGS:
        for variable, value in environment_of(name).items():
            for host, port in re.findall(r"(?:https?|smtp)://([\w.]+):(\d+)", value):
                if host == "127.0.0.1":
                    continue  # for browsers
                assert host in CONTAINERS, variable
                inside = environment_of(host).get("PORTICO_PORT", "1025")
                assert port == inside, variable


def test_the_console_watches_every_service_where_it_is() -> None:
    watched = json.loads(environment_of("ops_console")["PORTICO_OPS_SERVICES"])
    assert watched == {name: f"http://{name}:8080" for name in WITH_DATABASE}


def test_the_services_with_sign_in_are_told_which_proxy_to_believe() -> None:
    told = {name for name in CONTAINERS if TRUSTED_PROXY in environment_of(name)}
    assert told == {"chart_service", "portal_access"}
    assert TRUSTED_PROXY in variables()
    assert example_environment()[TRUSTED_PROXY] == "127.0.0.1"


def test_the_two_that_seal_and_open_tokens_share_a_key_and_nobody_else_has_it() -> None:
    told = {name for name in CONTAINERS if "PORTICO_SEAL_KEY" in environment_of(name)}
    assert told == {"invitation_service", "notification_service"}


def test_the_example_names_all_that_is_needed_with_values_nobody_can_take_for_real() -> None:
    given = example_environment()
    assert given.keys() == variables()
    assert {given.pop(name) for name in OPTIONAL} == {""}
    del given[TRUSTED_PROXY]
    secret = {name: value for name, value in given.items() if not name.endswith("_PUBLIC_URL")}
    assert {name for name, value in secret.items() if "replace" not in value} == set()


def test_every_service_is_told_of_the_collector_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {environment_of(name)["PORTICO_OTLP_ENDPOINT"] for name in SETTINGS} == {""}
    collector, ui = "http://collector:4318", "https://jaeger.example/trace/{trace_id}"
    given = {"PORTICO_OTLP_ENDPOINT": collector, "PORTICO_OPS_TRACE_URL": ui}
    written = example_environment() | given
    monkeypatch.setattr(compose_file, "example_environment", lambda: written)
    told = {name: document()["services"][name]["environment"] for name in SETTINGS}
    assert {each["PORTICO_OTLP_ENDPOINT"] for each in told.values()} == {collector}
    assert told["ops_console"]["PORTICO_OPS_TRACE_URL"] == ui


def test_every_secret_is_needed_to_start() -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    not_needed = re.findall(r"\$\{(\w+)(?::?-([^}]*))?\}", text)
    assert dict(not_needed) == dict.fromkeys(OPTIONAL, ""), "no default may stand in for a secret"
