"""A queue for mails of all kinds, brands of places, and since when an organisation is paused."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE brands ADD COLUMN paused_at timestamptz",
    """
    CREATE TABLE location_brands (
        organization_id text NOT NULL,
        location_id text NOT NULL,
        name text NOT NULL,
        phone text,
        logo_media_type text,
        logo bytea,
        removed boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, location_id)
    )
    """,
    """
    ALTER TABLE mails
        ADD COLUMN id uuid,
        ADD COLUMN kind text,
        ADD COLUMN location_id text,
        ADD COLUMN issued_at timestamptz
    """,
    # What is in the queue already is an invitation's mail, whose id was the invitation's.
    """
    UPDATE mails SET id = invitation_id, kind = 'invitation', issued_at = least(next_try_at, now())
    """,
    """
    ALTER TABLE mails
        DROP CONSTRAINT mails_pkey,
        ADD PRIMARY KEY (id),
        ALTER COLUMN kind SET NOT NULL,
        ALTER COLUMN issued_at SET NOT NULL,
        ALTER COLUMN invitation_id DROP NOT NULL,
        ALTER COLUMN chart_id DROP NOT NULL,
        ALTER COLUMN person_id DROP NOT NULL,
        ALTER COLUMN role DROP NOT NULL,
        ALTER COLUMN expires_at DROP NOT NULL
    """,
    # One reminder per invitation; the invitation's own mail has its id.
    "CREATE UNIQUE INDEX mails_reminders ON mails (invitation_id) WHERE kind = 'reminder'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
