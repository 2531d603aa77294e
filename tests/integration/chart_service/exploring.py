"""Requests made of the service's own OpenAPI document by schemathesis, good ones and bad ones."""

import os
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode

EXAMPLES = os.environ.get("PORTICO_SCHEMATHESIS_EXAMPLES")
"""So many random requests per operation are wanted, and all phases; None for the usual few."""

_PHASES = ("examples", "coverage", "fuzzing", "stateful")
"""What schemathesis does. Trying each limit of each field takes minutes, and so do sequences."""
_USUAL_PHASES = ("examples", "fuzzing")
_USUAL_EXAMPLES = 2

CHECKS = {
    # What no JSON schema says (a file that is no picture, an address that is not public, a person
    # named twice) is refused with a 422 that says so.
    "positive_data_acceptance": {"enabled": False},
    # Made for APIs with several people's things behind one token; test_clients.py has the
    # organisations apart.
    "object_level_authorization": {"enabled": False},
    # GET /charts/search is the chart of that id, which another path of the document has;
    # test_problems.py compares the header instead.
    "allow_header_conformance": {"enabled": False},
}


@schemathesis.serializer("application/fhir+ndjson")
def _as_it_is(_context: Any, sent: Any) -> bytes:
    return str(sent).encode(errors="replace")


@dataclass(frozen=True)
class Known:
    """What is there, so that requests find something; and who asks."""

    url: str
    headers: dict[str, str]
    path: dict[str, str]
    callers: dict[str, dict[str, str]]
    """Headers for the paths where somebody else asks."""


@dataclass
class Found:
    """What came of it."""

    operations: int
    """How many the document has."""
    wrong: list[str] = field(default_factory=list)
    """What was wrong, each with a command that repeats it."""
    tried: set[str] = field(default_factory=set)
    succeeded: set[str] = field(default_factory=set)
    """Operations that did at least once what they are for."""

    def note(self, event: events.ScenarioFinished) -> None:
        """Note what came of some requests of one operation."""
        self.tried.add(event.recorder.label)
        self.wrong += _failures(event)
        answers = [sent.response for sent in event.recorder.interactions.values()]
        if any(answer is not None and answer.status_code < 300 for answer in answers):
            self.succeeded.add(event.recorder.label)


def explore(known: Known, examples: str | None = None) -> Found:
    """Send requests to every operation, the same ones each time; return what was found."""
    config = SchemathesisConfig.from_dict(_settings(known, examples))
    schema = schemathesis.openapi.from_url(f"{known.url}/openapi.json", config=config)

    @schema.hook
    def map_case(_context: Any, case: Any) -> Any:
        return _aimed(known, case)

    found = Found(schema.statistic.operations.total)
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.note(event)
        elif isinstance(event, events.NonFatalError):
            found.wrong.append(f"{event.label}: {event.info.format()}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def _settings(known: Known, examples: str | None) -> dict[str, Any]:
    wanted = _PHASES if examples else _USUAL_PHASES
    most = int(examples or _USUAL_EXAMPLES)
    return {
        "seed": 1,
        "base-url": known.url,
        "headers": known.headers,
        "continue-on-failure": True,
        "request-timeout": 20,
        "checks": CHECKS,
        "operations": [
            {"include-path": path, "headers": headers} for path, headers in known.callers.items()
        ],
        "generation": {"deterministic": True, "database": "none", "max-examples": most},
        "phases": {phase: {"enabled": phase in wanted} for phase in _PHASES},
        "suppress-health-check": ["all"],
    }


def _aimed(known: Known, case: Any) -> Any:
    """Let three requests of four be about something that is there, where nothing else is tried."""
    parts = case.meta.components if case.meta else {}
    spoiled = {str(place.value) for place, part in parts.items() if _is_spoiled(part)}
    if "path" not in spoiled and len(str(case.path_parameters) + str(case.body)) % 4:
        case.path_parameters.update(
            {name: known.path[name] for name in case.path_parameters if name in known.path}
        )
    return case


def _is_spoiled(part: Any) -> bool:
    return bool(part.mode == GenerationMode.NEGATIVE)


def _failures(event: events.ScenarioFinished) -> list[str]:
    return [
        f"{event.recorder.label}: {check.name}: {found.failure.title}\n{found.failure.message}\n"
        f"{found.code_sample}"
        for checks in event.recorder.checks.values()
        for check in checks
        if (found := check.failure_info) is not None
    ]
