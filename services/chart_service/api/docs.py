"""The API's description for people, made of its OpenAPI document; without scripts of others."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

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
        document = request.app.openapi()
        page: Response = request.app.state.pages.render(
            request,
            "docs.html",
            title=document["info"]["title"],
            operations=operations(document),
            bodies=bodies(document),
        )
        return page

    return router


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
