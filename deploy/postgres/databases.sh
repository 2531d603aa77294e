#!/bin/sh
# Makes a database and a role per service, once, when PostgreSQL starts with an empty volume.
# No role may even connect to another's database: services share events, never tables.
set -eu

create() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" \
        --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
}

create chart "$PORTICO_CHART_DATABASE_PASSWORD"
create invitation "$PORTICO_INVITATION_DATABASE_PASSWORD"
create notification "$PORTICO_NOTIFICATION_DATABASE_PASSWORD"
create portal "$PORTICO_PORTAL_DATABASE_PASSWORD"
