"""What becomes of a body that is not needed: drained, or left and answered at once.

Each test of HTTP/1 runs in both phases. A body is sent in part: what is answered then was
answered without the rest of it.
"""

import contextlib
import select
import socket
import time

import pytest

from harness import Sink, check_config, check_htaccess, raw, read_response

GIB = 1 << 30
REDIRECT = (307, "https://new.example.com/")

CONFIG = """
TempRedirect / https://new.example.com tail=drop id=new {words}
<Location /none>
    TempRedirectDrain 0
</Location>
<Location /some>
    TempRedirectDrain 1000
</Location>
<Location /all>
    TempRedirectDrain all
</Location>
<Location /limited>
    LimitRequestBody 1000
</Location>
<Location /limited/all>
    TempRedirectDrain all
</Location>
<Location /unlimited>
    LimitRequestBody 0
    TempRedirectDrain all
</Location>
"""


def config(phase):
    return CONFIG.format(words="phase=early" if phase == "early" else "")


@pytest.fixture(scope="module", params=["fixups", "early"])
def front(request, module_server):
    return module_server(config(request.param))


def outcome(answer):
    return answer.status, answer.location


def head(path, field, *fields):
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", field, *fields, "", ""]
    return "\r\n".join(lines).encode()


def chunk(size):
    return b"%x\r\n%s\r\n" % (size, bytes(size))


def is_answered(sock, seconds):
    return bool(select.select([sock], [], [], seconds)[0])


# --- at once, or after the body -----------------------------------------------------------

LEFT = [
    # path, how the body comes, what of it is sent
    ("/", "Content-Length: 65537", b""),
    ("/", "Content-Length: 100000000", bytes(70_000)),
    ("/", f"Content-Length: {GIB}", b""),
    ("/", f"Content-Length: {GIB + 1}", b""),
    ("/", "Transfer-Encoding: chunked", chunk(65_537)),
    ("/", "Transfer-Encoding: chunked", 66 * chunk(1000)),
    ("/none", "Content-Length: 1", b""),
    ("/none", "Transfer-Encoding: chunked", b""),
    ("/some", "Content-Length: 1001", b""),
    ("/some", "Transfer-Encoding: chunked", chunk(1000) + b"1\r\nx"),
    ("/all", f"Content-Length: {GIB + 1}", b""),
    ("/limited", "Content-Length: 1001", b""),
    ("/limited", "Transfer-Encoding: chunked", chunk(1000)),
    ("/limited", "Transfer-Encoding: chunked", chunk(1500)),
    ("/limited/all", "Content-Length: 1001", b""),
    ("/limited/all", "Transfer-Encoding: chunked", chunk(1000)),
]


@pytest.mark.parametrize("path, field, sent", LEFT, ids=range(len(LEFT)))
def test_a_body_over_the_limit_is_left_and_answered_at_once(path, field, sent, front):
    with front.connect(timeout=5) as sock:
        sock.sendall(head(path, field) + sent)
        answer = read_response(sock)
    assert outcome(answer) == REDIRECT
    assert answer.headers.get("Connection") == "close"


DRAINED = [
    # path, how the body comes, what is sent first, what ends it
    ("/", "Content-Length: 65536", bytes(65_535), b"x"),
    ("/", "Transfer-Encoding: chunked", chunk(65_536), b"0\r\n\r\n"),
    ("/", "Transfer-Encoding: chunked", chunk(1), b"0\r\nTrailer: x\r\n\r\n"),
    ("/some", "Content-Length: 1000", b"", bytes(1000)),
    ("/some", "Transfer-Encoding: chunked", chunk(1000), b"0;ext=x\r\n\r\n"),
    ("/all", "Content-Length: 1000000", bytes(999_999), b"x"),
    ("/all", "Transfer-Encoding: chunked", 1000 * chunk(1000), b"0\r\n\r\n"),
    ("/limited", "Content-Length: 1000", bytes(999), b"x"),
    ("/limited", "Transfer-Encoding: chunked", chunk(999), b"0\r\n\r\n"),
    ("/limited/all", "Content-Length: 1000", bytes(999), b"x"),
    ("/unlimited", "Content-Length: 1000000", bytes(999_999), b"x"),
]


