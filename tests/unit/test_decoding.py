"""What a consumer makes of the records it finds, whoever wrote them."""

import json
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from chassis.dead_letters import DeadLetter, Reason
from chassis.decoding import Decoder
from contracts.chart import InviteRequested, PersonChanged, PersonChangedData, Relationship
from contracts.envelope import MAX_EVENT_BYTES, Invitee

ANA = Invitee(organization="sunrise", chart="c-1", person="p-1")
KEY = ANA.key.encode()
SECRET = "ana.secret@sunrise.example"
DECODER = Decoder([PersonChanged, InviteRequested])


def event() -> PersonChanged:
    data = PersonChangedData(
        invitee=ANA, relationship=Relationship.PATIENT, given_name="Ana", email=SECRET
    )
    return PersonChanged.of(data)


def record(value: bytes | None, key: bytes | None = KEY) -> ConsumerRecord:
    return ConsumerRecord(
        topic="chart.people.v1",
        partition=0,
        offset=7,
        timestamp=0,
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=(),
    )


def body(**changes: object) -> dict[str, Any]:
    return event().model_dump(mode="json") | changes


def encoded(**changes: object) -> bytes:
    return json.dumps(body(**changes)).encode()


def letter(value: bytes | None, key: bytes | None = KEY) -> DeadLetter:
    found = DECODER.decode(record(value, key))
    assert isinstance(found, DeadLetter)
    return found


def test_an_event_is_read_as_it_was_published() -> None:
    sent = event()
    assert DECODER.decode(record(sent.model_dump_json().encode())) == sent


@pytest.mark.parametrize("single", [True, False])
def test_each_kind_of_event_is_found_by_its_type(single: bool) -> None:
    decoder = Decoder([PersonChanged]) if single else DECODER
    found = decoder.decode(record(encoded()))
    assert isinstance(found, PersonChanged)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"{",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b'"portico.PersonChanged.v1"',
        b"null",
        b"{}",
        b'{"type": null}',
        b'{"type": 7}',
        b"[" * 10_000,
    ],
)
def test_what_is_no_cloud_event_is_a_dead_letter(value: bytes | None) -> None:
    assert letter(value).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "not-a-uuid"},
        {"specversion": "0.3"},
        {"time": "yesterday"},
        {"time": "2026-03-02T09:30:00"},
        {"data": None},
        {"data": {"invitee": {"organization": "a/b", "chart": "c", "person": "p"}}},
        {"traceparent": "nonsense"},
    ],
)
def test_a_known_event_with_a_wrong_field_is_a_dead_letter_that_names_the_field(
    changes: dict[str, object],
) -> None:
    found = letter(encoded(**changes))
    assert found.reason is Reason.MALFORMED
    assert next(iter(changes)) in found.detail


def test_a_missing_field_is_named() -> None:
    incomplete = body()
    del incomplete["time"]
    assert "time: missing" in letter(json.dumps(incomplete).encode()).detail


def test_an_oversized_event_is_a_dead_letter_that_says_the_limit() -> None:
    found = letter(encoded(source="s" * MAX_EVENT_BYTES))
    assert found.reason is Reason.OVERSIZED
    assert str(MAX_EVENT_BYTES) in found.detail


def test_an_event_of_exactly_the_limit_is_taken() -> None:
    raw = encoded()
    padded = raw[:-1] + b" " * (MAX_EVENT_BYTES - len(raw)) + b"}"
    assert DECODER.decode(record(padded)) is not None
    assert not isinstance(DECODER.decode(record(padded)), DeadLetter)
    assert letter(padded + b" ").reason is Reason.OVERSIZED


@pytest.mark.parametrize(
    "kind",
    ["portico.OrganizationChanged.v1", "portico.SomethingNew.v1", "com.example.other", ""],
)
def test_an_event_that_this_service_does_not_know_is_skipped(kind: str) -> None:
    assert DECODER.decode(record(encoded(type=kind))) is None


@pytest.mark.parametrize("version", ["v0", "v2", "v10"])
def test_an_event_in_another_version_is_a_dead_letter_that_names_it(version: str) -> None:
    found = letter(encoded(type=f"portico.PersonChanged.{version}"))
    assert found.reason is Reason.WRONG_VERSION
    assert "PersonChanged" in found.detail
    assert version[1:] in found.detail


@pytest.mark.parametrize("key", [None, b""])
def test_an_event_without_a_key_is_a_dead_letter(key: bytes | None) -> None:
    assert letter(encoded(), key).reason is Reason.KEY_MISSING


@pytest.mark.parametrize("key", [b"sunrise/c-1/p-2", b"SUNRISE/c-1/p-1", b"\xff\xfe", KEY + b" "])
def test_an_event_under_another_key_is_a_dead_letter(key: bytes) -> None:
    assert letter(encoded(), key).reason is Reason.KEY_WRONG


def test_an_event_whose_subject_is_not_its_datas_key_is_a_dead_letter() -> None:
    found = letter(encoded(subject="sunrise/c-1/p-2"), b"sunrise/c-1/p-2")
    assert found.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "changes",
    [
        {"id": SECRET},
        {"time": SECRET},
        {"type": SECRET},
        {"subject": SECRET},
        {"traceparent": SECRET},
        {"data": SECRET},
        {"data": {"invitee": SECRET, SECRET: SECRET}},
        {"data": {"invitee": ANA.model_dump(), "relationship": SECRET, "given_name": [SECRET]}},
        {"type": f"portico.PersonChanged.v1 {SECRET}"},
    ],
)
def test_no_detail_quotes_a_value(changes: dict[str, object]) -> None:
    for key in (KEY, None, SECRET.encode()):
        found = DECODER.decode(record(encoded(**changes), key))
        assert found is None or (isinstance(found, DeadLetter) and SECRET not in found.detail)


def test_a_bad_record_leaves_its_neighbours_alone_and_in_order() -> None:
    sent = [event() for _ in range(3)]
    good = [record(one.model_dump_json().encode()) for one in sent]
    unknown = record(encoded(type="com.example.other"))
    events, letters = DECODER.decode_all([good[0], record(b"{"), good[1], unknown, good[2]])
    assert events == list(zip(sent, good, strict=True))
    assert [found.reason for found in letters] == [Reason.MALFORMED]
