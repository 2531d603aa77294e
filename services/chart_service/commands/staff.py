"""What is done to the people who sign in to the pages."""

from datetime import timedelta
from uuid import UUID, uuid4

from chassis.database import Transaction
from chassis.security import passwords
from chassis.security.tokens import hash_of, new_token
from chassis.web import sessions
from chassis.web.problems import ProblemError
from services.chart_service import audit, facesheet, queries, rules
from services.chart_service.audit import Act, Action
from services.chart_service.models import Staff, StaffRole
from services.chart_service.rules import Fields

LINK_LIFE = timedelta(hours=24)
"""How long somebody may choose a password with a link that an administrator handed over."""


async def add(tx: Transaction, new: Staff, actor: str) -> Staff:
    """Let somebody sign in to the pages of their organisation.

    Raises:
        ProblemError: 404, no such organisation; 409, the address is somebody's; 422, it is none.
    """
    if not rules.is_deliverable(new.email):
        raise ProblemError(422, "email_invalid", "The e-mail address is not valid.")
    await facesheet.known_organization(tx, new.organization_id)
    if not await queries.staff.add_staff(tx, new):
        raise ProblemError(409, "staff_exists", "Somebody signs in with this address.")
    detail = {"role": new.role, "receives_messages": new.receives_messages}
    await _record(tx, new, actor, Action.STAFF_ADDED, **detail)
    return new


def new_staff(
    organization_id: str,
    email: str,
    name: str,
    role: StaffRole,
    password_hash: str | None = None,
    *,
    receives_messages: bool = True,
) -> Staff:
    """Return somebody who is to sign in; without a password they need a link to choose one."""
    return Staff(
        id=uuid4(),
        organization_id=organization_id,
        email=email.lower(),
        name=name,
        role=role.value,
        password_hash=password_hash,
        receives_messages=receives_messages,
    )


async def member(tx: Transaction, organization_id: str, staff_id: UUID) -> Staff:
    """Return a member of an organisation's staff.

    Raises:
        ProblemError: 404, there is none with this id.
    """
    known = await queries.staff.staff(tx, staff_id)
    if known is None or known.organization_id != organization_id:
        raise _unknown()
    return known


async def change(
    tx: Transaction, organization_id: str, staff_id: UUID, changes: Fields, actor: str
) -> Staff:
    """Change what is given of somebody, columns of Staff; return them.

    Raises:
        ProblemError: 404, no such member of staff; 409, nobody would administer the portal.
    """
    admins = await queries.staff.lock_active_admins(tx, organization_id)
    known = await _locked(tx, organization_id, staff_id)
    before = known.model_dump()
    changed = sorted(name for name, value in changes.items() if before[name] != value)
    if "role" in changed and changes["role"] != StaffRole.ADMIN:
        _keep_an_admin(admins, staff_id)
    for name in changed:
        setattr(known, name, changes[name])
    if changed:
        shown = {"role": known.role, "receives_messages": known.receives_messages}
        detail = {"fields": changed} | {name: shown[name] for name in changed if name in shown}
        await _record(tx, known, actor, Action.STAFF_CHANGED, **detail)
    return known


async def set_active(
    tx: Transaction, organization_id: str, staff_id: UUID, active: bool, actor: str
) -> Staff:
    """Let somebody sign in again, or no more: then their sessions end at once.

    Raises:
        ProblemError: 404, no such member of staff; 409, nobody would administer the portal.
    """
    admins = await queries.staff.lock_active_admins(tx, organization_id)
    known = await _locked(tx, organization_id, staff_id)
    if known.is_active == active:
        return known
    if not active:
        _keep_an_admin(admins, staff_id)
        await sessions.end_all(tx, str(staff_id))
        await queries.sign_in.drop_password_link(tx, staff_id)
    known.is_active = active
    action = Action.STAFF_REACTIVATED if active else Action.STAFF_DEACTIVATED
    await _record(tx, known, actor, action)
    return known


async def reset_password(
    tx: Transaction, organization_id: str, staff_id: UUID, actor: str
) -> tuple[Staff, str]:
    """Take somebody's password away; return them, and the code of a link to choose a new one.

    Their sessions end at once: whoever knows the password may be why it is reset.

    Raises:
        ProblemError: 404, no such member of staff; 409, they may not sign in.
    """
    known = await _locked(tx, organization_id, staff_id)
    if not known.is_active:
        sentence = "This user is deactivated. Reactivate them first."
        raise ProblemError(409, "staff_inactive", sentence)
    await sessions.end_all(tx, str(staff_id))
    known.password_hash = None
    await _record(tx, known, actor, Action.PASSWORD_RESET)
    return known, await give_link(tx, known)


async def give_link(tx: Transaction, known: Staff) -> str:
    """Return the code of the link by which somebody may choose a password, within LINK_LIFE.

    It works once; an earlier one works no more.
    """
    token = new_token()
    expires_at = tx.now + LINK_LIFE
    await queries.sign_in.save_password_link(tx, known.id, hash_of(token), expires_at)
    return token


async def unlink(tx: Transaction, organization_id: str, staff_id: UUID, actor: str) -> Staff:
    """Forget who somebody is at the OpenID provider; their next sign-in there links them anew.

    Raises:
        ProblemError: 404, no such member of staff.
    """
    known = await _locked(tx, organization_id, staff_id)
    if known.oidc_subject is not None:
        known.oidc_issuer = known.oidc_subject = None
        await sessions.end_all(tx, str(staff_id))
        await _record(tx, known, actor, Action.STAFF_UNLINKED)
    return known


async def choose_password(tx: Transaction, token: str, password: str) -> bool:
    """Set the password of whoever has this link; False when it is used, replaced or expired."""
    staff_id = await queries.sign_in.use_password_link(tx, hash_of(token))
    known = await queries.staff.staff(tx, staff_id) if staff_id else None
    if known is None or not known.is_active:
        return False
    # Not before the link is known to be good: hashing is work that strangers could make us do.
    known.password_hash = await passwords.hash_password(password)
    await sessions.end_all(tx, str(known.id))
    await _record(tx, known, f"staff:{known.id}", Action.PASSWORD_CHOSEN)
    return True


async def change_password(
    tx: Transaction, staff_id: UUID, password_hash: str, session: str | None
) -> None:
    """Set the password of somebody who is signed in; their other sessions end."""
    known = await queries.staff.staff(tx, staff_id)
    assert known is not None
    known.password_hash = password_hash
    await sessions.end_all(tx, str(staff_id), kept=session)
    await _record(tx, known, f"staff:{staff_id}", Action.PASSWORD_CHANGED)


def _keep_an_admin(admins: set[UUID], leaving: UUID) -> None:
    if admins == {leaving}:
        sentence = (
            "This is the only active portal administrator. Make somebody else one first, "
            "so that accounts, settings and users can still be managed."
        )
        raise ProblemError(409, "last_admin", sentence)


async def _locked(tx: Transaction, organization_id: str, staff_id: UUID) -> Staff:
    known = await queries.staff.lock_staff(tx, organization_id, staff_id)
    if known is None:
        raise _unknown()
    return known


def _unknown() -> ProblemError:
    return ProblemError(404, "not_found", "There is no such user. Go back to the list of users.")


async def _record(
    tx: Transaction, known: Staff, actor: str, action: Action, **detail: object
) -> None:
    act = Act(known.organization_id, actor, action, detail={"staff": str(known.id)} | detail)
    await audit.record(tx, act)
