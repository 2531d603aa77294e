"""Locations with brands of their own, and the texts that portal users agree to."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    CREATE TABLE locations (
        organization_id varchar NOT NULL REFERENCES organizations,
        id varchar NOT NULL,
        name varchar NOT NULL,
        phone varchar,
        logo_media_type varchar,
        logo bytea,
        ended boolean NOT NULL,
        PRIMARY KEY (organization_id, id)
    )
    """,
    """
    ALTER TABLE charts ADD COLUMN location_id varchar,
        ADD FOREIGN KEY (organization_id, location_id) REFERENCES locations (organization_id, id)
    """,
    """
    CREATE TABLE policies (
        organization_id varchar NOT NULL REFERENCES organizations,
        kind varchar NOT NULL,
        version integer NOT NULL,
        text text NOT NULL,
        published_at timestamptz NOT NULL,
        published_by varchar NOT NULL,
        PRIMARY KEY (organization_id, kind, version)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
