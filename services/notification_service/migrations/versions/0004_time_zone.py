"""The time zone in which an organisation says times."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE brands ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC'")
