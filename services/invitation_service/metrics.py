"""What invitation_service counts of its decisions; docs/operate.md explains each."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from chassis.web.problems import ProblemError
from contracts.invitations import RejectionReason

ISSUED = Counter("portico_invitations_issued_total", "Invitations that were issued")
REJECTED = Counter(
    "portico_invitations_rejected_total", "Requests that were refused, by the reason", ["reason"]
)
REDEMPTIONS = Counter(
    "portico_redemptions_total",
    "Attempts to accept an invitation: accepted, repeated, or the code of the refusal",
    ["outcome"],
)


def count_decisions(issued: int, rejected: Iterable[RejectionReason]) -> None:
    """Count what was decided on requests for invitations."""
    ISSUED.inc(issued)
    for reason, count in Tally(rejected).items():
        REJECTED.labels(reason=reason.value).inc(count)


@contextmanager
def refusals_counted() -> Iterator[None]:
    """Count the refusal that leaves the block, if one does."""
    try:
        yield
    except ProblemError as error:
        REDEMPTIONS.labels(outcome=error.code).inc()
        raise
