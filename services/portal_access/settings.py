"""What portal_access reads from the environment, besides the chassis' settings."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Its keys, its neighbours, and its own public address."""

    signing_key: str
    """An Ed25519 private key, a JWK in JSON; signs the calls to other services."""
    notice_seal_key: str
    """Base64 of 32 bytes; notification_service has the same, for the links in notices."""
    session_secret: str = Field(min_length=16)
    """Behind the forms' tokens and the seal on tokens at rest; the same in all instances."""
    invitations_url: str
    """Where invitation_service answers."""
    emr_url: str
    """Where chart_service answers."""
    portal_url: str
    """The public address of these pages; with https the cookies go over https alone."""
