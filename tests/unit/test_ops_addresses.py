"""What the console shows of an e-mail address to who may not see it whole."""

import pytest

from services.ops_console.addresses import hinted


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana.lopez@example.org", "a•••@e•••.org"),
        ("a@b.mail.example.co.uk", "a•••@b•••.uk"),
        ("ana@localhost", "a•••@l•••"),
        ('"odd@local"@example.org', '"•••@e•••.org'),
        ("no address", "•••"),
        ("ana@", "a•••@•••"),
        ("\x1b[31mana@example.org", "\\•••@e•••.org"),
    ],
)
def test_an_address_shows_its_ends_alone(address: str, shown: str) -> None:
    assert hinted(address) == shown
