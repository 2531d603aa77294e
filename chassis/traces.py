"""Which trace an event belongs to that was published without naming its cause."""

from collections.abc import Sequence
from functools import cached_property

from chassis import spans, telemetry
from contracts.envelope import CloudEvent


class Traces:
    """The traces of what is being handled together, by the keys of what it is about."""

    def __init__(self, causes: Sequence[CloudEvent] = ()) -> None:
        self._causes = causes

    def of(self, subject: str) -> str:
        """Return the trace of what was handled for this key, else for its chart or organisation.

        Of several causes that are about others none is taken: a new trace misleads nobody.
        """
        chart = subject.rpartition("/")[0]
        for key in (subject, chart, subject.partition("/")[0]):
            if found := self._by_key.get(key):
                return found
        only = None if len(self._causes) > 1 else telemetry.current_traceparent()
        return only or spans.begin_trace()

    @cached_property
    def _by_key(self) -> dict[str, str]:
        by_chart = {e.subject.rpartition("/")[0]: e.trace for e in self._causes}
        return by_chart | {e.subject: e.trace for e in self._causes}
