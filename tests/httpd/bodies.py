"""Bodies of requests, ways to send them, and programs that say what arrived.

    with Wire(httpd) as connection:
        for way in [*HTTP1, *HTTP2]:
            answer = way.send(connection, "/cgi/sum", body, f"Content-Type: {FORM}")
            assert heard(answer.body) == told(body)
"""

import contextlib
import functools
import gzip
import hashlib
import http.client
import random
import re
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
from pathlib import Path

from harness import Headers, chunks

LIMIT = 4096  # TempRedirectBodyLimit
LARGE = 10_000_000
SIZES = [0, 1, LIMIT - 1, LIMIT, LIMIT + 1, LARGE]

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

# A CGI: reads all, and only then answers.
SUM = """#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
exec 4>&1
{ tee /dev/fd/3 2>/dev/null | sha256sum >&4; } 3>&1 | wc -c
"""


@functools.lru_cache(maxsize=None)
def told(body):
    """What SUM and FastCgi say of a body."""
    return {str(len(body)), hashlib.sha256(body).hexdigest()}


def heard(text):
    """What they said."""
    return set(text.decode("latin-1").split()) - {"-"}


# --- bodies -----------------------------------------------------------------------------

@functools.lru_cache(maxsize=None)
def form(size):
    """Random bytes."""
    return random.Random(size).randbytes(size)


@functools.lru_cache(maxsize=None)
def json_text(size):
    """A JSON text, where one of that size exists, that names what the rules ask for."""
    frame = b'["type","push","%s"]'
    filling = size - len(frame % b"")
    if filling < 0:
        return b"7" * size
    return frame % random.Random(size).randbytes(filling).hex()[:filling].encode()


@functools.lru_cache(maxsize=None)
def gzipped(size):
    """Random bytes, and a gzip member of them of that size."""
    text, packed = form(size), b""
    while len(packed) != size:
        text = text[:len(text) + size - len(packed)] if packed else form(size - 23)
        packed = gzip.compress(text, 0, mtime=0)
    return text, packed


def parts(body):
    """A body in pieces of one byte to 30 000."""
    sizes, at = random.Random(len(body)), 0
    while at < len(body):
        size = sizes.choice([1, 2, 100, 4000, 30_000])
        yield body[at:at + size]
        at += size


# --- HTTP/1.1 ---------------------------------------------------------------------------

class Answer:
    """One answer, `100 Continue` too: status, headers, body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __repr__(self):
        return f"<Answer {self.status} {self.headers} {self.body[:200]!r}>"


class Wire:
    """One connection to a server on which requests and answers follow each other."""

    def __init__(self, front, timeout=30):
        self.front = front
        self.sock = front.connect(timeout=timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.sock.close()

    def send(self, *blocks):
        for block in blocks:
            self.sock.sendall(block)

    def send_slowly(self, data):
        """Each byte in a segment of its own, as far as it depends on the sender."""
        for at in range(len(data)):
            self.sock.sendall(data[at:at + 1])

    def read(self, method="POST"):
        """The next answer, interim ones too; None where the server has closed."""
        line = self.file.readline()
        if not line:
            return None
        status = int(line.split()[1])
        headers = Headers(http.client.parse_headers(self.file).items())
        return Answer(status, headers, self.read_body(status, headers, method))

    def read_body(self, status, headers, method):
        if status < 200 or status in (204, 304) or method == "HEAD":
            return b""
        if headers.get("Transfer-Encoding") == "chunked":
            return b"".join(self.read_chunks())
        length = headers.get("Content-Length")
        return self.file.read() if length is None else self.file.read(int(length))

    def read_chunks(self):
        while size := int(self.file.readline(), 16):
            yield self.file.read(size)
            self.file.readline()
        self.file.readline()


def head(path, *fields, method="POST"):
    """The head of a request as bytes; fields are "Name: value"."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *fields]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


