"""What notification_service reads from the environment, besides the chassis' settings."""

from urllib.parse import urlsplit

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """The seal's key, the mail server, and what stands in every mail."""

    seal_key: str
    """Base64 of 32 bytes; invitation_service has the same."""
    smtp_url: str = Field(pattern=r"^smtp://[^/]+:\d+/?$")
    """Where mail goes: `smtp://host:port`."""
    portal_url: str
    """What the link in the mail begins with."""
    mail_from: str = "no-reply@portico.example"
    """The sender's address; the name before it is the organisation's."""
    smtp_connections: int = 8
    """Connections kept open to the mail server; each sends its share of the queue."""
    mails_per_transaction: int = 8
    """Mails sent between two commits: so many may go out twice if the service is killed."""
    smtp_timeout_seconds: float = 10.0

    @property
    def smtp_address(self) -> tuple[str, int]:
        """The mail server's host and port."""
        parts = urlsplit(self.smtp_url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port
