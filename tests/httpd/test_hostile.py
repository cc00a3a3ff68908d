"""Whatever a client sends: a safe Location or none, never a 500, no noise in the log."""

import re
import time
from urllib.parse import unquote

import pytest

HOST = "new.example.com"

# Rules of many shapes. PATH becomes a path of the rule's own. Behind it the only host
# that the Location may name (None: a relative reference, so the client's own), and what
# its path begins with (where it ends, a slash counts).
SHAPES = {
    "tail behind a path": ("TempRedirect /PATH https://new.example.com/n", HOST, "/n/"),
    "tail behind a host": ("TempRedirect /PATH https://new.example.com", HOST, "/"),
    "tail of a local path": ("TempRedirect /PATH /n", None, "/n/"),
    "tail behind the root": ("TempRedirect /PATH/ /", None, "/"),
    "tail by name": ("TempRedirect /PATH /n%{tail}/end", None, "/n/"),
    "tail at the beginning": ("TempRedirect /PATH %{tail}", None, "/"),
    "path by name": ("TempRedirect /PATH https://new.example.com%{path}", HOST, "/"),
    "path in a query": ("TempRedirect /PATH /n?from=%{path}&%{tail}", None, "/n/"),
    "capture behind a host": (
        "TempRedirectMatch ^/PATH(.*)$ https://new.example.com$1", HOST, "/"),
    "capture behind a slash": (
        "TempRedirectMatch ^/PATH/(.*)$ https://new.example.com/$1", HOST, "/"),
    "capture behind a port": (
        "TempRedirectMatch ^/PATH(.*)$ https://new.example.com:8443$1", HOST, "/"),
    "capture behind a dot": ("TempRedirectMatch ^/PATH/?(.*)$ /n/a/.$1", None, "/n/a/"),
    "capture behind an encoded dot": (
        "TempRedirectMatch ^/PATH/?(.*)$ /n/a/%2e$1", None, "/n/a/"),
    "capture in a local path": ("TempRedirectMatch ^/PATH/(.*)$ /$1", None, "/"),
    "capture of all": ("TempRedirectMatch ^/PATH(.*)$ $1", None, "/"),
    "capture without its slash": ("TempRedirectMatch ^/PATH.?(.*)$ /n$1", None, "/n"),
    "capture in a query": ("TempRedirectMatch ^/PATH(.*)$ /n?v=$1&w=1", None, "/n/"),
    "capture in a fragment": ("TempRedirectMatch ^/PATH(.*)$ /n#$1", None, "/n/"),
    "named group": ("TempRedirectMatch ^/PATH(?<x>.*)$ /n/%{group.x}", None, "/n/"),
    "parameter in a path": ("TempRedirect /PATH /n/%{query.v} tail=drop", None, "/n/"),
    "parameter at the root": (
        "TempRedirect /PATH /%{query.v} tail=drop args=drop", None, "/"),
    "parameter behind a host": (
        "TempRedirect /PATH https://new.example.com/%{query.v}", HOST, "/"),
    "parameter right behind a host": (
        "TempRedirect /PATH https://new.example.com%{query.v}", HOST, "/"),
    "parameter right behind a port": (
        "TempRedirect /PATH https://new.example.com:8443%{query.v}", HOST, "/"),
    "header right behind a host": (
        "TempRedirect /PATH https://new.example.com%{header.X-V}", HOST, "/"),
    "named group right behind a host": (
        "TempRedirectMatch ^/PATH(?<x>.+)$ https://new.example.com%{group.x}", HOST, "/"),
    "two values right behind a host": (
        "TempRedirectMatch ^/PATH(.*)$ https://new.example.com$1%{query.v}", HOST, "/"),
    "query in a query": ("TempRedirect /PATH /n?a=1&%{args}", None, "/n/"),
    "query in a path": ("TempRedirect /PATH /n/%{args}", None, "/n/"),
    "merged query": ("TempRedirect /PATH /n?a=1 args=merge", None, "/n/"),
    "chosen parameter": ("TempRedirect /PATH /n args=only:v", None, "/n/"),
    "header in a path": ("TempRedirect /PATH /n/%{header.X-V}", None, "/n/"),
    "header at the root": ("TempRedirect /PATH /%{header.X-V}", None, "/"),
    "header in a query": ("TempRedirect /PATH /n?v=%{header.X-V}", None, "/n/"),
    "cookie in a path": ("TempRedirect /PATH /n/%{cookie.v}", None, "/n/"),
    "environment in a path": ("TempRedirect /PATH /n/%{env.V}", None, "/n/"),
    "parameter in a host": (
        "TempRedirect /PATH https://%{query.v}.tenants.example/n",
        r"[a-z0-9-]+(\.[a-z0-9-]+)*\.tenants\.example", "/n/"),
    "header as host": ("TempRedirect /PATH https://%{header.X-V}/n",
                       r"([a-z0-9-]+\.)+tenants\.example", "/n/"),
    "same URL on https": ("TempRedirect /PATH https:", r"[a-z]+\.test", "/"),
    "request's host": (
        "TempRedirect /PATH https://%{host}:%{port}/n", r"[a-z]+\.test", "/n/"),
}

