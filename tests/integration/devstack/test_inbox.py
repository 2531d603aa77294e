"""The mail inbox as a sender, a test and a reader meet it."""

import smtplib
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from devstack.ports import free_port, is_free
from devstack.process import Process, ProcessSpec
from devstack.readiness import wait_until_ready

LOGO = b"\x89PNG\r\n\x1a\n logo"


class Inbox:
    """A running inbox and a client for it."""

    def __init__(self, smtp_port: int, http_port: int) -> None:
        self.smtp_port = smtp_port
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{http_port}")

    def send(self, *, to: str, subject: str = "Your invitation", text: str = "Hello") -> None:
        mail = EmailMessage()
        mail["From"] = "Sunrise Recovery <portal@sunrise.example>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Message-ID"] = f"<invitation-{to}>"
        mail.set_content(text)
        mail.add_alternative(
            '<p>Hello</p><script>alert(1)</script><img src="cid:logo" alt="">', subtype="html"
        )
        _text, html = mail.iter_parts()
        html.add_related(LOGO, "image", "png", cid="<logo>")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            smtp.send_message(mail)

    def search(self, query: str) -> list[str]:
        found = self.http.get("/api/v1/search", params={"query": query}).json()
        return [mail["To"][0]["Address"] for mail in found["messages"]]


@pytest.fixture(scope="module")
def running_inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    inbox = Inbox(free_port(), http_port := free_port())
    env = {
        "PORTICO_INBOX_SMTP_PORT": str(inbox.smtp_port),
        "PORTICO_INBOX_HTTP_PORT": str(http_port),
        "PORTICO_INBOX_CAPACITY": "5",
    }
    argv = [sys.executable, "-m", "devstack.inbox"]
    log_file = tmp_path_factory.mktemp("inbox") / "inbox.log"
    root = Path(__file__).parents[3]
    process = Process(ProcessSpec("inbox", argv, log_file, env=env, cwd=root))
    process.start()
    wait_until_ready(process, lambda: not is_free(http_port), 10)
    yield inbox
    process.stop()


@pytest.fixture
def inbox(running_inbox: Inbox) -> Inbox:
    running_inbox.http.delete("/api/v1/messages")
    return running_inbox


