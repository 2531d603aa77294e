"""What every service counts and measures; docs/operate.md explains each.

Labels are few and fixed: never a person's data, an address, a token or an id. What happens is
counted in memory; what is looked up is looked up when somebody asks for it (`chassis/readings.py`).
"""

from prometheus_client import Counter, Gauge, Histogram

BATCH_EVENTS = Histogram(
    "portico_consumer_batch_events",
    "Messages that the consumer was given at a time",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
HANDLER_SECONDS = Histogram(
    "portico_consumer_handler_seconds",
    "Time that a handler took for its events of one transaction, by the type of the first",
    ["event"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
CONSUMER_PROGRESS = Gauge(
    "portico_consumer_progress_timestamp_seconds",
    "When the consumer last finished with messages, or joined its group (Unix time)",
)
CONSUMER_LAG = Gauge(
    "portico_consumer_lag_events", "Messages of this instance's partitions not yet handled"
)
DEAD_LETTERS = Counter(
    "portico_dead_letters_total", "Messages that were given up", ["topic", "reason"]
)
OUTBOX_EVENTS = Gauge(
    "portico_outbox_events", "Events that wait in the outbox for Kafka, counted up to 100,000"
)
OUTBOX_AGE = Gauge(
    "portico_outbox_oldest_age_seconds", "Age of the outbox's oldest event, 0 when it is empty"
)
PUBLISHED = Counter("portico_outbox_published_total", "Events that the relay took to Kafka")
RETRIES = Counter(
    "portico_retries_total", "Further tries of work that failed for a passing reason", ["what"]
)
HTTP_SECONDS = Histogram(
    "portico_http_request_seconds",
    "Time from a request to the beginning of its answer, by the route's template",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TASK_RESTARTS = Counter(
    "portico_task_restarts_total", "Failures after which a background task began again", ["task"]
)
SPANS_LOST = Counter(
    "portico_spans_lost_total", "Spans that did not get to the collector", ["reason"]
)
CHECK_PASSING = Gauge(
    "portico_check_passing", "Whether a readiness check passes (1) or not (0)", ["check"]
)
