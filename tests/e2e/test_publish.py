"""`portico publish` on a running Kafka."""

import json
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from contracts.chart import InviteRequested, InviteRequestedData
from contracts.envelope import Invitee
from contracts.scopes import Role
from contracts.topics import CHART_INVITES
from devstack.status import Status
from tests.e2e.conftest import Center, Command

BROKEN = '{"type": "portico.InviteRequested.v1"}'


@pytest.fixture
def requests(center: Center) -> list[str]:
    """Requests for three patients, one a line."""
    people = [f"p-{number}" for number in range(3)]
    center.has_charts(
        [
            {
                "id": person,
                "mrn": person,
                "patient": {
                    "id": person,
                    "given_name": "Ana",
                    "family_name": "Lopez",
                    "email": f"{person}@{center.id}.example",
                },
            }
            for person in people
        ]
    )
    return [request(center, person).model_dump_json() for person in people]


def request(center: Center, person: str) -> InviteRequested:
    """Make a request to invite a patient, whose chart has the same id."""
    invitee = Invitee(organization=center.id, chart=person, person=person)
    return InviteRequested.of(InviteRequestedData(invitee=invitee, role=Role.PATIENT))


def messages_in_topic(stack: Status) -> int:
    """Count all messages that the topic of invitations ever took."""
    consumer = Consumer({"bootstrap.servers": stack["kafka"]["bootstrap_servers"], "group.id": "t"})
    partitions = [TopicPartition(CHART_INVITES.name, n) for n in range(CHART_INVITES.partitions)]
    try:
        return sum(consumer.get_watermark_offsets(each, timeout=10)[1] for each in partitions)
    finally:
        consumer.close()


def test_bad_lines_are_named_and_nothing_is_sent(
    portico: Command, requests: list[str], stack: Status, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join([requests[0], "not json", requests[1], BROKEN]))
    before = messages_in_topic(stack)
    done = portico("publish", str(file))
    assert done.returncode == 1
    assert "line 2: Invalid JSON" in done.stderr
    assert "line 4: " in done.stderr
    assert "data: Field required" in done.stderr
    assert messages_in_topic(stack) == before


def test_the_valid_lines_are_sent_when_asked_for(
    portico: Command, center: Center, requests: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join([BROKEN, *requests]))
    done = portico("publish", str(file), "--skip-invalid", "--json")
    assert done.returncode == 0
    summary = json.loads(done.stdout)
    assert summary["published"] == 3
    assert [bad["line"] for bad in summary["invalid"]] == [1]
    for number in range(3):
        center.waits_for_alerts(f"p-{number}", "sent")


def test_a_file_sent_twice_invites_once(
    portico: Command, center: Center, requests: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(requests[0])
    assert portico("publish", str(file)).returncode == 0
    assert portico("publish", str(file)).returncode == 0
    # Of the same person, so that it is handled after the repetition.
    later = request(center, "p-0")
    file.write_text(later.model_dump_json())
    assert portico("publish", str(file)).returncode == 0
    center.waits_for_mailed("p-0", str(later.id))
    assert len(center.mails()) == 2
