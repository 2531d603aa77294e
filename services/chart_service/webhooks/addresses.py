"""Where webhooks may go: https to public addresses, so that nobody makes us call what is private.

(OWASP, server-side request forgery prevention.)
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052 2.1
_LONGEST = 2000


class ForbiddenAddressError(ValueError):
    """Nothing is sent there; the message says why, for whoever set up the endpoint."""


def check(url: str, *, allow_private: bool) -> None:
    """Check an endpoint's URL as far as that can be done without looking its host up.

    Raises:
        ForbiddenAddressError: it is no URL that webhooks are sent to.
    """
    try:
        parsed, _ = httpx.URL(url), urlsplit(url).port
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenAddressError("Enter an address like https://emr.example/hooks") from error
    if parsed.scheme != "https" and not (allow_private and parsed.scheme == "http"):
        raise ForbiddenAddressError("Enter an address that begins with https://")
    if not parsed.host or parsed.userinfo or parsed.fragment or len(url) > _LONGEST:
        raise ForbiddenAddressError("Enter an address without user name and fragment")
    if not allow_private and _is_literal(parsed.host) and not is_public(parsed.host):
        raise ForbiddenAddressError("Enter an address that can be reached from the internet")


async def resolve(host: str, port: int, *, allow_private: bool) -> Sequence[str]:
    """Return the addresses of a host; connect to one of these, for a second look-up may differ.

    Raises:
        ForbiddenAddressError: one of them is not public.
        OSError: the host is not known.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(map(is_public, addresses)):
        raise ForbiddenAddressError("The host's address is not public")
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet's, also one inside an IPv6 address."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo:
            return False
        found = inner or found
    return found.is_global and not found.is_multicast


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
