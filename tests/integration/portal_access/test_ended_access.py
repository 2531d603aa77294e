"""Access ends with its reason, whichever news comes first, and who loses it is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.records import Record, Records
from chassis.security.service_calls import Signer
from contracts.access import (
    AccessEndReason,
    FacesheetAlertCleared,
    NoticeKind,
    NoticeRequested,
    PortalAccessEnded,
    PortalAccessGranted,
)
from contracts.chart import (
    MessageSent,
    MessageSentData,
    OrganizationChanged,
    OrganizationChangedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
)
from contracts.envelope import CloudEvent, Invitee, utc_now
from contracts.invitations import InvitationAccepted, InvitationAcceptedData
from contracts.scopes import Role
from services.portal_access import queries
from services.portal_access.models import Registration
from tests.integration.portal_access.stack import Center, Stack
from tests.waiting import until

PATIENT, GUARDIAN, GUARANTOR = Relationship.PATIENT, Relationship.GUARDIAN, Relationship.GUARANTOR
PEOPLE = {PATIENT: "p-1", GUARDIAN: "g-1", GUARANTOR: "r-1"}
ROLES = {PATIENT: Role.PATIENT, GUARDIAN: Role.GUARDIAN, GUARANTOR: Role.GUARANTOR}


class Clinic:
    """A centre of which portal_access hears by events alone."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.events = stack.events
        self.id = Center(stack).id

    def invitee(self, who: Relationship) -> Invitee:
        return Invitee(organization=self.id, chart="c-1", person=PEOPLE[who])

    def organization(self, **settings: Any) -> OrganizationChanged:
        data = OrganizationChangedData(
            organization=self.id, name="Sunrise", phone="1", portal_enabled=True, **settings
        )
        return OrganizationChanged.of(data)

    def person(
        self, who: Relationship, relationship: Relationship | None = None, **facts: Any
    ) -> PersonChanged:
        known = {"given_name": who.value, "email": f"{who.value.lower()}@file.example"}
        data = PersonChangedData(
            invitee=self.invitee(who), relationship=relationship or who, **(known | facts)
        )
        return PersonChanged.of(data)

    async def accepted(self, who: Relationship) -> InvitationAccepted:
        """Return the news that somebody accepted who registered just now."""
        email = f"{who.value.lower()}@{self.id}.example"
        data = InvitationAcceptedData(
            invitee=self.invitee(who),
            invitation_id=uuid4(),
            role=ROLES[who],
            redemption_id=uuid4(),
            account_id=uuid4(),
            accepted_at=utc_now(),
        )
        async with self.stack.database.transaction() as tx:
            registration = Registration(
                redemption_id=data.redemption_id,
                account_id=data.account_id,
                organization_id=self.id,
                email=email,
                email_key=email,
                password_hash="of some password",
                terms_accepted_at=tx.now,
                created_at=tx.now,
            )
            await queries.acceptances.keep_registration(tx, registration)
        return InvitationAccepted.of(data)

    async def hears(self, *news: CloudEvent) -> None:
        """Publish events; return when portal_access has handled them all."""
        await self.events.publish(*news)
        ids = [event.id for event in news]
        query = "SELECT count(*) FROM inbox WHERE event_id = ANY(:ids)"

        async def handled() -> bool:
            return await self.stack.rows(query, ids=ids) == len(set(ids))

        await until(handled)

    async def known_of(self, who: Relationship, invitation_id: UUID) -> list[Record]:
        """Return what the ops console is told of somebody and an invitation, the outbox apart."""
        headers = Signer("ops_console", self.stack.ops_key).headers("portal_access")
        async with httpx.AsyncClient(base_url=self.stack.portal_url, headers=headers) as client:
            path = f"/internal/records/{self.invitee(who).key}?invitation={invitation_id}"
            answer = await client.get(path)
        found = Records.model_validate_json(answer.raise_for_status().content).records
        return [record for record in found if record.what != "Outbox"]

    async def connections(self) -> int:
        query = "SELECT count(*) FROM connections WHERE organization_id = :id"
        return await self.stack.rows(query, id=self.id)

    async def ended(self, who: Relationship) -> AccessEndReason:
        """Wait until the end of somebody's access is known; return why."""
        invitee = self.invitee(who)
        [event] = await self.events.wait_for(
            PortalAccessEnded, lambda event: event.data.invitee == invitee
        )
        return event.data.reason

    def granted(self) -> list[PortalAccessGranted]:
        return self.events.of(
            PortalAccessGranted, lambda event: event.data.invitee.organization == self.id
        )

    async def notices(self, count: int) -> list[tuple[NoticeKind, str]]:
        """Return what was told to whom, once there are so many notices."""
        found = await self.events.wait_for(
            NoticeRequested, lambda event: event.data.organization == self.id, count
        )
        return sorted((event.data.kind, event.data.email) for event in found)

    def account_address(self, who: Relationship) -> str:
        return f"{who.value.lower()}@{self.id}.example"


