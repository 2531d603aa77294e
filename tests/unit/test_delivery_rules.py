"""What becomes of a mail by the mail server's answer, and when it is tried again."""

from datetime import timedelta

import pytest

from services.notification_service import rules


@pytest.mark.parametrize("code", [550, 551, 553, 554, 556])
def test_an_address_that_the_server_refuses_for_good_is_given_up(code: int) -> None:
    assert rules.is_permanent(code)


@pytest.mark.parametrize("code", [421, 450, 451, 452, 500, 503, 530, 535, 552])
def test_a_refusal_that_may_pass_or_is_about_the_sender_is_tried_again(code: int) -> None:
    assert not rules.is_permanent(code)


@pytest.mark.parametrize("enhanced", ["5.1.1", "5.1.2", "5.1.10", "5.2.1", "5.5.0", "4.7.1", "5.7"])
def test_an_enhanced_code_about_the_mailbox_changes_nothing(enhanced: str) -> None:
    assert rules.is_permanent(550, f"{enhanced} <ana@sunrise.example> unknown, see 5.7.1")


@pytest.mark.parametrize("enhanced", ["5.1.7", "5.1.8", "5.4.1", "5.4.310", "5.7.1", "5.7.606"])
def test_an_enhanced_code_about_the_sender_or_the_route_is_tried_again(enhanced: str) -> None:
    assert not rules.is_permanent(550, f"{enhanced} Service unavailable")


@pytest.mark.parametrize("code", [550, 551, 553, 554, 556])
def test_staff_read_a_whole_sentence_about_a_bounce(code: int) -> None:
    sentence = rules.sentence_for(code)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "@" not in sentence


def test_the_first_retry_comes_within_seconds() -> None:
    assert timedelta(seconds=1) <= rules.delay_after(0) <= timedelta(seconds=2)


def test_delays_grow_and_stay_below_a_quarter_of_an_hour() -> None:
    shortest = [min(rules.delay_after(n) for _ in range(50)) for n in range(40)]
    longest = [max(rules.delay_after(n) for _ in range(50)) for n in range(40)]
    assert all(longest[n] <= shortest[n + 2] for n in range(7))
    assert max(longest) <= timedelta(minutes=15)
    assert shortest[-1] >= timedelta(minutes=7)


def test_mails_that_failed_together_do_not_come_back_together() -> None:
    assert len({rules.delay_after(5) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("ana@sunrise.example", "ana@sunrise.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
    ],
)
def test_a_domain_in_other_letters_reaches_the_mail_server_as_it_takes_it(
    email: str, address: str
) -> None:
    assert rules.smtp_address(email) == address


def test_an_address_that_most_servers_could_not_take_is_an_error_without_it() -> None:
    with pytest.raises(ValueError, match="SMTPUTF8") as caught:
        rules.smtp_address("añá@sunrise.example")
    assert "sunrise" not in str(caught.value)
