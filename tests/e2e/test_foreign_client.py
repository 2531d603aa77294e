"""An EMR of somebody else's, that knows the topic and one JSON Schema and nothing else of ours."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import KafkaError, Message, Producer
from jsonschema import Draft202012Validator

from devstack.status import Status
from tests.e2e.conftest import Center

SCHEMA = Path("contracts/schemas/InviteRequested.v1.json")
TOPIC = "chart.invites.v1"
COUNT = 1000


def requests(organization: str, schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Fill in the schema's example for each patient."""
    example = schema["examples"][0]
    return [
        example
        | {
            "id": str(uuid4()),
            "source": "another-emr",
            "subject": f"{organization}/c-{number}/p-{number}",
            "data": {
                "invitee": {
                    "organization": organization,
                    "chart": f"c-{number}",
                    "person": f"p-{number}",
                },
                "role": "patient",
            },
        }
        for number in range(COUNT)
    ]


def publish(servers: str, events: list[dict[str, Any]]) -> None:
    failures: list[KafkaError] = []

    def taken(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failures.append(error)

    producer = Producer({"bootstrap.servers": servers, "acks": "all"})
    for event in events:
        producer.produce(TOPIC, json.dumps(event), key=event["subject"], on_delivery=taken)
    assert producer.flush(30) == 0
    assert failures == []


def chart(organization: str, number: int) -> dict[str, Any]:
    patient = {
        "id": f"p-{number}",
        "given_name": "Ana",
        "family_name": f"Lopez {number}",
        "email": f"a{number}@{organization}.example",
    }
    return {"id": f"c-{number}", "mrn": f"M-{number}", "patient": patient}


def test_a_thousand_invitations_arrive_once_each_and_show_on_the_facesheets(
    center: Center, stack: Status
) -> None:
    center.has_charts([chart(center.id, number) for number in range(COUNT)])
    schema = json.loads(SCHEMA.read_text())
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    events = requests(center.id, schema)
    for event in events:
        validator.validate(event)
    publish(stack["kafka"]["bootstrap_servers"] or "", events)
    for event in events:
        invitee = event["data"]["invitee"]
        [alert] = center.waits_for_alerts(invitee["chart"], "sent")
        assert (alert["person"], alert["invitation_id"]) == (invitee["person"], event["id"])
    mails = Counter(mail["To"][0]["Address"] for mail in center.mails())
    assert mails == {f"a{number}@{center.id}.example": 1 for number in range(COUNT)}
