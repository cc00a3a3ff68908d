"""Bodies that end badly get what they would get without the module.

Two servers are sent the same bytes, one of which has rules that look into the body and
match nothing, and the other not even the module. Behind each request stands a second
one, which is answered where the first one was understood, and not taken for its body.
"""

import contextlib
import hashlib
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from bodies import FORM, HTTP2, LIMIT, SUM, Http1, Lines, Wire, form, head, heard
from harness import chunks

CONFIG = """
RequestReadTimeout body=2
<FilesMatch sum|limited>
    Options +ExecCGI
    SetHandler cgi-script
</FilesMatch>
<Files limited-below>
    LimitRequestBody 1000
</Files>
<Files limited-above>
    LimitRequestBody 5000
</Files>
"""
RULES = """
TempRedirectBodyLimit 4096
TempRedirect / /moved form.event=push id=form
TempRedirect / /moved json./event=push id=json
"""
FILES = {"sum": SUM, "limited-below": SUM, "limited-above": SUM, "file": "here\n"}
NOISE = "AH01093|AH01095|AH01270|TR0032"

TYPE = f"Content-Type: {FORM}"
CHUNKED = "Transfer-Encoding: chunked"
HELLO = b"5\r\nhello\r\n"
END = b"0\r\n\r\n"
LAST = head("/file", "Connection: close", method="GET")


@pytest.fixture(scope="module")
def pair(module_server):
    """With the module, and without it."""
    backend = module_server(CONFIG, modules=["cgi", "reqtimeout"], module=False, files=FILES)
    backend.allow_log(NOISE)
    config = f"{CONFIG}\nProxyPass /proxy http://127.0.0.1:{backend.port}\n"
    servers = [module_server(config + rules, files=FILES, module=bool(rules), http2=True,
                             modules=["cgi", "proxy", "proxy_http", "reqtimeout"])
               for rules in (RULES, "")]
    for httpd in servers:
        httpd.allow_log(NOISE)
    return servers


def hear(httpd, data, half_closed):
    """Send; what is answered until the server closes: status, Connection, what was told."""
    heads = []
    with Wire(httpd) as connection:
        with contextlib.suppress(ConnectionError):  # answered, and closed, before its end
            connection.send(data)
        if half_closed:
            connection.sock.shutdown(socket.SHUT_WR)
        while answer := connection.read():
            if answer.status != 100:  # is left out where the body has come
                heads.append((answer.status, answer.headers.get("Connection"),
                              heard(answer.body)))
    return heads


def compare(pair, cases, half_closed=False):
    """cases: (data, statuses); the same from both, and those statuses."""
    with ThreadPoolExecutor(32) as pool:
        asked = [(data, statuses, [pool.submit(hear, httpd, data, half_closed)
                                   for httpd in pair]) for data, statuses in cases]
        for data, statuses, (ours, plain) in asked:
            assert ours.result() == plain.result(), data
            assert [answer[0] for answer in ours.result()] == statuses, data


def request(path, fields, data, version="1.1"):
    return head(path, TYPE, *fields).replace(b"HTTP/1.1", f"HTTP/{version}".encode()) + data


OK = [200, 200]  # answered, and the one behind it, too
PATHS = ["/sum", "/proxy/sum"]
on_both = pytest.mark.parametrize("path", PATHS)


def piece(size):
    """A chunk of that size."""
    return b"%x\r\n%s\r\n" % (size, form(size))


CHUNKS = [
    (HELLO + END, OK),
    (HELLO + b"0\r\nA: b\r\n\r\n", OK),
    (b"5 \r\nhello\r\n" + END, OK),
    (b"5\t;a=b\r\nhello\r\n" + END, OK),
    (b"0" * 15 + HELLO + END, OK),
    (END, OK),
    (b"zz\r\n", [400]),
    (b"-5\r\nhello\r\n" + END, [400]),
    (b"+5\r\nhello\r\n" + END, [400]),
    (b"0x5\r\nhello\r\n" + END, [400]),
    (b" 5\r\nhello\r\n" + END, [400]),
    (b"\r\n" + HELLO + END, [400]),
    (b";a=b\r\n" + END, [400]),
    (b"5;\x00\r\nhello\r\n" + END, [400]),
    (b"5\nhello\r\n" + END, [400]),
    (b"5\r\nhello\n" + END, [400]),
    (b"5\r\nhello" + END, [400]),
    (b"5\r\nhelloXX" + END, [400]),
    (HELLO + b"zz\r\n", [400]),
    (HELLO + b"0\r\nno field\r\n\r\n", [400]),
    (HELLO + b"0\r\n" + b"A: b\r\n" * 150 + b"\r\n", [400]),
    (b"f" * 17 + b"\r\n", [413]),
    (b"5;" + b"x" * 9000 + b"\r\nhello\r\n" + END, [413]),
    *((piece(size) + wrong, [400]) for size in (LIMIT, LIMIT + 1, 5000)
      for wrong in (b"zz\r\n", b"0\r\nno field\r\n\r\n")),
    *((piece(size)[:-2] + b"XX" + END, [400]) for size in (LIMIT, LIMIT + 1, 5000)),
]


