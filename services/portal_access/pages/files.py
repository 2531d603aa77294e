"""My files: cards and pictures that the visitor puts on the chart."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from chassis.web.csrf import protect
from chassis.web.languages import gettext
from contracts.envelope import Identifier
from services.portal_access import file_words
from services.portal_access.chart_views import UploadedFile
from services.portal_access.charts import ChartRefusedError, Charts
from services.portal_access.downloads import as_attachment
from services.portal_access.file_words import KINDS
from services.portal_access.sections import FILES
from services.portal_access.visits import CHART, ChartVisit, in_section

OnFiles = Annotated[ChartVisit, Depends(in_section(FILES))]
Errors = list[tuple[str, str]]

_LIST = f"{CHART}/{FILES.path}"
_UPLOAD_SECONDS = 30
"""A large picture takes chart_service a while to draw anew."""


def routes(charts: Charts) -> APIRouter:
    """Return the list of one's own files, and the form that adds one."""
    router = APIRouter()

    @router.get(_LIST)
    async def show(visit: OnFiles, done: str = "") -> Response:
        """List what the visitor has uploaded."""
        files = await charts.get_all(visit.connection, "/files", UploadedFile)
        return visit.render("files.html", files=files, kinds=_kinds(), added=done == "uploaded")

    @router.get(f"{_LIST}/new")
    async def ask(visit: OnFiles) -> Response:
        """Ask for a file."""
        return _form(visit, "", [])

    @router.post(f"{_LIST}/new", dependencies=[Depends(protect)])
    async def upload(
        visit: OnFiles,
        submission: Annotated[UUID, Form()],
        kind: Annotated[str, Form(max_length=100)] = "",
        file: UploadFile | None = None,
    ) -> Response:
        """Send a file on to the chart."""
        if errors := _missing(kind, file):
            return _form(visit, kind, errors)
        assert file is not None  # else it would be missing
        try:
            await _send(charts, visit, {"submission": str(submission), "kind": kind}, file)
        except ChartRefusedError as error:
            return _form(visit, kind, [("file", file_words.refusal(error))])
        return RedirectResponse(f"{visit.address}/{FILES.path}?done=uploaded", 303)

    @router.get(f"{_LIST}/{{file}}")
    async def save(visit: OnFiles, file: Identifier) -> Response:
        """Return a file of the visitor's own, to save."""
        found = await charts.call(visit.connection, "GET", f"/files/{file}/content")
        return as_attachment(found)

    return router


def _missing(kind: str, file: UploadFile | None) -> Errors:
    errors = [] if kind in KINDS else [("kind", gettext("Choose what the file shows"))]
    if file is None or not file.filename:
        errors.append(("file", gettext("Choose a file")))
    return errors


async def _send(
    charts: Charts, visit: ChartVisit, fields: dict[str, str], file: UploadFile
) -> None:
    # Read from the disk piece by piece, as it came.
    files = {"file": (file.filename, file.file)}
    await charts.call(
        visit.connection, "POST", "/files", data=fields, files=files, timeout=_UPLOAD_SECONDS
    )


def _form(visit: ChartVisit, kind: str, errors: Errors) -> Response:
    status = 422 if errors else 200
    values = {"kinds": _kinds(), "kind": kind, "errors": errors, "submission": uuid4()}
    return visit.render("upload.html", status, **values)


def _kinds() -> dict[str, str]:
    return {kind: gettext(label) for kind, label in KINDS.items()}