# Virtual hosts that differ in what they take for a slash.
SLASHES = """
<VirtualHost *:${PORT}>
    ServerName usual.test
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName decoded.test
    AllowEncodedSlashes On
    MergeSlashes Off
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName kept.test
    AllowEncodedSlashes NoDecode
    MergeSlashes Off
</VirtualHost>
"""


def path_of(shape):
    return f"p{list(SHAPES).index(shape)}"


CONFIG = "\n".join([
    "TempRedirectAllowHosts *.tenants.example",
    'SetEnvIf X-V "(.*)" V=$1',
    SLASHES,
    *(rule.replace("PATH", path_of(shape)) for shape, (rule, _, _) in SHAPES.items())])

# What is put behind the path, into a parameter, and, decoded, into headers.
ATTACKS = [
    "", "/", "x", "/x", "a.tenants.example",
    # header splitting
    "%0d%0aSet-Cookie:%20x=1", "/%0d%0a%0d%0a<html>", "%0a", "%0D", "/%00", "%00", "%7f",
    "%09x", "/%e5%98%8a%e5%98%8dX:1", "%c4%8d%c4%8aX:1", "%20X", "%1b[31m",
    # other hosts
    "//evil.example", "///evil.example", "/\\evil.example", "\\evil.example",
    "\\\\evil.example", "/%5Cevil.example", "%5C%5Cevil.example", "/%2F%2Fevil.example",
    "%2F%2Fevil.example", "/%09/evil.example", "@evil.example", "/@evil.example",
    "%40evil.example", ":x@evil.example", ".evil.example", "/.evil.example", "-evil.example",
    ":80", ":8080/x", "evil.example#", "evil.example%23", "evil.example%3F", "evil.example%2F",
    "evil.example/", "https://evil.example/", "/https://evil.example", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example%00", "[::1]", "%5B::1%5D",
    "evil%E3%80%82example", "a.tenants.example.evil.example", "a.tenants.example:99",
    "a.tenants.example@evil.example",
    # climbing
    "/..", "/../..", "/%2e%2e", "/.%2E/x", "..", "%2e%2e", "..%2f..", "..%5c..", "/x/..;/y",
    "/..%2f..%2fx", "/%252e%252e/x", "..%252f", ".", "%2e", "/.", "%252e", "/...", "..;x",
    # component borders
    "?x", "%3fx", "%3Fx=1&y", "#x", "%23x", "&x=1", "%26x=1", "=x", ";x", "%3Bx", "+x",
    # bytes that no URI has
    "\x80\xff", "/\xc3\xbc", "%80%ff", "%c3%bc", '"><script>', "'\"", "<>", "{}|^`",
    # substitutions, escapes
    "$1", "%241", "$0$0", "%{host}", "%25%7Bhost%7D", "%25", "%", "%zz", "%4", "%2500",
    # sizes
    "/" + "a" * 300, "/a" * 2000, "/" + "%20" * 2700, "/" + '"' * 3000, "/" + "\xff" * 3000,
    "." * 5000, "/" + "a" * 8100,
]

# Answers that httpd gives before any rule is asked: a malformed path, a forbidden or
# missing one, a request line that is too long.
REFUSED = {400, 403, 404, 414}
HEADERS = {"Date", "Vary", "Server", "Cache-Control", "Expires", "Location", "Content-Length",
           "Connection", "Content-Type", "Transfer-Encoding"}

# What httpd itself logs of paths that are malformed, and of paths that are too long for
# the file system (over 4096 bytes): these are forbidden before any rule is asked.
REFUSALS = "AH10244: invalid URI path|AH00127: Cannot map|AH00036: access to .* failed"