@pytest.fixture
async def clinic(stack: Stack) -> Clinic:
    return Clinic(stack)


@pytest.mark.parametrize("news_first", [False, True])
@pytest.mark.parametrize(
    ("who", "changes", "reason"),
    [
        (GUARDIAN, {"ended": True}, AccessEndReason.RELATIONSHIP_ENDED),
        (
            GUARDIAN,
            {"relationship": Relationship.FRIEND},
            AccessEndReason.RELATIONSHIP_NOT_ELIGIBLE,
        ),
        (GUARDIAN, {"relationship": GUARANTOR}, AccessEndReason.RELATIONSHIP_NOT_ELIGIBLE),
    ],
)
async def test_access_ends_with_the_relationship_in_whatever_order_it_is_heard(
    clinic: Clinic,
    who: Relationship,
    changes: dict[str, Any],
    reason: AccessEndReason,
    *,
    news_first: bool,
) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT), clinic.person(who))
    accepted, news = await clinic.accepted(who), clinic.person(who, **changes)
    for event in (news, accepted) if news_first else (accepted, news):
        await clinic.hears(event)
    assert await clinic.ended(who) is reason
    assert await clinic.connections() == 0
    assert len(clinic.granted()) == (0 if news_first else 1)
    told = (NoticeKind.ACCESS_ENDED, clinic.account_address(who))
    assert await clinic.notices(1) == [told]
    await clinic.events.wait_for(
        FacesheetAlertCleared,
        lambda event: event.data.invitation_id == accepted.data.invitation_id,
    )


@pytest.mark.parametrize("news_first", [False, True])
async def test_another_address_on_file_changes_neither_access_nor_account_in_whatever_order(
    clinic: Clinic, *, news_first: bool
) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT))
    accepted = await clinic.accepted(PATIENT)
    news = clinic.person(PATIENT, email="another@file.example")
    for event in (news, accepted) if news_first else (accepted, news):
        await clinic.hears(event)
    await clinic.events.wait_for(
        PortalAccessGranted,
        lambda event: event.data.invitation_id == accepted.data.invitation_id,
    )
    assert await clinic.connections() == 1
    query = "SELECT count(*) FROM accounts WHERE organization_id = :id AND email = :email"
    email = clinic.account_address(PATIENT)
    assert await clinic.stack.rows(query, id=clinic.id, email=email) == 1


async def test_a_death_ends_all_access_and_the_dead_get_no_mail(clinic: Clinic) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT), clinic.person(GUARDIAN))
    await clinic.hears(await clinic.accepted(PATIENT), await clinic.accepted(GUARDIAN))
    await clinic.hears(clinic.person(PATIENT, deceased=True))
    assert await clinic.ended(PATIENT) is AccessEndReason.PATIENT_DECEASED
    assert await clinic.ended(GUARDIAN) is AccessEndReason.PATIENT_DECEASED
    told = (NoticeKind.ACCESS_ENDED, clinic.account_address(GUARDIAN))
    assert await clinic.notices(1) == [told]


async def test_the_ops_console_is_told_that_access_has_ended_when_and_why(clinic: Clinic) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT), clinic.person(GUARDIAN))
    accepted = await clinic.accepted(GUARDIAN)
    await clinic.hears(accepted)
    invitation = accepted.data.invitation_id
    [before] = await clinic.known_of(GUARDIAN, invitation)
    assert (before.what, before.state) == ("Access as guardian", "active")
    news = clinic.person(PATIENT, deceased=True)
    await clinic.hears(news)
    [after] = await clinic.known_of(GUARDIAN, invitation)
    assert (after.what, after.state) == ("Access as guardian", "ended")
    assert (after.detail, after.invitation_id) == ("patient_deceased", invitation)
    assert after.at is not None
    assert after.at >= news.time
    assert await clinic.known_of(PATIENT, invitation) == []


