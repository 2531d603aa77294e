"""Who has access to charts through the portal."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE portal_access_state (
            organization_id varchar NOT NULL,
            chart_id varchar NOT NULL,
            person_id varchar NOT NULL,
            role varchar NOT NULL,
            account_id uuid NOT NULL,
            invitation_id uuid NOT NULL,
            state varchar NOT NULL,
            reason varchar,
            at timestamptz NOT NULL,
            PRIMARY KEY (organization_id, chart_id, person_id, role, account_id)
        )
    """)
