"""The ways from every page to every other: what staff see, and what administrators see besides."""

from services.chart_service.models import Staff

_FOR_STAFF = (("Charts", "/"), ("Portal Directory", "/directory"))
_FOR_ADMINS = (
    ("Portal Accounts", "/accounts"),
    ("Settings", "/settings"),
    ("Users", "/users"),
    ("Audit log", "/audit-log"),
)


def links(staff: Staff, path: str) -> list[tuple[str, str, bool]]:
    """Return label, address, and whether the page at this path belongs to it."""
    offered = _FOR_STAFF + (_FOR_ADMINS if staff.is_admin else ())
    return [(label, href, _belongs(path, href)) for label, href in offered]


def _belongs(path: str, href: str) -> bool:
    if href == "/":
        return path == "/" or path.startswith("/charts/")
    return path == href or path.startswith(f"{href}/")
