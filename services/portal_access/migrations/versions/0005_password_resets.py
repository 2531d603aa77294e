"""Links for those who forgot their password."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE password_resets (
            account_id uuid PRIMARY KEY REFERENCES accounts (id),
            token_hash bytea NOT NULL UNIQUE,
            expires_at timestamptz NOT NULL
        )
    """)
