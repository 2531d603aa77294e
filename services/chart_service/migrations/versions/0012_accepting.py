"""Invitees who ask for a new invitation, or whose link is locked by a check."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    "ALTER TABLE alerts ADD COLUMN asked_at timestamptz",
    "ALTER TABLE organizations ADD COLUMN birth_date_check boolean NOT NULL DEFAULT false",
    # An invitation whose link is locked ranks between those that are open and those that ended.
    "UPDATE alerts SET rank = rank + 1 WHERE rank >= 7",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
