"""The whole stack: Kafka, PostgreSQL, the mail inbox and all services, from start to stop."""

import asyncio
import os
import sys
import threading
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from chassis import migrations, topics
from devstack import credentials, environment
from devstack.environment import Addresses
from devstack.infrastructure import Infrastructure
from devstack.kafka import DEFAULT_PORT
from devstack.paths import Home
from devstack.ports import HOST, free_port, port_in
from devstack.process import ProcessSpec, Report
from devstack.readiness import HEALTH_INTERVAL, wait_until_ready
from devstack.services import (
    INBOX,
    INBOX_SMTP_PORT,
    INBOX_SMTP_PORT_VARIABLE,
    OPS_CONSOLE,
    SERVICES,
    Instance,
)
from devstack.size import Size, size_in
from devstack.state import RunningService, RunningStack, only_supervisor, write_running
from devstack.status import is_ready
from devstack.supervisor import Supervisor

READY_TIMEOUT = 60.0
# Asking more often would slow down the start that it waits for.
# Where the packages are, so that `python -m` finds them.
PROJECT = Path(__file__).parents[1]


class Stack:
    """One stack in one folder. Stops whatever it started when a start fails.

    Args:
        home: The folder of its state.
        report: Takes lines for people: progress, replaced ports, crashed and restarted processes.
        size: How many brokers and instances; that of the environment when None.
    """

    def __init__(self, home: Path, report: Report = print, size: Size | None = None) -> None:
        self.home = Home(home.absolute())
        self._report = report
        self._size = size or size_in()
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
            OtherSizeError: The folder is that of another number of brokers.
        """
        with ExitStack() as cleanup:
            cleanup.enter_context(only_supervisor(self.home))
            self._secrets = credentials.load_or_create(self.home.secrets)
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
            brokers=self._size.brokers,
            restart=True,
            report=self._report,
        )
        cleanup.enter_context(self._infrastructure)

    def _prepare(self) -> None:
        """Bring the databases and topics to what the services expect."""
        self._report("Migrating databases and creating topics")
        postgres, kafka = self.infrastructure.postgres, self.infrastructure.kafka
        for service in SERVICES:
            migrations.upgrade(service.name, postgres.url(service.database))
        asyncio.run(topics.create_missing(kafka.bootstrap_servers, self._size.brokers))

    def _start_services(self, cleanup: ExitStack) -> None:
        self._report("Starting the services")
        instances = [Instance(INBOX), *self._size.instances]
        self._choose_ports(instances)
        cleanup.callback(self.home.running.unlink, missing_ok=True)
        cleanup.enter_context(self._supervisor)
        processes = self._supervisor.start(self._spec(instance) for instance in instances)
        deadline = time.monotonic() + READY_TIMEOUT
        for instance, process in zip(instances, processes, strict=True):
            left = max(0.0, deadline - time.monotonic())
            url = self._addresses.url(instance.name)
            wait_until_ready(process, partial(is_ready, url), left, HEALTH_INTERVAL)

    def _choose_ports(self, instances: list[Instance]) -> None:
        for instance in instances:
            service = instance.service
            if instance.number == 1:
                self._port(instance.name, service.port_variable, service.port)
        self._port("smtp", INBOX_SMTP_PORT_VARIABLE, INBOX_SMTP_PORT)
        for instance in instances:
            if instance.number > 1:
                self._ports[instance.name] = free_port(given=self._ports.values())

    def _port(self, name: str, variable: str, default: int) -> int:
        """Choose a port once; the one wanted, or another when it is taken."""
        wanted = port_in(variable, default)
        port = free_port(wanted, self._ports.values())
        if wanted and port != wanted:
            self._report(f"Port {wanted} is taken; {name} uses {port} instead")
        self._ports[name] = port
        return port

    @property
    def _addresses(self) -> Addresses:
        return Addresses(
            kafka=self.infrastructure.kafka.bootstrap_servers,
            smtp_url=os.environ.get("PORTICO_SMTP_URL") or f"smtp://{HOST}:{self._ports['smtp']}",
            database_url=self.infrastructure.postgres.url,
            ports=self._ports,
        )

    def _spec(self, instance: Instance) -> ProcessSpec:
        return ProcessSpec(
            name=instance.name,
            argv=[sys.executable, "-m", instance.service.module],
            log_file=self.home.log(instance.name),
            env={**os.environ, **self._environment(instance)},
            cwd=PROJECT,
        )

    def _environment(self, instance: Instance) -> dict[str, str]:
        if instance.service is INBOX:
            return environment.of_inbox(self._addresses)
        if instance.service is OPS_CONSOLE:
            watched = [
                each.name for each in self._size.instances if each.service is not OPS_CONSOLE
            ]
            return environment.of_console(instance, self._addresses, self._secrets, watched)
        return environment.of_service(instance, self._addresses, self._secrets)

    def _write_running(self) -> None:
        """Tell other processes what runs; called by the threads that watch the processes."""
        at = self._addresses
        smtp = urlsplit(at.smtp_url)
        with self._writing:
            pids = {process.name: process.pid for process in self._supervisor.processes}
            services = [
                RunningService(
                    name=each.name,
                    instance=each.number,
                    pid=pids.get(each.name),
                    url=at.url(each.name),
                )
                for each in self._size.instances
            ]
            running = RunningStack(
                pid=os.getpid(),
                urls={
                    each.url_key: at.public_url(each) for each in (*SERVICES, OPS_CONSOLE, INBOX)
                },
                kafka=at.kafka,
                smtp_host=smtp.hostname or HOST,
                smtp_port=smtp.port or INBOX_SMTP_PORT,
                services=services,
            )
            write_running(self.home, running)
