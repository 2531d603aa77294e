"""Alerts on the facesheet are right whatever the order in which the news comes."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.access import FacesheetAlertCleared, FacesheetAlertClearedData
from contracts.chart import InviteRequested, InviteRequestedData
from contracts.deliveries import (
    InvitationBounced,
    InvitationBouncedData,
    InvitationSent,
    InvitationSentData,
)
from contracts.envelope import Invitee
from contracts.invitations import (
    InvitationExpired,
    InvitationExpiredData,
    InvitationIssued,
    InvitationIssuedData,
    InvitationRejected,
    InvitationRejectedData,
    InvitationRevoked,
    InvitationRevokedData,
    InvitationSuperseded,
    InvitationSupersededData,
    RejectionReason,
)
from contracts.scopes import Role
from tests.integration.chart_service.conftest import Center, Tell

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Invitation:
    """An invitation's events, as the other services publish them."""

    def __init__(self, invitee: Invitee, hour: int = 9) -> None:
        self.invitee = invitee
        self.at = NOW.replace(hour=hour)
        data = InviteRequestedData(invitee=invitee, role=Role.PATIENT)
        self.requested = InviteRequested.of(data).model_copy(update={"time": self.at})
        self.id = self.requested.id

    @property
    def issued(self) -> InvitationIssued:
        more = {"email": "a@b.example", "given_name": "Ana", "expires_at": NOW}
        return InvitationIssued.of(self._data(InvitationIssuedData, sealed_token="x", **more))

    @property
    def rejected(self) -> InvitationRejected:
        reason = RejectionReason.EMAIL_TAKEN
        return InvitationRejected.of(
            self._data(InvitationRejectedData, reason=reason, message="The address is taken.")
        )

    @property
    def superseded(self) -> InvitationSuperseded:
        return InvitationSuperseded.of(self._data(InvitationSupersededData, superseded_by=uuid4()))

    @property
    def revoked(self) -> InvitationRevoked:
        return InvitationRevoked.of(self._data(InvitationRevokedData))

    @property
    def expired(self) -> InvitationExpired:
        return InvitationExpired.of(self._data(InvitationExpiredData, expired_at=NOW))

    @property
    def sent(self) -> InvitationSent:
        return InvitationSent.of(self._data(InvitationSentData, message_id="<m@x>", sent_at=NOW))

    @property
    def bounced(self) -> InvitationBounced:
        more = {"smtp_code": 550, "bounced_at": NOW, "message": "There is no such mailbox."}
        return InvitationBounced.of(self._data(InvitationBouncedData, **more))

    @property
    def cleared(self) -> FacesheetAlertCleared:
        return FacesheetAlertCleared.of(self._data(FacesheetAlertClearedData, cleared_at=NOW))

    def _data(self, kind: Callable[..., Any], **more: Any) -> Any:
        known = {"invitation_id": self.id, "invitee": self.invitee, "role": Role.PATIENT}
        return kind(**known, requested_at=self.at, **more)


async def test_an_invitation_that_the_emr_published_itself_stands_on_the_facesheet(
    center: Center, tell: Tell
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(invitation.requested)
    [alert] = (await center.chart())["alerts"]
    assert (alert["state"], alert["person"]) == ("requested", "p-1")
    assert alert["message"] == "Invitation requested."
    assert datetime.fromisoformat(alert["requested_at"]) == invitation.at


async def test_an_alert_waits_for_its_chart(center: Center, tell: Tell) -> None:
    await tell(Invitation(Invitee(organization=center.id, chart="c-1", person="p-1")).requested)
    answer = await center.api.get(f"{center.path}/charts/c-1/alerts")
    assert answer.status_code == 404
    await center.has_chart()
    assert await _states(center) == [("p-1", "requested")]


async def test_each_step_shows_and_the_redemption_clears(center: Center, tell: Tell) -> None:
    invitation = Invitation(await center.has_chart())
    for step in ("requested", "issued", "sent"):
        await tell(getattr(invitation, step))
        assert await _states(center) == [("p-1", step)]
    await tell(invitation.cleared)
    assert await _states(center) == []


@pytest.mark.parametrize("order", list(permutations(("requested", "issued", "sent", "cleared"))))
async def test_news_out_of_order_brings_no_alert_back(
    center: Center, tell: Tell, order: tuple[str, ...]
) -> None:
    invitation = Invitation(await center.has_chart())
    other = Invitation(invitation.invitee.model_copy(update={"person": "p-2"}))
    for step in order:
        await tell(getattr(invitation, step))
    await tell(*(getattr(other, step) for step in order if step != "cleared"))
    assert await _states(center) == [("p-2", "sent")]
    [alert] = (await center.chart())["alerts"]
    assert datetime.fromisoformat(alert["requested_at"]) == other.at


@pytest.mark.parametrize(
    ("last", "messages"),
    [
        ("bounced", ["The invitation could not be delivered. There is no such mailbox."]),
        ("rejected", ["The invitation was not sent. The address is taken."]),
        ("expired", ["The invitation expired before it was accepted. Invite again to renew it."]),
        ("revoked", []),
        ("superseded", []),
    ],
)
async def test_how_an_invitation_ended_is_said_unless_nobody_needs_to_know(
    center: Center, tell: Tell, last: str, messages: list[str]
) -> None:
    invitation = Invitation(await center.has_chart())
    await tell(getattr(invitation, last))
    await tell(invitation.sent, invitation.requested)
    assert [alert["message"] for alert in (await center.chart())["alerts"]] == messages


async def test_a_newer_invitation_takes_the_place_of_an_older_ones_alert(
    center: Center, tell: Tell
) -> None:
    invitee = await center.has_chart()
    old, new = Invitation(invitee, hour=8), Invitation(invitee, hour=9)
    await tell(new.requested, new.issued, new.sent)
    await tell(old.superseded, old.requested, old.expired, old.sent)
    [alert] = (await center.chart())["alerts"]
    assert (UUID(alert["invitation_id"]), alert["state"]) == (new.id, "sent")


async def _states(center: Center) -> list[tuple[str, str]]:
    return [(alert["person"], alert["state"]) for alert in (await center.chart())["alerts"]]
