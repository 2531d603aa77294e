"""How staff sign in: links to choose a password, OpenID Connect; the audit log by time."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    # Whoever signs in at an OpenID provider, or has not chosen a password yet, has none.
    """
    ALTER TABLE staff
        ALTER COLUMN password_hash DROP NOT NULL,
        ADD COLUMN last_sign_in_at timestamptz,
        ADD COLUMN oidc_issuer varchar,
        ADD COLUMN oidc_subject varchar
    """,
    "CREATE UNIQUE INDEX staff_by_oidc ON staff (oidc_issuer, oidc_subject)",
    "CREATE INDEX staff_by_organization ON staff (organization_id, name)",
    """
    CREATE TABLE password_links (
        staff_id uuid PRIMARY KEY REFERENCES staff,
        token_hash bytea NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE oidc_sign_ins (
        state_hash bytea PRIMARY KEY,
        browser_hash bytea NOT NULL,
        nonce varchar NOT NULL,
        code_verifier varchar NOT NULL,
        started_at timestamptz NOT NULL
    )
    """,
    # The log is read by time, within one of these; a page of it begins after a time and an id.
    "DROP INDEX audit_log_by_organization",
    "DROP INDEX audit_log_by_chart",
    "CREATE INDEX audit_log_by_time ON audit_log (organization_id, at, id)",
    "CREATE INDEX audit_log_by_chart ON audit_log (organization_id, chart_id, at, id)",
    "CREATE INDEX audit_log_by_actor ON audit_log (organization_id, actor, at, id)",
    "CREATE INDEX audit_log_by_action ON audit_log (organization_id, action, at, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
