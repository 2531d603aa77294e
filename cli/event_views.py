"""Events of a topic as JSON and as lines."""

from typing import Any

from cli.terminal import console, print_folded
from services.ops_console.browsing import place_text
from services.ops_console.event_fields import fields_of
from services.ops_console.event_pages import Page
from services.ops_console.event_rows import Row, row_of
from services.ops_console.letters import Place
from services.ops_console.one_event import Found

Json = dict[str, Any]


def page_as_json(page: Page) -> Json:
    """Return a page for programs; `older` and `newer` are null where there is nothing."""
    return {
        "events": [_row(row) for row in page.rows],
        "older": place_text(page.lows) if page.has_older else None,
        "newer": place_text(page.highs) if page.has_newer else None,
    }


def event_as_json(found: Found, *, reveal: bool) -> Json:
    """Return one event with all that is shown of it."""
    fields = fields_of(found.record.value or b"", reveal=reveal)
    return _row(row_of(found.record)) | {
        "trace_id": found.trace_id or None,
        "previous": _id(found.previous),
        "next": _id(found.next),
        "headers": found.headers,
        "fields": {each.path: each.value for each in fields},
    }


def print_page(shown: Json) -> None:
    """Print a page, and how to go on."""
    for row in shown["events"]:
        line = "  ".join((row["at"], row["id"], row["type"], row["key"], f"{row['bytes']:,}"))
        print_folded(line, indent=4)
    if not shown["events"]:
        console.print("No event of what was looked through is of what you chose.")
    for option, name in (("--before", "older"), ("--after", "newer")):
        if shown[name]:
            console.print(f"{name.capitalize()}: {option} {shown[name]}", soft_wrap=True)


def print_event(shown: Json) -> None:
    """Print one event."""
    for name in ("id", "type", "key", "at", "bytes", "trace_id", "previous", "next"):
        line = f"{name.replace('_', ' ').capitalize():<10} {shown[name] or ''}"
        console.print(line, soft_wrap=True)
    for title in ("fields", "headers"):
        if shown[title]:
            console.print(f"\n{title.capitalize()}:")
        for name, value in shown[title].items():
            console.print(f"  {name}: {value}", soft_wrap=True)


def _row(row: Row) -> Json:
    return {
        "id": str(row.place),
        "at": row.at.isoformat(),
        "type": row.type,
        "key": row.key,
        "bytes": row.size,
    }


def _id(place: Place | None) -> str | None:
    return str(place) if place else None
