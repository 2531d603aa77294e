"""What each process of a stack is told, as environment variables."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chassis.security import passwords
from devstack import credentials
from devstack.credentials import Secrets
from devstack.ports import HOST
from devstack.services import INBOX, OPS_CONSOLE, SERVICES, Instance, Service

_PORTAL = next(each for each in SERVICES if each.url_key == "portal")
_EMR = next(each for each in SERVICES if each.url_key == "emr")


@dataclass(frozen=True)
class Addresses:
    """Where everything of a stack is; ports by the names of instances, and `smtp`."""

    kafka: str
    smtp_url: str
    database_url: Callable[[str], str]
    ports: Mapping[str, int]

    def url(self, name: str) -> str:
        """Return where an instance listens."""
        return f"http://{HOST}:{self.ports[name]}"

    def public_url(self, service: Service) -> str:
        """Return what people and mails call a service."""
        # Passkeys belong to a domain: there are none for an IP address.
        host = "localhost" if service is _PORTAL else HOST
        return f"http://{host}:{self.ports[service.name]}"


def of_inbox(at: Addresses) -> dict[str, str]:
    """Return what the mail inbox is told."""
    return {
        "PORTICO_INBOX_HOST": HOST,
        "PORTICO_INBOX_HTTP_PORT": str(at.ports[INBOX.name]),
        "PORTICO_INBOX_SMTP_PORT": str(at.ports["smtp"]),
    }


def of_service(instance: Instance, at: Addresses, secrets: Secrets) -> dict[str, str]:
    """Return what an instance of one of the four services is told."""
    service = instance.service
    told = secrets.model_dump(include=set(service.secrets))
    return {
        **_listening(instance, at),
        "PORTICO_DATABASE_URL": at.database_url(service.database),
        "PORTICO_INSTANCE": str(instance.number),
        "PORTICO_SMTP_URL": at.smtp_url,
        "PORTICO_WEBHOOKS_ALLOW_PRIVATE": "true",
        "PORTICO_JWKS_URL": f"{at.url(_PORTAL.name)}/.well-known/jwks.json",
        "PORTICO_EMR_JWKS_URL": f"{at.url(_EMR.name)}/.well-known/jwks.json",
        "PORTICO_PORTAL_ACCESS_URL": at.url(_PORTAL.name),
        "PORTICO_OPS_JWKS_URL": f"{at.url(OPS_CONSOLE.name)}/.well-known/jwks.json",
        **{each.url_variable: at.public_url(each) for each in SERVICES},
        **{f"PORTICO_{name.upper()}": value for name, value in told.items()},
    }


def of_console(
    instance: Instance, at: Addresses, secrets: Secrets, watched: Sequence[str]
) -> dict[str, str]:
    """Return what the ops console is told: to watch these instances, too."""
    hashed = passwords.hash_now(secrets.ops_password)
    users = {credentials.DEMO_OPS_NAME: {"password": hashed, "role": "investigator"}}
    return {
        **_listening(instance, at),
        "PORTICO_OPS_URL": at.url(OPS_CONSOLE.name),
        "PORTICO_OPS_USERS": json.dumps(users),
        "PORTICO_OPS_SECRET": secrets.ops_secret,
        "PORTICO_OPS_SIGNING_KEY": secrets.ops_signing_key,
        _EMR.url_variable: at.public_url(_EMR),
        "PORTICO_OPS_SERVICES": json.dumps({name: at.url(name) for name in watched}),
    }


def _listening(instance: Instance, at: Addresses) -> dict[str, str]:
    return {
        "PORTICO_KAFKA_BOOTSTRAP_SERVERS": at.kafka,
        "PORTICO_HOST": HOST,
        "PORTICO_PORT": str(at.ports[instance.name]),
    }
