"""The OpenAPI document as the API really answers: errors are problems, and requests have examples.

FastAPI declares each answer in the route's own media type, and knows nothing of errors that come
before a route or from its framework.
"""

from typing import Any

from fastapi import FastAPI

from chassis.web.problems import MEDIA_TYPE, Problem
from services.chart_service.api.examples import EXAMPLES

Schema = dict[str, Any]

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_ANYWHERE = {"503": "The database cannot be reached now, try again in a moment"}
_WITH_BODY = {
    "400": "The body cannot be read: it is not JSON in UTF-8",
    "413": "The body has more than 16 MB, or its length is not given",
    "415": "The body is in a format that is not taken here",
}
_IN_FORM = {"413": _WITH_BODY["413"]}


def complete(app: FastAPI) -> None:
    """Let the app's OpenAPI document say all that its routes answer."""
    made = app.openapi

    def openapi() -> Schema:
        if app.openapi_schema is None:
            _complete(made())
        return made()

    app.openapi = openapi  # type: ignore[method-assign] # as FastAPI's documentation has it


def _complete(document: Schema) -> None:
    document["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
    for methods in document["paths"].values():
        for operation in methods.values():
            _answer_in_problems(operation)
            _show_example(operation)


def _answer_in_problems(operation: Schema) -> None:
    answers = operation["responses"]
    for answer in answers.values():
        content = answer.get("content", {})
        if content.get("application/json", {}).get("schema") == _PROBLEM:
            answer["content"] = {MEDIA_TYPE: {"schema": _PROBLEM}}
    for status, meaning in _more(operation).items():
        if status not in answers:
            content = {MEDIA_TYPE: {"schema": _PROBLEM}}
            answers[status] = {"description": meaning, "content": content}


def _more(operation: Schema) -> dict[str, str]:
    if "requestBody" not in operation:
        return _ANYWHERE | _IN_FORM
    # RFC 6749 has errors of its own for a form that is wrong.
    is_form = "400" in operation["responses"]
    return _ANYWHERE | (_IN_FORM if is_form else _WITH_BODY)


def _show_example(operation: Schema) -> None:
    for media_type in operation.get("requestBody", {}).get("content", {}).values():
        if operation["operationId"] in EXAMPLES and media_type["schema"].get("type") != "string":
            media_type["example"] = EXAMPLES[operation["operationId"]]
