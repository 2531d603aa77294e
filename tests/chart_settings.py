"""Settings of a chart_service of the tests."""

import json

from joserfc.jwk import OKPKey

from services.chart_service.settings import Settings
from tests.infrastructure import Servers

API_TOKEN = "an-emr-of-the-tests"
NOWHERE = "http://127.0.0.1:1"
"""The address of a service that a test does without."""


def signing_key() -> str:
    """Return a private key of the test's own."""
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))


def chart_settings(servers: Servers, **changes: object) -> Settings:
    """Return the settings of a chart_service without neighbours, but for the changes."""
    usual = {
        "database_url": servers.database_url("chart"),
        "kafka_bootstrap_servers": servers.kafka,
        "api_token": API_TOKEN,
        "jwks_url": f"{NOWHERE}/none",
        "emr_signing_key": signing_key(),
        "portal_access_url": NOWHERE,
        "notifications_url": NOWHERE,
        "session_secret": "a secret of the tests",
        "emr_url": "http://emr",
        "webhooks_allow_private": True,
    }
    return Settings.model_validate(usual | changes)
