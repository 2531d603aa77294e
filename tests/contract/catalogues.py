"""The texts that the code shows people, and those that the catalogues translate."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]

SOURCES = {
    "portal_access": ("services/portal_access", "chassis"),
    "notification_service": ("services/notification_service",),
}
"""By service with a catalogue: where the texts stand that it shows."""

_METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
]
_KEYWORDS = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}
_OPTIONS = {"**/templates/**": {"newstyle_gettext": "true", "trimmed": "true"}}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    """Return all catalogues: services/<name>/translations/<language>.po."""
    return sorted(ROOT.glob("services/*/translations/*.po"))


def wanted_by(catalogue: Path) -> Catalog:
    """Return the texts that a catalogue has to translate."""
    return _texts(catalogue.parents[1].name)


def read(catalogue: Path) -> Catalog:
    """Return a catalogue."""
    with catalogue.open("rb") as file:
        return read_po(file, locale=catalogue.stem)


def missing(catalogue: Path) -> list[Message]:
    """Return the texts that a catalogue does not translate yet."""
    known = read(catalogue)
    return [text for text in _messages(wanted_by(catalogue)) if not _is_translated(known, text)]


def obsolete(catalogue: Path) -> list[str]:
    """Return what a catalogue has and nobody shows any more."""
    known, wanted = read(catalogue), wanted_by(catalogue)
    here = [_id(text) for text in _messages(known) if wanted.get(_id(text)) is None]
    return [*here, *(_id(text) for text in known.obsolete.values())]


def unlike(catalogue: Path) -> list[str]:
    """Return texts whose translation has other placeholders than they have themselves."""
    return [_id(text) for text in _messages(read(catalogue)) if _differs(text)]


def to_paste(catalogue: Path) -> str:
    """Return the missing texts as they go into the catalogue, to be filled in."""
    new, written = Catalog(locale=catalogue.stem), io.BytesIO()
    for text in missing(catalogue):
        new.add(text.id, locations=text.locations)
    write_po(written, new, omit_header=True, include_lineno=False, width=100)
    return written.getvalue().decode()


@cache
def _texts(service: str) -> Catalog:
    found = Catalog()
    for folder in SOURCES[service]:
        for file, line, text, _, context in _extracted(ROOT / folder):
            found.add(text, locations=[(f"{folder}/{file}", line)], context=context)
    return found


def _extracted(folder: Path) -> Iterator[tuple]:  # type: ignore[type-arg] # babel's own
    yield from extract_from_dir(folder, _METHODS, _OPTIONS, _KEYWORDS)


def _messages(catalogue: Catalog) -> list[Message]:
    return [text for text in catalogue if text.id]


def _id(text: Message) -> str:
    return text.id if isinstance(text.id, str) else text.id[0]


def _is_translated(known: Catalog, text: Message) -> bool:
    found = known.get(_id(text))
    if found is None or found.fuzzy:
        return False
    return all(found.string) if isinstance(found.string, tuple) else bool(found.string)


def _differs(text: Message) -> bool:
    wanted = {mark for one in _forms(text.id) for mark in _PLACEHOLDER.findall(one)}
    return any(set(_PLACEHOLDER.findall(one)) != wanted for one in _forms(text.string) if one)


def _forms(one_or_many: str | Sequence[str] | None) -> Sequence[str]:
    return [one_or_many or ""] if isinstance(one_or_many, str | None) else one_or_many
