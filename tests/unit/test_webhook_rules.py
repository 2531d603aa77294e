"""Where webhooks may go, and when they are tried again."""

from datetime import timedelta

import pytest

from services.chart_service.webhooks import addresses, rules

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255"),  # noqa: S104 - nobody listens
    *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1"),
    *(
        "::ffff:127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_known_in_every_dress(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_one(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("", "emr.example", "http://emr.example/x", "ftp://emr.example", "https://", "https://["),
        *("https://a:b@emr.example/x", "https://emr.example/#x", "https://127.0.0.1/x"),
        *("https://[::1]/x", f"https://emr.example/{'x' * 2000}", "https://emr.example:99999"),
    ],
)
def test_an_address_that_is_none_for_webhooks_is_refused(url: str) -> None:
    with pytest.raises(addresses.ForbiddenAddressError):
        addresses.check(url, allow_private=False)


def test_an_https_address_is_taken() -> None:
    addresses.check("https://emr.example:8443/hooks?for=portico", allow_private=False)


def test_tries_come_at_growing_distances_for_three_days() -> None:
    delays = [rules.delay_after(attempts) for attempts in range(1, 40)]
    assert timedelta(seconds=2.5) <= delays[0] <= timedelta(seconds=5)
    assert timedelta(hours=3) <= max(delays) <= timedelta(hours=6)
    assert 12 < sum(delay < timedelta(hours=3) for delay in delays) + 12 < 30


def test_a_failing_endpoint_is_left_alone_for_longer_and_longer_but_never_for_long() -> None:
    pauses = [rules.pause_of(timedelta(seconds=seconds)) for seconds in (0, 60, 86_400)]
    assert pauses == [timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=5)]
