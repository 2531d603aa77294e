"""A stack for one measurement, whose mails go to a sink of its own."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvloop

from bench.smtp_sink import Sink, listen
from devstack.paths import temporary_folder
from devstack.stack import Stack

Report = Callable[[str], None]


@contextmanager
def stack_with_sink(report: Report) -> Iterator[tuple[Stack, Sink]]:
    """Start a stack in a folder of its own; stop and delete it at the end.

    Raises:
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: Something did not become ready; the message has its log.
    """
    with _mail_sink() as sink, temporary_folder() as folder:
        os.environ["PORTICO_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}"
        stack = Stack(folder, report)
        stack.start()
        try:
            yield stack, sink
        finally:
            stack.stop()


@contextmanager
def _mail_sink() -> Iterator[Sink]:
    """Run the sink on a thread of its own, so that it outlives each measurement's event loop."""
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sink = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
