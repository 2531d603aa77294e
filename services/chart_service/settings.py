"""What chart_service reads from the environment, besides the chassis' settings."""

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings

_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Settings(ServiceSettings):
    """Who may call the API, whom to trust, and how the pages are reached."""

    # Compose hands variables that nobody set over as empty ones.
    model_config = SettingsConfigDict(env_ignore_empty=True)

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
    webhooks_allow_private: bool = False
    """Whether webhooks may go to private addresses and over plain HTTP: for trying things out."""
    session_secret: str = Field(min_length=16)
    """The key behind the tokens of the pages' forms."""
    emr_url: str
    """The pages' public address; with https their cookies never go over plain HTTP."""
    oidc_issuer: str | None = None
    """The OpenID provider at which staff may sign in, by its issuer; none without."""
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    """What the provider knows this installation by."""
    oidc_label: str = "single sign-on"
    """What the sign-in page calls the provider: "Sign in with …"."""
    oidc_passwords: Literal["on", "off"] = "on"
    """Whether staff may sign in with a password, too."""

    @model_validator(mode="after")
    def _the_provider_is_whole(self) -> Self:
        if self.oidc_issuer is None:
            if self.oidc_passwords == "off":
                raise ValueError("PORTICO_OIDC_PASSWORDS is off: set PORTICO_OIDC_ISSUER, too")
            return self
        if not self.oidc_client_id or not self.oidc_client_secret:
            raise ValueError(
                "PORTICO_OIDC_ISSUER needs PORTICO_OIDC_CLIENT_ID and PORTICO_OIDC_CLIENT_SECRET"
            )
        address = urlsplit(self.oidc_issuer)
        if address.scheme != "https" and address.hostname not in _ON_THIS_MACHINE:
            raise ValueError("PORTICO_OIDC_ISSUER must begin with https://")
        return self
