"""When a mail's invitation was asked for: how long it took is measured."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE mails ADD COLUMN requested_at timestamptz")