@on_both
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_chunks_good_and_bad(version, path, pair):
    def statuses(wanted):
        return wanted if version == "1.1" else wanted[:1]  # httpd closes behind it
    compare(pair, [(request(path, [CHUNKED], data, version) + LAST, statuses(wanted))
                   for data, wanted in CHUNKS])


FRAMINGS = [
    (["Content-Length: 5"], b"hello", OK),
    (["Content-Length: 5"], b"hello\r\n", OK),  # RFC 9112 section 2.2
    (["Content-Length: 5"], b"hello, garbage\r\n\r\n", [200, 400]),
    (["Content-Length: 0"], b"", OK),
    (["Content-Length: 05"], b"hello", OK),
    ([], b"", OK),
    (["Content-Length: -1"], b"hello", [400]),
    (["Content-Length: -0"], b"", [400]),
    (["Content-Length: +5"], b"hello", [400]),
    (["Content-Length: 0x5"], b"hello", [400]),
    (["Content-Length: 5;"], b"hello", [400]),
    (["Content-Length: 5 5"], b"hello", [400]),
    (["Content-Length: 5, 5"], b"hello", [400]),
    (["Content-Length: "], b"hello", [400]),
    (["Content-Length: 99999999999999999999"], b"hello", [400]),
    (["Content-Length: 5"] * 2, b"hello", [400]),
    (["Content-Length: 5", "Content-Length: 6"], b"hello!", [400]),
    (["Content-Length: 5", CHUNKED], HELLO + END, [200]),
    ([CHUNKED, "Content-Length: 5"], HELLO + END, [200]),
    (["Content-Length: 5", CHUNKED], END + b"hello", [200]),
    (["Transfer-Encoding: gzip"], HELLO + END, [400]),
    (["Transfer-Encoding: identity"], HELLO + END, [400]),
    (["Transfer-Encoding: chunked, identity"], HELLO + END, [400]),
    (["Transfer-Encoding: xchunked"], HELLO + END, [400]),
    (['Transfer-Encoding: "chunked"'], HELLO + END, [400]),
    (["Transfer-Encoding: chunked;a=b"], HELLO + END, [400]),
    (["Transfer-Encoding: "], HELLO + END, [400]),
    (["Transfer-Encoding : chunked"], HELLO + END, [400]),
    (["Transfer-Encoding: identity", "Content-Length: 5"], b"hello", [400]),
    (["Transfer-Encoding:\tCHUNKED"], HELLO + END, OK),
]


@on_both
def test_lengths_and_codings_that_contradict_themselves(path, pair):
    compare(pair, [(request(path, fields, data) + LAST, statuses)
                   for fields, data, statuses in FRAMINGS])


PARTS = [
    (["Content-Length: 10"], b""),
    (["Content-Length: 10"], b"hello"),
    ([f"Content-Length: {LIMIT}"], form(LIMIT - 1)),
    ([f"Content-Length: {LIMIT + 1}"], form(LIMIT)),
    ([CHUNKED], b""),
    ([CHUNKED], b"5"),
    ([CHUNKED], b"5\r\nhel"),
    ([CHUNKED], b"5\r\nhello"),
    ([CHUNKED], HELLO),
    ([CHUNKED], HELLO + b"0"),
    *(([CHUNKED], piece(size)[:-cut] if cut else piece(size))
      for size in (LIMIT, LIMIT + 1, 5000) for cut in (0, 2, 100)),
]


@on_both
def test_bodies_that_break_off(path, pair):
    compare(pair, [(request(path, fields, data), [400]) for fields, data in PARTS],
            half_closed=True)


@on_both
def test_bodies_that_stop_coming(path, pair):
    compare(pair, [(request(path, fields, data), [408]) for fields, data in PARTS])


