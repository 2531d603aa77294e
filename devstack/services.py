"""The services of a stack as data: how each is run and what it must know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """One service, run as `python -m MODULE`.

    Args:
        name: How reports and status call it.
        module: The package to run.
        url_key: Its name among the addresses of the stack.
        port: Where it listens unless PORT_VARIABLE says otherwise or it is taken.
        database: Its database in PostgreSQL, migrated before it starts; none when empty.
        secrets: The secrets that it is told, by their names in devstack.credentials.Secrets.
    """

    name: str
    module: str
    url_key: str
    port: int
    database: str
    secrets: tuple[str, ...] = ()

    @property
    def port_variable(self) -> str:
        """The environment variable that moves it to another port."""
        return f"PORTICO_{self.url_key.upper()}_PORT"

    @property
    def url_variable(self) -> str:
        """The environment variable that tells the others where it is."""
        return f"PORTICO_{self.url_key.upper()}_URL"


@dataclass(frozen=True)
class Instance:
    """One process of a service; the first has the service's name and well-known port."""

    service: Service
    number: int = 1

    @property
    def name(self) -> str:
        """How reports and status call it."""
        return self.service.name if self.number == 1 else f"{self.service.name}-{self.number}"


SERVICES = (
    Service(
        name="chart_service",
        module="services.chart_service",
        url_key="emr",
        port=8101,
        database="chart",
        secrets=("api_token", "session_secret", "emr_signing_key"),
    ),
    Service(
        name="invitation_service",
        module="services.invitation_service",
        url_key="invitations",
        port=8102,
        database="invitation",
        secrets=("seal_key",),
    ),
    Service(
        name="notification_service",
        module="services.notification_service",
        url_key="notifications",
        port=8103,
        database="notification",
        secrets=("seal_key", "notice_seal_key"),
    ),
    Service(
        name="portal_access",
        module="services.portal_access",
        url_key="portal",
        port=8104,
        database="portal",
        secrets=("signing_key", "session_secret", "notice_seal_key"),
    ),
)

OPS_CONSOLE = Service(
    name="ops_console",
    module="services.ops_console",
    url_key="ops",
    port=8106,
    database="",
    secrets=("ops_secret",),
)
"""Watches the others, and keeps nothing."""

INBOX = Service(name="inbox", module="devstack.inbox", url_key="inbox", port=8105, database="")
INBOX_SMTP_PORT = 1025
INBOX_SMTP_PORT_VARIABLE = "PORTICO_INBOX_SMTP_PORT"