async def test_settings_say_whether_death_and_discharge_end_access(clinic: Clinic) -> None:
    await clinic.hears(clinic.organization(death_ends_access=False), clinic.person(GUARDIAN))
    await clinic.hears(await clinic.accepted(PATIENT), await clinic.accepted(GUARDIAN))
    await clinic.hears(clinic.person(PATIENT, deceased=True, discharged=True))
    assert await clinic.connections() == 2
    await clinic.hears(clinic.organization(death_ends_access=False, discharge_ends_access=True))
    assert await clinic.ended(PATIENT) is AccessEndReason.PATIENT_DISCHARGED
    assert await clinic.ended(GUARDIAN) is AccessEndReason.PATIENT_DISCHARGED
    assert await clinic.connections() == 0


@pytest.mark.parametrize("has_account", [True, False])
async def test_guardians_lose_access_when_the_patient_comes_of_age_and_both_are_told(
    clinic: Clinic, *, has_account: bool
) -> None:
    people = [clinic.person(who) for who in PEOPLE]
    await clinic.hears(clinic.organization(), *people)
    await clinic.hears(await clinic.accepted(GUARDIAN), await clinic.accepted(GUARANTOR))
    if has_account:
        await clinic.hears(await clinic.accepted(PATIENT))
    news = clinic.person(PATIENT, of_age=True)
    await clinic.hears(news)
    assert await clinic.ended(GUARDIAN) is AccessEndReason.PATIENT_OF_AGE
    patient = clinic.account_address(PATIENT) if has_account else "patient@file.example"
    assert await clinic.notices(2) == [
        (NoticeKind.GUARDIAN_ACCESS_ENDED, clinic.account_address(GUARDIAN)),
        (NoticeKind.GUARDIANS_ENDED, patient),
    ]
    assert await clinic.connections() == (2 if has_account else 1)
    again = clinic.person(PATIENT, of_age=True)
    await clinic.hears(news, again)
    assert len(await clinic.notices(2)) == 2


async def test_old_news_and_redeliveries_change_nothing(clinic: Clinic) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT), clinic.person(GUARDIAN))
    accepted = await clinic.accepted(GUARDIAN)
    await clinic.hears(accepted)
    old = clinic.person(GUARDIAN, ended=True)
    old = old.model_copy(update={"time": old.time - timedelta(hours=1)})
    await clinic.hears(old)
    assert await clinic.connections() == 1
    now = clinic.person(GUARDIAN, ended=True)
    await clinic.hears(now)
    await clinic.hears(now, accepted)
    assert await clinic.ended(GUARDIAN) is AccessEndReason.RELATIONSHIP_ENDED
    assert await clinic.connections() == 0
    assert len(clinic.granted()) == 1


async def test_a_message_is_announced_to_active_accounts_where_messages_are_on(
    clinic: Clinic,
) -> None:
    await clinic.hears(clinic.organization(), clinic.person(PATIENT))
    accepted = await clinic.accepted(PATIENT)
    await clinic.hears(accepted)

    def message() -> MessageSent:
        data = MessageSentData(
            invitee=clinic.invitee(PATIENT), message_id=uuid4(), sent_at=utc_now()
        )
        return MessageSent.of(data)

    async def set_active(*, active: bool) -> None:
        async with clinic.stack.database.transaction() as tx:
            await queries.accounts.set_active(tx, accepted.data.account_id, active=active)

    await clinic.hears(message())
    await clinic.hears(clinic.organization(messages_enabled=True))
    await set_active(active=False)
    await clinic.hears(message())
    await set_active(active=True)
    sent = message()
    await clinic.hears(sent)
    await clinic.hears(sent)
    told = (NoticeKind.MESSAGE_WAITING, clinic.account_address(PATIENT))
    assert await clinic.notices(1) == [told]
