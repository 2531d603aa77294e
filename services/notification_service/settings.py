"""What notification_service reads from the environment, besides the chassis' settings."""

from urllib.parse import urlsplit

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """The seal's key, the mail server, and what stands in every mail."""

    seal_key: str
    """Base64 of 32 bytes; invitation_service has the same."""
    notice_seal_key: str
    """Base64 of 32 bytes; portal_access has the same, for the links in its notices."""
    emr_jwks_url: str
    """Where chart_service publishes the keys that sign its calls."""
    smtp_url: str = Field(pattern=r"^smtp://[^/]+:\d+/?$")
    """Where mail goes: `smtp://host:port`."""
    portal_url: str
    """What the link in the mail begins with."""
    mail_from: str = "no-reply@portico.example"
    """The sender's address; the name before it is the organisation's."""
    senders: int = 3
    """Loops over the mail queue; while one commits, the others send."""
    connections_per_sender: int = 4
    """Connections to the mail server that a sender keeps open and shares its mails among."""
    mails_per_transaction: int = 24
    """Mails between two commits of a sender: at most so many go out again if it is killed."""
    smtp_timeout_seconds: float = 10.0
    """How long the mail server may take to connect or to answer a command."""
    smtp_data_timeout_seconds: float = 600.0
    """How long it may take to answer for a whole mail (RFC 5321 4.5.3.2.6)."""

    @property
    def smtp_address(self) -> tuple[str, int]:
        """The mail server's host and port."""
        parts = urlsplit(self.smtp_url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port
