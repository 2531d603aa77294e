"""What chart_service refuses to start with."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.chart_service.settings import Settings

NEEDED = {
    "database_url": "postgresql+asyncpg://x@y/z",
    "kafka_bootstrap_servers": "k:9092",
    "api_token": "a-token-of-the-tests",
    "jwks_url": "http://portal/jwks",
    "emr_signing_key": "{}",
    "portal_access_url": "http://portal",
    "notifications_url": "http://notifications",
    "session_secret": "a secret of the tests",
    "emr_url": "https://emr.example",
}
OIDC = {"oidc_client_id": "portico", "oidc_client_secret": "secret"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"oidc_passwords": "off"}, "set PORTICO_OIDC_ISSUER"),
        ({"oidc_issuer": "https://id.example"}, "needs PORTICO_OIDC_CLIENT_ID"),
        ({"oidc_issuer": "http://id.example", **OIDC}, "must begin with https://"),
    ],
)
def test_half_a_provider_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings.model_validate(NEEDED | changes)


@pytest.mark.parametrize("issuer", ["https://id.example", "http://127.0.0.1:8000"])
def test_a_whole_provider_is_taken(issuer: str) -> None:
    settings = Settings.model_validate(NEEDED | OIDC | {"oidc_issuer": issuer})
    assert settings.oidc_label == "single sign-on"


def test_a_variable_that_compose_leaves_empty_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "LABEL", "PASSWORDS"):
        monkeypatch.setenv(f"PORTICO_OIDC_{name}", "")
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"PORTICO_{name.upper()}", value)
    settings = Settings()
    assert (settings.oidc_issuer, settings.oidc_passwords) == (None, "on")
