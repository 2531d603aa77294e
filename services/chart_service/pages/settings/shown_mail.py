"""A mail as a page shows it: subject, HTML in a frame of its own, and text."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Self
from urllib.parse import urlencode

from services.chart_service.mail_previews import (
    MailKind,
    MailLanguage,
    MailLook,
    MailPreview,
    MailPreviews,
    PreviewError,
)
from services.chart_service.models import Location
from services.chart_service.pages.visits import Visit

FRAMES_OF_OURS = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of a page that shows a mail: every page's, and frames of our own."""

IN_A_FRAME = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'self'; sandbox"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""The headers of a mail's HTML: its own styles and nothing else, in a frame of ours alone."""


class Which(NamedTuple):
    """Which mail is shown, in which language."""

    kind: MailKind = MailKind.INVITATION
    language: MailLanguage = MailLanguage.ENGLISH

    @classmethod
    def of(cls, kind: str, language: str) -> Self:
        """Return what a form asks for; what it does not know is the usual."""
        return cls(
            MailKind.REMINDER if kind == MailKind.REMINDER else MailKind.INVITATION,
            MailLanguage.SPANISH if language == MailLanguage.SPANISH else MailLanguage.ENGLISH,
        )

    @property
    def query(self) -> dict[str, str]:
        """The same for an address."""
        return {"kind": self.kind.value, "language": self.language.value}


@dataclass(frozen=True, slots=True)
class ShownMail:
    """What a page shows of a mail, or why it shows none."""

    frame: str
    """The address of the mail's HTML."""
    mail: MailPreview | None = None
    problem: str | None = None


def look_of(
    visit: Visit, which: Which, name: str = "", phone: str = "", location: Location | None = None
) -> MailLook:
    """Return the look of a mail: the organisation's, or a place's, but for what was entered."""
    given_name = visit.staff.name.split()[0] if visit.staff.name.split() else ""
    look = MailLook.of(visit.organization, given_name)
    look = replace(look, name=name or look.name, phone=phone or look.phone, **which._asdict())
    return look.at(location) if location else look


_USUAL = Which()


async def show_mail(
    mails: MailPreviews,
    visit: Visit,
    which: Which = _USUAL,
    name: str = "",
    phone: str = "",
    location: Location | None = None,
) -> ShownMail:
    """Return a mail as a page shows it; when it cannot be had, the page says so."""
    place = location.id if location else ""
    wanted = which.query | {"name": name, "phone": phone, "location": place}
    frame = "/settings/mail/frame?" + urlencode({k: v for k, v in wanted.items() if v})
    try:
        mail = await mails.preview(look_of(visit, which, name, phone, location))
    except PreviewError as error:
        return ShownMail(frame, problem=str(error))
    return ShownMail(frame, mail)
