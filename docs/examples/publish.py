"""Ask for an invitation through Kafka. Needs confluent-kafka."""

import json
import os
import sys
from datetime import UTC, datetime
from uuid import uuid4

from confluent_kafka import KafkaError, Message, Producer

organization, chart, person = sys.argv[1:4]
key = f"{organization}/{chart}/{person}"
event = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "my-emr",
    "type": "portico.InviteRequested.v1",
    "subject": key,
    "time": datetime.now(UTC).isoformat(),
    "data": {
        "invitee": {"organization": organization, "chart": chart, "person": person},
        "role": "patient",
    },
}
failures: list[str] = []


def note_failure(error: KafkaError | None, _message: Message) -> None:
    if error:
        failures.append(str(error))


settings = {"bootstrap.servers": os.environ["KAFKA"], "acks": "all", "enable.idempotence": True}
producer = Producer(settings)
producer.produce("chart.invites.v1", json.dumps(event), key=key, on_delivery=note_failure)
if producer.flush(30) or failures:
    sys.exit(f"not published: {failures or 'no answer from Kafka'}")
print(event["id"])
