"""What ops_console reads from the environment; it has no database."""

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.envelope import Identifier
from services.ops_console.roles import User


class Settings(BaseSettings):
    """Where it listens, what it watches, and who may look."""

    model_config = SettingsConfigDict(env_prefix="PORTICO_", extra="ignore")

    kafka_bootstrap_servers: str
    """`host:port`, several separated by commas."""
    host: str = "127.0.0.1"
    port: int = 0
    log_level: str = "info"
    otlp_endpoint: str = Field("", pattern=r"^(https?://\S+)?$")
    """Where spans are sent (OTLP over HTTP); "": nowhere."""
    ops_users: dict[Identifier, User] = Field(min_length=1)
    """JSON: of each who may sign in the name, and the argon2id hash of the password, or that and
    the role: `{"password": hash, "role": "viewer"}`."""
    ops_secret: str = Field(min_length=16)
    """Behind the forms' tokens."""
    ops_url: str
    """The public address of these pages; with https the cookies go over https alone."""
    ops_services: dict[str, str] = {}
    """JSON: each service's name to where its /metrics is."""
    ops_trace_url: Annotated[str, StringConstraints(pattern=r"^(https?://.*\{trace_id\}.*)?$")] = ""
    """Where a tracing UI shows the trace of `{trace_id}`; empty: there is none."""
    ops_signing_key: str = ""
    """An Ed25519 private key, a JWK in JSON, for calls to the services; "": they are not asked
    what they know of an invitation."""
    emr_url: str = ""
    """The public address of the EMR pages, for links to facesheets; "": there are none."""
