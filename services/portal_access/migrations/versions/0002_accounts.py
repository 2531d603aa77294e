"""Managing accounts: disabled ones, changes of address, history; and what ends access."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    ALTER TABLE brands
        ADD COLUMN messages_enabled boolean NOT NULL DEFAULT false,
        ADD COLUMN death_ends_access boolean NOT NULL DEFAULT true,
        ADD COLUMN discharge_ends_access boolean NOT NULL DEFAULT false
    """,
    """
    ALTER TABLE accounts
        ADD COLUMN is_active boolean NOT NULL DEFAULT true,
        ADD COLUMN last_sign_in_at timestamptz
    """,
    # The list of accounts is searched in this index alone.
    "CREATE INDEX accounts_search ON accounts (organization_id, email_key, is_active)",
    "CREATE INDEX connections_chart ON connections (organization_id, chart_id)",
    """
    CREATE TABLE people (
        organization_id text NOT NULL,
        chart_id text NOT NULL,
        person_id text NOT NULL,
        relationship text NOT NULL,
        given_name text NOT NULL,
        email text,
        deceased boolean NOT NULL,
        ended boolean NOT NULL,
        discharged boolean NOT NULL,
        of_age boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, chart_id, person_id)
    )
    """,
    """
    CREATE INDEX people_gone ON people (organization_id, chart_id)
        WHERE relationship = 'Patient' AND (deceased OR discharged)
    """,
    """
    CREATE TABLE email_changes (
        account_id uuid PRIMARY KEY REFERENCES accounts (id),
        organization_id text NOT NULL,
        email text NOT NULL,
        email_key text NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE account_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        organization_id text NOT NULL,
        account_id uuid NOT NULL,
        at timestamptz NOT NULL,
        what text NOT NULL,
        actor text NOT NULL,
        chart_id text,
        person_id text,
        role text,
        reason text,
        invitation_id uuid
    )
    """,
    "CREATE INDEX account_events_account ON account_events (organization_id, account_id, id)",
    """
    CREATE INDEX account_events_invitation ON account_events (invitation_id)
        WHERE invitation_id IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
