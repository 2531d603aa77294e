"""My Account: one's own phone number and sessions, authenticator apps, passkeys, recovery codes."""

from alembic import op

revision = "0007"
down_revision = "0006"

_DDL = (
    "ALTER TABLE accounts ADD COLUMN phone text",
    """
    ALTER TABLE sessions
        ADD COLUMN device text NOT NULL DEFAULT '',
        ADD COLUMN confirmed_at timestamptz
    """,
    """
    CREATE TABLE authenticators (
        account_id uuid PRIMARY KEY REFERENCES accounts (id),
        sealed_secret text NOT NULL,
        confirmed_at timestamptz,
        last_step integer NOT NULL
    )
    """,
    """
    CREATE TABLE passkeys (
        credential_id bytea PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts (id),
        name text NOT NULL,
        public_key bytea NOT NULL,
        sign_count bigint NOT NULL,
        transports text[] NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz
    )
    """,
    "CREATE INDEX passkeys_account ON passkeys (account_id)",
    """
    CREATE TABLE recovery_codes (
        account_id uuid NOT NULL REFERENCES accounts (id),
        number integer NOT NULL,
        code_hash text NOT NULL,
        PRIMARY KEY (account_id, number)
    )
    """,
    """
    CREATE TABLE ceremonies (
        name_hash bytea PRIMARY KEY,
        purpose text NOT NULL,
        challenge bytea NOT NULL,
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ceremonies_expires_at ON ceremonies (expires_at)",
    """
    CREATE TABLE second_steps (
        name_hash bytea PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES accounts (id),
        invitation_id uuid,
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX second_steps_expires_at ON second_steps (expires_at)",
)


def upgrade() -> None:
    for statement in _DDL:
        op.execute(statement)
