"""The whole stack: Kafka, PostgreSQL, the mail inbox and all services, from start to stop."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from chassis import migrations, topics
from chassis.security import passwords
from devstack import credentials
from devstack.infrastructure import Infrastructure
from devstack.kafka import DEFAULT_PORT
from devstack.kafka_jars import kafka_jars
from devstack.paths import Home, cache_folder
from devstack.ports import HOST, free_port
from devstack.process import ProcessSpec, Report
from devstack.readiness import POLL_INTERVAL, NotReadyError, tail, wait_until_ready
from devstack.services import (
    INBOX,
    INBOX_SMTP_PORT,
    INBOX_SMTP_PORT_VARIABLE,
    OPS_CONSOLE,
    SERVICES,
    Service,
)
from devstack.state import (
    AlreadyRunningError,
    RunningService,
    RunningStack,
    only_supervisor,
    supervisor_pid,
    write_running,
)
from devstack.status import Status, is_ready, status
from devstack.supervisor import Supervisor

__all__ = [
    "AlreadyRunningError",
    "NotReadyError",
    "Stack",
    "Status",
    "down",
    "run_detached",
    "run_foreground",
    "status",
]

READY_TIMEOUT = 60.0
# Asking more often would slow down the start that it waits for.
HEALTH_INTERVAL = 0.1
DOWN_TIMEOUT = 40.0
# Where the packages are, so that `python -m` finds them.
PROJECT = Path(__file__).parents[1]


class Stack:
    """One stack in one folder. Stops whatever it started when a start fails.

    Args:
        home: The folder of its state.
        report: Takes lines for people: progress, replaced ports, crashed and restarted processes.
    """

    def __init__(self, home: Path, report: Report = print) -> None:
        self.home = Home(home.absolute())
        self._report = report
        self._cleanup = ExitStack()
        self._writing = threading.Lock()
        self._ports: dict[str, int] = {}
        self._supervisor = Supervisor(report=report, changed=self._write_running)
        self._infrastructure: Infrastructure | None = None

    def start(self) -> None:
        """Start everything and return when every service is ready.

        Raises:
            AlreadyRunningError: Another process runs a stack in this folder.
            JarError: Kafka could not be downloaded as locked.
            NotReadyError: Something did not become ready within 60 s; the message has its log.
        """
        with ExitStack() as cleanup:
            cleanup.enter_context(only_supervisor(self.home))
            self._secrets = credentials.load_or_create(self.home.secrets)
            kafka_jars(cache_folder())
            self._start_infrastructure(cleanup)
            self._prepare()
            self._start_services(cleanup)
            self._cleanup = cleanup.pop_all()

    def stop(self) -> None:
        """Stop everything: the services first, then what they stand on."""
        self._cleanup.close()

    def stop_services(self) -> None:
        """Stop the services and the inbox alone; what they stand on goes on until stop()."""
        self._supervisor.stop()

    @property
    def infrastructure(self) -> Infrastructure:
        """Kafka and PostgreSQL of this stack, once it was started."""
        assert self._infrastructure is not None
        return self._infrastructure

    def _start_infrastructure(self, cleanup: ExitStack) -> None:
        self._report("Starting Kafka and PostgreSQL")
        self._infrastructure = Infrastructure(
            self.home.folder,
            kafka_port=self._port("kafka", "PORTICO_KAFKA_PORT", DEFAULT_PORT),
            restart=True,
            report=self._report,
        )
        cleanup.enter_context(self._infrastructure)

    def _prepare(self) -> None:
        """Bring the databases and topics to what the services expect."""
        self._report("Migrating databases and creating topics")
        assert self._infrastructure is not None
        for service in SERVICES:
            migrations.upgrade(service.name, self._infrastructure.postgres.url(service.database))
        asyncio.run(topics.create_missing(self._infrastructure.kafka.bootstrap_servers))

    def _start_services(self, cleanup: ExitStack) -> None:
        self._report("Starting the services")
        for service in (*SERVICES, OPS_CONSOLE, INBOX):
            self._port(service.name, service.port_variable, service.port)
        self._port("smtp", INBOX_SMTP_PORT_VARIABLE, INBOX_SMTP_PORT)
        cleanup.callback(self.home.running.unlink, missing_ok=True)
        cleanup.enter_context(self._supervisor)
        services = (INBOX, *SERVICES, OPS_CONSOLE)
        processes = self._supervisor.start(self._spec(service) for service in services)
        deadline = time.monotonic() + READY_TIMEOUT
        for service, process in zip(services, processes, strict=True):
            left = max(0.0, deadline - time.monotonic())
            wait_until_ready(process, partial(is_ready, self._url(service)), left, HEALTH_INTERVAL)

    def _port(self, name: str, variable: str, default: int) -> int:
        """Choose a port once; the one wanted, or another when it is taken."""
        wanted = _port_from(variable, default)
        port = free_port(wanted, self._ports.values())
        if wanted and port != wanted:
            self._report(f"Port {wanted} is taken; {name} uses {port} instead")
        self._ports[name] = port
        return port

    def _url(self, service: Service) -> str:
        return f"http://{HOST}:{self._ports[service.name]}"

    def _public_url(self, service: Service) -> str:
        # Passkeys belong to a domain: there are none for an IP address.
        host = "localhost" if service.url_key == "portal" else HOST
        return f"http://{host}:{self._ports[service.name]}"

    def _smtp_url(self) -> str:
        return os.environ.get("PORTICO_SMTP_URL") or f"smtp://{HOST}:{self._ports['smtp']}"

    def _spec(self, service: Service) -> ProcessSpec:
        return ProcessSpec(
            name=service.name,
            argv=[sys.executable, "-m", service.module],
            log_file=self.home.log(service.name),
            env={**os.environ, **self._environment(service)},
            cwd=PROJECT,
        )

    def _environment(self, service: Service) -> dict[str, str]:
        if service is INBOX:
            return {
                "PORTICO_INBOX_HOST": HOST,
                "PORTICO_INBOX_HTTP_PORT": str(self._ports[service.name]),
                "PORTICO_INBOX_SMTP_PORT": str(self._ports["smtp"]),
            }
        assert self._infrastructure is not None
        if service is OPS_CONSOLE:
            return self._environment_of_console()
        portal = next(each for each in SERVICES if each.url_key == "portal")
        emr = next(each for each in SERVICES if each.url_key == "emr")
        told = self._secrets.model_dump(include=set(service.secrets))
        return {
            "PORTICO_DATABASE_URL": self._infrastructure.postgres.url(service.database),
            "PORTICO_KAFKA_BOOTSTRAP_SERVERS": self._infrastructure.kafka.bootstrap_servers,
            "PORTICO_HOST": HOST,
            "PORTICO_INSTANCE": "1",
            "PORTICO_PORT": str(self._ports[service.name]),
            "PORTICO_SMTP_URL": self._smtp_url(),
            "PORTICO_WEBHOOKS_ALLOW_PRIVATE": "true",
            "PORTICO_JWKS_URL": f"{self._url(portal)}/.well-known/jwks.json",
            "PORTICO_EMR_JWKS_URL": f"{self._url(emr)}/.well-known/jwks.json",
            "PORTICO_PORTAL_ACCESS_URL": self._url(portal),
            **{each.url_variable: self._public_url(each) for each in SERVICES},
            **{f"PORTICO_{name.upper()}": value for name, value in told.items()},
        }

    def _environment_of_console(self) -> dict[str, str]:
        assert self._infrastructure is not None
        users = {credentials.DEMO_OPS_NAME: passwords.hash_now(self._secrets.ops_password)}
        return {
            "PORTICO_KAFKA_BOOTSTRAP_SERVERS": self._infrastructure.kafka.bootstrap_servers,
            "PORTICO_HOST": HOST,
            "PORTICO_PORT": str(self._ports[OPS_CONSOLE.name]),
            "PORTICO_OPS_URL": self._url(OPS_CONSOLE),
            "PORTICO_OPS_USERS": json.dumps(users),
            "PORTICO_OPS_SECRET": self._secrets.ops_secret,
            "PORTICO_OPS_SERVICES": json.dumps({each.name: self._url(each) for each in SERVICES}),
        }

    def _write_running(self) -> None:
        """Tell other processes what runs; called by the threads that watch the processes."""
        assert self._infrastructure is not None
        smtp = urlsplit(self._smtp_url())
        with self._writing:
            pids = {process.name: process.pid for process in self._supervisor.processes}
            services = [
                RunningService(name=each.name, pid=pids.get(each.name), url=self._url(each))
                for each in (*SERVICES, OPS_CONSOLE)
            ]
            running = RunningStack(
                pid=os.getpid(),
                urls={
                    each.url_key: self._public_url(each) for each in (*SERVICES, OPS_CONSOLE, INBOX)
                },
                kafka=self._infrastructure.kafka.bootstrap_servers,
                smtp_host=smtp.hostname or HOST,
                smtp_port=smtp.port or INBOX_SMTP_PORT,
                services=services,
            )
            write_running(self.home, running)


def run_foreground(
    home: Path, report: Report = print, on_ready: Callable[[Status], None] | None = None
) -> None:
    """Run a stack until Ctrl-C or SIGTERM, then stop it in order.

    Args:
        home: The folder of its state.
        report: Takes lines for people.
        on_ready: Called once everything is ready.

    Raises:
        AlreadyRunningError: Another process runs a stack in this folder.
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: Something did not become ready; what was started is stopped again.
    """
    stack = Stack(home, report)
    for interruption in (signal.SIGINT, signal.SIGTERM):
        signal.signal(interruption, _interrupt_once)
    try:
        stack.start()
        if on_ready is not None:
            on_ready(status(home))
        threading.Event().wait()
    except KeyboardInterrupt:
        report("Stopping")
    finally:
        stack.stop()


def run_detached(home: Path, report: Report = print) -> Status:
    """Start a stack that goes on when this process ends, and return when it is ready.

    Raises:
        AlreadyRunningError: Another process runs a stack in this folder.
        JarError: Kafka could not be downloaded as locked.
        NotReadyError: It did not become ready; the message has its log.
    """
    stack = Home(home.absolute())
    with only_supervisor(stack):
        kafka_jars(cache_folder())
    log_file = stack.log("supervisor")
    log_file.parent.mkdir(parents=True, exist_ok=True)
    report(f"Starting the stack in {stack.folder}; its log is {log_file}")
    with log_file.open("wb") as log:
        supervisor = subprocess.Popen(  # noqa: S603 - this package itself
            [sys.executable, "-u", "-m", "devstack", str(stack.folder)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while not (now := status(home))["ready"]:
        if supervisor.poll() is not None:
            raise NotReadyError(f"The stack did not start. Its log, {log_file}:\n{tail(log_file)}")
        time.sleep(HEALTH_INTERVAL)
    return now


def down(home: Path) -> bool:
    """Stop the stack in this folder, wherever it was started, and wait until it is down.

    Returns:
        Whether one ran.

    Raises:
        TimeoutError: It is not down after 40 s.
    """
    stack = Home(home.absolute())
    pid = supervisor_pid(stack)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_TIMEOUT
    while supervisor_pid(stack) is not None:
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"The stack in {stack.folder}, process id {pid}, is not down after "
                f"{DOWN_TIMEOUT:g} s. Look into {stack.log('supervisor').parent}."
            )
        time.sleep(POLL_INTERVAL)
    return True


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not leave half of the stack running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _port_from(variable: str, default: int) -> int:
    value = os.environ.get(variable, "")
    if not value:
        return default
    if not value.isdecimal():
        raise ValueError(f"{variable} is {value!r}; give a port number, or 0 for any free one.")
    return int(value)
