"""Become another program that ends when its supervisor ends, even by SIGKILL.

Run as a script: tether.py SUPERVISOR_PID DEATH_SIGNAL USER PROGRAM ARGUMENT...
USER may be empty. The process id stays the same, since the program replaces this script.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def become_user(name: str) -> None:
    """Give up root and go on as this system user."""
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def die_with(supervisor: int, death_signal: int) -> None:
    """Ask Linux for this signal when the supervisor is gone; elsewhere there is no such thing."""
    if not sys.platform.startswith("linux"):
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != supervisor:
        sys.exit("the supervisor ended before this process began")


def main() -> None:
    """Drop privileges, tie this process to its supervisor, and become the program."""
    supervisor, death_signal, user, *program = sys.argv[1:]
    if user:
        become_user(user)
    # After the change of user, which makes Linux forget the request.
    die_with(int(supervisor), int(death_signal))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvp(program[0], program)  # noqa: S606 - becoming the given program is its purpose


if __name__ == "__main__":
    main()
