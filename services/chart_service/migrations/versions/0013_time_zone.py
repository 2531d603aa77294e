"""The time zone in which an organisation says times."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE organizations ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC'")
