"""The answer itself: status, headers and note, on each protocol, with and without a body."""

import hashlib
import json
import random
import re
import select
import subprocess

import pytest

from harness import Headers, read_response, wait_until

STATUSES = {301: "Moved Permanently", 302: "Found", 303: "See Other",
            307: "Temporary Redirect", 308: "Permanent Redirect"}
PROTOCOLS = {"http/1.0": ["--http1.0"], "http/1.1": ["--http1.1"],
             "h2c": ["--http2-prior-knowledge"], "h2": ["--http2", "--insecure"]}
HTTP2 = ["h2c", "h2"]
SIZES = [0, 1, 65_536, 1_048_576]
OURS = ["Location", "Cache-Control", "Expires"]
LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"

CONFIG = """
TempRedirect /old https://new.example.com id=old
""" + "".join(f"TempRedirect /status/{n} /new/{n} status={n}\n" for n in STATUSES)


@pytest.fixture(scope="module")
def front(module_server, sink):
    return module_server(f"{CONFIG}\nTempRedirect /sink {sink.url()}", http2=True, tls=True)


@pytest.fixture(scope="module")
def body_file(tmp_path_factory):
    """body_file(size): the path of a file of that size, the same bytes each time."""
    folder = tmp_path_factory.mktemp("bodies")

    def make(size):
        path = folder / str(size)
        path.write_bytes(random.Random(size).randbytes(size))
        return path
    return make


class CurlAnswer:
    """The last answer that `curl --include` printed."""

    def __init__(self, output):
        while output.startswith(b"HTTP/"):
            head, _, output = output.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.version, self.status = first.split()[0], int(first.split()[1])
        self.headers = Headers(line.split(": ", 1) for line in lines)
        self.body = output

    @property
    def location(self):
        return self.headers.get("Location")


