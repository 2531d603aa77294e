"""How somebody stands with the portal, from what the chart, the alerts and the portal know."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chart_service.directory_status import (
    ASKED,
    REFUSED,
    Access,
    Invitation,
    Standing,
    decide,
)
from services.chart_service.models import Status

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(hour: int) -> datetime:
    return NINE.replace(hour=hour)


def invitation(state: str, hour: int = 9, detail: str | None = None) -> Invitation:
    """Return an invitation that was asked for at an hour, of which the news is an hour younger."""
    return Invitation(state, detail, at(hour), at(hour) + timedelta(hours=1))


@pytest.mark.parametrize(
    ("refusal", "invitations", "accesses", "expected"),
    [
        (None, [], [], Standing(Status.NOT_INVITED)),
        ("email_missing", [], [], Standing(Status.NOT_ELIGIBLE, "email_missing")),
        *(
            (None, [invitation(state)], [], Standing(Status.PENDING, since=at(9)))
            for state in ("requested", "issued", "sent")
        ),
        (
            None,
            [invitation("bounced", detail="No such mailbox.")],
            [],
            Standing(Status.BOUNCED, detail="No such mailbox.", since=at(10)),
        ),
        (None, [invitation("expired")], [], Standing(Status.EXPIRED, since=at(10))),
        (None, [invitation("revoked")], [], Standing(Status.NOT_INVITED)),
        (None, [invitation("superseded")], [], Standing(Status.NOT_INVITED)),
        # As long as nobody says who has access, an accepted invitation tells.
        (None, [invitation("cleared")], [], Standing(Status.ACTIVE, since=at(10))),
        ("email_missing", [invitation("cleared")], [], Standing(Status.ACTIVE, since=at(10))),
        # Until the invitation is taken back, its link works.
        ("email_missing", [invitation("sent")], [], Standing(Status.PENDING, since=at(9))),
        (
            "email_missing",
            [invitation("expired")],
            [],
            Standing(Status.NOT_ELIGIBLE, "email_missing"),
        ),
        # The open invitation counts, whatever an EMR's clock says of the others.
        (
            None,
            [invitation("sent", 9), invitation("revoked", 12)],
            [],
            Standing(Status.PENDING, since=at(9)),
        ),
        (
            None,
            [invitation("expired", 9), invitation("requested", 12)],
            [],
            Standing(Status.PENDING, since=at(12)),
        ),
        (
            None,
            [invitation("rejected", detail="The address is taken.")],
            [],
            Standing(Status.NOT_INVITED, REFUSED, "The address is taken."),
        ),
        (
            None,
            [invitation("expired", 9), invitation("rejected", 12, "The address is taken.")],
            [],
            Standing(Status.EXPIRED, REFUSED, "The address is taken.", at(10)),
        ),
        (
            None,
            [invitation("rejected", 9, "The portal is off."), invitation("expired", 12)],
            [],
            Standing(Status.EXPIRED, since=at(13)),
        ),
        (
            None,
            [invitation("cleared"), invitation("sent", 12)],
            [Access("active", at(10))],
            Standing(Status.ACTIVE, since=at(10)),
        ),
        (
            None,
            [invitation("cleared")],
            [Access("suspended", at(11))],
            Standing(Status.DISABLED, since=at(11)),
        ),
        # What was before the access ended says nothing any more.
        (None, [invitation("cleared")], [Access("ended", at(12))], Standing(Status.NOT_INVITED)),
        (
            "relationship_ended",
            [invitation("cleared")],
            [Access("ended", at(12))],
            Standing(Status.NOT_ELIGIBLE, "relationship_ended"),
        ),
        (
            None,
            [invitation("cleared", 9), invitation("sent", 13)],
            [Access("ended", at(12))],
            Standing(Status.PENDING, since=at(13)),
        ),
        # Somebody may have had an account by another address before.
        (
            None,
            [],
            [Access("ended", at(12)), Access("active", at(10))],
            Standing(Status.ACTIVE, since=at(10)),
        ),
    ],
)
def test_how_somebody_stands(
    refusal: str | None,
    invitations: list[Invitation],
    accesses: list[Access],
    expected: Standing,
) -> None:
    assert decide(refusal, invitations, accesses) == expected
    assert decide(refusal, invitations[::-1], accesses[::-1]) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("expired", Status.EXPIRED),
        ("revoked", Status.NOT_INVITED),
        ("superseded", Status.NOT_INVITED),
        ("asked", Status.NOT_INVITED),
    ],
)
def test_who_asked_for_a_new_invitation_is_marked_until_one_is_requested(
    state: str, status: Status
) -> None:
    asked = invitation(state)._replace(asked_at=at(11))
    standing = decide(None, [asked], [])
    assert (standing.status, standing.reason) == (status, ASKED)
    assert decide(None, [asked, invitation("sent", 12)], []).reason is None
    access_ended = decide(None, [asked], [Access("ended", at(10))])
    assert (access_ended.status, access_ended.reason) == (Status.NOT_INVITED, ASKED)
