"""What a list and a page of events show of a record, and what they keep to themselves."""

import json

import pytest
from aiokafka import ConsumerRecord

from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.ops_console.browsing import Asked, browse
from services.ops_console.errors import EventsError
from services.ops_console.event_fields import fields_of
from services.ops_console.event_rows import DECISION, DELETED, NOT_READABLE, Filter, row_of
from services.ops_console.one_event import Found

INVITEE = Invitee(organization="sunrise", chart="c-1", person="p-1")
EMAIL = "ana.lopez@example.org"
EVENT = InviteRequested.of(
    InviteRequestedData(invitee=INVITEE, role=Role.GUARDIAN, email=EMAIL, requested_by="staff:s-7")
)
VALUE = EVENT.model_dump_json().encode()


def record(
    value: bytes | None = VALUE,
    key: bytes = INVITEE.key.encode(),
    headers: tuple[tuple[str, bytes], ...] = (),
) -> ConsumerRecord:
    size = len(value or b"")
    return ConsumerRecord(
        "chart.invites.v1", 3, 17, 1_700_000_000_000, 0, key, value, None, len(key), size, headers
    )


def test_a_row_names_the_event_and_what_is_none() -> None:
    row = row_of(record())
    assert (str(row.place), row.type, row.key) == (
        "chart.invites.v1/3/17",
        "InviteRequested",
        "sunrise/c-1/p-1",
    )
    assert row.at.isoformat() == "2023-11-14T22:13:20+00:00"
    assert row.size == len(VALUE)
    assert row_of(record(b"{")).type == NOT_READABLE
    assert row_of(record(None)).type == DELETED
    assert row_of(record(b"", headers=(("resolves", b"0:1"),))).type == DECISION


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Filter(), True),
        (Filter(type="InviteRequested", key="sunrise/c-1/p-1"), True),
        (Filter(key="sunrise"), True),
        (Filter(key="sunrise/c-1/"), True),
        (Filter(key="sun"), False),
        (Filter(key="sunrise/c-1/p-10"), False),
        (Filter(type="RevokeRequested"), False),
    ],
)
def test_a_filter_knows_whole_parts_of_a_key(wanted: Filter, passes: bool) -> None:
    assert wanted.lets_pass(row_of(record())) is passes


def test_fields_come_with_their_schemas_words_and_without_the_address() -> None:
    fields = {each.path: each for each in fields_of(VALUE, reveal=False)}
    assert fields["id"].about == "Unique; a second event of the same id is ignored."
    assert fields["data.invitee.person"].value == "p-1"
    assert fields["data.email"].about.startswith("The address that was confirmed")
    assert EMAIL not in str(fields)
    assert EMAIL in str(fields_of(VALUE, reveal=True))
    assert fields_of(b"{", reveal=True) == []


def test_a_field_that_no_contract_knows_is_not_shown() -> None:
    odd = json.loads(VALUE) | {"nickname": "Ana"}
    fields = {each.path: each.value for each in fields_of(json.dumps(odd).encode(), reveal=False)}
    assert fields["nickname"] == "(not in any schema)"


def test_a_header_that_portico_does_not_know_is_named_alone() -> None:
    headers = (("reason", b"malformed"), ("patient", b"Ana"))
    found = Found(record(headers=headers), None, None)
    assert found.headers == {"reason": "malformed", "patient": "(not known to Portico)"}


def test_an_event_leads_to_its_trace() -> None:
    found = Found(record(), None, None)
    assert found.traced_by == str(EVENT.id)
    assert found.trace_id == EVENT.trace.split("-")[1]
    assert Found(record(b"{"), None, None).trace_id == ""
    odd = VALUE.replace(b'"traceparent":null', b'"traceparent":"nonsense"')
    assert odd != VALUE
    assert Found(record(odd), None, None).trace_id == EVENT.id.hex


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": "nonsense"}, "topic"),
        ({"partition": "8"}, "partition"),
        ({"partition": "x"}, "partition"),
        ({"offset": "3"}, "partition"),
        ({"partition": "0", "offset": "-1"}, "offset"),
        ({"time": "yesterday"}, "time"),
    ],
)
async def test_what_cannot_be_asked_is_refused_before_kafka_is(
    wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(EventsError) as caught:
        await browse("nowhere:1", Asked(**{"topic": "chart.invites.v1", **wrong}))
    assert caught.value.field == field
