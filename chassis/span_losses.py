"""Counts the spans that never get to a collector, in our own metrics.

Those that the queue had no place for only the SDK knows of. It counts them by metrics of its own
(https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/), of which one is taken here; so no
second system of metrics is needed. Importing this imports OpenTelemetry's SDK.
"""

import os

from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Meter, NoOpCounter, NoOpMeter, NoOpMeterProvider
from opentelemetry.sdk.environment_variables import OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED
from opentelemetry.util.types import Attributes

from chassis import metrics

NOT_TAKEN = "not_taken"
_QUEUE_FULL = "queue_full"
_PROCESSED = "otel.sdk.processor.span.processed"


def lose(spans: int, reason: str) -> None:
    """Count spans as lost."""
    metrics.SPANS_LOST.labels(reason).inc(spans)


class SdkMetrics(NoOpMeterProvider):
    """Where the SDK measures itself: what a span processor dropped is counted, all else ignored."""

    def __init__(self) -> None:
        # Else the SDK measures nothing; it is told by this variable alone.
        os.environ.setdefault(OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED, "true")
        for reason in (NOT_TAKEN, _QUEUE_FULL):
            lose(0, reason)  # a counter that begins with its first loss hides that one from alerts

    def get_meter(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,  # noqa: ARG002 - as the SDK calls it
    ) -> Meter:
        """Return the meter of a part of the SDK."""
        return _Meter(name, version, schema_url)


class _Meter(NoOpMeter):
    def create_counter(self, name: str, unit: str = "", description: str = "") -> Counter:
        if name == _PROCESSED:
            return _Processed(name, unit, description)
        return super().create_counter(name, unit, description)


class _Processed(NoOpCounter):
    def add(
        self, amount: float, attributes: Attributes = None, context: Context | None = None
    ) -> None:
        super().add(amount, attributes, context)
        if reason := (attributes or {}).get("error.type"):
            lose(int(amount), str(reason))
