"""Ask for an invitation through Kafka. Needs confluent-kafka."""

import json
import os
import sys
from datetime import UTC, datetime
from uuid import uuid4

from confluent_kafka import Producer

organization, chart, person = sys.argv[1:4]
event = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "my-emr",
    "type": "portico.InviteRequested.v1",
    "subject": f"{organization}/{chart}/{person}",
    "time": datetime.now(UTC).isoformat(),
    "data": {
        "invitee": {"organization": organization, "chart": chart, "person": person},
        "role": "patient",
    },
}
failures = []
settings = {"bootstrap.servers": os.environ["KAFKA"], "acks": "all", "enable.idempotence": True}
producer = Producer(settings)
producer.produce(
    "chart.invites.v1",
    json.dumps(event),
    key=event["subject"],
    on_delivery=lambda error, _message: error and failures.append(str(error)),
)
if producer.flush(30) or failures:
    sys.exit(f"not published: {failures or 'no answer from Kafka'}")
print(event["id"])
