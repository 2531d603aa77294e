"""The texts that people agree to, which versions they agreed to, and sections that are off."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "ALTER TABLE brands ADD COLUMN sections_off text[] NOT NULL DEFAULT '{}'",
    """
    CREATE TABLE policies (
        organization_id text NOT NULL,
        kind text NOT NULL,
        version integer NOT NULL,
        text text NOT NULL,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, kind, version)
    )
    """,
    # Until now everybody agreed to the portal's general text, version 0.
    """
    ALTER TABLE accounts ADD COLUMN terms_version integer NOT NULL DEFAULT 0,
        ADD COLUMN privacy_version integer NOT NULL DEFAULT 0
    """,
    """
    ALTER TABLE registrations ADD COLUMN terms_version integer NOT NULL DEFAULT 0,
        ADD COLUMN privacy_version integer NOT NULL DEFAULT 0
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
