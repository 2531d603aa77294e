"""Organisations, charts, the people on them, alerts, and staff."""

from alembic import op

from chassis import inbox, outbox
from chassis.web import sessions

revision = "0001"
down_revision = None

TABLES = (
    outbox.DDL,
    inbox.DDL,
    inbox.INDEX_DDL,
    sessions.DDL,
    sessions.INDEX_DDL,
    """
    CREATE TABLE organizations (
        id varchar PRIMARY KEY,
        name varchar NOT NULL,
        phone varchar NOT NULL,
        logo_media_type varchar,
        logo bytea,
        portal_enabled boolean NOT NULL,
        invitation_days integer NOT NULL
    )
    """,
    """
    CREATE TABLE charts (
        organization_id varchar NOT NULL REFERENCES organizations,
        id varchar NOT NULL,
        mrn varchar NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, id)
    )
    """,
    """
    CREATE TABLE people (
        organization_id varchar NOT NULL,
        chart_id varchar NOT NULL,
        id varchar NOT NULL,
        relationship varchar NOT NULL,
        given_name varchar NOT NULL,
        family_name varchar NOT NULL,
        preferred_name varchar,
        birth_date date,
        gender varchar,
        gender_identity varchar,
        phone varchar,
        email varchar,
        address varchar,
        deceased boolean NOT NULL,
        ended boolean NOT NULL,
        imported jsonb,
        PRIMARY KEY (organization_id, chart_id, id),
        FOREIGN KEY (organization_id, chart_id) REFERENCES charts (organization_id, id)
    )
    """,
    # A chart is one patient's.
    """
    CREATE UNIQUE INDEX people_patient ON people (organization_id, chart_id)
        WHERE relationship = 'Patient'
    """,
    """
    CREATE INDEX people_patients_by_name
        ON people (organization_id, family_name, given_name, chart_id)
        WHERE relationship = 'Patient'
    """,
    """
    CREATE TABLE coverages (
        organization_id varchar NOT NULL,
        chart_id varchar NOT NULL,
        position integer NOT NULL,
        payer varchar NOT NULL,
        plan varchar,
        member_id varchar,
        PRIMARY KEY (organization_id, chart_id, position),
        FOREIGN KEY (organization_id, chart_id) REFERENCES charts (organization_id, id)
    )
    """,
    # Each row is updated a few times, soon: room on its page spares the indexes.
    """
    CREATE TABLE alerts (
        organization_id varchar NOT NULL,
        invitation_id uuid NOT NULL,
        chart_id varchar NOT NULL,
        person_id varchar NOT NULL,
        role varchar NOT NULL,
        state varchar NOT NULL,
        rank integer NOT NULL,
        detail varchar,
        requested_at timestamptz,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, invitation_id)
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX alerts_chart ON alerts (organization_id, chart_id)",
    """
    CREATE TABLE staff (
        id uuid PRIMARY KEY,
        organization_id varchar NOT NULL REFERENCES organizations,
        email varchar NOT NULL UNIQUE,
        name varchar NOT NULL,
        password_hash varchar NOT NULL
    )
    """,
    """
    CREATE TABLE sign_in_failures (
        source bytea NOT NULL,
        window_start timestamptz NOT NULL,
        failures integer NOT NULL,
        PRIMARY KEY (source, window_start)
    )
    """,
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
