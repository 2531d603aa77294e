"""The pages on commands and configuration leave nothing out."""

from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from cli.lazy_commands import WHERE, read
from cli.temporary_stack import PORT_VARIABLES
from devstack.services import SERVICES

CLI = Path("docs/cli.md").read_text()
CONFIGURATION = Path("docs/configuration.md").read_text()


def commands() -> list[str]:
    found = []
    for name in WHERE:
        nested = getattr(read(name), "commands", None)
        found += [f"{name} {each}" for each in nested] if nested else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_each_command_is_explained(command: str) -> None:
    assert f"    portico {command}" in CLI


@pytest.mark.parametrize("service", [service.module for service in SERVICES])
def test_each_setting_of_a_service_is_explained(service: str) -> None:
    settings: type[BaseSettings] = import_module(f"{service}.settings").Settings
    missing = [
        name for name in settings.model_fields if f"`PORTICO_{name.upper()}`" not in CONFIGURATION
    ]
    assert missing == []


def test_each_port_is_explained() -> None:
    assert [name for name in PORT_VARIABLES if f"`{name}`" not in CONFIGURATION] == []


def test_each_default_is_the_one_that_holds() -> None:
    for service in SERVICES:
        assert f"| `{service.port_variable}` | {service.port} |" in CONFIGURATION
        settings: type[BaseSettings] = import_module(f"{service.module}.settings").Settings
        for name, field in settings.model_fields.items():
            if isinstance(field.default, bool):
                default = str(field.default).lower()
            elif isinstance(field.default, float | int) and name != "port":
                default = f"{field.default:g}"
            else:
                continue
            assert f"| `PORTICO_{name.upper()}` | {default} |" in CONFIGURATION
