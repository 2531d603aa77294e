"""SQL on the texts that portal users agree to."""

from collections.abc import Sequence

from sqlmodel import col, select

from chassis.database import Transaction
from services.chart_service.models import Policy


async def policies(
    tx: Transaction, organization_id: str, part: slice = slice(None)
) -> Sequence[Policy]:
    """Return all versions of both texts, or some, the newest first."""
    found = await tx.session.exec(
        select(Policy)
        .where(Policy.organization_id == organization_id)
        .order_by(col(Policy.kind), col(Policy.version).desc())
        .slice(part.start, part.stop)
    )
    return found.all()


async def newest(tx: Transaction, organization_id: str, kind: str) -> Policy | None:
    """Return the version of a text that holds now, None when none was ever published."""
    found = await tx.session.exec(
        select(Policy)
        .where(Policy.organization_id == organization_id, Policy.kind == kind)
        .order_by(col(Policy.version).desc())
        .limit(1)
    )
    return found.one_or_none()


async def version(tx: Transaction, organization_id: str, kind: str, number: int) -> Policy | None:
    """Return one version of a text."""
    return await tx.session.get(Policy, (organization_id, kind, number))


async def add(tx: Transaction, new: Policy) -> None:
    """Insert a version."""
    await tx.run(
        """
        INSERT INTO policies (organization_id, kind, version, text, published_at, published_by)
        VALUES (:organization_id, :kind, :version, :text, :published_at, :published_by)
        """,
        **new.model_dump(),
    )
