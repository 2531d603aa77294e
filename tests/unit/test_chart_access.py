"""What is known of access to charts is right whatever the order in which the news comes."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from services.chart_service import access
from services.chart_service.models import AccessState, PortalAccess

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCOUNT, FIRST, SECOND = uuid4(), uuid4(), uuid4()


def news(minute: int, state: AccessState, invitation: UUID = FIRST) -> PortalAccess:
    return PortalAccess(
        organization_id="o",
        chart_id="c",
        person_id="p",
        role="patient",
        account_id=ACCOUNT,
        invitation_id=invitation,
        state=state,
        at=NOW + timedelta(minutes=minute),
    )


GRANTED = news(0, AccessState.ACTIVE)
SUSPENDED = news(1, AccessState.SUSPENDED)
RESUMED = news(2, AccessState.ACTIVE)
ENDED = news(3, AccessState.ENDED)
AGAIN = news(4, AccessState.ACTIVE, SECOND)


@pytest.mark.parametrize("order", list(permutations((GRANTED, SUSPENDED, RESUMED))))
def test_the_newest_counts(order: tuple[PortalAccess, ...]) -> None:
    assert access.fold([], order) == [RESUMED]


@pytest.mark.parametrize("order", list(permutations((GRANTED, SUSPENDED, ENDED, AGAIN))))
def test_a_newer_invitation_gives_access_again(order: tuple[PortalAccess, ...]) -> None:
    assert access.fold([], order) == [AGAIN]


def test_what_ended_stays_ended_even_if_the_clocks_disagree() -> None:
    early = news(-1, AccessState.ENDED)
    assert access.fold([GRANTED], [early]) == [early]
    assert access.fold([early], [GRANTED]) == [early]


def test_of_a_persons_accounts_an_active_one_counts() -> None:
    assert access.most_telling([ENDED, SUSPENDED, GRANTED]) is GRANTED
    assert access.most_telling([ENDED, SUSPENDED]) is SUSPENDED
    assert access.most_telling([news(0, AccessState.ENDED), ENDED]).at == ENDED.at
