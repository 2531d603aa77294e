"""Invitations, and the copies of organisations and people that eligibility needs."""

from alembic import op

from chassis import inbox, outbox

revision = "0001"
down_revision = None

TABLES = (
    outbox.DDL,
    inbox.DDL,
    inbox.INDEX_DDL,
    """
    CREATE TABLE organizations (
        id text PRIMARY KEY,
        portal_enabled boolean NOT NULL,
        invitation_days smallint NOT NULL,
        changed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE people (
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        id text NOT NULL,
        relationship text NOT NULL,
        given_name text NOT NULL,
        email text,
        deceased boolean NOT NULL,
        ended boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, chart_id, id)
    )
    """,
    """
    CREATE TABLE invitations (
        id uuid PRIMARY KEY,
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        person_id text NOT NULL,
        role text NOT NULL,
        email text NOT NULL,
        given_name text NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        state text NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        redemption_id uuid,
        account_id uuid
    )
    """,
    # One open invitation per person and role, whatever else goes wrong.
    """
    CREATE UNIQUE INDEX invitations_open ON invitations
        (organization_id, chart_id, person_id, role) WHERE state = 'open'
    """,
    """
    CREATE INDEX invitations_live ON invitations (organization_id, chart_id)
        WHERE state IN ('open', 'accepted')
    """,
    "CREATE INDEX invitations_expiry ON invitations (expires_at) WHERE state = 'open'",
    """
    CREATE TABLE waiting_requests (
        event_id uuid PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY,
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        person_id text NOT NULL,
        role text NOT NULL,
        event bytea NOT NULL,
        decide_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX waiting_requests_chart ON waiting_requests (organization_id, chart_id)",
    """
    CREATE TABLE failed_lookups (
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
