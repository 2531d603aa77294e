"""A stack in a folder of its own that is gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from devstack.paths import temporary_folder
from devstack.process import Report
from devstack.services import INBOX, INBOX_SMTP_PORT_VARIABLE, OPS_CONSOLE, SERVICES
from devstack.stack import Stack

PORT_VARIABLES = (
    "PORTICO_KAFKA_PORT",
    INBOX_SMTP_PORT_VARIABLE,
    *(service.port_variable for service in (*SERVICES, OPS_CONSOLE, INBOX)),
)


@contextmanager
def temporary_stack(report: Report) -> Iterator[Stack]:
    """Start a stack on free ports, whose mails go to its own inbox; stop and delete it at the end.

    Raises:
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: Something did not become ready; the message has its log.
    """
    with temporary_folder() as folder, _environment():
        stack = Stack(folder, report)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


@contextmanager
def _environment() -> Iterator[None]:
    """Take any free ports, and leave those alone that `portico up` would like to have."""
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(PORT_VARIABLES, "0"))
    os.environ.pop("PORTICO_SMTP_URL", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
