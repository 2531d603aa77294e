"""Reminders: a further link for invitees who have let theirs wait."""

from typing import Any

from sqlalchemy import Row

from chassis.database import Transaction
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of, new_token
from contracts.envelope import Invitee
from contracts.invitations import InvitationReminderIssued, InvitationReminderIssuedData
from services.invitation_service import queries


class Reminders:
    """Issues reminders, sealed for notification_service."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    async def issue(self, tx: Transaction, limit: int) -> int:
        """Issue at most so many reminders that are due, one per invitation; return how many."""
        due = await queries.reminders.lock_due(tx, limit)
        if due:
            tokens = {row.id: new_token() for row in due}
            for row in due:
                tx.publish(self._issued(row, tokens[row.id]))
            hashes = {id_: hash_of(token) for id_, token in tokens.items()}
            await queries.reminders.keep_tokens(tx, hashes)
        return len(due)

    def _issued(self, row: Row[Any], token: str) -> InvitationReminderIssued:
        data = InvitationReminderIssuedData(
            invitee=Invitee(
                organization=row.organization_id, chart=row.chart_id, person=row.person_id
            ),
            invitation_id=row.id,
            role=row.role,
            email=row.email,
            given_name=row.given_name,
            expires_at=row.expires_at,
            sealed_token=self._seal.close(token, bound_to=row.id),
            location=row.location,
            language=row.language,
        )
        return InvitationReminderIssued.of(data)
