"""Invitees who ask for a new invitation."""

from alembic import op

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE alerts ADD COLUMN asked_at timestamptz")
