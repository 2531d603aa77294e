"""Asking for invitations, and for taking them back."""

from uuid import UUID

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    RevokeRequested,
    RevokeRequestedData,
)
from contracts.envelope import Invitee
from services.chart_service import alerts, audit, directory, facesheet, history, queries, rules
from services.chart_service.alert_news import news_of
from services.chart_service.audit import Act, Action
from services.chart_service.rules import Refusal


async def invite(
    tx: Transaction,
    invitee: Invitee,
    confirmed_email: str | None,
    requested_by: str,
    invitation_id: UUID,
) -> None:
    """Ask for an invitation to the address on file; the same id again asks for no second one.

    Raises:
        ProblemError: 404, no such person; 409, the chart itself knows what stands in the way, or
            the id is another person's invitation.
    """
    if await _was_requested(tx, invitee, invitation_id):
        return
    sheet = await facesheet.load(tx, invitee.organization, invitee.chart)
    person = sheet.person(invitee.person)
    _raise(sheet.refusal(person) or rules.refusal_of_address(person, confirmed_email))
    role = rules.role_of(person)
    assert role is not None
    data = InviteRequestedData(
        invitee=invitee, role=role, email=person.email, requested_by=requested_by
    )
    event = InviteRequested.of(data).model_copy(update={"id": invitation_id})
    tx.publish(event)
    # The event comes back through Kafka, too; staff need not wait for that to see the alert.
    await queries.alerts.save_alerts(tx, [news_of(event)])
    await directory.standing_changed(tx, [invitee])
    await queries.history.add(tx, [history.step_of(event)])
    await audit.record(tx, Act.on(invitee, requested_by, Action.INVITATION_REQUESTED))


async def revoke(tx: Transaction, invitee: Invitee, requested_by: str) -> UUID:
    """Ask that a person's open invitation be revoked; return the request's id.

    Raises:
        ProblemError: 404, no such person; 409, nobody can have invited this person.
    """
    person = await facesheet.person(tx, invitee.organization, invitee.chart, invitee.person)
    role = rules.role_of(person)
    if role is None:
        raise ProblemError(409, "nothing_to_revoke", "This contact cannot have been invited.")
    data = RevokeRequestedData(invitee=invitee, role=role, requested_by=requested_by)
    event = RevokeRequested.of(data)
    tx.publish(event)
    known = await queries.alerts.alerts(tx, invitee.organization, invitee.chart)
    if opened := alerts.open_by_person(known).get(invitee.person):
        step = history.revocation_asked_for(event, opened.invitation_id)
        await queries.history.add(tx, [step])
    await audit.record(tx, Act.on(invitee, requested_by, Action.REVOCATION_REQUESTED))
    return event.id


async def dismiss(
    tx: Transaction, organization_id: str, chart_id: str, invitation_id: UUID, actor: str
) -> None:
    """Hide an alert from the facesheet until there is news of its invitation.

    Raises:
        ProblemError: 404, this chart has no such alert; 409, it is one that has to stand.
    """
    alert = await queries.alerts.alert(tx, organization_id, invitation_id)
    if alert is None or alert.chart_id != chart_id:
        raise ProblemError(404, "alert_unknown", "There is no such alert here.")
    if alert.state not in alerts.DISMISSIBLE and alert.asked_at is None:
        sentence = "There is newer news of this invitation. Look at the facesheet again."
        raise ProblemError(409, "alert_stands", sentence)
    await queries.alerts.dismiss(tx, organization_id, invitation_id, actor)
    await queries.changes.tell(tx, [f"{organization_id}/{chart_id}"])
    invitee = Invitee(organization=organization_id, chart=chart_id, person=alert.person_id)
    detail = {"invitation": str(invitation_id), "state": alert.state}
    await audit.record(tx, Act.on(invitee, actor, Action.ALERT_DISMISSED, **detail))


async def _was_requested(tx: Transaction, invitee: Invitee, invitation_id: UUID) -> bool:
    await queries.alerts.lock_invitation(tx, invitation_id)
    known = await queries.alerts.alert(tx, invitee.organization, invitation_id)
    if known is None:
        return False
    if (known.chart_id, known.person_id) != (invitee.chart, invitee.person):
        sentence = "This idempotency key was used to invite somebody else. Use a new one."
        raise ProblemError(409, "idempotency_key_reused", sentence)
    return True


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise ProblemError(409, refusal.code, refusal.sentence)
