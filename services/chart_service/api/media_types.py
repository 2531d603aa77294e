"""In which formats the API takes bodies; another one gets 415."""

from fastapi import Request

from chassis.web.problems import ProblemError

_TAKEN = ("application/json", "application/fhir+json", "application/fhir+ndjson")
_ALSO_TAKEN = ("application/ndjson", "application/x-ndjson")


async def taken(request: Request) -> None:
    """Let a request through whose body is JSON, or NDJSON for FHIR; or that does not say.

    Raises:
        ProblemError: 415, the body is something else.
    """
    if request.headers.get("content-length", "0") == "0":
        return
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent and sent not in _TAKEN + _ALSO_TAKEN:
        sentence = "The body is sent as application/json; FHIR bundles as application/fhir+json."
        accept = {"Accept": ", ".join(_TAKEN)}
        raise ProblemError(415, "media_type_unsupported", sentence, accept)
