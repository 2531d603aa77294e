"""The API's description for people, made of its OpenAPI document; without scripts of others."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.web.problems import ProblemError

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be done at a path."""

    method: str
    path: str
    summary: str
    parameters: list[tuple[str, str, str]]
    takes: str
    answer: tuple[str, str]
    problems: list[tuple[str, str]]


def routes() -> APIRouter:
    """Return /docs."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return _render(request, "docs_index.html")

    @router.get("/docs/{part}")
    async def part_of_docs(request: Request, part: str) -> Response:
        """Show the operations of one tag; all on one page would be too much for anybody."""
        document = request.app.openapi()
        found = {slug(tag): (tag, some) for tag, some in operations(document).items()}
        if part not in found:
            raise ProblemError(404, "not_found", "The API has no such part.")
        tag, some = found[part]
        return _render(request, "docs.html", tag=tag, operations=some, bodies=_used(document, some))

    return router


def _render(request: Request, template: str, **values: Any) -> Response:
    document = request.app.openapi()
    parts = {tag: slug(tag) for tag in operations(document)}
    title = document["info"]["title"]
    page: Response = request.app.state.pages.render(
        request, template, title=title, parts=parts, **values
    )
    return page


def slug(tag: str) -> str:
    """Return a tag as addresses have it."""
    return tag.lower().replace(" ", "-")


def _used(document: Schema, some: list[Operation]) -> dict[str, list[list[str]]]:
    """Return the bodies that operations take or answer, and those within them."""
    known = bodies(document)
    wanted = [each for one in some for each in (one.takes, one.answer[1])]
    used: dict[str, list[list[str]]] = {}
    while wanted:
        for name in re.findall(r"\w+", wanted.pop()):
            if name in known and name not in used:
                used[name] = known[name]
                wanted += [type_ for _, type_, _ in known[name]]
    return dict(sorted(used.items()))


def operations(document: Schema) -> dict[str, list[Operation]]:
    """Return the operations of an OpenAPI document by their tag."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    return found


def bodies(document: Schema) -> dict[str, list[list[str]]]:
    """Return the fields of each body: name, type, and whether it is needed."""
    return {
        name: [
            [field, type_of(schema), "Yes" if field in body.get("required", ()) else "No"]
            for field, schema in body["properties"].items()
        ]
        for name, body in document["components"]["schemas"].items()
        if "properties" in body and "ValidationError" not in name
    }


def type_of(schema: Schema) -> str:
    """Return a schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(type_of, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("type") or "any")


def _operation(method: str, path: str, operation: Schema) -> Operation:
    answers = sorted(operation["responses"].items())
    success, answer = answers[0]
    return Operation(
        method.upper(),
        path,
        operation.get("description", ""),
        [
            (each["in"].capitalize(), each["name"], type_of(each["schema"]))
            for each in operation.get("parameters", [])
            if each["in"] != "path"
        ],
        _content(operation.get("requestBody", {})),
        (success, _content(answer)),
        [(status, problem["description"]) for status, problem in answers[1:]],
    )


def _content(holder: Schema) -> str:
    for schema in holder.get("content", {}).values():
        return type_of(schema.get("schema", {}))
    return ""
