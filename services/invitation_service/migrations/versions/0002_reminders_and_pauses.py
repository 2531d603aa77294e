"""Reminders, openings and pauses of invitations, and what else ends them."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    ALTER TABLE organizations
        ADD COLUMN reminder_days smallint,
        ADD COLUMN discharge_ends_access boolean NOT NULL DEFAULT false,
        ADD COLUMN paused_at timestamptz
    """,
    "UPDATE organizations SET paused_at = changed_at WHERE NOT portal_enabled",
    """
    ALTER TABLE organizations
        DROP COLUMN portal_enabled,
        ALTER COLUMN discharge_ends_access DROP DEFAULT
    """,
    """
    ALTER TABLE people
        ADD COLUMN discharged boolean NOT NULL DEFAULT false,
        ADD COLUMN of_age boolean NOT NULL DEFAULT false,
        ADD COLUMN location text
    """,
    """
    ALTER TABLE people
        ALTER COLUMN discharged DROP DEFAULT,
        ALTER COLUMN of_age DROP DEFAULT
    """,
    """
    ALTER TABLE invitations
        ADD COLUMN aged_from timestamptz,
        ADD COLUMN opened_at timestamptz,
        ADD COLUMN reminder_token_hash bytea
    """,
    "UPDATE invitations SET aged_from = issued_at",
    "ALTER TABLE invitations ALTER COLUMN aged_from SET NOT NULL",
    """
    CREATE UNIQUE INDEX invitations_reminder_token ON invitations (reminder_token_hash)
        WHERE reminder_token_hash IS NOT NULL
    """,
    """
    CREATE INDEX invitations_to_remind ON invitations (organization_id, aged_from)
        WHERE state = 'open' AND reminder_token_hash IS NULL
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