@pytest.mark.parametrize("limit, path", [(1000, "/limited-below"), (5000, "/limited-above")])
def test_bodies_over_the_limit_of_the_server(limit, path, pair):
    def cases():
        for expect in [[], ["Expect: 100-continue"]]:
            for size in [limit, limit + 1, limit + 500]:
                statuses = OK if size <= limit else [413]
                for way in [Http1(), Http1(chunked=True)]:
                    framing, blocks = way.framed(form(size))
                    yield (request(path, [*expect, framing], b"".join(blocks)) + LAST,
                           statuses)
                yield (request(path, [*expect, CHUNKED], b"".join(chunks([b"x"] * size))) + LAST,
                       statuses)
    compare(pair, cases())


@pytest.mark.parametrize("path", ["/sum", "/limited-below", "/limited-above"])
def test_bodies_over_a_limit_on_http2(path, pair):
    for size in [1000, 1001, LIMIT + 1, 5001]:
        for way in HTTP2[:2]:
            answers = []
            for httpd in pair:
                with Wire(httpd) as connection:
                    answers.append(way.send(connection, path, form(size), TYPE).body)
            assert answers[0] == answers[1], f"{way}, {size}"


# --- ErrorDocument ----------------------------------------------------------------------

DOCUMENTS = """
<Files *.cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Files>
ErrorDocument 404 /said.cgi
ErrorDocument 410 /said.cgi
ErrorDocument 307 /said.cgi
<LocationMatch ^/[^/]*/static>
    ErrorDocument 404 /sorry.txt
    ErrorDocument 410 /sorry.txt
    ErrorDocument 307 /sorry.txt
</LocationMatch>
# 410 while the body is unread, 404 behind it.
<Location /gone>
    RedirectMatch gone ^/gone
</Location>
"""
DOCUMENT_RULES = """
TempRedirectBodyLimit 4096
TempRedirect /moved/body /new form.event=push tail=drop
TempRedirect /moved/plain /new tail=drop
TempRedirect / /new form.event=push id=form
"""
SAID = """#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
env | grep -E '^(CONTENT_|HTTP_TRANSFER|REDIRECT_(STATUS|REQUEST|URL)|REQUEST_METHOD)' | sort
sha256sum
"""


@pytest.fixture(scope="module")
def documents(module_server):
    """As pair, with error documents: a CGI that also reads the body, and a file."""
    servers = [module_server(DOCUMENTS + rules, module=bool(rules), modules=["alias", "cgi"],
                             files={"said.cgi": SAID, "sorry.txt": "sorry\n"})
               for rules in (DOCUMENT_RULES, "")]
    servers[0].allow_log("TR0032")
    return servers


def ways():
    for size in [0, 1, LIMIT, LIMIT + 1, 50_000]:
        for way in [Http1(), Http1(chunked=True)]:
            yield way, form(size)


@pytest.mark.parametrize("path", ["/missing/cgi", "/missing/static", "/gone/cgi", "/gone/static"])
def test_an_error_document_gets_the_body_as_without_the_module(path, documents):
    lines, looked = Lines(documents[0]), 0
    for way, body in ways():
        answers = []
        for httpd in documents:
            with Wire(httpd) as connection:
                for _ in range(2):
                    answer = way.send(connection, path, body, TYPE)
                    answers.append((answer.status, answer.headers.get("Connection"),
                                    answer.body))
        assert len(set(answers)) == 1, f"{way}, {len(body)}"
        looked += 2
    assert lines.count("TR0023", "form") + lines.count("TR0032", "form") == looked


@pytest.mark.parametrize("document", ["cgi", "static"])
def test_an_error_document_of_a_redirect_gets_no_body(document, documents):
    """httpd answers ErrorDocument with a request of its own, which rules are not asked for."""
    httpd = documents[0]
    lines = Lines(httpd)
    for way in [Http1(), Http1(chunked=True)]:
        answers = []
        for path in [f"/moved/plain/{document}", f"/moved/body/{document}"]:
            with Wire(httpd) as connection:
                answer = way.send(connection, path, b"event=push", TYPE)
                assert (answer.status, answer.headers.get("Location")) == (307, "/new")
                answers.append(answer.body.replace(path.encode(), b"PATH"))
                assert way.send(connection, path, b"event=push", TYPE).status == 307
        assert answers[0] == answers[1]
        assert document == "static" or hashlib.sha256().hexdigest().encode() in answers[0]
    assert [number for number, _ in lines.all()] == ["TR0020"] * 8
