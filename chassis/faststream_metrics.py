"""FastStream's own metrics of what was received, for batches that may hold several topics.

What is published does not pass through FastStream; `portico_outbox_published_total` counts that.
"""

from typing import Any

from faststream.kafka.prometheus.provider import BatchKafkaMetricsSettingsProvider
from faststream.message import StreamMessage
from faststream.prometheus import ConsumeAttrs
from faststream.prometheus.middleware import PrometheusMiddleware
from prometheus_client import REGISTRY

SEVERAL = "several"
"""Stands for the topic of a batch that has messages of more than one."""


def received_by(service: str) -> PrometheusMiddleware[Any, Any]:
    """Return the middleware that measures what a service's consumer receives."""
    return PrometheusMiddleware(
        settings_provider_factory=lambda _message: _Batches(),
        registry=REGISTRY,
        app_name=service,
    )


class _Batches(BatchKafkaMetricsSettingsProvider):
    """FastStream itself counts a whole batch for the topic of its first message."""

    def get_consume_attrs_from_message(self, msg: StreamMessage[Any]) -> ConsumeAttrs:
        records = msg.raw_message if isinstance(msg.raw_message, tuple) else (msg.raw_message,)
        topics = {record.topic for record in records}
        return {
            "destination_name": topics.pop() if len(topics) == 1 else SEVERAL,
            "message_size": sum(len(record.value or b"") for record in records),
            "messages_count": len(records),
        }
