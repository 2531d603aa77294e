"""SQL on clients of the API and their tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import ApiClient


async def clients(tx: Transaction, organization_id: str) -> Sequence[ApiClient]:
    """Return an organisation's clients, the newest first, revoked ones at the end."""
    found = await tx.session.exec(
        select(ApiClient)
        .where(ApiClient.organization_id == organization_id)
        .order_by(col(ApiClient.revoked_at).is_not(None), col(ApiClient.created_at).desc())
    )
    return found.all()


async def client(tx: Transaction, organization_id: str, client_id: UUID) -> ApiClient | None:
    """Return a client of an organisation."""
    found = await tx.session.get(ApiClient, client_id)
    return found if found and found.organization_id == organization_id else None


async def client_with_secret(
    tx: Transaction, client_id: UUID, secret_hash: bytes
) -> ApiClient | None:
    """Return the client, of whichever organisation, whose secret this is."""
    found = await tx.session.exec(
        select(ApiClient).where(
            ApiClient.id == client_id,
            ApiClient.secret_hash == secret_hash,
            col(ApiClient.revoked_at).is_(None),
        )
    )
    return found.one_or_none()


async def revoke(tx: Transaction, organization_id: str, client_id: UUID) -> bool:
    """Revoke a client with all its tokens; False when there is none that works."""
    revoked = await tx.run(
        """
        UPDATE api_clients SET revoked_at = :now
        WHERE organization_id = :organization_id AND id = :client_id AND revoked_at IS NULL
        RETURNING id
        """,
        organization_id=organization_id,
        client_id=client_id,
        now=tx.now,
    )
    return revoked.first() is not None


async def add_token(
    tx: Transaction, token_hash: bytes, client_id: UUID, scopes: Sequence[str], until: datetime
) -> None:
    """Keep a new token of a client."""
    await tx.run(
        """
        INSERT INTO api_tokens (token_hash, client_id, scopes, expires_at)
        VALUES (:token_hash, :client_id, CAST(:scopes AS text[]), :until)
        """,
        token_hash=token_hash,
        client_id=client_id,
        scopes=list(scopes),
        until=until,
    )


async def holder_of(tx: Transaction, token_hash: bytes) -> Row[Any] | None:
    """Return whose token this is, while it is good for something; the client's use is noted.

    To the minute is enough, and spares a write for nearly every call.
    """
    found = await tx.run(
        """
        WITH held AS (
            SELECT c.id AS client_id, c.organization_id, t.scopes, c.last_used_at
            FROM api_tokens t JOIN api_clients c ON c.id = t.client_id
            WHERE t.token_hash = :token_hash AND t.expires_at > :now AND c.revoked_at IS NULL
        ), used AS (
            UPDATE api_clients SET last_used_at = :now FROM held
            WHERE id = held.client_id
                AND coalesce(held.last_used_at, 'epoch')
                    < CAST(:now AS timestamptz) - interval '1 minute'
        )
        SELECT client_id, organization_id, scopes FROM held
        """,
        token_hash=token_hash,
        now=tx.now,
    )
    return found.one_or_none()


async def forget_tokens(tx: Transaction) -> None:
    """Drop tokens that are good for nothing any more."""
    await tx.run("DELETE FROM api_tokens WHERE expires_at < :now", now=tx.now)
