"""Spans to a collector by OTLP over HTTP, in the background: one that is away disturbs nothing.

Importing this imports OpenTelemetry's SDK; a service does so only if it exports.
"""

import logging
import threading
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from chassis import spans, telemetry
from chassis.span_losses import NOT_TAKEN, SdkMetrics, lose

_FLUSH_SECONDS = 2.0
_SILENCE_SECONDS = 60.0

_log = telemetry.logger("spans")


class Export:
    """Makes the spans of this process and sends them to a collector, until it is closed.

    The SDK itself reads its standard variables: OTEL_TRACES_SAMPLER, OTEL_BSP_… and others.
    """

    def __init__(self, service: str, endpoint: str) -> None:
        # What the SDK logs may quote what it sends; what is lost is told by the exporter below.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)
        resource = Resource.create({SERVICE_NAME: service})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(
            BatchSpanProcessor(_Told(exporter), meter_provider=SdkMetrics())
        )
        spans.export_by(self._provider.get_tracer("portico"))

    def close(self) -> None:
        """Make no more spans, and send what is left if the collector takes it at once."""
        spans.export_by(None)
        # A collector that is away must not hold up the end of a service.
        flush = threading.Thread(target=self._provider.shutdown, daemon=True)
        flush.start()
        flush.join(_FLUSH_SECONDS)


class _Told(SpanExporter):
    """An exporter whose losses are counted, and told in a line, and not again for a minute."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._lost = 0
        self._told_at = -_SILENCE_SECONDS

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = SpanExportResult.FAILURE
        try:
            result = self._exporter.export(spans)
        finally:
            if result is not SpanExportResult.SUCCESS:
                self._lost += len(spans)
                lose(len(spans), NOT_TAKEN)
                self._tell()
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def _tell(self) -> None:
        if time.monotonic() - self._told_at > _SILENCE_SECONDS:
            _log.warning("the collector took no spans; they are lost", lost=self._lost)
            self._lost, self._told_at = 0, time.monotonic()
