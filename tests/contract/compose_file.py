"""docker-compose.yml as the tests read it: with variables filled in from deploy/example.env."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
_VARIABLE = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")


def example_environment() -> dict[str, str]:
    """Return the variables of deploy/example.env."""
    lines = (PROJECT / "deploy" / "example.env").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def variables() -> set[str]:
    """Return the names that docker-compose.yml takes from the environment, needed or not."""
    return set(_VARIABLE.findall(TEXT))


def document() -> dict[str, Any]:
    """Return the whole file, with the variables filled in."""
    given = example_environment()
    content: dict[str, Any] = _fill_in(yaml.safe_load(TEXT), given)
    return content


def _fill_in(node: Any, given: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {name: _fill_in(value, given) for name, value in node.items()}
    if isinstance(node, list):
        return [_fill_in(value, given) for value in node]
    if isinstance(node, str):
        return _VARIABLE.sub(lambda found: given[found[1]], node)
    return node
