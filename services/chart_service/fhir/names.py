"""Pick the legal and the preferred name out of a person's FHIR names."""

from datetime import date

from services.chart_service.fhir.elements import Element, RefusedError, in_use, items, text, texts

_LEGAL = ("official", None, "usual", "temp", "maiden")


def legal_name(element: Element, today: date) -> tuple[str, str]:
    """Return the first given name and the family name; a part that is not told is empty.

    A name that is one text only is split before its last word.

    Raises:
        RefusedError: There is no name.
    """
    names = in_use(items(element, "name"), today)
    legal = sorted((n for n in names if n.get("use") in _LEGAL), key=_by_use)
    found = next(filter(any, map(_parts, legal)), None)
    if found is None:
        raise RefusedError("it has no name")
    return found


def preferred_name(element: Element, today: date) -> str | None:
    """Return the nickname, else the usual name, where it is not the legal given name."""
    legal = legal_name(element, today)[0]
    names = in_use(items(element, "name"), today)
    for use in ("nickname", "usual"):
        for name in (n for n in names if n.get("use") == use):
            given = _preferred(name)
            if given and given != legal:
                return given
    return None


def _preferred(name: Element) -> str | None:
    written = None if text(name, "family") else text(name, "text")
    return next(iter(texts(name, "given")), written)


def _parts(name: Element) -> tuple[str, str]:
    given, family = next(iter(texts(name, "given")), ""), text(name, "family") or ""
    if given or family:
        return given, family
    first, _, last = (text(name, "text") or "").rpartition(" ")
    return (first, last) if first else (last, "")


def _by_use(name: Element) -> int:
    return _LEGAL.index(name.get("use"))
