"""Records of charts, the audit log, and roles of staff."""

from alembic import op

revision = "0002"
down_revision = "0001"

_OF_CHART = """
    organization_id varchar NOT NULL,
    chart_id varchar NOT NULL,
    id varchar NOT NULL,
    PRIMARY KEY (organization_id, chart_id, id),
    FOREIGN KEY (organization_id, chart_id) REFERENCES charts (organization_id, id)
"""

STATEMENTS = (
    f"""
    CREATE TABLE episodes (
        program varchar NOT NULL,
        provider varchar,
        admitted_on date,
        discharged_on date,
        {_OF_CHART}
    )
    """,
    f"""
    CREATE TABLE appointments (
        title varchar NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        provider varchar,
        place varchar,
        telehealth_url varchar,
        is_group boolean NOT NULL,
        cancelled boolean NOT NULL,
        {_OF_CHART}
    )
    """,
    "CREATE INDEX appointments_by_time ON appointments (organization_id, chart_id, starts_at)",
    f"""
    CREATE TABLE documents (
        kind varchar NOT NULL,
        title varchar NOT NULL,
        author varchar,
        written_on date,
        media_type varchar NOT NULL,
        content bytea NOT NULL,
        shared_with text[] NOT NULL DEFAULT '{{}}',
        {_OF_CHART}
    )
    """,
    f"""
    CREATE TABLE outcomes (
        measure varchar NOT NULL,
        score numeric NOT NULL,
        unit varchar,
        taken_at timestamptz NOT NULL,
        {_OF_CHART}
    )
    """,
    f"""
    CREATE TABLE treatment_plans (
        title varchar NOT NULL,
        status varchar,
        starts_on date,
        ends_on date,
        goals text[] NOT NULL DEFAULT '{{}}',
        shared_with text[] NOT NULL DEFAULT '{{}}',
        {_OF_CHART}
    )
    """,
    f"""
    CREATE TABLE medications (
        name varchar NOT NULL,
        dosage varchar,
        prescriber varchar,
        pharmacy varchar,
        started_on date,
        is_active boolean NOT NULL,
        {_OF_CHART}
    )
    """,
    f"""
    CREATE TABLE attachments (
        kind varchar NOT NULL,
        file_name varchar NOT NULL,
        media_type varchar NOT NULL,
        content bytea NOT NULL,
        uploaded_by varchar NOT NULL,
        uploaded_at timestamptz NOT NULL,
        {_OF_CHART}
    )
    """,
    """
    CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        organization_id varchar NOT NULL,
        at timestamptz NOT NULL,
        actor varchar NOT NULL,
        action varchar NOT NULL,
        chart_id varchar,
        person_id varchar,
        detail jsonb NOT NULL
    )
    """,
    "CREATE INDEX audit_log_by_organization ON audit_log (organization_id, id)",
    "CREATE INDEX audit_log_by_chart ON audit_log (organization_id, chart_id, id)",
    """
    CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()
    """,
    # Whoever could sign in so far administered nothing; the API says who is an administrator.
    """
    ALTER TABLE staff
        ADD COLUMN role varchar NOT NULL DEFAULT 'staff',
        ADD COLUMN is_active boolean NOT NULL DEFAULT true
    """,
    "ALTER TABLE staff ALTER COLUMN role DROP DEFAULT, ALTER COLUMN is_active DROP DEFAULT",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
