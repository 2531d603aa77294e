"""The portal on a phone's home screen: web app manifests (W3C Application Manifest).

No service worker: it would keep copies of health data on the device, and nothing works offline.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.database import Database
from chassis.web.languages import gettext, language, marked
from chassis.web.problems import ProblemError
from services.portal_access import queries

MEDIA_TYPE = "application/manifest+json"

_CACHE = {"Cache-Control": "public, max-age=300"}
_PAGE = "#f6f7f9"
_BRAND = "#0f5f7c"
_ICONS = [
    {"src": "/static/portal-icon.svg", "sizes": "any", "type": "image/svg+xml"},
    *(
        {
            "src": f"/static/portal-icon-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ),
]


def routes(database: Database) -> APIRouter:
    """Return the manifests: the general one, and each organisation's."""
    router = APIRouter(include_in_schema=False)

    @router.get("/manifest.webmanifest")
    async def general() -> Response:
        """Return the manifest of pages that are no organisation's."""
        return _manifest("/", gettext("Patient portal"))

    @router.get("/{organization}/manifest.webmanifest")
    async def of_organization(request: Request, organization: str) -> Response:
        """Return the manifest that gives the installed portal an organisation's name."""
        found = None
        if organization.isprintable():
            async with database.transaction() as tx:
                found = await queries.brands.brand(tx, organization)
        if found is None or not found.portal_enabled:
            sentence = marked("There is no patient portal at this address.")
            raise ProblemError(404, "not_found", sentence)
        return _manifest(request.url.path.rpartition("/")[0], found.name)

    return router


def _manifest(identity: str, name: str) -> Response:
    body = {
        "id": identity,
        "name": name,
        "short_name": name,
        "lang": language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _PAGE,
        "theme_color": _BRAND,
        "icons": _ICONS,
    }
    return JSONResponse(body, media_type=MEDIA_TYPE, headers=_CACHE)
