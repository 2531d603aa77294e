"""The way to chart_service: what a connection's role may see of a chart, section by section."""

from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from chassis import telemetry
from chassis.security.service_calls import ServiceClient, Signer
from chassis.web.languages import marked
from chassis.web.problems import ProblemError
from contracts.scopes import Role, scopes_of
from services.portal_access.models import Connection

_log = telemetry.logger("charts")

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")

_BASE = "/api/v1/access"
_NOT_THEIRS = {403, 404}
_REFUSED = {409, 413, 422, 429}


class ChartAwayError(Exception):
    """chart_service cannot answer just now."""


class ChartRefusedError(Exception):
    """chart_service does not take what was sent; `sentence` says why, for people.

    `code` is the problem's own, by which a page may say it in the visitor's language.
    """

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Charts:
    """Signed calls to chart_service."""

    def __init__(self, url: str, signer: Signer) -> None:
        self._signer = signer
        self._client = ServiceClient(base_url=url, timeout=5)

    async def get(self, connection: Connection, path: str, answer: type[A]) -> A:
        """Return what a path of the access API says to a connection.

        Raises:
            ChartAwayError: It cannot tell now.
            ProblemError: 404, this is not, or no longer, for them to see.
        """
        return _read(TypeAdapter(answer), await self.call(connection, "GET", path))

    async def get_all(self, connection: Connection, path: str, item: type[A]) -> list[A]:
        """Return a list; raises what `get` does."""
        shape: TypeAdapter[list[A]] = TypeAdapter(list[item])  # type: ignore[valid-type]
        return _read(shape, await self.call(connection, "GET", path))

    async def call(
        self, connection: Connection, method: str, path: str, **options: Any
    ) -> httpx.Response:
        """Send a request in a connection's name; the options are httpx's (json, content, files).

        Raises:
            ChartAwayError: It cannot tell now.
            ChartRefusedError: What was sent is not taken.
            ProblemError: 404, this is not, or no longer, for them to see or do.
        """
        headers = self._headers(connection)
        try:
            answer = await self._client.request(method, _BASE + path, headers=headers, **options)
        except httpx.HTTPError as error:
            _log.warning("chart_service cannot be reached", exc=error)
            raise ChartAwayError from error
        if answer.status_code in _NOT_THEIRS:
            sentence = marked("This is not here, or you may no longer see it.")
            raise ProblemError(404, "not_here", sentence)
        if answer.status_code in _REFUSED:
            raise _refused(answer)
        if not answer.is_success:
            _log.warning("chart_service did not answer as it should", status=answer.status_code)
            raise ChartAwayError
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _headers(self, connection: Connection) -> dict[str, str]:
        return self._signer.headers(
            "chart_service",
            sub=str(connection.account_id),
            organization=connection.organization_id,
            chart=connection.chart_id,
            person=connection.person_id,
            role=connection.role,
            scopes=scopes_of(Role(connection.role)),
        )


def _refused(answer: httpx.Response) -> ChartRefusedError:
    problem = answer.json()
    code = str(problem.get("type", "")).rpartition(":")[2]
    return ChartRefusedError(str(problem.get("detail", "")), code)


def _read(shape: TypeAdapter[T], answer: httpx.Response) -> T:
    try:
        return shape.validate_json(answer.content)
    except ValidationError as error:
        _log.warning("chart_service's answer is not understood", path=answer.url.path)
        raise ChartAwayError from error
