"""The e-mail address that an invitation went to: masked for all, whole for who says why."""

from collections.abc import Iterable

from services.ops_console.payloads import printable
from services.ops_console.timelines import Step

_DOTS = "•••"


def mailed_to(steps: Iterable[Step]) -> str:
    """Return the address of the latest step that names one, "" when none does."""
    return next((step.email for step in reversed(list(steps)) if step.email), "")


def hinted(address: str) -> str:
    """Return what an address begins and ends with: `a•••@e•••.org` for `ana@example.org`.

    Enough to compare with what somebody says their address is, and not to learn whose it is.
    """
    local, at, domain = printable(address).rpartition("@")
    if not at:
        return _DOTS
    top = domain.rpartition(".")[2] if "." in domain else ""
    return f"{local[:1]}{_DOTS}@{domain[:1]}{_DOTS}" + (f".{top}" if top else "")
