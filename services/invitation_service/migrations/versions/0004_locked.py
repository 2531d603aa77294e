"""Since when an invitation's links are locked: nobody is reminded of it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE invitations ADD COLUMN locked_at timestamptz")
    op.execute("DROP INDEX invitations_to_remind")
    op.execute("""
        CREATE INDEX invitations_to_remind ON invitations (organization_id, aged_from)
            WHERE state = 'open' AND reminder_token_hash IS NULL AND locked_at IS NULL
    """)
