"""What happened to a person's invitations, step by step: when, and who did it."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.database import Database
from contracts.access import AccessEndReason, LockReason
from contracts.envelope import Identifier, Invitee
from contracts.invitations import RevocationReason
from services.chart_service import audit, facesheet, history, queries
from services.chart_service.audit import Act, Action
from services.chart_service.history import EMR, INVITEE, PORTICO, Step
from services.chart_service.models import HistoryStep
from services.chart_service.pages.visits import SignedIn

TITLES = {
    Step.REQUESTED: "Invitation requested",
    Step.ISSUED: "Invitation issued",
    Step.SENT: "Mailed",
    Step.BOUNCED: "Bounced",
    Step.REMINDED: "Reminder mailed",
    Step.OPENED: "Link opened",
    Step.LOCKED: "Link locked",
    Step.REVOCATION_REQUESTED: "Revocation asked for",
    Step.REJECTED: "Rejected",
    Step.SUPERSEDED: "Superseded by a newer invitation",
    Step.REVOKED: "Revoked",
    Step.EXPIRED: "Expired",
    Step.ACCEPTED: "Accepted",
    Step.ACCESS_GRANTED: "Access granted",
    Step.ACCESS_SUSPENDED: "Access suspended",
    Step.ACCESS_RESUMED: "Access resumed",
    Step.ACCESS_ENDED: "Access ended",
    Step.NEW_ASKED: "New invitation asked for",
}
_REASONS = {
    RevocationReason.REQUESTED: "Asked for.",
    RevocationReason.EMAIL_CHANGED: "The e-mail address changed.",
    AccessEndReason.DISCONNECTED: "The chart was disconnected from the account.",
    AccessEndReason.RELATIONSHIP_ENDED: "The relationship to the patient ended.",
    AccessEndReason.RELATIONSHIP_NOT_ELIGIBLE: "The relationship is not one that is invited.",
    AccessEndReason.PATIENT_DECEASED: "The patient is deceased.",
    AccessEndReason.PATIENT_DISCHARGED: "The patient was discharged.",
    AccessEndReason.PATIENT_OF_AGE: "The patient came of age.",
    LockReason.BIRTH_DATE_WRONG: "The date of birth was wrong five times.",
    LockReason.BIRTH_DATE_MISSING: "There was no date of birth on file to check.",
}
_BY_VALUE: Mapping[str, str] = {reason.value: words for reason, words in _REASONS.items()}
_ACTORS = {EMR: "The EMR", "operator": "The EMR", INVITEE: "The invitee", PORTICO: "Portico"}


class Names:
    """Says who did a step, as far as this organisation's staff may know."""

    def __init__(self, staff: Mapping[str, str]) -> None:
        self._staff = staff

    def of(self, step: HistoryStep) -> str:
        """Return a name: of a member of staff, else what kind of party it was."""
        actor = step.actor or PORTICO
        kind = actor.partition(":")[0]
        usual = {"staff": "A former member of staff", "portal": "The invitee"}.get(kind, "The EMR")
        return self._staff.get(actor) or _ACTORS.get(actor) or usual


def title_of(step: HistoryStep) -> str:
    """Return what happened, in a word or two."""
    return TITLES[Step(step.step)]


def reason_of(step: HistoryStep) -> str:
    """Return why, in a sentence; empty when there is no reason to tell."""
    return _BY_VALUE.get(step.detail or "", step.detail or "")


def routes(database: Database) -> APIRouter:
    """Return the pages over this database, for staff who signed in."""
    router = APIRouter()

    @router.get("/charts/{chart}/people/{person}/history")
    async def show(visit: SignedIn, chart: Identifier, person: Identifier) -> Response:
        organization = visit.organization.id
        invitee = Invitee(organization=organization, chart=chart, person=person)
        async with database.transaction() as tx:
            sheet = await facesheet.load(tx, organization, chart)
            somebody = sheet.person(person)
            steps = await queries.history.history(tx, invitee)
            names = Names(await queries.staff.names(tx, organization))
            await audit.record(tx, Act.on(invitee, visit.actor, Action.HISTORY_VIEWED))
        return visit.render(
            "history.html",
            sheet=sheet,
            person=somebody,
            invitations=history.by_invitation(steps),
            names=names,
            title_of=title_of,
            reason_of=reason_of,
        )

    return router
