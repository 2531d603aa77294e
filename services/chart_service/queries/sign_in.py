"""SQL on signing in: links to choose a password, sign-ins at the OpenID provider, failed tries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.database import Transaction
from services.chart_service.models import OidcSignIn


async def save_password_link(
    tx: Transaction, staff_id: UUID, token_hash: bytes, expires_at: datetime
) -> None:
    """Keep the link by which somebody may choose a password, in place of an earlier one."""
    await tx.run(
        """
        INSERT INTO password_links (staff_id, token_hash, expires_at)
        VALUES (:staff_id, :token_hash, :expires_at)
        ON CONFLICT (staff_id)
            DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
        """,
        staff_id=staff_id,
        token_hash=token_hash,
        expires_at=expires_at,
    )


async def use_password_link(tx: Transaction, token_hash: bytes) -> UUID | None:
    """Use a link up; return whose it was, None when it is used, replaced or expired."""
    used = await tx.run(
        """
        DELETE FROM password_links WHERE token_hash = :token_hash AND expires_at > :now
        RETURNING staff_id
        """,
        token_hash=token_hash,
        now=tx.now,
    )
    staff_id: UUID | None = used.scalar_one_or_none()
    return staff_id


async def drop_password_link(tx: Transaction, staff_id: UUID) -> None:
    """Let somebody's link work no more."""
    await tx.run("DELETE FROM password_links WHERE staff_id = :staff_id", staff_id=staff_id)


async def password_links(tx: Transaction, organization_id: str) -> dict[UUID, datetime]:
    """Return until when the links of an organisation's staff work, by whose they are."""
    found = await tx.run(
        """
        SELECT l.staff_id, l.expires_at FROM password_links l JOIN staff s ON s.id = l.staff_id
        WHERE s.organization_id = :organization_id AND l.expires_at > :now
        """,
        organization_id=organization_id,
        now=tx.now,
    )
    return {row.staff_id: row.expires_at for row in found}


async def add_oidc_sign_in(tx: Transaction, new: OidcSignIn) -> None:
    """Remember a browser that goes to the OpenID provider."""
    await tx.run(
        """
        INSERT INTO oidc_sign_ins (state_hash, browser_hash, nonce, code_verifier, started_at)
        VALUES (:state_hash, :browser_hash, :nonce, :code_verifier, :started_at)
        """,
        **new.model_dump(),
    )


async def take_oidc_sign_in(
    tx: Transaction, state_hash: bytes, browser_hash: bytes, since: datetime
) -> Row[Any] | None:
    """Return nonce and code_verifier of this browser's sign-in, once and never again."""
    taken = await tx.run(
        """
        DELETE FROM oidc_sign_ins
        WHERE state_hash = :state_hash AND browser_hash = :browser_hash AND started_at > :since
        RETURNING nonce, code_verifier
        """,
        state_hash=state_hash,
        browser_hash=browser_hash,
        since=since,
    )
    return taken.one_or_none()


async def forget_ended(tx: Transaction, oidc_before: datetime) -> None:
    """Drop links and sign-ins that were not used in time."""
    await tx.run("DELETE FROM password_links WHERE expires_at <= :now", now=tx.now)
    await tx.run("DELETE FROM oidc_sign_ins WHERE started_at <= :before", before=oidc_before)


async def count_tries(
    tx: Transaction, sources: Sequence[bytes], window: datetime, change: int
) -> dict[bytes, int]:
    """Change how many tries to sign in count as failed; return their number by source.

    In one order, so that two tries never wait for each other.
    """
    counted = await tx.run(
        """
        INSERT INTO sign_in_failures (source, window_start, failures)
        SELECT source, CAST(:window AS timestamptz), CAST(:change AS integer)
        FROM unnest(CAST(:sources AS bytea[])) AS source ORDER BY source
        ON CONFLICT (source, window_start)
            DO UPDATE SET failures = sign_in_failures.failures + excluded.failures
        RETURNING source, failures
        """,
        sources=list(sources),
        window=window,
        change=change,
    )
    return {row.source: row.failures for row in counted}


async def forget_failures(tx: Transaction, before: datetime) -> None:
    """Drop counts that no throttle looks at any more."""
    await tx.run("DELETE FROM sign_in_failures WHERE window_start < :before", before=before)
