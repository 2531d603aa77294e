"""chart_service shows how a mail would look, and sends one to try."""

import base64
from email.message import EmailMessage

import httpx
import pytest

from chassis.security.service_calls import Signer
from tests.integration.notification_service.conftest import Center, Service
from tests.integration.notification_service.mail_server import MailServer

LOGO = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
LOOK: dict[str, object] = {
    "name": "Sunrise <Recovery> Center",
    "phone": "+1 202-555-0143",
    "logo": {"media_type": "image/png", "content": LOGO},
    "given_name": "Ana",
    "invitation_days": 3,
}


class Emr:
    """chart_service, as far as this service sees it."""

    def __init__(self, service: Service, signer: Signer) -> None:
        self._service = service
        self._signer = signer

    async def post(self, path: str, **changes: object) -> httpx.Response:
        """Call the API with a mail's look."""
        token = self._signer.sign("notification_service")
        return await self._service.post(path, LOOK | changes, f"Bearer {token}")


@pytest.fixture
def emr(service: Service, emr_signer: Signer) -> Emr:
    return Emr(service, emr_signer)


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def test_a_preview_shows_the_whole_mail(emr: Emr) -> None:
    found = (await emr.post("previews")).json()
    assert found["subject"] == "Your invitation to the patient portal of Sunrise <Recovery> Center"
    assert "Hello Ana," in found["text"]
    assert "Sunrise &lt;Recovery&gt; Center" in found["html"]
    assert f"data:image/png;base64,{LOGO}" in found["html"]
    assert "/accept#this-is-an-example" in found["html"]
    assert "cid:" not in found["html"]


async def test_a_preview_of_a_reminder_says_that_it_is_one(emr: Emr) -> None:
    found = (await emr.post("previews", kind="reminder", logo=None)).json()
    assert found["subject"].startswith("Reminder: ")
    assert "This is a reminder" in found["text"]
    assert "<img" not in found["html"]


async def test_a_preview_is_in_the_language_that_is_asked_for(emr: Emr) -> None:
    found = (await emr.post("previews", language="es")).json()
    assert found["subject"].startswith("Su invitación al portal del paciente de ")
    assert "Hola, Ana:" in found["text"]


async def test_a_test_mail_is_the_mail_itself_and_says_that_it_is_a_test(
    emr: Emr, center: Center, mail_server: MailServer
) -> None:
    shown = (await emr.post("previews")).json()
    answer = await emr.post("test-mails", to=center.address("admin"))
    assert answer.status_code == 202
    (mail,) = mail_server.to(center.address("admin"))
    assert mail["Message-ID"] == answer.json()["message_id"]
    assert mail["Subject"].strip() == f"Test: {shown['subject']}"
    assert _text(mail) == shown["text"]


async def test_what_the_mail_server_says_of_a_test_mail_is_told(
    emr: Emr, center: Center, mail_server: MailServer
) -> None:
    address = center.address("admin")
    mail_server.replies_to_recipients[address] = "550 5.1.1 no such mailbox here"
    refused = await emr.post("test-mails", to=address)
    assert refused.status_code == 502
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:portico:problem:mail_refused"
    assert "550 5.1.1 no such mailbox here" in refused.json()["detail"]


async def test_without_a_mail_server_a_test_mail_is_refused_and_not_kept(
    emr: Emr, center: Center, mail_server: MailServer
) -> None:
    mail_server.stop()
    refused = await emr.post("test-mails", to=center.address("admin"))
    assert refused.status_code == 502
    assert refused.json()["type"] == "urn:portico:problem:mail_server_away"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "nobody"},
        {"to": "a@x.example\r\nBcc: eve@x.example"},
        {"name": "Sunrise\r\nBcc: eve@x.example"},
        {"kind": "notice"},
        {"invitation_days": 0},
    ],
)
async def test_a_wrong_request_is_told_field_by_field(emr: Emr, wrong: dict[str, object]) -> None:
    refused = await emr.post("test-mails", **({"to": "a@x.example"} | wrong))
    assert refused.status_code == 422
    assert "eve" not in refused.text
    (named,) = refused.json()["errors"]
    assert named["field"] == f"body.{next(iter(wrong))}"


@pytest.mark.parametrize("path", ["previews", "test-mails"])
async def test_nobody_but_the_emr_may_call(service: Service, emr_signer: Signer, path: str) -> None:
    for authorization in (None, "Bearer x", f"Bearer {emr_signer.sign('portal_access')}"):
        assert (await service.post(path, LOOK, authorization)).status_code == 401