def test_a_sent_mail_is_listed_newest_first(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org")
    inbox.send(to="jonas@example.org")
    listed = inbox.http.get("/api/v1/messages").json()
    assert listed["total"] == listed["messages_count"] == listed["unread"] == 2
    assert [mail["To"][0]["Address"] for mail in listed["messages"]] == [
        "jonas@example.org",
        "maria@example.org",
    ]
    assert listed["messages"][0]["From"] == {
        "Name": "Sunrise Recovery",
        "Address": "portal@sunrise.example",
    }


def test_one_mail_shows_both_versions_and_its_inline_logo(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org", text="Come and see")
    mail = inbox.http.get("/api/v1/message/latest").json()
    assert mail["Text"].strip() == "Come and see"
    assert "cid:logo" in mail["HTML"]
    assert mail["MessageID"] == "invitation-maria@example.org"
    [logo] = mail["Inline"]
    assert logo["ContentType"] == "image/png"
    part = inbox.http.get(f"/api/v1/message/{mail['ID']}/part/{logo['PartID']}")
    assert part.content == LOGO
    assert inbox.http.get("/api/v1/messages").json()["unread"] == 0


def test_the_source_is_what_was_sent(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org")
    raw = inbox.http.get("/api/v1/message/latest/raw").text
    assert "To: maria@example.org" in raw


@pytest.mark.parametrize(
    "query",
    [
        "to:maria@example.org",
        '"to:maria@example.org"',
        'to:"maria@example.org"',
        "TO:Maria",
        'subject:"for maria"',
        "from:sunrise to:maria",
        "unicorn",
        "-to:jonas",
    ],
)
def test_search_finds_the_mail(inbox: Inbox, query: str) -> None:
    inbox.send(to="maria@example.org", subject="A mail for Maria", text="A unicorn")
    inbox.send(to="jonas@example.org", subject="A mail for Jonas")
    assert inbox.search(query) == ["maria@example.org"]


def test_an_address_outside_ascii_arrives(inbox: Inbox) -> None:
    mail = "From: a@example.org\r\nTo: jürgen@example.org\r\nSubject: Grüße\r\n\r\nHallo".encode()
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as smtp:
        smtp.sendmail(
            "a@example.org", "jürgen@example.org", mail, mail_options=["SMTPUTF8", "BODY=8BITMIME"]
        )
    assert inbox.search("to:jürgen@example.org") == ["jürgen@example.org"]


def test_a_mail_with_a_broken_header_hides_no_other(inbox: Inbox) -> None:
    broken = b"From: a@example.org\r\nTo: b@example.org\r\nMessage-ID: <<b>@x>\r\n\r\nHello"
    inbox.send(to="maria@example.org")
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as smtp:
        smtp.sendmail("a@example.org", "b@example.org", broken)
    assert inbox.http.get("/api/v1/messages").json()["total"] == 2
    assert inbox.http.get("/").status_code == 200


def test_named_mails_are_deleted_and_the_others_stay(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org")
    inbox.send(to="jonas@example.org")
    newest = inbox.http.get("/api/v1/message/latest").json()["ID"]
    inbox.http.request("DELETE", "/api/v1/messages", json={"IDs": [newest]})
    assert inbox.search("to:example.org") == ["maria@example.org"]


def test_a_page_of_another_site_cannot_delete_mails(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org")
    origin = {"Origin": "https://elsewhere.example"}
    assert inbox.http.delete("/api/v1/messages", headers=origin).status_code == 403
    assert inbox.http.post("/delete", headers=origin).status_code == 403
    assert inbox.search("to:maria") == ["maria@example.org"]


def test_a_name_that_was_rebound_to_this_machine_is_refused(inbox: Inbox) -> None:
    response = inbox.http.get("/api/v1/messages", headers={"Host": "rebound.example"})
    assert response.status_code == 400


def test_the_oldest_mail_goes_when_the_inbox_is_full(inbox: Inbox) -> None:
    for number in range(6):
        inbox.send(to=f"person{number}@example.org")
    assert inbox.search("to:person0") == []
    assert inbox.search("to:person1") == ["person1@example.org"]


def test_a_reader_sees_the_list_and_one_mail_without_its_scripts(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org", subject="<b>Bold</b> news")
    assert "&lt;b&gt;Bold&lt;/b&gt; news" in inbox.http.get("/").text
    mail_id = inbox.http.get("/api/v1/message/latest").json()["ID"]
    page = inbox.http.get(f"/mail/{mail_id}").text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    frame = inbox.http.get(f"/mail/{mail_id}/html")
    assert "data:image/png;base64," in frame.text
    assert frame.headers["Content-Security-Policy"].startswith("sandbox allow-popups ")
    assert '<base target="_blank">' in frame.text


def test_the_list_says_which_mails_are_unread(inbox: Inbox) -> None:
    inbox.send(to="maria@example.org")
    inbox.send(to="jonas@example.org")
    assert "2 mails, 2 unread" in inbox.http.get("/").text
    inbox.http.get("/mail/latest")
    page = inbox.http.get("/").text
    assert "2 mails, 1 unread" in page
    assert page.count(">Unread<") == 1


def test_the_list_stays_as_it_is_until_a_reader_wants_it_to_refresh(inbox: Inbox) -> None:
    assert 'http-equiv="refresh"' not in inbox.http.get("/").text
    assert 'http-equiv="refresh"' in inbox.http.get("/", params={"refresh": "on"}).text


def test_the_link_in_the_text_version_is_shown_whole(inbox: Inbox) -> None:
    link = f"http://127.0.0.1:8104/accept#{'aB3-_' * 8}xyz"
    inbox.send(to="maria@example.org", text=f"Open this link:\n\n{link}\n")
    assert f">{link}</a>" in inbox.http.get("/mail/latest").text


def test_a_mail_without_subject_sender_or_body_can_be_read(inbox: Inbox) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as smtp:
        smtp.sendmail("", "b@example.org", b"X-Empty:\r\n\r\n")
    assert "(no subject)" in inbox.http.get("/").text
    assert inbox.http.get("/mail/latest").status_code == 200


def test_a_reader_who_comes_too_late_for_a_mail_gets_a_page(inbox: Inbox) -> None:
    browser = {"Accept": "text/html"}
    late = inbox.http.get("/mail/gone", headers=browser)
    assert late.status_code == 404
    assert "<h1>Page not found</h1>" in late.text
    program = inbox.http.get("/api/v1/message/gone", headers=browser)
    assert program.json()["detail"].startswith("There is no mail gone")


def test_an_unknown_mail_is_a_404(inbox: Inbox) -> None:
    assert inbox.http.get("/api/v1/message/nothing").status_code == 404
