# Licensed under the Apache License, Version 2.0; see LICENSE.
"""What a request costs in user-space instructions, counted by callgrind.

    cost(Setup("TempRedirect /old https://new.example.com"), request("GET", "/old/x"))

starts httpd (prefork, one process) twice under callgrind, sends it N and 2N requests
over one connection, and takes the difference. It does not depend on the load or the
speed of the machine.
"""

import dataclasses
import functools
import pathlib
import re
import socket
import subprocess
import tempfile
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
BUILD = REPO / "build" / "bench"
MODULE = REPO / "build" / "mod_tempredirect.so"
REQUESTS = 1000


@functools.lru_cache(maxsize=None)
def query(name):
    return subprocess.check_output(["apxs", "-q", name], text=True).strip()


@functools.lru_cache(maxsize=None)
def floor():
    """Build the benchmark's own module, mod_floor.c."""
    BUILD.mkdir(parents=True, exist_ok=True)
    so = BUILD / "mod_floor.so"
    apr = subprocess.check_output(["pkg-config", "--cflags", "apr-1"], text=True)
    subprocess.check_call(
        ["cc", "-O2", "-g", "-shared", "-fPIC", "-I" + query("INCLUDEDIR"),
         *apr.split(), "-o", so, REPO / "tests/bench/mod_floor.c"])
    return so


@dataclasses.dataclass(frozen=True)
class Setup:
    """text at server level, DOCROOT in it stands for the DocumentRoot; modules of httpd
    beyond the base; whether mod_floor and mod_tempredirect are loaded."""
    text: str = ""
    modules: tuple = ()
    floor: bool = True
    ours: bool = True

    def config(self, root, port):
        names = ("mpm_prefork", "authz_core", "alias", *self.modules)
        load = [f"LoadModule {name}_module {query('LIBEXECDIR')}/mod_{name}.so"
                for name in names]
        if self.floor:
            load.append(f"LoadModule floor_module {floor()}")
        if self.ours:
            load.append(f"LoadModule tempredirect_module {MODULE}")
        return "\n".join([
            f"ServerRoot {root}\nListen 127.0.0.1:{port}",
            f"ServerName localhost\nPidFile {root}/pid", *load,
            f"DocumentRoot {root}/htdocs\nErrorLog {root}/error.log",
            "MaxKeepAliveRequests 0", self.text.replace("DOCROOT", f"{root}/htdocs"), ""])


def request(method, path, headers=(), body=b""):
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode() + body


def talk(port, data, n):
    """Send a request n times over one connection; the status of the last answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=300) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = s.makefile("rb")
        for _ in range(n):
            s.sendall(data)
            status = stream.readline().split()[1]
            length = 0
            while (line := stream.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            stream.read(length)
        return status.decode()


def count(setup, data, n):
    """(instructions that httpd took from start to end with n requests, status)"""
    with tempfile.TemporaryDirectory() as root:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        pathlib.Path(root, "htdocs/miss").mkdir(parents=True)
        pathlib.Path(root, "htdocs/miss/x").write_text("x")
        conf = pathlib.Path(root, "httpd.conf")
        conf.write_text(setup.config(root, port))
        httpd = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             f"{query('SBINDIR')}/{query('PROGNAME')}", "-X", "-f", conf],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True)
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.1)
            status = talk(port, data, n)
        finally:
            httpd.terminate()
            report = httpd.communicate()[1]
        return int(re.search(r"Collected : (\d+)", report)[1]), status


def cost(setup, data):
    """(instructions for each request, status)"""
    few, _ = count(setup, data, REQUESTS)
    many, status = count(setup, data, 2 * REQUESTS)
    return (many - few) // REQUESTS, status
