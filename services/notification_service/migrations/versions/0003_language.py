"""The language of a mail."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE mails ADD COLUMN language text")
