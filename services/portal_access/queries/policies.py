"""SQL on the texts that people agree to, and on their agreement."""

from collections.abc import Sequence

from sqlmodel import col, select

from chassis.database import Transaction
from contracts.chart import PolicyKind, PolicyPublished
from services.portal_access.models import Account, Policy
from services.portal_access.rules import Agreement


async def keep(tx: Transaction, events: Sequence[PolicyPublished]) -> None:
    """Keep these versions, whichever are known already."""
    await tx.run(
        """
        INSERT INTO policies (organization_id, kind, version, text, published_at)
        SELECT * FROM unnest(CAST(:organizations AS text[]), CAST(:kinds AS text[]),
            CAST(:versions AS integer[]), CAST(:texts AS text[]), CAST(:times AS timestamptz[]))
        ON CONFLICT DO NOTHING
        """,
        organizations=[event.data.organization for event in events],
        kinds=[event.data.kind.value for event in events],
        versions=[event.data.version for event in events],
        texts=[event.data.text for event in events],
        times=[event.data.published_at for event in events],
    )


async def versions(tx: Transaction, organization: str, kind: PolicyKind) -> Sequence[Policy]:
    """Return all versions of a text, the newest first."""
    wanted = (
        select(Policy)
        .where(Policy.organization_id == organization, Policy.kind == kind)
        .order_by(col(Policy.version).desc())
    )
    return (await tx.session.exec(wanted)).all()


async def newest(tx: Transaction, organization: str) -> Agreement:
    """Return which versions hold now; 0 where the organisation published none."""
    found = await tx.run(
        """
        SELECT kind, max(version) AS version FROM policies
        WHERE organization_id = :organization GROUP BY kind
        """,
        organization=organization,
    )
    by_kind = {row.kind: row.version for row in found}
    return Agreement(by_kind.get(PolicyKind.TERMS, 0), by_kind.get(PolicyKind.PRIVACY, 0))


async def agree(tx: Transaction, account: Account, agreement: Agreement) -> None:
    """Note which versions somebody agrees to now; nobody agrees backwards."""
    await tx.run(
        """
        UPDATE accounts SET terms_accepted_at = :now,
            terms_version = greatest(terms_version, :terms),
            privacy_version = greatest(privacy_version, :privacy)
        WHERE id = :id AND organization_id = :organization
        """,
        id=account.id,
        organization=account.organization_id,
        terms=agreement.terms,
        privacy=agreement.privacy,
        now=tx.now,
    )
