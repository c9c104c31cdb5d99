"""The switch by which no test reaches a network: only loopback and Unix sockets may connect.

tests/conftest.py imports it, and puts its folder on PYTHONPATH, so that every Python process which a test starts
is held to the same. Each refused attempt is kept in ATTEMPTS (and in the file that OFFLINE_LOG names), because a
library may swallow the error. With OFFLINE_STRICT set, loopback counts too, and the interpreter's own audit events
are watched, which no reference to an older function gets around; see scripts/offline.py.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import Any

ATTEMPTS: list[str] = []


class NetworkBlocked(OSError):
    """A test tried to reach the network."""


def address_of(host: object) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that `host` is, or None for a name."""
    try:
        return ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return None


def is_local(host: object) -> bool:
    """True for loopback, the unspecified address (which connects to loopback) and nothing at all."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost", "localhost.localdomain", socket.gethostname()):
        return True
    address = address_of(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def refuse(what: str) -> None:
    ATTEMPTS.append(what)
    if log := os.environ.get("OFFLINE_LOG"):
        with Path(log).open("a", encoding="utf-8") as stream:
            stream.write(what + "\n")
    raise NetworkBlocked(f"tests do not reach the network: {what}")


def check(sock: socket.socket, address: Any, verb: str) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        refuse(f"{verb} {address[0]}:{address[1]}")


def block() -> None:
    """Replace the ways out; calling it twice does nothing more."""
    if getattr(socket.socket, "_is_offline", False):
        return
    connect, connect_ex, sendto, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.socket.sendto,
        socket.getaddrinfo,
    )

    def offline_connect(self: socket.socket, address: Any) -> None:
        check(self, address, "connect")
        connect(self, address)

    def offline_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address, "connect")
        return connect_ex(self, address)

    def offline_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1], "send")
        return sendto(self, data, *rest)

    def offline_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_local(host) and address_of(host) is None:  # an address is only rewritten, not looked up
            refuse(f"look up {host!r}")
        return getaddrinfo(host, *rest, **named)

    socket.socket.connect = offline_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = offline_connect_ex  # type: ignore[method-assign]
    socket.socket.sendto = offline_sendto  # type: ignore[assignment,method-assign]
    socket.getaddrinfo = offline_getaddrinfo
    socket.socket._is_offline = True  # type: ignore[attr-defined]


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: any name that is looked up and any address that is reached is an attempt."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        refuse(f"{event} {arguments[0]!r}")
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        sock, address = arguments[0], arguments[-1]
        if sock.family != getattr(socket, "AF_UNIX", None) and address is not None:
            refuse(f"{event} {address!r}")


block()
if os.environ.get("OFFLINE_STRICT"):
    sys.addaudithook(watch)
