"""Accounts, connections, the way through the accept pages, and the copy of the brands."""

from alembic import op

from chassis import inbox, outbox
from chassis.web import sessions

revision = "0001"
down_revision = None

TABLES = (
    outbox.DDL,
    inbox.DDL,
    inbox.INDEX_DDL,
    sessions.DDL,
    sessions.INDEX_DDL,
    """
    CREATE TABLE brands (
        organization_id text PRIMARY KEY,
        name text NOT NULL,
        phone text NOT NULL,
        logo_media_type text,
        logo bytea,
        portal_enabled boolean NOT NULL,
        changed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE accounts (
        id uuid PRIMARY KEY,
        organization_id text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        password_hash text NOT NULL,
        terms_accepted_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (organization_id, email_key)
    )
    """,
    """
    CREATE TABLE connections (
        account_id uuid NOT NULL REFERENCES accounts (id),
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        role text NOT NULL,
        person_id text NOT NULL,
        scopes text[] NOT NULL,
        invitation_id uuid NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, organization_id, chart_id, role)
    )
    """,
    "CREATE INDEX connections_invitation ON connections (invitation_id)",
    """
    CREATE TABLE acceptances (
        redemption_id uuid PRIMARY KEY,
        visitor_hash bytea NOT NULL,
        sealed_token text,
        account_id uuid NOT NULL,
        invitation_id uuid NOT NULL,
        organization_id text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (visitor_hash, invitation_id)
    )
    """,
    "CREATE INDEX acceptances_created_at ON acceptances (created_at)",
    """
    CREATE TABLE registrations (
        redemption_id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        organization_id text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        password_hash text NOT NULL,
        terms_accepted_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX registrations_created_at ON registrations (created_at)",
    """
    CREATE TABLE sign_in_attempts (
        source text NOT NULL,
        window_start timestamptz NOT NULL,
        failures integer NOT NULL,
        PRIMARY KEY (source, window_start)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
