"""From the EMR's request to the portal's dashboard, over HTTP and SMTP alone."""

import httpx
import pytest

from cli.errors import CommandError
from cli.mail_inbox import MailInbox, link_in
from cli.portal_visitor import PortalVisitor
from devstack.status import Status
from tests.e2e.conftest import Center
from tests.integration.portal_access.stack import Visitor, heading_of

PASSWORD = "three unrelated words"


@pytest.fixture
def invited(center: Center) -> Center:
    """A centre with one chart: a patient, a guardian at another address, and a friend."""
    contacts = [
        {"id": "p-2", "given_name": "Rosa", "relationship": "Guardian"},
        {"id": "p-3", "given_name": "Jo", "relationship": "Friend"},
    ]
    center.has_charts(
        [
            {
                "id": "c-1",
                "mrn": "M-1",
                "patient": {
                    "id": "p-1",
                    "given_name": "Ana",
                    "family_name": "Lopez",
                    "preferred_name": "Anita",
                    "email": f"ana@{center.id}.example",
                },
                "contacts": [
                    contact
                    | {
                        "family_name": "Lopez",
                        "email": f"{contact['given_name']}@{center.id}.example",
                    }
                    for contact in contacts
                ],
            }
        ]
    )
    return center


@pytest.fixture
def inbox(stack: Status) -> MailInbox:
    return MailInbox(stack["urls"]["inbox"] or "")


def test_a_patient_is_invited_registers_and_the_alert_goes(
    invited: Center, inbox: MailInbox
) -> None:
    assert invited.invites("c-1", "p-1").status_code == 202
    text = inbox.text_to(f"ana@{invited.id}.example")
    assert "Sunrise Recovery Center" in text
    assert "+1 202-555-0143" in text
    assert "Lopez" not in text
    [alert] = invited.waits_for_alerts("c-1", "sent")
    assert alert["message"] == "Invitation mailed, waiting for acceptance."
    dashboard = PortalVisitor().accept(link_in(text), PASSWORD)
    assert "Your own chart" in dashboard
    assert "Anita" in dashboard
    invited.waits_for_alerts("c-1")


def test_a_guardian_sees_the_chart_without_the_preferred_name(
    invited: Center, inbox: MailInbox
) -> None:
    assert invited.invites("c-1", "p-2").status_code == 202
    link = link_in(inbox.text_to(f"Rosa@{invited.id}.example"))
    dashboard = PortalVisitor().accept(link, PASSWORD)
    assert "You are the guardian" in dashboard
    assert "Ana Lopez" in dashboard
    assert "Anita" not in dashboard


def test_a_friend_is_refused_with_a_reason_and_gets_no_mail(invited: Center) -> None:
    refused = invited.invites("c-1", "p-3")
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:portico:problem:relationship_not_eligible"
    assert invited.mails() == []


def test_a_link_works_once(invited: Center, inbox: MailInbox) -> None:
    invited.invites("c-1", "p-1")
    link = link_in(inbox.text_to(f"ana@{invited.id}.example"))
    PortalVisitor().accept(link, PASSWORD)
    with pytest.raises(CommandError, match="This invitation has been accepted"):
        PortalVisitor().accept(link, PASSWORD)


def test_after_a_second_invitation_only_the_newer_link_works(
    invited: Center, inbox: MailInbox
) -> None:
    address = f"ana@{invited.id}.example"
    invited.invites("c-1", "p-1")
    old = link_in(inbox.text_to(address))
    invited.waits_for_alerts("c-1", "sent")
    second = invited.invites("c-1", "p-1").json()["invitation_id"]
    invited.waits_for_mailed("c-1", second)
    assert len(invited.mails()) == 2
    with pytest.raises(CommandError, match="There is a newer invitation"):
        PortalVisitor().accept(old, PASSWORD)
    newer = link_in(inbox.text_to(address))
    assert "Your own chart" in PortalVisitor().accept(newer, PASSWORD)


async def test_who_asks_by_an_old_link_gets_a_new_one_by_mail(
    invited: Center, inbox: MailInbox, stack: Status
) -> None:
    address = f"ana@{invited.id}.example"
    invited.invites("c-1", "p-1")
    old = link_in(inbox.text_to(address))
    second = invited.invites("c-1", "p-1").json()["invitation_id"]
    invited.waits_for_mailed("c-1", second)
    visitor = Visitor(stack["urls"]["portal"] or "")
    refused = await visitor.opens_link(old)
    asked = await visitor.send(refused, f"/accept/ask?{refused.url.query.decode()}")
    await visitor.client.aclose()
    assert heading_of(asked) == "We have told Sunrise Recovery Center"
    assert address not in asked.text
    invited.waits_for_alerts("c-1", "sent", "superseded")
    third = invited.invites("c-1", "p-1").json()["invitation_id"]
    invited.waits_for_mailed("c-1", third)
    newest = link_in(inbox.text_to(address))
    assert "Your own chart" in PortalVisitor().accept(newest, PASSWORD)


def test_the_chart_api_is_closed_without_its_token(stack: Status) -> None:
    answer = httpx.get(f"{stack['urls']['emr']}/api/v1/organizations/sunrise/charts")
    assert answer.status_code == 401
