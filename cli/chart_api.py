"""A client of the chart API: what an EMR integration does, for one organisation."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from cli.errors import CommandError
from devstack.status import Status

TIMEOUT = 60.0
Json = dict[str, Any]


class RefusedError(CommandError):
    """The API refused a request: a stable reason for machines, and a sentence for people."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message


class ChartApi:
    """Calls the chart API; every method raises RefusedError when the API refuses.

    Args:
        stack: The status of a running stack; it holds the address and the token.
        organization: The organisation that all calls are about.
    """

    def __init__(self, stack: Status, organization: str) -> None:
        if stack["credentials"] is None or stack["urls"]["emr"] is None:
            raise CommandError("No stack runs. Start one with `portico up`.")
        self._path = f"{stack['urls']['emr']}/api/v1/organizations/{organization}"
        headers = {"Authorization": f"Bearer {stack['credentials']['api_token']}"}
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT)

    def put_organization(self, body: Mapping[str, object]) -> None:
        """Make the organisation what is sent."""
        self._call("PUT", "", json=body)

    def add_admin(self, email: str, name: str, password: str) -> None:
        """Let somebody sign in to the EMR's pages, as a portal administrator."""
        who = {"email": email, "name": name, "role": "admin"}
        self._call("POST", "/staff", json={**who, "password": password})

    def import_bundle(self, file: Path) -> Json:
        """Import a FHIR R4 bundle; return the report: patients, taken, skipped."""
        return self.import_fhir("application/fhir+json", file.read_bytes())

    def import_fhir(self, media_type: str, content: bytes) -> Json:
        """Import a FHIR R4 bundle, or NDJSON; return the report: patients, taken, skipped."""
        headers = {"Content-Type": media_type}
        return self._call("POST", "/fhir", content=content, headers=headers)

    def chart(self, chart: str) -> Json:
        """Return a chart's facesheet."""
        return self._call("GET", f"/charts/{chart}")

    def save_records(self, chart: str, records: Mapping[str, object]) -> None:
        """Insert what a chart holds besides people, or bring it up to date."""
        self._call("POST", f"/charts/{chart}/records", json=records)

    def change_person(self, chart: str, person: str, **fields: object) -> None:
        """Change fields of a patient or contact."""
        self._call("PATCH", f"/charts/{chart}/people/{person}", json=fields)

    def add_contact(self, chart: str, body: Mapping[str, object]) -> str:
        """Put a contact on a chart; return its id."""
        return str(self._call("POST", f"/charts/{chart}/contacts", json=body)["id"])

    def invite(self, chart: str, person: str) -> str:
        """Ask that a person be invited; return the invitation's id."""
        path = f"/charts/{chart}/people/{person}/invitations"
        return str(self._call("POST", path)["invitation_id"])

    def _call(self, method: str, path: str, **request: Any) -> Json:
        answer = self._client.request(method, f"{self._path}{path}", **request)
        if not answer.is_success:
            raise _refusal(answer)
        body: Json = answer.json()
        return body

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._client.close()


def _refusal(answer: httpx.Response) -> RefusedError:
    """Read problem details (RFC 9457)."""
    try:
        problem = answer.json()
        reason = str(problem["type"]).rpartition(":")[2]
        return RefusedError(answer.status_code, reason, str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        message = f"The chart API answered {answer.status_code}."
        return RefusedError(answer.status_code, "unexpected", message)
