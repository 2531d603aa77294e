"""The ways between the pages of the settings, and what they say was saved."""

from collections.abc import Iterable
from typing import Any

from fastapi.responses import RedirectResponse, Response

from services.chart_service.pages.visits import Visit

_TABS = (
    ("Portal", "/settings"),
    ("Branding", "/settings/branding"),
    ("Locations", "/settings/locations"),
    ("Sections and messages", "/settings/sections"),
    ("Terms and privacy", "/settings/policies"),
    ("Mail preview", "/settings/mail"),
    ("Integrations", "/settings/integrations"),
    ("Webhooks", "/settings/webhooks"),
)

_WORDS = {
    "age_of_majority": "the age of majority",
    "time_zone": "the time zone",
    "birth_date_check": "the check of the date of birth",
    "death_ends_access": "what a death does to access",
    "discharge_ends_access": "what a discharge does to access",
    "ended": "whether it is in use",
    "invitation_days": "an invitation's life",
    "logo": "the logo",
    "messages_enabled": "messages",
    "name": "the name",
    "phone": "the phone number",
    "portal_enabled": "whether the portal is on",
    "reminder_days": "the reminder",
    "sections_off": "the sections",
}
"""How pages name the fields of organisations and locations."""


def render(visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page of the settings; its template sees the tabs, too."""
    path = visit.request.url.path
    tabs = [(label, href, _belongs(path, href)) for label, href in _TABS]
    return visit.render(f"settings/{template}", status, tabs=tabs, **values)


def back_to(path: str, changed: Iterable[str]) -> Response:
    """Return the way back to a page, which then says what was changed."""
    return RedirectResponse(f"{path}?saved={'.'.join(changed)}", status_code=303)


def news_of(saved: str | None) -> str | None:
    """Say what was changed, as the page's address has it; None when nothing was sent."""
    if saved is None:
        return None
    words = [_WORDS[name] for name in saved.split(".") if name in _WORDS]
    if not words:
        return "Nothing was different, so nothing was changed"
    return f"Saved: {', '.join(words)}"


def _belongs(path: str, href: str) -> bool:
    if href == "/settings":
        return path == href or path.startswith("/settings/portal-")
    return path == href or path.startswith(f"{href}/")
