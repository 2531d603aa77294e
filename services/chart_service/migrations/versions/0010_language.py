"""The language in which a person is written to."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("ALTER TABLE people ADD COLUMN language varchar")
