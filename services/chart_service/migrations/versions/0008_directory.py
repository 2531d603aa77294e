"""The Portal Directory, the search of charts, and invitations in bulk."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    # A person's standing changes a few times while invited: room on its page spares the indexes.
    """
    CREATE TABLE directory_entries (
        organization_id varchar NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        sort_name varchar COLLATE "C",
        refusal varchar,
        status varchar COLLATE "C",
        reason varchar,
        detail varchar,
        since timestamptz,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, chart_id, person_id)
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE INDEX directory_entries_by_name
        ON directory_entries (organization_id, sort_name, chart_id, person_id)
    """,
    """
    CREATE INDEX directory_entries_by_status
        ON directory_entries (organization_id, status, sort_name, chart_id, person_id)
    """,
    """
    CREATE INDEX directory_entries_by_change
        ON directory_entries (organization_id, changed_at, chart_id, person_id)
    """,
    # Apart from the entries, whose indexes change with each invitation: a GIN index is dear to
    # update. The found are
    # listed from here alone: status and time of change stand here as well, in no index.
    """
    CREATE TABLE person_searches (
        organization_id varchar NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        sort_name varchar COLLATE "C" NOT NULL,
        status varchar COLLATE "C",
        changed_at timestamptz NOT NULL,
        words tsvector NOT NULL,
        PRIMARY KEY (organization_id, chart_id, person_id)
    ) WITH (fillfactor = 80)
    """,
    "CREATE INDEX person_searches_words ON person_searches USING gin (words)",
    """
    CREATE INDEX person_searches_by_name
        ON person_searches (organization_id, sort_name, chart_id, person_id)
    """,
    """
    CREATE TABLE chart_searches (
        organization_id varchar NOT NULL,
        chart_id varchar NOT NULL,
        sort_name varchar COLLATE "C" NOT NULL,
        words tsvector NOT NULL,
        PRIMARY KEY (organization_id, chart_id)
    )
    """,
    """
    CREATE INDEX chart_searches_by_name ON chart_searches (organization_id, sort_name, chart_id)
    """,
    "CREATE INDEX chart_searches_words ON chart_searches USING gin (words)",
    # Whose entries are to be made anew; those of charts that are there already, to begin with.
    """
    CREATE TABLE directory_refreshes (
        organization_id varchar PRIMARY KEY,
        after_chart varchar NOT NULL
    )
    """,
    "INSERT INTO directory_refreshes SELECT id, '' FROM organizations",
    """
    CREATE TABLE bulk_invites (
        organization_id varchar NOT NULL,
        id uuid NOT NULL,
        created_by varchar NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        PRIMARY KEY (organization_id, id)
    )
    """,
    """
    CREATE TABLE bulk_invite_items (
        organization_id varchar NOT NULL,
        bulk_id uuid NOT NULL,
        position integer NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        email varchar,
        invitation_id uuid NOT NULL,
        state varchar NOT NULL,
        reason varchar,
        PRIMARY KEY (organization_id, bulk_id, position),
        FOREIGN KEY (organization_id, bulk_id) REFERENCES bulk_invites (organization_id, id)
    )
    """,
    """
    CREATE INDEX bulk_invite_items_queued ON bulk_invite_items (organization_id, bulk_id, position)
        WHERE state = 'queued'
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
