"""The language in which a person is written to."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE people ADD COLUMN language text")
