"""Free TCP ports on the loopback address."""

import os
import random
import socket
import sys
from collections.abc import Collection

HOST = "127.0.0.1"
# Below the range that Linux takes for outgoing connections, so that none of those gets in between.
RANDOM_PORTS = range(20_000, 32_768)
ATTEMPTS = 200
_MOST_RESERVED = 64
_reserved: dict[int, socket.socket] = {}


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def free_port(preferred: int = 0, given: Collection[int] = ()) -> int:
    """Return the preferred port, or a random free one when it is 0, taken, or given already.

    It is reserved: no other process is given it before a server listens on it.

    Raises:
        OSError: No free port was found.
    """
    if preferred and preferred not in given and is_free(preferred) and _reserve(preferred):
        return preferred
    for port in random.sample(RANDOM_PORTS, ATTEMPTS):
        if port not in given and port not in _reserved and is_free(port) and _reserve(port):
            return port
    raise OSError(
        f"None of {ATTEMPTS} ports tried between {RANDOM_PORTS.start} and {RANDOM_PORTS.stop - 1} "
        f"of {HOST} is free. Stop some servers and try again."
    )


def port_in(variable: str, default: int) -> int:
    """Return the port that an environment variable wants; 0 stands for any free one.

    Raises:
        ValueError: It is no number.
    """
    value = os.environ.get(variable, "")
    if not value:
        return default
    if not value.isdecimal():
        raise ValueError(f"{variable} is {value!r}; give a port number, or 0 for any free one.")
    return int(value)


def _reserve(port: int) -> bool:
    """Reserve a port among the stacks that start now; tell whether no other process did.

    The mark is a name that Linux gives to one process at a time, and takes back when it ends.
    """
    if port in _reserved or not sys.platform.startswith("linux"):
        return True
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0portico-port-{port}")
    except OSError:
        mark.close()
        return False
    _reserved[port] = mark
    if len(_reserved) > _MOST_RESERVED:
        _reserved.pop(next(iter(_reserved))).close()
    return True