def browser_view(location):
    """(host or None, path) as browsers read a reference (WHATWG URL)."""
    rest = re.split(r"[?#]", location)[0].replace("\\", "/")
    scheme, colon, behind = rest.partition(":")
    host = None
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        assert scheme in ("http", "https")
        host, _, path = behind.lstrip("/").partition("/")
        rest = "/" + path
    elif rest.startswith("//"):
        host = rest
    segments = []
    for segment in rest.split("/")[1:]:
        dots = re.sub("%2e", ".", segment, flags=re.I)
        if dots == "..":
            segments = segments[:-1]
        elif dots != ".":
            segments.append(segment)
    return host, "/" + "/".join(segments)


def check_safe(response, host, base):
    """The answer is a refusal, or a redirect to where the rule may lead."""
    assert {name for name, _ in response.headers} <= HEADERS
    location = response.location
    if location is None:
        assert response.status in REFUSED
        return
    assert response.status == 307
    assert re.fullmatch(r"[!-~]{1,8190}", location)
    assert len(response.headers.get_all("Location")) == 1
    seen_host, path = browser_view(location)
    if host is None:
        assert seen_host is None and re.match(r"/(?![/\\])", location)
    else:
        assert re.fullmatch(rf"(?:{host})(?::\d+)?", seen_host, re.I)
    assert f"{path}/".startswith(base)


def decoded(attack):
    """The attack as a header's value: without what no request header may hold."""
    text = unquote(attack, encoding="latin-1")
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", "", text).strip()


@pytest.fixture(scope="module")
def httpd(module_server):
    httpd = module_server(CONFIG, modules=["setenvif"])
    httpd.allow_log(REFUSALS)
    httpd.allow_log("TR0012: rule")
    return httpd


@pytest.mark.parametrize("shape", SHAPES)
def test_no_request_makes_a_rule_unsafe(httpd, shape):
    _, host, base = SHAPES[shape]
    path = f"/{path_of(shape)}"
    redirects = 0
    for attack in ATTACKS:
        value = decoded(attack)
        plain = [("X-V", "x"), ("Cookie", "v=x")]
        for name, target, headers in (
                ("usual.test", f"{path}{attack}", plain),
                ("decoded.test", f"{path}{attack}?v=x", plain),
                ("kept.test", f"{path}{attack}?v=x", plain),
                ("usual.test", f"{path}?v={attack}", []),
                ("usual.test", f"{path}/x?v=x&{attack}", []),
                ("usual.test", f"{path}/x?v=x",
                 [("X-V", value), ("Cookie", f"v={value}; w=1")])):
            try:
                response = httpd.get(target, [("Host", name), *headers])
                check_safe(response, host, base)
                redirects += response.location is not None
            except AssertionError as error:
                raise AssertionError(f"{target!r} {headers} got {response}") from error
    assert redirects > 0  # the rule is one


def test_the_log_of_attacks_holds_no_byte_of_theirs_unescaped(httpd):
    httpd.get(f"/{path_of('tail of a local path')}/%0a%1b[31m\xff?\xff", {"X-V": "\xff"})
    log = (httpd.root / "error.log").read_bytes() + (httpd.root / "access.log").read_bytes()
    assert re.fullmatch(rb"[\t\n -~]*", log)


# --- sizes ------------------------------------------------------------------------------

def test_a_location_has_at_most_8190_bytes(server):
    httpd = server("TempRedirect /p https://new.example.com/n")
    base = "https://new.example.com/n?"
    for size, fits in ((8190, True), (8191, False)):
        query = "a" * (size - len(base))
        assert httpd.get(f"/p?{query}").location == (base + query if fits else None)
    assert httpd.get("/p?" + "a" * 8190).status == 414


def test_a_request_line_beyond_the_default_limit_is_no_problem(server):
    httpd = server("LimitRequestLine 60000\nTempRedirect /p /n\n"
                   "TempRedirectMatch ^/m(.*)$ /n?v=$1\nTempRedirect /q /%{query.v}")
    for path in ("/p/" + "a" * 50000, "/m" + "/" * 50000, "/p?" + "a" * 50000,
                 "/q?v=" + "%20" * 15000, "/p" + "/.." * 15000, "/m" + "/%41" * 12000):
        assert httpd.get(path).status in {307, 400, 403, 404}, path[:20]
        assert len(httpd.get(path).location or "") <= 8190
    httpd.allow_log(REFUSALS)


# --- hosts ------------------------------------------------------------------------------

