"""Reading the forms of the settings: what was entered, and what is wrong with it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile

from contracts.chart import Logo
from services.chart_service import logos
from services.chart_service.pages import forms
from services.chart_service.rules import Fields
from services.chart_service.schemas.brands import logo_columns


@dataclass(slots=True)
class SettingsForm:
    """A form of the settings as it was entered or as it shows what is known."""

    entered: dict[str, str]
    given: Fields = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a field's id and what is wrong with it."""

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        return 422 if self.errors else 200

    def text(self, name: str, label: str, longest: int, *, required: bool = True) -> None:
        """Read a line of text."""
        text = self.entered.get(name, "")
        if required and not text:
            self.errors.append((name, f"Enter the {label}"))
        elif len(text) > longest:
            self.errors.append((name, f"Enter a {label} of at most {longest} characters"))
        elif not text.isprintable():
            self.errors.append((name, f"Enter the {label} on one line"))
        else:
            self.given[name] = text or None

    def number(
        self, name: str, label: str, lowest: int, highest: int, *, required: bool = True
    ) -> None:
        """Read a whole number."""
        text = self.entered.get(name, "")
        if not text and not required:
            self.given[name] = None
        elif text.isascii() and text.isdecimal() and lowest <= int(text[:9]) <= highest:
            self.given[name] = int(text)
        else:
            self.errors.append((name, f"Enter {label} from {lowest} to {highest}"))

    def one_of(self, name: str, label: str, known: Collection[str]) -> None:
        """Read one of several; what is left out stays as it is."""
        chosen = self.entered.get(name)
        if chosen in known:
            self.given[name] = chosen
        elif chosen is not None:
            self.errors.append((name, f"Choose the {label}"))

    def choice(self, name: str) -> None:
        """Read a box that is ticked or not."""
        self.given[name] = self.entered.get(name) == "yes"

    def logo(self, logo: Logo | None) -> None:
        """Take a logo."""
        self.given |= logo_columns(logo)


async def read(request: Request) -> SettingsForm:
    """Return what was sent, with nothing read of it yet."""
    return SettingsForm(await forms.values(request))


async def read_logo(request: Request, form: SettingsForm, *, required: bool) -> None:
    """Take the logo that was uploaded, if one was."""
    sent = (await request.form()).get("logo")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    if not content:
        if required:
            form.errors.append(("logo", "Choose a picture file first"))
        return
    try:
        form.logo(await asyncio.to_thread(logos.logo_in, content))
    except logos.LogoError as error:
        form.errors.append(("logo", str(error)))
