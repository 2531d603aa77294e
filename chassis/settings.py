"""Settings that the services read from the environment, as `PORTICO_…`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServerSettings(BaseSettings):
    """Where a process listens, where its Kafka is, and where its logs and spans go."""

    model_config = SettingsConfigDict(env_prefix="PORTICO_", extra="ignore")

    kafka_bootstrap_servers: str
    """`host:port`, several separated by commas."""
    host: str = "127.0.0.1"
    port: int = 0
    log_level: str = "info"
    otlp_endpoint: str = Field("", pattern=r"^(https?://\S+)?$")
    """Where spans are sent (OTLP over HTTP), for instance `http://127.0.0.1:4318`; "": nowhere."""


class ServiceSettings(ServerSettings):
    """What a service with a database reads besides."""

    database_url: str
    """For instance `postgresql+asyncpg://user@host/invitation`."""
    instance: str | None = None
    """This instance's name among its service's: one that is killed and started again under its
    name has its partitions back at once. Without a name Kafka waits for the old one first."""
    ops_jwks_url: str = ""
    """Where the ops console publishes its keys; "": nobody may ask what this service knows."""
    batch_size: int = 500
    """The most events that a consumer handles in one transaction."""
    outbox_batch_size: int = 1000
    """The most events that the relay publishes at a time."""
    outbox_poll_seconds: float = 0.5
    """How long the relay waits when no commit wakes it."""