@pytest.mark.parametrize("path, field, first, last", DRAINED, ids=range(len(DRAINED)))
def test_a_body_within_the_limit_is_drained_and_the_connection_kept(path, field, first, last,
                                                                    front):
    with front.connect(timeout=5) as sock:
        for _ in range(2):
            sock.sendall(head(path, field) + first)
            assert not is_answered(sock, 0.1)
            sock.sendall(last)
            answer = read_response(sock)
            assert outcome(answer) == REDIRECT
            assert answer.headers.get("Connection") is None


@pytest.mark.parametrize("path", ["/", "/none", "/all", "/limited", "/limited/all"])
@pytest.mark.parametrize("field", [
    "Content-Length: 1", "Content-Length: 1001", f"Content-Length: {GIB + 1}",
    "Transfer-Encoding: chunked"])
def test_a_client_that_waits_for_a_100_gets_the_redirect_and_never_a_100(path, field, front):
    with front.connect(timeout=5) as sock:
        sock.sendall(head(path, field, "Expect: 100-continue"))
        received = b"".join(iter(lambda: sock.recv(4096), b""))
    assert received.startswith(b"HTTP/1.1 307 ")
    assert b"\r\nConnection: close\r\n" in received


@pytest.mark.parametrize("path", ["/", "/limited"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_a_body_of_any_method_is_left_where_it_is_over_the_limit(method, path, front):
    """httpd reads that of HEAD, too, though it would not show it to a handler."""
    with front.connect(timeout=5) as sock:
        sock.sendall(head(path, "Content-Length: 1000000").replace(b"POST", method.encode()))
        answer = read_response(sock, method)
    assert outcome(answer) == REDIRECT
    assert answer.headers.get("Connection") == "close"


@pytest.mark.parametrize("field, body", [
    ("Content-Length: 1000", bytes(1000)), ("Content-Length: 100000", bytes(70_000))],
    ids=["drained", "left"])
def test_http10_is_answered_too(field, body, front):
    request = head("/", field).replace(b"HTTP/1.1", b"HTTP/1.0") + body
    assert b"\r\nLocation: https://new.example.com/\r\n" in raw(front.port, request, 5)


def test_without_a_body_nothing_is_closed(front):
    with front.connect(timeout=5) as sock:
        for path in ["/", "/none", "/all", "/limited"]:
            sock.sendall(head(path, "Content-Length: 0"))
            answer = read_response(sock)
            assert outcome(answer) == REDIRECT
            assert answer.headers.get("Connection") is None


# --- connections ---------------------------------------------------------------------------

@pytest.mark.parametrize("phase", ["fixups", "early"])
def test_pipelined_requests_are_answered_in_step(phase, mpm, server):
    front = server("TempRedirect /old https://new.example.com "
                   + ("phase=early" if phase == "early" else ""),
                   mpm=mpm, files={"file.txt": "here\n"})
    wanted, sent = [], b""
    for turn in range(12):
        if turn % 4 == 3:
            path, answer = "/file.txt", (200, None)
        else:
            path, answer = f"/old/{turn}", (307, f"https://new.example.com/{turn}")
        body = [None, b"x" * 5000, [b"GET / HTTP/1.1\r\n\r\n"] * 3][turn % 3]
        first, blocks = front.prepare("POST" if body else "GET", path,
                                      [("Connection", "keep-alive")], body)
        sent += first + b"".join(blocks)
        wanted.append(answer)
    with front.connect() as sock:
        sock.sendall(sent)
        buffered = PipelinedSocket(sock)
        answers = [read_response(buffered) for _ in wanted]
    assert [outcome(a) for a in answers] == wanted


class PipelinedSocket:
    """One buffer for all answers of a connection; http.client would make one for each."""

    def __init__(self, sock):
        self.file = sock.makefile("rb")
        self.file.close = lambda: None

    def makefile(self, _):
        return self.file


def test_nothing_behind_a_body_that_was_left_is_taken_for_a_request(mpm, server):
    """The body itself is a request; so is what follows it."""
    front = server(config("fixups"), mpm=mpm)
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    body = smuggled * (70_000 // len(smuggled))
    received = raw(front.port, head("/", f"Content-Length: {len(body)}") + body + smuggled, 5)
    assert received.count(b"HTTP/1.1 ") == 1
    assert [entry.status for entry in front.access_log(1)] == [307]


def test_a_client_that_sends_on_without_looking_gets_the_answer(mpm, server):
    """It is closed with patience: what is sent meanwhile makes no reset that loses it."""
    front = server(config("fixups"), mpm=mpm)
    with front.connect(timeout=10) as sock:
        sock.sendall(head("/", "Content-Length: 20000000"))
        for _ in range(200):
            sock.sendall(bytes(100_000))
        assert outcome(read_response(sock)) == REDIRECT


def test_slow_uploads_hold_no_thread_of_event(server):
    """Forty of them on 32 threads; each would hold one for as long as its body takes."""
    front = server(config("fixups"), files={"file.txt": "here\n"})
    with contextlib.ExitStack() as stack:
        uploads = [stack.enter_context(front.connect(timeout=5)) for _ in range(40)]
        for sock in uploads:
            sock.sendall(head("/", "Content-Length: 1000000") + bytes(100_000))
        assert [outcome(read_response(sock)) for sock in uploads] == [REDIRECT] * 40
        assert outcome(front.get("/", timeout=5)) == REDIRECT


def test_a_graceful_restart_waits_for_a_body_that_is_drained(server, mpm):
    front = server(config("fixups"), mpm=mpm)
    with front.connect() as sock:
        sock.sendall(head("/", "Content-Length: 1000") + bytes(500))
        front.wait_log("TR0020")
        front.graceful()
        sock.sendall(bytes(500))
        assert outcome(read_response(sock)) == REDIRECT


# --- bodies that are wrong -------------------------------------------------------------------

FAULTY = [
    # path, how the body comes, what of it is sent, the status
    ("/", "Content-Length: 1000", b"too slow", 408),
    ("/", "Transfer-Encoding: chunked", b"8\r\ntoo slow\r\n", 408),
    ("/", "Transfer-Encoding: chunked", b"no number\r\n", 400),
    ("/all", "Transfer-Encoding: chunked", chunk(70_000) + b"no number\r\n", 400),
    # the fault lies behind what is read
    ("/", "Transfer-Encoding: chunked", chunk(70_000) + b"no number\r\n", 307),
    ("/none", "Transfer-Encoding: chunked", b"no number\r\n", 307),
]


@pytest.mark.parametrize("phase", ["fixups", "early"])
def test_a_faulty_body_is_answered_with_its_error(phase, server):
    front = server(config(phase) + "RequestReadTimeout body=1", modules=["reqtimeout"])
    for path, field, sent, status in FAULTY:
        with front.connect() as sock:
            sock.sendall(head(path, field) + sent)
            answer = read_response(sock)
        location = "https://new.example.com/" if status == 307 else None
        assert outcome(answer) == (status, location), (path, field)
        assert answer.headers.get("Connection") == "close"


def test_a_client_that_goes_away_is_no_error(front):
    for field, sent in [("Content-Length: 1000", b"x"), ("Transfer-Encoding: chunked", b"5\r\nx")]:
        with front.connect() as sock:
            sock.sendall(head("/", field) + sent)
            sock.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                assert read_response(sock).status == 400
    assert outcome(front.get("/")) == REDIRECT


# --- error documents -------------------------------------------------------------------------

SCRIPT = """#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
printf 'body of %s bytes' "$(wc -c)"
"""


@pytest.mark.parametrize("field, sent", [
    ("Content-Length: 100000", bytes(1000)), ("Content-Length: 1000", bytes(1000)),
    ("Transfer-Encoding: chunked", chunk(70_000)), ("Content-Length: 1", b"x")], ids=range(4))
def test_a_script_that_is_the_error_document_waits_for_no_body(field, sent, mpm, server):
    front = server(config("fixups") + """
        ErrorDocument 307 /cgi/script
        <Directory ${HTDOCS}/cgi>
            Options +ExecCGI
            SetHandler cgi-script
        </Directory>""", mpm=mpm, modules=["cgi"], files={"cgi/script": SCRIPT})
    with front.connect(timeout=5) as sock:
        sock.sendall(head("/", field) + sent)
        answer = read_response(sock)
    assert outcome(answer) == REDIRECT
    assert answer.text == "body of 0 bytes"


# --- who decides -----------------------------------------------------------------------------

def test_the_section_merged_last_replaces_both_limits(server):
    front = server("""
        TempRedirect / https://new.example.com tail=drop
        TempRedirectDrain 10
        <Location /a>
            TempRedirectDrain 20
        </Location>
        <Location /a/b>
            TempRedirectEngine On
        </Location>
        <If "%{HTTP:X-All} == '1'">
            TempRedirectDrain all
        </If>""")
    for path, fields, size, kept in [
            ("/", [], 10, True), ("/", [], 11, False), ("/a", [], 20, True),
            ("/a", [], 21, False), ("/a/b", [], 20, True), ("/a/b", [], 21, False),
            ("/a/b", ["X-All: 1"], 100_000, True)]:
        with front.connect() as sock:
            sock.sendall(head(path, f"Content-Length: {size}", *fields) + bytes(size))
            answer = read_response(sock)
            assert (answer.headers.get("Connection") is None) == kept, (path, size)


@pytest.mark.parametrize("dry", ["TempRedirect / https://new.example.com mode=dry",
                                 "TempRedirect / https://new.example.com\n"
                                 "TempRedirectEngine DryRun"])
def test_a_dry_run_leaves_the_body_to_who_answers(dry, server, module_server):
    sink = Sink(module_server)
    front = server(f"{dry}\nTempRedirectDrain 0\nProxyPass / {sink.url('/')}",
                   modules=["proxy", "proxy_http"])
    for body in [bytes(100_000), [bytes(50_000)] * 2]:
        assert front.request("PUT", "/x", body=body).json()["length"] == 100_000


BYTES = "write a number of bytes, as in '64K', or 'all'"
BAD = {
    "TempRedirectDrain": "a number of bytes is missing; write 'bytes|all [h2=bytes|all]'",
    "TempRedirectDrain h2=all":
        "a number of bytes is missing; write 'bytes|all [h2=bytes|all]'",
    "TempRedirectDrain none": f"none: {BYTES}",
    "TempRedirectDrain 64KB": f"64KB: {BYTES}",
    "TempRedirectDrain -1": f"-1: {BYTES}",
    "TempRedirectDrain 64K all":
        "all: unknown word; behind the bytes stands 'h2=bytes' or 'h2=all'",
    "TempRedirectDrain 64K h2=": f"h2=: {BYTES}",
    "TempRedirectDrain 64K h2=all x": "x: nothing stands behind 'h2='; leave it out",
}


@pytest.mark.parametrize("line, message", BAD.items(), ids=list(BAD))
def test_a_wrong_limit_is_an_error(line, message):
    assert check_config(line) == (1, "AH00526: Syntax error on line 1 of test.conf:\n"
                                     f"TempRedirectDrain: {message}\n")


def test_no_htaccess_file_decides_how_much_is_read():
    for line in ["TempRedirectDrain 0", "TempRedirectBodyLimit 1M"]:
        assert check_htaccess(f"{line}\n") == (500, f"{line.split()[0]} not allowed here")


@pytest.mark.parametrize("line", ["TempRedirectDrain 0", "TempRedirectBodyLimit 1M"])
def test_within_limit_it_is_an_error(line):
    status, said = check_config(f"<Directory />\n<Limit POST>\n{line}\n</Limit>\n</Directory>")
    assert status == 1 and f"{line.split()[0]} cannot occur within <Limit>" in said


def test_the_access_log_has_the_redirect_of_a_body_that_was_left(front):
    with front.connect(timeout=5) as sock:
        sock.sendall(head("/?logged", "Content-Length: 1000000"))
        read_response(sock)
    deadline = time.monotonic() + 5
    while not any("?logged" in entry.request for entry in front.access_log(1)):
        assert time.monotonic() < deadline
    [entry] = [e for e in front.access_log(1) if "?logged" in e.request]
    assert (entry.status, entry.id) == (307, "new")
