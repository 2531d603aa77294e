"""The ways from every page to every other: what staff see, and what administrators see besides."""

from chassis.database import Transaction
from services.chart_service import queries
from services.chart_service.models import Organization, Staff

_FOR_STAFF = (("Charts", "/"), ("Portal Directory", "/directory"))
_MESSAGES = "/messages"
_FOR_ADMINS = (
    ("Portal Accounts", "/accounts"),
    ("Settings", "/settings"),
    ("Users", "/users"),
    ("Audit log", "/audit-log"),
)


async def waiting(tx: Transaction, organization: Organization, staff: Staff) -> int | None:
    """Return how many messages wait for somebody; None where messages are off."""
    return await queries.waiting.count(tx, staff) if organization.messages_enabled else None


def links(staff: Staff, path: str, new: int | None) -> list[tuple[str, str, bool]]:
    """Return label, address, and whether the page at this path belongs to it.

    `new` counts the messages that wait for this person; None where messages are off.
    """
    messages = () if new is None else ((with_count("Messages", new), _MESSAGES),)
    offered = _FOR_STAFF + messages + (_FOR_ADMINS if staff.is_admin else ())
    return [(label, href, _belongs(path, href)) for label, href in offered]


def with_count(label: str, new: int) -> str:
    """Return a label that says how many new ones there are, if any."""
    return f"{label} ({new:,} new)" if new else label


def _belongs(path: str, href: str) -> bool:
    if href == "/":
        return path == "/" or path.startswith("/charts/")
    return path == href or path.startswith(f"{href}/")
