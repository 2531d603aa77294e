"""Messages between staff and portal users, and which staff portal users may write to."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    "ALTER TABLE staff ADD COLUMN receives_messages boolean NOT NULL DEFAULT true",
    "ALTER TABLE staff ALTER COLUMN receives_messages DROP DEFAULT",
    """
    CREATE TABLE message_threads (
        organization_id varchar NOT NULL,
        id uuid NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        staff_id uuid NOT NULL REFERENCES staff,
        subject varchar,
        last_at timestamptz NOT NULL,
        archived_by_staff boolean NOT NULL,
        archived_by_person boolean NOT NULL,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, chart_id) REFERENCES charts (organization_id, id)
    )
    """,
    """
    CREATE INDEX message_threads_by_chart
        ON message_threads (organization_id, chart_id, person_id, last_at)
    """,
    """
    CREATE TABLE messages (
        organization_id varchar NOT NULL,
        id uuid NOT NULL,
        thread_id uuid NOT NULL,
        from_staff boolean NOT NULL,
        sent_by varchar NOT NULL,
        body varchar NOT NULL,
        sent_at timestamptz NOT NULL,
        read_at timestamptz,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, thread_id) REFERENCES message_threads (organization_id, id)
    )
    """,
    "CREATE INDEX messages_by_thread ON messages (organization_id, thread_id, sent_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
