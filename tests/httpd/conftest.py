"""Fixtures over harness.py: server, module_server, sink, mpm, body_file."""

import contextlib
import random

import pytest

from harness import MPMS, Servers, Sink


@contextlib.contextmanager
def checked_servers():
    """Servers that are stopped at the end, and whose logs must be clean."""
    servers = Servers()
    try:
        yield servers
    finally:
        faults = servers.close()
    if faults:
        pytest.fail("in the error log:\n" + "\n".join(faults), pytrace=False)


@pytest.fixture
def server():
    """server(config, mpm=..., ...) starts an httpd (see Httpd) for this test."""
    with checked_servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def module_server():
    """As server, but what it starts lives as long as the tests of one file."""
    with checked_servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def sink(module_server):
    """Another server that says what it received (see Sink), one for each file."""
    return Sink(module_server)


@pytest.fixture(params=MPMS)
def mpm(request):
    """A test that takes it runs on event, worker and prefork."""
    return request.param


@pytest.fixture(scope="session")
def body_file(tmp_path_factory):
    """body_file(size): the path of a file of that size, the same bytes each time."""
    folder = tmp_path_factory.mktemp("bodies")

    def make(size):
        path = folder / str(size)
        path.write_bytes(random.Random(size).randbytes(size))
        return path
    return make
