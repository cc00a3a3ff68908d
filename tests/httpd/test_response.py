"""The answer itself: status, headers and note, on each protocol, with and without a body."""

import re
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
def front(module_server):
    return module_server(CONFIG, http2=True, tls=True)


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
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_post_is_redirected_whatever_its_body(protocol, size, front, body_file):
    answer = curl(front, protocol, "/old/x", "-H", "Expect:",
                  "--data-binary", f"@{body_file(size)}")
    assert answer.status == 307
    assert ours(answer) == [["https://new.example.com/x"], ["no-store"], [LONG_AGO]]


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
    """httpd logs the internal redirect to the document, which has the id, too."""
    front = server(ERROR_DOCUMENTS, files={"sorry.txt": "so sorry\n"})
    front.get("/x")
    front.get("/local")
    log = front.root / "ids.log"
    wait_until(lambda: log.exists() and len(log.read_text().splitlines()) == 2, 5)
    assert sorted(log.read_text().splitlines()) == [
        "all all GET /local HTTP/1.1", "all all GET /x HTTP/1.1"]


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
