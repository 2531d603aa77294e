"""Tells whether a JSON Schema still accepts, and still offers, what an earlier one did.

Written for the schemas that pydantic makes of our models. What it does not know it reports, so a
keyword that is new to it is looked at by a person instead of passing unseen.
"""

from typing import Any

Schema = dict[str, Any]

ANNOTATIONS = {"$schema", "$defs", "title", "description", "examples", "default", "deprecated"}
LOWER_BOUNDS = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
UPPER_BOUNDS = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
SUBSCHEMAS = {"items", "additionalProperties"}
IDENTITY = ("$id", "x-kafka-topic", "x-kafka-key")
COMPARED = {"type", "const", "enum", "required", "properties", *IDENTITY}
HANDLED = ANNOTATIONS | LOWER_BOUNDS | UPPER_BOUNDS | SUBSCHEMAS | COMPARED


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return what in a new schema breaks those who publish or read by the old one; [] for nothing.

    Each is a sentence that begins with the path of the field, for instance `data/role`.
    """
    identity = [
        f"/: {name} was {old.get(name)!r} and is {new.get(name)!r}"
        for name in IDENTITY
        if old.get(name) != new.get(name)
    ]
    return identity + _Comparison(old.get("$defs", {}), new.get("$defs", {})).compare(old, new, "")


class _Comparison:
    """Two documents' definitions, for following references."""

    def __init__(self, old_definitions: Schema, new_definitions: Schema) -> None:
        self._old = old_definitions
        self._new = new_definitions

    def compare(self, old: Schema, new: Schema, path: str) -> list[str]:
        """Each alternative of the old schema needs one of the new that takes all it took."""
        candidates = _alternatives(new, self._new)
        found: list[str] = []
        for alternative in _alternatives(old, self._old):
            fitting = [each for each in candidates if not _type_break(alternative, each)]
            attempts = [
                self._compare_one(alternative, each, path) for each in fitting or candidates
            ]
            found += sorted(attempts, key=len)[0]
        return found

    def _compare_one(self, old: Schema, new: Schema, path: str) -> list[str]:
        where = path or "/"
        if wrong_type := _type_break(old, new):
            return [f"{where}: {wrong_type}"]
        found = [
            f"{where}: {what}" for what in (*_value_breaks(old, new), *_field_breaks(old, new))
        ]
        for name, was in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                found += self.compare(was, new["properties"][name], f"{path}/{name}".lstrip("/"))
        for keyword in SUBSCHEMAS & new.keys():
            found += self._compare_inner(
                old.get(keyword, True), new[keyword], f"{where}[{keyword}]"
            )
        return found

    def _compare_inner(self, old: Schema | bool, new: Schema | bool, path: str) -> list[str]:
        if new is True or old is False:
            return []
        if isinstance(old, dict) and isinstance(new, dict):
            return self.compare(old, new, path)
        return [f"{path}: only some are accepted now, all were"]


def _alternatives(schema: Schema, definitions: Schema) -> list[Schema]:
    """Return the schema without references and anyOf: a list of which one must hold."""
    if "$ref" in schema:
        target = definitions[schema["$ref"].removeprefix("#/$defs/")]
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        return _alternatives(target | rest, definitions)
    if "anyOf" in schema:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        return [one for each in schema["anyOf"] for one in _alternatives(rest | each, definitions)]
    return [schema]


def _value_breaks(old: Schema, new: Schema) -> list[str]:
    return [*_enum_breaks(old, new), *_other_breaks(old, new)] + [
        f"{keyword} was {old.get(keyword)} and is {new[keyword]}"
        for keyword in sorted((LOWER_BOUNDS | UPPER_BOUNDS) & new.keys())
        if _stricter(keyword, old.get(keyword), new[keyword])
    ]


def _stricter(keyword: str, old: float | None, new: float) -> bool:
    if old is None:
        return True
    return new > old if keyword in LOWER_BOUNDS else new < old


def _type_break(old: Schema, new: Schema) -> str | None:
    was, now = _types(old), _types(new)
    if now is None or (was is not None and was <= now):
        return None
    return f"type was {old.get('type', 'any')} and is {new['type']}"


def _types(schema: Schema) -> set[str] | None:
    if "type" not in schema:
        return None
    named = schema["type"]
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def _enum_breaks(old: Schema, new: Schema) -> list[str]:
    was, now = _values(old), _values(new)
    if now is None:
        return []
    if was is None:
        return [f"only {now} are accepted now, all values were"]
    gone = [value for value in was if value not in now]
    return [f"{gone} are accepted no more"] if gone else []


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def _other_breaks(old: Schema, new: Schema) -> list[str]:
    """A keyword of no known order (pattern, format, oneOf…) must stay as it is, or go."""
    return [
        f"{keyword} was {old.get(keyword)} and is {new[keyword]}"
        for keyword in sorted(new.keys() - HANDLED)
        if old.get(keyword) != new[keyword]
    ]


def _field_breaks(old: Schema, new: Schema) -> list[str]:
    was, now = set(old.get("required", [])), set(new.get("required", []))
    gone = old.get("properties", {}).keys() - new.get("properties", {}).keys()
    return [
        *(f"{name} is required now" for name in sorted(now - was)),
        *(f"{name} was always there and is optional now" for name in sorted(was - now - gone)),
        *(f"{name} is not there any more" for name in sorted(gone)),
    ]
