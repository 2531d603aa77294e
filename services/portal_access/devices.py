"""What a browser says of itself, in words for its holder; no more than that is kept."""

from fastapi import Request

from chassis.web.languages import gettext, marked

_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""By what their User-Agent holds; those that call themselves by several names come first."""
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}
_UNKNOWN = marked("Another device")


def device_of(request: Request) -> str:
    """Return the browser and the system that sent a request, such as `Chrome, Windows`."""
    agent = request.headers.get("user-agent", "")
    return ", ".join(filter(None, (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))))


def in_words(device: str) -> str:
    """Return a device's name, or that it is not known."""
    return device or gettext(_UNKNOWN)


def _first(names: dict[str, str], agent: str) -> str | None:
    return next((name for part, name in names.items() if part in agent), None)
