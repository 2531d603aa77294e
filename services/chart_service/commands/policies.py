"""Publishing the texts that portal users agree to."""

from chassis.database import Transaction
from contracts.chart import PolicyKind, PolicyPublished, PolicyPublishedData
from services.chart_service import audit, facesheet, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Policy


async def publish(
    tx: Transaction, organization_id: str, kind: PolicyKind, text: str, actor: str
) -> tuple[Policy, bool]:
    """Publish a text; return the version that holds now, and whether it is a new one.

    A text that is published already stays the version it is.

    Raises:
        ProblemError: 404, there is no such organisation.
    """
    if await queries.organizations.lock_organization(tx, organization_id) is None:
        raise facesheet.unknown("organization")
    newest = await queries.policies.newest(tx, organization_id, kind)
    if newest is not None and newest.text == text:
        return newest, False
    new = Policy(
        organization_id=organization_id,
        kind=kind.value,
        version=newest.version + 1 if newest else 1,
        text=text,
        published_at=tx.now,
        published_by=actor,
    )
    await queries.policies.add(tx, new)
    tx.publish(_policy_published(new))
    detail = {"kind": new.kind, "version": new.version}
    await audit.record(tx, Act(organization_id, actor, Action.POLICY_PUBLISHED, detail=detail))
    return new, True


def _policy_published(policy: Policy) -> PolicyPublished:
    data = PolicyPublishedData(
        organization=policy.organization_id,
        kind=PolicyKind(policy.kind),
        version=policy.version,
        text=policy.text,
        published_at=policy.published_at,
    )
    return PolicyPublished.of(data)
