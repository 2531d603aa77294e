"""A token on its way through Kafka can be read by nobody who has not the key."""

from base64 import b64decode, b64encode
from uuid import uuid4

import pytest

from chassis.security.seal import Seal, SealBrokenError

KEY, OTHER_KEY = b64encode(bytes(range(32))).decode(), b64encode(bytes(32)).decode()
TOKEN = "kZ3_q-x0aBcDeFgHiJkLmNoPqRsTuVwXyZ012345678"
SEAL, INVITATION = Seal(KEY), uuid4()


def test_what_was_sealed_for_an_id_opens_for_it() -> None:
    assert SEAL.open(SEAL.close(TOKEN, INVITATION), INVITATION) == TOKEN


def test_the_sealed_text_does_not_show_the_token_and_is_never_the_same() -> None:
    sealed = [SEAL.close(TOKEN, INVITATION) for _ in range(100)]
    assert len(set(sealed)) == 100
    assert not any(TOKEN.encode() in b64decode(one) for one in sealed)


def test_it_fits_into_its_event() -> None:
    assert len(SEAL.close(TOKEN, INVITATION)) <= 400


def test_another_invitations_seal_does_not_open() -> None:
    with pytest.raises(SealBrokenError):
        SEAL.open(SEAL.close(TOKEN, INVITATION), uuid4())


def test_another_key_does_not_open() -> None:
    with pytest.raises(SealBrokenError):
        Seal(OTHER_KEY).open(SEAL.close(TOKEN, INVITATION), INVITATION)


def test_a_seal_that_was_tampered_with_anywhere_does_not_open() -> None:
    raw = b64decode(SEAL.close(TOKEN, INVITATION))
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            SEAL.open(b64encode(changed).decode(), INVITATION)


@pytest.mark.parametrize("nonsense", ["", "!", "AAAA", "é", "A" * 16, "A" * 400])
def test_nonsense_does_not_open(nonsense: str) -> None:
    with pytest.raises(SealBrokenError) as caught:
        SEAL.open(nonsense, INVITATION)
    assert str(INVITATION) in str(caught.value)


@pytest.mark.parametrize("key", ["", "short", b64encode(bytes(16)).decode(), "é" * 44])
def test_a_wrong_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError):
        Seal(key)


def test_the_setting_to_correct_is_named_and_the_key_is_not() -> None:
    key = b64encode(bytes(16)).decode()
    with pytest.raises(ValueError, match="PORTICO_SEAL_KEY holds 16 bytes") as caught:
        Seal(key)
    assert key not in str(caught.value)