FORGED = ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example",
          "localhost:80@evil.example", "evil.example/localhost", "localhost/evil.example",
          "localhost\\evil.example", "localhost#", "localhost?x", "local host", "",
          "localhost:99999999", "localhost:x", "localhost..", "[::1]", "[::1", "[evil]", "[]",
          ":80", "*.wild.example", ".wild.example", "..wild.example", "-a.wild.example",
          "evil.example/.wild.example", "evil.example\\.wild.example", "a\xffb.wild.example",
          "evil.example#.wild.example", '"<>.wild.example', "a b.wild.example",
          "evil.example%2f.wild.example", "evil.example@a.wild.example",
          "a" * 300 + ".wild.example", "${PORT}.wild.example", "%{host}.wild.example"]


@pytest.mark.parametrize("options", ["Strict", "Unsafe"])
def test_a_forged_host_leads_nowhere(server, options):
    httpd = server(f"HttpProtocolOptions {options}\n" """
        TempRedirect /up https:
        TempRedirect /host http://%{host}:8080/n
        TempRedirect /fix https://new.example.com/n
        <VirtualHost *:${PORT}>
            ServerName localhost
            ServerAlias *.wild.example *
        </VirtualHost>
        """)
    httpd.allow_log("TR0011: rule")
    httpd.allow_log("AH")
    good = r"(localhost|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.wild\.example)\.?"
    for host in FORGED:
        for path in ("/up/x", "/host/x"):
            for target in (path, f"http://{host}{path}"):
                response = httpd.get(target, [("Host", host)])
                check_safe(response, good, "/")
        response = httpd.get("/fix/x", [("Host", host)])
        assert response.location in (None, "https://new.example.com/n/x")


def test_only_the_host_header_names_the_host(server):
    httpd = server("TempRedirect /up https:")
    httpd.allow_log("TR0011: rule")
    headers = [(name, "evil.example") for name in
               ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host",
                "X-HTTP-Host-Override", "Forwarded")]
    here = ("Host", "localhost")
    assert httpd.get("/up", [here, *headers]).location == "https://localhost/up"
    for twice in ([here, ("Host", "evil.example")], [("Host", "evil.example"), here]):
        response = httpd.get("/up", twice)
        assert (response.status, response.location) == (400, None)


# --- regexes ----------------------------------------------------------------------------

BACKTRACKING = {
    r"^/r/(a|aa)+$": "/r/" + "a" * 60 + "!",
    r"^/r/(?:a*)*$": "/r/" + "a" * 60 + "!",
    r"^/r/(.*)*(.*)*(.*)*\d$": "/r/" + "a" * 3000,
    r"^/r/(?<x>(?:[a-z]+/?)+)\.html$": "/r/" + "abc" * 300,
}


@pytest.mark.parametrize("regex", BACKTRACKING)
@pytest.mark.parametrize("place", ["server", "htaccess"])
def test_a_pattern_that_backtracks_is_cut_off(server, regex, place):
    rules = f'TempRedirectMatch "{regex}" /n id=greedy\nTempRedirect /r/fine /n'
    httpd = (server(rules) if place == "server" else
             server("", files={".htaccess": rules}))
    begin = time.monotonic()
    for _ in range(3):
        assert httpd.get(BACKTRACKING[regex]).status == 404
    assert time.monotonic() - begin < 3
    assert httpd.get("/r/fine/x").location == "/n/x"
    lines = [line for line in httpd.error_log().splitlines() if "TR0015" in line]
    loud = [line for line in lines if ":warn]" in line]
    if place == "server" and lines:
        httpd.expect_log("TR0015: rule greedy: a regex went over its limit")
        assert len(loud) == 1
    else:
        assert loud == []


def test_a_limit_of_the_regex_is_reported_once_and_asks_the_next_rule(server):
    httpd = server(r'TempRedirectMatch "^/r/(a|aa)+$" /never id=greedy' "\n"
                   "TempRedirect /r /n")
    httpd.expect_log("TR0015: rule greedy: a regex went over its limit; make it simpler")
    for _ in range(3):
        assert httpd.get("/r/" + "a" * 60 + "!").location == "/n/" + "a" * 60 + "!"
    lines = [line for line in httpd.error_log().splitlines() if "TR0015" in line]
    assert [":warn]" in line for line in lines] == [True, False, False]


def test_a_long_path_that_matches_is_no_limit(server):
    httpd = server(r"TempRedirectMatch ^/r/((?:x|y)*)$ /n")
    assert httpd.get("/r/" + "xy" * 1900).location == "/n"
