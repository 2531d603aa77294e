"""Alerts that can be dismissed, the history of invitations, and what ends access."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """
    ALTER TABLE organizations
        ADD COLUMN reminder_days integer,
        ADD COLUMN messages_enabled boolean NOT NULL DEFAULT false,
        ADD COLUMN sections_off text[] NOT NULL DEFAULT '{}',
        ADD COLUMN age_of_majority integer NOT NULL DEFAULT 18,
        ADD COLUMN death_ends_access boolean NOT NULL DEFAULT true,
        ADD COLUMN discharge_ends_access boolean NOT NULL DEFAULT false
    """,
    """
    ALTER TABLE people
        ADD COLUMN discharged boolean NOT NULL DEFAULT false,
        ADD COLUMN of_age boolean NOT NULL DEFAULT false
    """,
    # Who came of age is looked for every hour.
    """
    CREATE INDEX people_patients_by_birth ON people (organization_id, birth_date)
        WHERE relationship = 'Patient'
    """,
    "ALTER TABLE alerts ADD COLUMN dismissed_at timestamptz, ADD COLUMN dismissed_by varchar",
    # An invitation that was opened, or whose mail was followed by a reminder, ranks in between.
    "UPDATE alerts SET rank = CASE rank WHEN 5 THEN 7 WHEN 6 THEN 9 END WHERE rank IN (5, 6)",
    """
    CREATE TABLE invitation_history (
        organization_id varchar NOT NULL,
        event_id uuid NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        invitation_id uuid NOT NULL,
        role varchar NOT NULL,
        step varchar NOT NULL,
        at timestamptz NOT NULL,
        actor varchar,
        detail varchar,
        PRIMARY KEY (organization_id, event_id)
    )
    """,
    """
    CREATE INDEX invitation_history_by_person
        ON invitation_history (organization_id, chart_id, person_id)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
