"""Whether a stack is ready, and where everything is."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from devstack.credentials import (
    DEMO_OPS_NAME,
    DEMO_STAFF_EMAIL,
    DEMO_STAFF_PASSWORD,
    load_or_create,
)
from devstack.paths import Home
from devstack.services import INBOX, OPS_CONSOLE, SERVICES
from devstack.state import RunningStack, running_stack

HEALTH_TIMEOUT = 3.0


class ServiceStatus(TypedDict):
    """One instance of a service; pid is None while it is down."""

    name: str
    """The service's name; of further instances, with their number: `invitation_service-2`."""
    instance: int
    pid: int | None
    url: str
    ready: bool


class SignIn(TypedDict):
    """A demo sign-in."""

    email: str
    password: str


class OpsSignIn(TypedDict):
    """The sign-in of ops people."""

    name: str
    password: str


class Credentials(TypedDict):
    """What opens the embedded default: the chart API's token, and who signs in where."""

    api_token: str
    staff: SignIn
    ops: OpsSignIn


class KafkaAddress(TypedDict):
    """Where Kafka is."""

    bootstrap_servers: str | None


class SmtpAddress(TypedDict):
    """Where mails go."""

    host: str | None
    port: int | None


class Status(TypedDict):
    """What `portico status --json` prints. Nothing runs: addresses are None, services is empty."""

    ready: bool
    urls: dict[str, str | None]
    kafka: KafkaAddress
    smtp: SmtpAddress
    services: list[ServiceStatus]
    credentials: Credentials | None


def status(home: Path) -> Status:
    """Ask each service of the stack in this folder whether it is ready."""
    stack = Home(home.absolute())
    running = running_stack(stack)
    return _nothing_runs(stack) if running is None else _status_of(running, stack)


def is_ready(url: str) -> bool:
    """Tell whether the service at this address says that it is ready."""
    # Cheaper than a full client, since a start asks many times.
    connection = HTTPConnection(urlsplit(url).netloc, timeout=HEALTH_TIMEOUT)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _status_of(running: RunningStack, home: Home) -> Status:
    with ThreadPoolExecutor() as pool:
        inbox = pool.submit(is_ready, running.urls[INBOX.url_key])
        answers = list(pool.map(is_ready, [service.url for service in running.services]))
    services = [
        ServiceStatus(
            name=service.name,
            instance=service.instance,
            pid=service.pid,
            url=service.url,
            ready=ready,
        )
        for service, ready in zip(running.services, answers, strict=True)
    ]
    return Status(
        ready=all(answers) and inbox.result(),
        urls=dict(running.urls),
        kafka=KafkaAddress(bootstrap_servers=running.kafka),
        smtp=SmtpAddress(host=running.smtp_host, port=running.smtp_port),
        services=services,
        credentials=_credentials(home),
    )


def _nothing_runs(home: Home) -> Status:
    return Status(
        ready=False,
        urls={service.url_key: None for service in (*SERVICES, OPS_CONSOLE, INBOX)},
        kafka=KafkaAddress(bootstrap_servers=None),
        smtp=SmtpAddress(host=None, port=None),
        services=[],
        credentials=_credentials(home),
    )


def _credentials(home: Home) -> Credentials | None:
    if not home.secrets.exists():
        return None
    secrets = load_or_create(home.secrets)
    return Credentials(
        api_token=secrets.api_token,
        staff=SignIn(email=DEMO_STAFF_EMAIL, password=DEMO_STAFF_PASSWORD),
        ops=OpsSignIn(name=DEMO_OPS_NAME, password=secrets.ops_password),
    )
