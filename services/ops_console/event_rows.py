"""Events as a list shows them: where, when, what and how large, and nothing of their data."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from aiokafka import ConsumerRecord

from services.ops_console.letters import Place
from services.ops_console.payloads import masked, name_of

NOT_READABLE = "Not readable"
DECISION = "Decision"
DELETED = "Deleted"


@dataclass(frozen=True)
class Row:
    """One record; `type` is an event's name or what else it is, `size` its bytes."""

    place: Place
    at: datetime
    type: str
    key: str
    size: int


class Filter(NamedTuple):
    """Which rows are wanted; what is empty is any. A key's beginning ends before a slash."""

    type: str = ""
    key: str = ""

    def lets_pass(self, row: Row) -> bool:
        """Tell whether a row is wanted."""
        is_of_key = self.key in {"", row.key} or row.key.startswith(f"{self.key.rstrip('/')}/")
        return self.type in {"", row.type} and is_of_key


def row_of(record: ConsumerRecord) -> Row:
    """Return what a list shows of a record."""
    return Row(
        Place(record.topic, record.partition, record.offset),
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        _type_of(record),
        masked((record.key or b"").decode(errors="replace")),
        len(record.value or b""),
    )


def _type_of(record: ConsumerRecord) -> str:
    if any(name == "resolves" for name, _ in record.headers):
        return DECISION
    return name_of(record.value) or NOT_READABLE if record.value else DELETED
