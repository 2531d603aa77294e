"""What ops_console reads from the environment, besides what each server does."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.settings import ServerSettings
from contracts.envelope import Identifier
from services.ops_console.roles import User


class Settings(ServerSettings):
    """What it watches, and who may look."""

    ops_users: dict[Identifier, User] = Field(min_length=1)
    """JSON: of each who may sign in the name, and the argon2id hash of the password, or that and
    the role: `{"password": hash, "role": "viewer"}`."""
    ops_secret: str = Field(min_length=16)
    """Behind the forms' tokens."""
    ops_url: str
    """The public address of these pages; with https the cookies go over https alone."""
    ops_services: dict[str, str] = Field({})
    """JSON: each service's name to where its /metrics is."""
    ops_trace_url: Annotated[str, StringConstraints(pattern=r"^(https?://.*\{trace_id\}.*)?$")] = ""
    """Where a tracing UI shows the trace of `{trace_id}`; empty: there is none."""
    ops_signing_key: str = ""
    """An Ed25519 private key, a JWK in JSON, for calls to the services; "": they are not asked
    what they know of an invitation."""
    ops_keep_decided_days: int = Field(30, ge=7, le=10_000)
    """For how long dead letters are kept that were replayed or discarded; the page of organisations
    counts those of a week. Open ones stay for ever."""
    emr_url: str = ""
    """The public address of the EMR pages, for links to facesheets; "": there are none."""
