"""Signing in and out."""

from uuid import UUID

from chassis.database import Transaction
from chassis.web import sessions
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Staff
from services.chart_service.oidc import Identity, OidcError


async def begin(tx: Transaction, known: Staff, by: str, earlier: str | None) -> str | None:
    """Begin somebody's session, in place of this browser's earlier one; return its token.

    None when they may not sign in, or their password is another since it was checked.
    """
    if not await queries.staff.note_sign_in(tx, known):
        return None
    await sessions.end(tx, earlier or "")
    await audit.record(tx, _act(known, Action.SIGNED_IN, by=by))
    return await sessions.begin(tx, str(known.id))


async def note_failure(tx: Transaction, known: Staff, by: str, reason: str) -> None:
    """Note that somebody did not get in under this name."""
    await audit.record(tx, _act(known, Action.SIGN_IN_FAILED, by=by, reason=reason))


async def end(tx: Transaction, session: str) -> None:
    """Sign out."""
    subject = await sessions.subject_of(tx, session)
    known = await queries.staff.staff(tx, UUID(subject)) if subject else None
    await sessions.end(tx, session)
    if known is not None:
        await audit.record(tx, _act(known, Action.SIGNED_OUT))


async def staff_of(tx: Transaction, identity: Identity) -> Staff:
    """Return who this person of the OpenID provider is here; the first time they are linked.

    Nobody is added by signing in, and an address counts only when the provider vouches for it.

    Raises:
        OidcError: the address is not verified, nobody here has it, or they are linked to another.
    """
    linked = await queries.staff.staff_by_oidc(tx, identity.issuer, identity.subject)
    if linked is not None:
        return linked
    if identity.verified_email is None:
        raise OidcError("unverified")
    known = await queries.staff.staff_by_email(tx, identity.verified_email)
    if known is None:
        raise OidcError("unknown")
    if known.oidc_issuer == identity.issuer:
        raise OidcError("linked_to_another")
    if known.is_active:
        known.oidc_issuer, known.oidc_subject = identity.issuer, identity.subject
        await audit.record(tx, _act(known, Action.STAFF_LINKED, staff=str(known.id)))
    return known


def _act(known: Staff, action: Action, **detail: object) -> Act:
    return Act(known.organization_id, f"staff:{known.id}", action, detail=detail)
