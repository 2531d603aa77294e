"""deploy/: the image has just what it needs, and the databases keep to themselves."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.migrate import DATABASE_VARIABLES, Targets, migrate, targets_in
from devstack.paths import temporary_folder
from devstack.postgres import BINARIES, SUPERUSER, Postgres
from devstack.services import SERVICES
from tests.contract.compose_file import PROJECT
from tests.infrastructure import Servers

DOCKERFILE = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
DATABASES = [service.database for service in SERVICES]


def pins(file: Path) -> set[str]:
    """Return the `name==version` of a lock."""
    return set(re.findall(r"^[\w.-]+==[^ ;\\]+", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_image_has_the_versions_that_were_tested() -> None:
    image = pins(PROJECT / "deploy" / "requirements.lock")
    assert image
    assert image <= pins(PROJECT / "requirements.lock"), "see deploy/requirements.in"


def test_the_image_takes_only_what_the_lock_describes() -> None:
    assert "--require-hashes -r /tmp/requirements.lock" in DOCKERFILE


def test_services_run_as_nobody_special() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users
    assert int(users[-1]) > 0


def test_every_base_image_is_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.fullmatch(r"python:\d+\.\d+-slim-\w+", base) for base in bases)


def test_everything_that_the_image_copies_is_there_and_not_ignored() -> None:
    ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert copied
    for source in copied:
        assert (PROJECT / source).exists(), source
        assert any(source == each or source.startswith(f"{each}/") for each in allowed), source


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server on which deploy/postgres/databases.sh has run, as its image runs it."""
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", folder / "postgres.log")
        server.start()
        try:
            passwords = {f"PORTICO_{name.upper()}_DATABASE_PASSWORD": "x" for name in DATABASES}
            subprocess.run(  # noqa: S603 - our own script
                [PROJECT / "deploy" / "postgres" / "databases.sh"],
                env={
                    "PATH": f"{BINARIES}:/usr/bin:/bin",
                    "PGHOST": str(server.socket_folder),
                    "POSTGRES_USER": SUPERUSER,
                    **passwords,
                },
                check=True,
            )
            yield server
        finally:
            server.stop()


def query(postgres: Postgres, role: str, database: str) -> subprocess.CompletedProcess[str]:
    """Try a query as one of the roles."""
    server = [f"--host={postgres.socket_folder}", f"--username={role}", f"--dbname={database}"]
    command = [str(BINARIES / "psql"), "--no-psqlrc", *server, "-c", "SELECT 1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - psql


@pytest.mark.parametrize("database", DATABASES)
def test_a_service_enters_its_own_database_and_no_other(postgres: Postgres, database: str) -> None:
    assert query(postgres, database, database).returncode == 0
    for other in DATABASES:
        if other != database:
            assert "permission denied for database" in query(postgres, database, other).stderr


def test_migrate_fills_databases_and_kafka_as_often_as_one_likes(
    postgres: Postgres, servers: Servers
) -> None:
    urls = {
        service.name: postgres.url(service.database).replace(
            f"//{SUPERUSER}@", f"//{service.database}@"
        )
        for service in SERVICES
    }
    said: list[str] = []
    for _ in range(2):
        migrate(Targets(urls, servers.kafka), said.append)
    assert [line.partition(":")[0] for line in said] == [*urls, "topics"] * 2


def test_migrate_says_which_settings_are_missing() -> None:
    with pytest.raises(ValueError, match="PORTICO_PORTAL_DATABASE_URL, PORTICO_KAFKA_BOOTSTRAP"):
        targets_in(dict.fromkeys(list(DATABASE_VARIABLES.values())[:-1], "x"))


def test_migrate_wants_a_number_of_brokers() -> None:
    given = dict.fromkeys(DATABASE_VARIABLES.values(), "x")
    given |= {"PORTICO_KAFKA_BOOTSTRAP_SERVERS": "kafka:9092", "PORTICO_KAFKA_REPLICATION": "many"}
    with pytest.raises(ValueError, match="'many'"):
        targets_in(given)