class Http1:
    """A way to send: by Content-Length or chunked, with Expect or without."""

    def __init__(self, chunked=False, expect=False):
        self.chunked, self.expect = chunked, expect
        self.connection = None

    def __repr__(self):
        return f"{'chunked' if self.chunked else 'length'}{', expect' if self.expect else ''}"

    def framed(self, body):
        """The field that tells where the body ends, and the blocks to send."""
        if self.chunked:
            return "Transfer-Encoding: chunked", chunks(parts(body))
        return f"Content-Length: {len(body)}", [body] if body else []

    def send(self, connection, path, body, *fields, method="POST"):
        """One request, and its answer; with Expect exactly one 100 comes before."""
        framing, blocks = self.framed(body)
        held_back = self.expect and (self.chunked or body)
        expect = ["Expect: 100-continue"] if held_back else []
        connection.send(head(path, *fields, *expect, framing, method=method))
        if held_back:
            assert connection.read().status == 100
        connection.send(b"".join(blocks))
        return connection.read()


HTTP1 = [Http1(), Http1(chunked=True), Http1(expect=True), Http1(chunked=True, expect=True)]


# --- HTTP/2 -----------------------------------------------------------------------------

class Http2:
    """A way to send: nghttp with these options, over TLS or not."""

    def __init__(self, *options, tls=False):
        self.options, self.tls = options, tls

    def __repr__(self):
        return " ".join(["h2" if self.tls else "h2c", *self.options])

    def send(self, connection, path, body, *fields, method="POST"):
        """One request to that server, and what its answer says."""
        fields = [f":method: {method}", *fields]
        with tempfile.NamedTemporaryFile(prefix="tempredirect-") as file:
            file.write(body)
            file.flush()
            done = subprocess.run(
                ["nghttp", *self.options, "-d", file.name,
                 *(word for field in fields for word in ("-H", field)),
                 connection.front.url(path, tls=self.tls)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                timeout=60)
        assert done.returncode == 0, done.stderr
        return Answer(None, Headers(), done.stdout)


HTTP2 = [Http2(), Http2("--no-content-length"), Http2("--expect-continue"), Http2(tls=True)]


# --- FastCGI ----------------------------------------------------------------------------

class FastCgi:
    """A FastCGI responder on 127.0.0.1 that says what it received, as SUM does."""

    RECORD = struct.Struct(">BBHHBx")  # version, type, request, length, padding
    END, STDIN, STDOUT = 3, 5, 6

    def __init__(self):
        responder = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                responder.serve(self.rfile, self.wfile)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, source, drain):
        """One request of a connection; httpd opens another for the next."""
        body = []
        while record := source.read(self.RECORD.size):
            _, kind, request, length, padding = self.RECORD.unpack(record)
            content = source.read(length)
            source.read(padding)
            if kind == self.STDIN:
                body.append(content)
                if not content:
                    break
        text = " ".join(told(b"".join(body)))
        with contextlib.suppress(ConnectionError):
            for kind, content in [
                    (self.STDOUT, f"Content-Type: text/plain\r\n\r\n{text}\n".encode()),
                    (self.STDOUT, b""), (self.END, bytes(8))]:
                drain.write(self.RECORD.pack(1, kind, request, len(content), 0) + content)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# --- the log ----------------------------------------------------------------------------

class Lines:
    """The lines of ours that a server's error log gets from here on.

        lines = Lines(front)
        ...
        assert lines.count("TR0023", "cgi-form") == 4
    """

    def __init__(self, front):
        self.front = front
        self.path = Path(front.root / "error.log")
        self.start = self.path.stat().st_size

    def all(self):
        """(number, rule) of each line, in order."""
        text = self.path.read_bytes()[self.start:].decode("utf-8", "replace")
        return re.findall(r"\b(TR\d{4}): rule ([^:]+):", text)

    def count(self, number, rule):
        return self.all().count((number, rule))
