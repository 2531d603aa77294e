"""One function per consumed event: load, decide, save, publish."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from chassis.chart_locks import lock_charts
from chassis.database import Transaction
from chassis.pauses import Switch, follow
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of, new_token
from contracts.access import InvitationLocked, PortalAccessEnded
from contracts.chart import InviteRequested, OrganizationChanged, PersonChanged, RevokeRequested
from contracts.envelope import Invitee
from contracts.invitations import (
    InvitationIssued,
    InvitationIssuedData,
    InvitationRejected,
    InvitationRejectedData,
    InvitationRevoked,
    InvitationRevokedData,
    InvitationSuperseded,
    InvitationSupersededData,
    RejectionReason,
    RevocationReason,
)
from services.invitation_service import eligibility, metrics, queries, rules
from services.invitation_service.known_charts import Chart, ChartKey, LiveInvitation, Person
from services.invitation_service.models import State
from services.invitation_service.queries.invitations import NewInvitation


class Handlers:
    """The handlers, with what they need besides the events: the seal and the patience."""

    def __init__(self, seal: Seal, unknown_grace: timedelta) -> None:
        self._seal = seal
        self._unknown_grace = unknown_grace

    async def invite_requested(self, events: list[InviteRequested], tx: Transaction) -> None:
        """Issue or reject each requested invitation; one for an unknown chart waits a little."""
        waiting = await self.decide_all(events, tx, may_wait=True)
        await queries.waiting.add(tx, waiting, tx.now + self._unknown_grace)

    async def revoke_requested(self, events: list[RevokeRequested], tx: Transaction) -> None:
        """Revoke each named open invitation; there being none is no error."""
        await lock_charts(tx, map(_chart_of, events))
        for event in events:
            for invitation_id in await queries.invitations.revoke(tx, event):
                tx.publish(_revoked(event, invitation_id))

    async def organization_changed(
        self, events: list[OrganizationChanged], tx: Transaction
    ) -> None:
        """Keep a copy, take back what is no longer due, and decide on what waited for it.

        What was paused goes on for as much longer as it was.
        """
        ids = {event.data.organization for event in events}
        known = await queries.organizations.known(tx, ids)
        paused_at, over = follow(known, map(_switch, events))
        await queries.organizations.keep(tx, events, paused_at)
        await _end_discharged(ids, tx)
        for pause in over:
            await queries.invitations.lengthen(tx, pause)
        await self._decide_waiting(await queries.waiting.take(tx, organizations=ids), tx)

    async def person_changed(self, events: list[PersonChanged], tx: Transaction) -> None:
        """Keep a copy, take back what is no longer due, and decide on what waited for it."""
        keys = {_chart_of(event) for event in events}
        await lock_charts(tx, keys)
        before = await queries.charts.load(tx, keys)
        await _take_back(before, await queries.people.keep(tx, events), tx)
        await self._decide_waiting(await queries.waiting.take(tx, charts=keys), tx)

    async def access_ended(self, events: list[PortalAccessEnded], tx: Transaction) -> None:
        """Let who has no access any more be invited again."""
        await queries.invitations.end_access(tx, [event.data.invitation_id for event in events])

    async def invitation_locked(self, events: list[InvitationLocked], tx: Transaction) -> None:
        """Remind nobody of a link that is let through no longer."""
        locks = {event.data.invitation_id: event.data.locked_at for event in events}
        await queries.invitations.note_locks(tx, locks)

    async def decide_all(
        self, requests: Sequence[InviteRequested], tx: Transaction, *, may_wait: bool
    ) -> list[InviteRequested]:
        """Issue or reject these requests, in order; return those that had better wait."""
        if not requests:
            return []
        await lock_charts(tx, map(_chart_of, requests))
        charts = await queries.charts.load(tx, map(_chart_of, requests))
        new: list[NewInvitation] = []
        waiting: list[InviteRequested] = []
        rejected: list[RejectionReason] = []
        for request in requests:
            chart = charts[_chart_of(request)]
            match rules.decide(request, chart, tx.now):
                case rules.Reject(reason) if may_wait and reason in eligibility.NOT_KNOWN_YET:
                    waiting.append(request)
                case rules.Reject(reason):
                    rejected.append(reason)
                    tx.publish(_rejected(request, reason))
                case rules.Issue() as issue:
                    rules.note_issue(chart, request, issue)
                    new.append(self._issue(request, issue, tx))
        await _save(new, tx)
        tx.after_commit.add(partial(metrics.count_decisions, len(new), rejected))
        return waiting

    def _issue(
        self, request: InviteRequested, issue: rules.Issue, tx: Transaction
    ) -> NewInvitation:
        if issue.supersedes:
            tx.publish(_superseded(request, issue.supersedes))
        token = new_token()
        data = InvitationIssuedData(
            invitee=request.data.invitee,
            invitation_id=request.id,
            role=request.data.role,
            email=issue.email,
            given_name=issue.given_name,
            expires_at=issue.expires_at,
            sealed_token=self._seal.close(token, bound_to=request.id),
            requested_at=request.time,
            location=issue.location,
            language=issue.language,
        )
        tx.publish(InvitationIssued.of(data, cause=request))
        return NewInvitation(request, issue, hash_of(token))

    async def _decide_waiting(self, requests: list[InviteRequested], tx: Transaction) -> None:
        still_waiting = await self.decide_all(requests, tx, may_wait=True)
        await queries.waiting.add(tx, still_waiting, tx.now + self._unknown_grace)


async def _save(new: list[NewInvitation], tx: Transaction) -> None:
    if new:
        superseded = [n.issue.supersedes for n in new if n.issue.supersedes]
        await queries.invitations.end(tx, superseded, State.SUPERSEDED)
        await queries.invitations.add(tx, new, superseded)


async def _end_discharged(organizations: set[str], tx: Transaction) -> None:
    """Take open invitations back whose patients were discharged before that ended access."""
    keys = await queries.organizations.charts_ended_by_discharge(tx, organizations)
    if keys:
        await lock_charts(tx, keys)
        await _take_back(await queries.charts.load(tx, keys), {key: {} for key in keys}, tx)


async def _take_back(
    before: Mapping[ChartKey, Chart],
    news: Mapping[ChartKey, Mapping[str, Person]],
    tx: Transaction,
) -> None:
    off = [(key, found) for key in news for found in rules.no_longer_due(before[key], news[key])]
    for (organization, chart), (invitation, reason) in off:
        invitee = Invitee(organization=organization, chart=chart, person=invitation.person)
        tx.publish(_taken_back(invitee, invitation, reason))
    if off:
        ids = [invitation.id for _, (invitation, _) in off]
        await queries.invitations.end(tx, ids, State.REVOKED)


def _chart_of(event: InviteRequested | RevokeRequested | PersonChanged) -> ChartKey:
    invitee = event.data.invitee
    return invitee.organization, invitee.chart


def _revoked(request: RevokeRequested, invitation_id: UUID) -> InvitationRevoked:
    data = InvitationRevokedData(
        invitee=request.data.invitee,
        invitation_id=invitation_id,
        role=request.data.role,
        revoked_by=request.data.requested_by,
        reason=RevocationReason.REQUESTED,
    )
    return InvitationRevoked.of(data, cause=request)


def _switch(event: OrganizationChanged) -> Switch:
    return Switch(event.data.organization, event.time, event.data.portal_enabled)


def _taken_back(
    invitee: Invitee, invitation: LiveInvitation, reason: RevocationReason
) -> InvitationRevoked:
    data = InvitationRevokedData(
        invitee=invitee,
        invitation_id=invitation.id,
        role=invitation.role,
        revoked_by=PersonChanged.publisher,
        reason=reason,
    )
    return InvitationRevoked.of(data)


def _superseded(request: InviteRequested, old: UUID) -> InvitationSuperseded:
    data = InvitationSupersededData(
        invitee=request.data.invitee,
        invitation_id=old,
        role=request.data.role,
        superseded_by=request.id,
    )
    return InvitationSuperseded.of(data, cause=request)


def _rejected(request: InviteRequested, reason: RejectionReason) -> InvitationRejected:
    data = InvitationRejectedData(
        invitee=request.data.invitee,
        invitation_id=request.id,
        role=request.data.role,
        reason=reason,
        message=eligibility.MESSAGES[reason],
        requested_at=request.time,
    )
    return InvitationRejected.of(data, cause=request)
