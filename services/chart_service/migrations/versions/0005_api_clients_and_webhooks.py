"""Clients of the API, requests that must not be repeated, and webhooks."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    CREATE TABLE api_clients (
        id uuid PRIMARY KEY,
        organization_id varchar NOT NULL REFERENCES organizations (id),
        name varchar NOT NULL,
        secret_hash bytea NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        created_by varchar NOT NULL,
        last_used_at timestamptz,
        revoked_at timestamptz
    )
    """,
    "CREATE INDEX api_clients_by_organization ON api_clients (organization_id, created_at)",
    """
    CREATE TABLE api_tokens (
        token_hash bytea PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES api_clients (id),
        scopes text[] NOT NULL,
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at)",
    """
    CREATE TABLE idempotency_keys (
        organization_id varchar NOT NULL,
        caller varchar NOT NULL,
        key varchar NOT NULL,
        fingerprint bytea NOT NULL,
        body varchar NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, caller, key)
    )
    """,
    "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
    """
    CREATE TABLE webhook_endpoints (
        id uuid PRIMARY KEY,
        organization_id varchar NOT NULL REFERENCES organizations (id),
        url varchar NOT NULL,
        events text[] NOT NULL,
        secret varchar NOT NULL,
        previous_secret varchar,
        previous_secret_until timestamptz,
        enabled boolean NOT NULL,
        created_at timestamptz NOT NULL,
        failing_since timestamptz,
        paused_until timestamptz,
        disabled_reason varchar
    )
    """,
    "CREATE INDEX webhook_endpoints_by_organization"
    " ON webhook_endpoints (organization_id, created_at)",
    """
    CREATE TABLE webhook_deliveries (
        id uuid PRIMARY KEY,
        organization_id varchar NOT NULL,
        endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
        event_id uuid NOT NULL,
        type varchar NOT NULL,
        payload varchar NOT NULL,
        created_at timestamptz NOT NULL,
        state varchar NOT NULL,
        attempts integer NOT NULL,
        next_try_at timestamptz NOT NULL,
        last_outcome varchar,
        ended_at timestamptz
    )
    """,
    "CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at)",
    """
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_try_at)
        WHERE state = 'queued'
    """,
    "CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