def run_curl(*words):
    done = subprocess.run(["curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20",
                           *map(str, words)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def curl(front, protocol, path, *words):
    return CurlAnswer(run_curl("--include", *PROTOCOLS[protocol], *words,
                               front.url(path, tls=protocol == "h2")))


def ours(answer):
    """How often the answer has each of our headers, and what it says."""
    return [answer.headers.get_all(name) for name in OURS]


# --- status and headers ---------------------------------------------------------------

@pytest.mark.parametrize("status", STATUSES)
def test_the_status_is_the_one_of_the_rule(status, front):
    answer = front.get(f"/status/{status}/x?a=1")
    assert (answer.status, answer.reason) == (status, STATUSES[status])
    assert ours(answer) == [[f"/new/{status}/x?a=1"], ["no-store"], [LONG_AGO]]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_get_is_redirected_with_a_note(protocol, front):
    answer = curl(front, protocol, "/old/x?a=1")
    assert answer.version == ("HTTP/2" if protocol in HTTP2 else "HTTP/1.1")
    assert answer.status == 307
    assert ours(answer) == [["https://new.example.com/x?a=1"], ["no-store"], [LONG_AGO]]
    assert answer.headers.get("Content-Type") == "text/html; charset=iso-8859-1"
    assert answer.headers.get("Content-Length") == str(len(answer.body))
    assert (b'The document has moved <a href="https://new.example.com/x?a=1">here</a>'
            in answer.body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_head_gets_the_headers_of_a_get_and_no_body(protocol, front):
    head = curl(front, protocol, "/old/x", "--head")
    assert head.status == 307
    assert ours(head) == [["https://new.example.com/x"], ["no-store"], [LONG_AGO]]
    assert head.body == b""


def test_the_note_escapes_what_html_would_read(front):
    answer = front.get("/old/a'&b?x=1&y='")
    assert answer.location == "https://new.example.com/a'&b?x=1&y='"
    assert "a'&amp;b?x=1&amp;y=" in answer.text


def test_http09_gets_no_headers(server):
    front = server("TempRedirect /old /new\nHttpProtocolOptions Unsafe Allow0.9")
    with front.connect() as sock:
        sock.sendall(b"GET /old\r\n")
        answer = b"".join(iter(lambda: sock.recv(4096), b""))
    assert b"Location:" not in answer and b'<a href="/new">' in answer


def test_every_mpm_answers_alike(mpm, server):
    front = server(CONFIG, mpm=mpm)
    for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "BREW"]:
        answer = front.request(method, "/old/x", body=None if method == "GET" else "body")
        assert answer.status == 307, method
        assert ours(answer) == [["https://new.example.com/x"], ["no-store"], [LONG_AGO]]


# --- connections ------------------------------------------------------------------------

def test_http10_is_closed_and_keeps_alive_on_demand(front):
    def ask(connection):
        with front.connect() as sock:
            sock.sendall(f"GET /old/x HTTP/1.0\r\nConnection: {connection}\r\n\r\n".encode())
            return read_response(sock).headers.get_all("Connection")
    assert ask("close") == ["close"]
    assert "Keep-Alive" in ask("keep-alive")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_http11_keeps_the_connection_after_a_body(chunked, size, mpm, server):
    front = server(CONFIG, mpm=mpm)
    body = bytes(size)
    with front.connect() as sock:
        for turn in range(3):
            head, blocks = front.prepare("POST", f"/old/{turn}", [("Connection", "keep-alive")],
                                         [body] if chunked else body)
            sock.sendall(head + b"".join(blocks))
            answer = read_response(sock, "POST")
            assert (answer.status, answer.location) == (307, f"https://new.example.com/{turn}")
            assert answer.headers.get("Connection") == "Keep-Alive"


def test_pipelined_requests_are_answered_in_step(mpm, server):
    front = server(CONFIG, mpm=mpm, files={"file.txt": "here\n"})
    wanted, sent = [], b""
    for turn in range(12):
        if turn % 4 == 3:
            path, answer = "/file.txt", (200, None)
        else:
            path, answer = f"/old/{turn}", (307, f"https://new.example.com/{turn}")
        body = [None, b"x" * 5000, [b"GET / HTTP/1.1\r\n\r\n"] * 3][turn % 3]
        head, blocks = front.prepare("POST" if body else "GET", path,
                                     [("Connection", "keep-alive")], body)
        sent += head + b"".join(blocks)
        wanted.append(answer)
    with front.connect() as sock:
        sock.sendall(sent)
        buffered = PipelinedSocket(sock)
        answers = [read_response(buffered) for _ in wanted]
    assert [(a.status, a.location) for a in answers] == wanted


class PipelinedSocket:
    """One buffer for all answers of a connection; http.client would make one for each."""

    def __init__(self, sock):
        self.file = sock.makefile("rb")
        self.file.close = lambda: None

    def makefile(self, _):
        return self.file


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_post_is_redirected_whatever_its_body(protocol, size, front, body_file):
    answer = curl(front, protocol, "/old/x", "-H", "Expect:",
                  "--data-binary", f"@{body_file(size)}")
    assert answer.status == 307
    assert ours(answer) == [["https://new.example.com/x"], ["no-store"], [LONG_AGO]]


def test_a_client_that_expects_100_is_redirected_before_its_body(front):
    head, _ = front.prepare("PUT", "/old/x", [
        ("Expect", "100-continue"), ("Content-Length", "1000000"), ("Connection", "keep-alive")],
        None)
    with front.connect() as sock:
        sock.sendall(head)
        answer = b"".join(iter(lambda: sock.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 307 ")
    assert b"Connection: close" in answer


def test_http2_asks_for_no_body_that_the_client_holds_back(front, body_file):
    done = subprocess.run(
        ["nghttp", "-nv", "--expect-continue", "-d", str(body_file(1000)),
         front.url("/old/x")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        timeout=30)
    assert re.findall(r":status: .*?(\d{3})", done.stdout) == ["307"]


@pytest.mark.parametrize("size", [10_240, 1_048_576])
@pytest.mark.parametrize("protocol", HTTP2)
def test_curl_follows_with_its_upload_on_http2_every_time(protocol, size, front, body_file):
    """curl 7.88 hangs, or fails with error 92, where the answer precedes its upload's end."""
    path = body_file(size)
    told = hashlib.sha256(path.read_bytes()).hexdigest()
    for turn in range(20):
        out = run_curl("-L", *PROTOCOLS[protocol], "--data-binary", f"@{path}",
                       front.url(f"/sink/{turn}", tls=protocol == "h2"))
        answer = json.loads(out)
        assert (answer["length"], answer["sha256"]) == (size, told), turn


def test_http2_connections_serve_many_uploads(front, body_file):
    """Fifty streams, several at a time, on one connection: nothing is reset."""
    done = subprocess.run(
        ["h2load", "-n", "50", "-c", "1", "-m", "5", "-d", str(body_file(65_536)),
         front.url("/old/x")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60)
    assert "50 succeeded, 0 failed, 0 errored" in done.stdout, done.stdout
    assert "50 3xx" in done.stdout


# --- limits on bodies -------------------------------------------------------------------

@pytest.fixture(scope="module")
def limited(module_server):
    return module_server(f"{CONFIG}\nLimitRequestBody 1000", http2=True)


@pytest.mark.parametrize("body", [b"x" * 1001, [b"x" * 600, b"x" * 600]],
                         ids=["length", "chunked"])
def test_http1_answers_413_to_a_body_over_the_limit(body, limited):
    """httpd drains the body before it sends the redirect, and meets the limit."""
    answer = limited.request("POST", "/old/x", body=body)
    assert (answer.status, answer.location) == (413, None)


def test_the_access_log_names_the_rule_of_a_413_too(server):
    front = server(f"{CONFIG}\nLimitRequestBody 1000")
    front.request("POST", "/old/x", body=b"x" * 1001)
    [entry] = front.access_log(1)
    assert (entry.status, entry.id) == (413, "old")


@pytest.mark.parametrize("size", [1000, 1001, 20_000])
@pytest.mark.parametrize("unknown", [False, True], ids=["length", "unknown"])
def test_http2_redirects_a_body_over_the_limit(unknown, size, limited, body_file):
    words = ["--no-content-length"] if unknown else []
    done = subprocess.run(
        ["nghttp", "-nv", *words, "-d", str(body_file(size)), limited.url("/old/x")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=30)
    assert re.findall(r":status: .*?(\d{3})", done.stdout) == ["307"]


def test_http1_answers_when_the_body_has_ended(front):
    head, _ = front.prepare("POST", "/old/x", [("Content-Length", "100000")], None)
    with front.connect() as sock:
        sock.sendall(head + bytes(50_000))
        assert not select.select([sock], [], [], 0.2)[0]
        sock.sendall(bytes(50_000))
        assert read_response(sock).location == "https://new.example.com/x"


@pytest.mark.parametrize("field, part, status", [
    ("Content-Length: 100000", b"too slow", 408),
    ("Transfer-Encoding: chunked", b"no number\r\n", 400),
])
def test_http1_answers_a_faulty_body_with_its_error(field, part, status, server):
    front = server(f"{CONFIG}\nRequestReadTimeout body=1", modules=["reqtimeout"])
    with front.connect() as sock:
        sock.sendall(b"POST /old/x HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s"
                     % (field.encode(), part))
        answer = read_response(sock)
    assert (answer.status, answer.location) == (status, None)


# --- ErrorDocument ----------------------------------------------------------------------

ERROR_DOCUMENTS = """
TempRedirect / https://new.example.com id=all
CustomLog ${ROOT}/ids.log "%{TEMPREDIRECT_ID}e %<{TEMPREDIRECT_ID}e %r"
ErrorDocument 307 "moved: for a while"
<Location /local>
    ErrorDocument 307 /sorry.txt
</Location>
<Location /missing>
    ErrorDocument 307 /no-such-file
</Location>
<Location /remote>
    ErrorDocument 307 http://sorry.example.com/
</Location>
<Location /canned>
    ErrorDocument 307 default
</Location>
"""


@pytest.fixture(scope="module")
def documents(module_server):
    return module_server(ERROR_DOCUMENTS, files={"sorry.txt": "so sorry\n"})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path, status, location, note", [
    ("/x", 307, "https://new.example.com/x", "moved: for a while"),
    ("/canned", 307, "https://new.example.com/canned", "The document has moved"),
    ("/local", 307, "https://new.example.com/local", "so sorry"),
    ("/missing", 307, "https://new.example.com/missing", "The document has moved"),
    ("/remote", 302, "http://sorry.example.com/", "The document has moved"),
])
def test_an_error_document_replaces_the_note(documents, method, path, status, location, note):
    answer = documents.request(method, path, body=None if method == "GET" else "body")
    assert answer.status == status
    assert ours(answer) == [[location], ["no-store"], [LONG_AGO]]
    assert note in answer.text


def test_the_log_finds_the_rule_behind_a_local_error_document(server):
    """httpd logs the internal redirect to the document; %< asks for the client's request."""
    front = server(ERROR_DOCUMENTS, files={"sorry.txt": "so sorry\n"})
    front.get("/x")
    front.get("/local")
    log = front.root / "ids.log"
    wait_until(lambda: log.exists() and len(log.read_text().splitlines()) == 2, 5)
    assert sorted(log.read_text().splitlines()) == [
        "- all GET /local HTTP/1.1", "all all GET /x HTTP/1.1"]


# --- headers of other modules -----------------------------------------------------------

OTHERS = """
TypesConfig /dev/null
AddType text/html .html
TempRedirect /old https://new.example.com
TempRedirect /stay !
ExpiresActive On
ExpiresDefault "access plus 1 hour"
ExpiresByType text/html "access plus 1 day"
Header always set X-Always 1
Header set X-Success 1
Header always set X-Condition 1 "expr=%{req:X-Header} == '1'"
<If "%{req:Accept-Language} =~ /de/">
    Header always set X-If de
</If>
RewriteEngine On
RewriteCond %{HTTP:X-Kind} beta
RewriteRule ^ - [E=kind:beta]
RewriteRule ^/old/cookie - [CO=rewrite:1:localhost]
<Location /old/override>
    Header always set Cache-Control "max-age=60"
</Location>
<Location /old/unset>
    Header unset Cache-Control
    Header always unset Cache-Control
    Header always unset Expires
    Header always unset Location
    Header always edit Location ^ x
</Location>
<Location /old/cookie>
    CookieTracking On
    CookieName tracking
    Session On
    SessionCookieName session path=/
    SessionMaxAge 60
</Location>
"""


@pytest.fixture(scope="module")
def others(module_server):
    return module_server(OTHERS, modules=["expires", "headers", "mime", "rewrite", "session",
                                          "session_cookie", "usertrack"],
                         files={"stay.html": "here\n"})


def test_mod_expires_does_not_make_the_redirect_cacheable(others):
    assert "max-age=86400" in others.get("/stay.html").headers.get("Cache-Control")
    assert ours(others.get("/old/x")) == [["https://new.example.com/x"], ["no-store"],
                                          [LONG_AGO]]


def test_mod_headers_adds_to_the_redirect_with_always_only(others):
    answer = others.get("/old/x", {"X-Header": "1"})
    assert answer.headers.get("X-Always") == "1"
    assert answer.headers.get("X-Condition") == "1"
    assert answer.headers.get("X-Success") is None
    assert others.get("/stay.html").headers.get("X-Success") == "1"


def test_mod_headers_neither_changes_nor_removes_what_the_redirect_says(others):
    answer = others.get("/old/unset")
    assert ours(answer) == [["https://new.example.com/unset"], ["no-store"], [LONG_AGO]]


def test_mod_headers_adds_a_second_cache_control(others):
    answer = others.get("/old/override")
    assert answer.headers.get_all("Cache-Control") == ["max-age=60", "no-store"]


@pytest.mark.parametrize("headers", [
    {}, {"X-Kind": "beta", "Accept-Language": "de", "X-Header": "1"}])
def test_vary_names_what_the_configuration_looked_at(others, headers):
    answer = others.get("/old/x", headers)
    named = re.split(r", *", ",".join(answer.headers.get_all("Vary")))
    looked_at = {"Accept-Language", "X-Header"} | ({"X-Kind"} if headers else set())
    assert looked_at <= set(named)
    assert len(named) == len(set(named))
    assert answer.headers.get("X-If") == headers.get("Accept-Language")


def test_cookies_of_other_modules_are_kept(others):
    cookies = others.get("/old/cookie").headers.get_all("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == [
        "rewrite", "session", "tracking"]


# --- logs -------------------------------------------------------------------------------

def test_the_access_log_names_the_rule(server):
    front = server("TempRedirect /named /new id=moved\nTempRedirect /plain /new\n"
                   "TempRedirect /stay ! id=stay", files={"stay": "here\n"})
    for path in ["/named", "/plain", "/stay", "/other"]:
        front.get(path)
    log = front.access_log(4)
    assert {entry.request.split()[1]: (entry.status, entry.id) for entry in log} == {
        "/named": (307, "moved"), "/plain": (307, "test.conf:2"),
        "/stay": (200, None), "/other": (404, None)}


def test_the_error_log_tells_of_each_redirect_at_debug(server):
    front = server("TempRedirect /old /new id=moved")
    front.get("/old/x?a=1")
    assert "TR0020: rule moved: 307 to /new/x?a=1" in front.wait_log(r":debug\].* TR0020")


# --- graceful restarts ------------------------------------------------------------------

def test_a_graceful_restart_takes_up_new_rules(mpm, server):
    front = server("TempRedirect /old /first", mpm=mpm)
    assert front.get("/old").location == "/first"
    front.graceful("TempRedirect /old /second")
    assert front.get("/old").location == "/second"
