"""What portal users wrote and staff did not read is found at once, on every page of staff's."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX messages_unread_by_staff ON messages (organization_id, thread_id)
        WHERE NOT from_staff AND read_at IS NULL
        """
    )
