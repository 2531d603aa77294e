"""What notification_service counts and measures of its mails; docs/operate.md explains each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from chassis.database import Database
from chassis.readings import MOST_COUNTED, Reading
from services.notification_service import queries
from services.notification_service.kinds import Kind
from services.notification_service.queries.due import DueMail

MAILS = Counter(
    "portico_mails_total",
    "Mails that the mail server took (sent) or never will (bounced)",
    ["kind", "outcome"],
)
RETRIES = Counter(
    "portico_mail_retries_total", "Mails put off to be tried again, by the reason", ["reason"]
)
LATENCY = Histogram(
    "portico_invitation_mail_seconds",
    "Time from the request for an invitation until the mail server took its mail",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400),
)
WAITING = Gauge("portico_mails_waiting", "Mails in the queue, due or not, counted up to 100,000")
OLDEST_DUE = Gauge(
    "portico_mails_oldest_due_age_seconds",
    "For how long the next mail to be sent has been due, 0 when none is",
)


def count(
    mails: Sequence[DueMail], sent: Mapping[UUID, datetime], bounced: Collection[UUID]
) -> None:
    """Count what became of mails, by when the mail server took them."""
    for mail in mails:
        if taken_at := sent.get(mail.id):
            MAILS.labels(kind=mail.kind.value, outcome="sent").inc()
            if mail.kind is Kind.INVITATION and mail.requested_at:
                LATENCY.observe(max(0.0, (taken_at - mail.requested_at).total_seconds()))
        elif mail.id in bounced:
            MAILS.labels(kind=mail.kind.value, outcome="bounced").inc()


def queue_of(database: Database) -> Reading:
    """Return the reading of how many mails wait, and for how long the first has been due."""

    async def values() -> Sequence[float]:
        async with database.transaction() as tx:
            waiting = await queries.due.count_waiting(tx, MOST_COUNTED)
            due_since = await queries.due.due_since(tx)
            age = (tx.now - due_since).total_seconds() if due_since else 0.0
        return waiting, age

    return Reading((WAITING, OLDEST_DUE), values)
