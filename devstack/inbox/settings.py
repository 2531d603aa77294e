"""Settings of the inbox, read from PORTICO_INBOX_… in the environment."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the inbox listens, and how many mails it keeps."""

    model_config = SettingsConfigDict(env_prefix="PORTICO_INBOX_")

    host: str = "127.0.0.1"
    smtp_port: int = 1025
    http_port: int = 8105
    capacity: int = 20_000
