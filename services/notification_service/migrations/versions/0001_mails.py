"""The mail queue, and the copies of the organisations' brands."""

from alembic import op

from chassis import inbox, outbox

revision = "0001"
down_revision = None

TABLES = (
    outbox.DDL,
    inbox.DDL,
    inbox.INDEX_DDL,
    """
    CREATE TABLE brands (
        organization_id text PRIMARY KEY,
        name text NOT NULL,
        phone text NOT NULL,
        logo_media_type text,
        logo bytea,
        changed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE mails (
        invitation_id uuid PRIMARY KEY,
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        person_id text NOT NULL,
        role text NOT NULL,
        state text NOT NULL,
        email text NOT NULL,
        given_name text NOT NULL,
        sealed_token text,
        expires_at timestamptz NOT NULL,
        traceparent text,
        attempts integer NOT NULL,
        next_try_at timestamptz NOT NULL,
        ended_at timestamptz
    )
    """,
    """
    CREATE TABLE cancellations (
        invitation_id uuid PRIMARY KEY,
        cancelled_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX mails_due ON mails (next_try_at) WHERE state = 'queued'",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
