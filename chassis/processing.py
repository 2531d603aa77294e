"""The spans of events that are handled together, from their handler's start to the commit."""

from opentelemetry.trace import Span, SpanKind

from chassis import spans
from contracts.envelope import CloudEvent
from contracts.topics import TOPIC_BY_EVENT


class Processing:
    """The spans of one transaction of a consumer group; if it is rolled back they are dropped."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._begun: list[Span] = []

    def begin(self, run: list[CloudEvent]) -> list[CloudEvent]:
        """Return the events as their handler is given them: what follows is below their spans."""
        if not spans.are_exported():
            return run
        return [self._begin(event) for event in run]

    def end(self) -> None:
        """End the spans of what is committed now."""
        for span in self._begun:
            span.end()

    def failed(self, event: CloudEvent, since: int, error: Exception) -> None:
        """Leave a span of an event that was given up, `since` when in ns since 1970."""
        if span := self._span(event, since):
            spans.fail(span, error)
            span.end()

    def _begin(self, event: CloudEvent) -> CloudEvent:
        span = self._span(event)
        if span is None or (event.traceparent and not span.is_recording()):
            return event
        self._begun.append(span)
        return event.model_copy(update={"traceparent": spans.traceparent_of(span)})

    def _span(self, event: CloudEvent, since: int | None = None) -> Span | None:
        topic = TOPIC_BY_EVENT[type(event)].name
        # OpenTelemetry's semantic conventions for messaging, Kafka and CloudEvents.
        attributes = {
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.operation.name": "process",
            "messaging.destination.name": topic,
            "messaging.consumer.group.name": self._group,
            "cloudevents.event_type": event.type,
            "cloudevents.event_id": str(event.id),
        }
        name, parent = f"process {topic}", event.traceparent
        return spans.begin(name, SpanKind.CONSUMER, parent, attributes, since)
