"""Clients of the API, their tokens, and the requests that they must not repeat."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from chassis.columns import time_column
from services.chart_service.models.tables import Table


class ApiClient(Table, table=True):
    """A program of an organisation's that calls the API; of its secret only a hash is kept."""

    __tablename__ = "api_clients"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        Index("api_clients_by_organization", "organization_id", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    organization_id: str
    name: str
    secret_hash: bytes
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = time_column()
    created_by: str
    last_used_at: datetime | None = time_column(default=None, nullable=True)
    revoked_at: datetime | None = time_column(default=None, nullable=True)


class ApiToken(Table, table=True):
    """An access token, by its hash; it is worth nothing once its client is revoked."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["client_id"], ["api_clients.id"]),
        Index("api_tokens_by_expiry", "expires_at"),
    )

    token_hash: bytes = Field(primary_key=True)
    client_id: UUID
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    expires_at: datetime = time_column()


class IdempotencyKey(Table, table=True):
    """A request that was answered, so that the same one gets the same answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_by_age", "created_at"),)

    organization_id: str = Field(primary_key=True)
    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: bytes
    body: str
    created_at: datetime = time_column()
