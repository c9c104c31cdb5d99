"""The switch itself: a test, and any Python that a test starts, cannot leave the machine."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import urllib.request

import pytest
import sitecustomize as offline

# Addresses reserved for documentation (RFC 5737, RFC 3849): even without the switch nobody is there.
NOWHERE = ("192.0.2.1", 9)


@pytest.fixture(autouse=True)
def _expected():
    """These tests try on purpose."""
    yield
    offline.ATTEMPTS.clear()


def refused(attempt) -> None:
    before = len(offline.ATTEMPTS)
    with pytest.raises(OSError, match="do not reach the network"):
        attempt()
    assert len(offline.ATTEMPTS) == before + 1


def test_no_way_out_is_open():
    refused(lambda: socket.create_connection(NOWHERE))
    refused(lambda: socket.socket().connect(NOWHERE))
    refused(lambda: socket.socket().connect_ex(NOWHERE))
    refused(lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 9)))
    refused(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", NOWHERE))
    refused(lambda: socket.getaddrinfo("example.org", 80))
    refused(lambda: asyncio.run(asyncio.open_connection(*NOWHERE)))
    with pytest.raises(OSError, match="do not reach the network"):
        urllib.request.urlopen("http://example.org")  # wrapped in a URLError, which is an OSError


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_a_process_that_a_test_starts_is_held_to_the_same(tmp_path):
    log = tmp_path / "attempts"
    code = "import socket; socket.create_connection(('192.0.2.1', 9))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "OFFLINE_LOG": str(log)},
    )  # fmt: skip
    assert result.returncode == 1
    assert "do not reach the network" in result.stderr
    assert log.read_text(encoding="utf-8") == "connect 192.0.2.1:9\n"
