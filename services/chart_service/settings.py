"""What chart_service reads from the environment, besides the chassis' settings."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Who may call the API, whom to trust, and how the pages are reached."""

    api_token: str = Field(min_length=16)
    """The bearer token of whoever runs the installation: all scopes, for all organisations."""
    jwks_url: str
    """Where portal_access publishes the keys that sign its calls."""
    emr_signing_key: str
    """An Ed25519 private key, a JWK in JSON; signs the calls to other services."""
    portal_access_url: str
    """Where portal_access answers to other services."""
    notifications_url: str
    """Where notification_service answers to other services."""
    session_secret: str = Field(min_length=16)
    """The key behind the tokens of the pages' forms."""
    emr_url: str
    """The pages' public address; with https their cookies never go over plain HTTP."""
