"""A bundle's resources, and finding the one that a reference means."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from services.chart_service.fhir.elements import Element, RefusedError, item, items

_ID = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")
_TYPE = re.compile(r"[A-Za-z]{1,64}")
_UUID = "urn:uuid:"


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a bundle; its id is None when it has none or Portico cannot use it."""

    type: str
    id: str | None
    full_url: str | None
    body: Element

    @classmethod
    def of(cls, entry: object) -> "Resource":
        """Read a bundle's entry.

        Raises:
            RefusedError: There is no resource of a known shape in it.
        """
        body = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(body, dict):
            raise RefusedError("an entry without a resource")
        kind, full_url = body.get("resourceType"), entry.get("fullUrl")
        if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
            raise RefusedError("a resource without a resourceType")
        url = full_url if isinstance(full_url, str) else None
        return cls(kind, _id(body.get("id", _uuid(url))), url, body)

    @property
    def usable_id(self) -> str:
        """The id.

        Raises:
            RefusedError: There is none that Portico can use.
        """
        if self.id is None:
            raise RefusedError("it has no id of 1 to 64 letters, digits, dots or dashes")
        return self.id


@dataclass(frozen=True, slots=True)
class References:
    """Finds resources by `urn:uuid:…`, `Type/id`, a URL, or `Type?identifier=system|value`."""

    _by_key: dict[str, list[Resource]] = field(default_factory=lambda: defaultdict(list))

    def add(self, resource: Resource) -> None:
        """Let this resource be found from now on."""
        for key in set(_keys(resource)):
            self._by_key[key].append(resource)

    def resolve(self, reference: Element) -> Resource | None:
        """Return what a Reference means, None when that is no resource here or not just one."""
        target = reference.get("reference")
        if not isinstance(target, str):
            return None
        target = unquote(target.split("/_history/")[0])
        relative = "/".join(target.split("/")[-2:])
        found = self._by_key.get(target) or self._by_key.get(relative) or []
        return found[0] if len({(each.type, each.id) for each in found}) == 1 else None


def find(references: References, within: Element, reference: Element) -> Element:
    """Return the resource that `#id` means inside another, or a Reference in the bundle; or {}."""
    target = reference.get("reference")
    if isinstance(target, str) and target.startswith("#"):
        contained = (each for each in items(within, "contained") if each.get("id") == target[1:])
        return next(contained, Element())
    resource = references.resolve(reference)
    return resource.body if resource else Element()


def patient_of(references: References, element: Element, name: str) -> Resource:
    """Return the Patient that an element refers to.

    Raises:
        RefusedError: It is not in the bundle, or not a Patient.
    """
    patient = references.resolve(item(element, name))
    if patient is None or patient.type != "Patient":
        raise RefusedError("its patient is not in the bundle")
    return patient


def _keys(resource: Resource) -> Iterator[str]:
    if resource.full_url:
        yield resource.full_url
    if resource.id:
        yield f"{resource.type}/{resource.id}"
    for identifier in items(resource.body, "identifier"):
        system, value = identifier.get("system"), identifier.get("value")
        yield f"{resource.type}?identifier={value}"
        yield f"{resource.type}?identifier={system}|{value}"


def _uuid(full_url: str | None) -> str | None:
    is_uuid = full_url is not None and full_url.startswith(_UUID)
    return full_url.removeprefix(_UUID) if full_url and is_uuid else None


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None
