"""Whose invitation is accepted, after which check, and asking for a new one where that fails."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
    CREATE TABLE refused_links (
        visitor_hash bytea NOT NULL,
        invitation_id uuid NOT NULL,
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        person_id text NOT NULL,
        role text NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (visitor_hash, invitation_id)
    )
    """,
    "CREATE INDEX refused_links_created_at ON refused_links (created_at)",
    """
    CREATE TABLE new_invitation_asks (
        invitation_id uuid PRIMARY KEY,
        asked_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE birth_date_tries (
        invitation_id uuid PRIMARY KEY,
        tries integer NOT NULL,
        tried_at timestamptz NOT NULL,
        lock_reason text
    )
    """,
    "ALTER TABLE acceptances ADD COLUMN birth_date_given boolean NOT NULL DEFAULT false",
    "ALTER TABLE brands ADD COLUMN birth_date_check boolean NOT NULL DEFAULT false",
)


def upgrade() -> None:
    # Of acceptances under way nobody noted whose they are: their links are opened again.
    op.execute("DELETE FROM acceptances WHERE sealed_token IS NOT NULL")
    for column in ("chart_id", "person_id", "role"):
        op.execute(f"ALTER TABLE acceptances ADD COLUMN {column} text NOT NULL DEFAULT ''")
    for statement in STATEMENTS:
        op.execute(statement)
