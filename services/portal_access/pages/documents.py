"""My documents: evaluations and consents that are shared, to read or to save."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from contracts.envelope import Identifier
from services.portal_access.chart_views import Document
from services.portal_access.charts import Charts
from services.portal_access.downloads import as_attachment
from services.portal_access.sections import DOCUMENTS
from services.portal_access.visits import CHART, ChartVisit, in_section

OnDocuments = Annotated[ChartVisit, Depends(in_section(DOCUMENTS))]

_LIST = f"{CHART}/{DOCUMENTS.path}"


def routes(charts: Charts) -> APIRouter:
    """Return the list of documents, and each as a page and as a file."""
    router = APIRouter()

    @router.get(_LIST)
    async def show(visit: OnDocuments) -> Response:
        """List the documents by their kind."""
        documents = await charts.get_all(visit.connection, "/documents", Document)
        return visit.render("documents.html", documents=documents)

    # Below "shared", as a document may have any name, "outcomes" as well.
    @router.get(f"{_LIST}/shared/{{document}}")
    async def read(visit: OnDocuments, document: Identifier) -> Response:
        """Show a document's text, or the way to the file that it is."""
        found = await charts.get(visit.connection, f"/documents/{document}", Document)
        return visit.render("document.html", document=found)

    @router.get(f"{_LIST}/shared/{{document}}/file")
    async def save(visit: OnDocuments, document: Identifier) -> Response:
        """Return a document as a file to save."""
        path = f"/documents/{document}/content"
        return as_attachment(await charts.call(visit.connection, "GET", path))

    return router
