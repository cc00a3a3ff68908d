"""Conditions on a real httpd: which requests a rule is for, beside its URL-path."""

import base64
import hashlib
import re
import socket
import subprocess

import pytest

from harness import check_htaccess, raw, read_response

# Tables of words: each is the rule of a URL-path of its own, and for each request there
# is whether it holds. What a request is depends on the attribute: see asked().

METHODS = {
    "method=POST": {"POST": True, "GET": False, "HEAD": False, "PUT": False},
    "method=GET": {"GET": True, "HEAD": True, "POST": False},
    "method=HEAD": {"GET": False, "HEAD": True},
    "!method=GET": {"GET": False, "HEAD": False, "POST": True, "PROPFIND": True},
    "method=PUT,DELETE": {"PUT": True, "DELETE": True, "PATCH": False, "GET": False},
    "method=PROPFIND": {"PROPFIND": True, "GET": False},
    "method=PURGE": {"PURGE": True, "purge": False, "PURGE-ALL": False},
    "method=~^P": {"PUT": True, "POST": True, "GET": False, "put": False},
    "!method=~^(?:GET|HEAD)$": {"GET": False, "HEAD": False, "POST": True},
    "method=OPTIONS": {"OPTIONS": True, "GET": False},
}

HOSTS = {
    "host=a.example,*.b.example": {
        "a.example": True, "A.Example": True, "a.example.": True, "a.example:8080": True,
        "A.EXAMPLE.:99": True, "x.b.example": True, "X.Y.B.Example:1": True,
        "b.example": False, "x.a.example": False, "xb.example": False,
        "b.example.evil.example": False, "a.examplex": False, "127.0.0.1": False},
    "!host=a.example": {"a.example:80": False, "A.example.": False, "b.example": True},
    "host=[::1],192.0.2.1": {"[::1]": True, "[::1]:8080": True, "192.0.2.1:80": True,
                             "192.0.2.10": False, "[::2]": False},
    r"host=~^a\.example$": {"A.example": True, "a.example:80": True, "a.example.": True,
                            "xa.example": False},
    r"!host=~\.example$": {"a.example": False, "a.example.com": True},
    "host=a_b.example": {"a_b.example": True, "A_B.example": True},
}

# Fields as they stand on the wire, without their end of line.
HEADERS = {
    "header.X-A": {
        "": False, "X-A: 1": True, "x-a: 1": True, "X-A:": False, "X-A: \t ": False,
        "X-A: 0": True, "X-A: ,": True, "X-B: 1": False, "X-A:\nX-A: 1": True,
        "X-A: \x80\xff": True, "X-A: a\tb": True},
    "!header.X-A": {"": True, "X-A:": True, "X-A: 0": False, "X-AA: 1": True},
    "header.x-a=1,2": {
        "X-A: 1": True, "X-A:2": True, "X-A:   1\t": True, "X-A: 3": False, "X-A: 12": False,
        "X-A: 3,1": True, "X-A: 1, 3": True, "X-A: 3\nX-A: 2": True, "X-A: 2\nX-A: 3": True,
        "X-A: ,,,1": True, "X-A: , ,\t, 2 ,": True, 'X-A: "1"': False, 'X-A: "3,1"': False,
        'X-A: "3,1", 1': True, 'X-A: "3\\",1"': False, 'X-A: "1': False, 'X-A: "3,1': False,
        'X-A: "\\': False, 'X-A: "3\\",1,"': False, "X-A: 1;q=0": False, "X-A: 1 2": False,
        "": False},
    "!header.X-A=1": {"": True, "X-A: 2": True, "X-A: 2, 1": False, "X-A: 2\nX-A: 1": False},
    "header.X-A=a,b": {"X-A: a,b": True, "X-A: A": False},
    '"header.X-A=a b"': {"X-A: a b": True, "X-A: a  b": False, "X-A: a\tb": False},
    '"header.X-A=a\tb"': {"X-A: a\tb": True, "X-A: a b": False},
    "header.X-A=~^=1$": {"X-A: =1": True, "X-A: 1": False},
    "header.X-A=!1": {"X-A: !1": True, "X-A: 2": False},
    r"header.X-A=~^v(\d+),w$": {"X-A: v12,w": True, "X-A: v,w": False},
    "header.X-A=~^b.$": {"X-A: a1, b2": True, "X-A: a1\nX-A: b2": True, "X-A: b23": False},
    "header.X-A=~(?i)^abc$": {"X-A: ABC": True, "X-A: abcd": False},
    "!header.X-A=~^b": {"": True, "X-A: a": True, "X-A: b": False, "X-A: a, b": False},
    "header.X-A=ü": {"X-A: \xc3\xbc": True, "X-A: \xfc": False, "X-A: u": False},
    "header.X-A=~^.$": {"X-A: \xff": True, "X-A: \xc3\xbc": False},
    "header.Accept=text/html": {"Accept: text/html, */*;q=0.8": True, "Accept: */*": False},
    "header.Host=a.example:81": {"Host: a.example:81": True, "Host: a.example": False},
    "header.User-Agent=~Firefox/[0-9]": {
        "User-Agent: Mozilla/5.0 (X11) Gecko, Firefox/141.0": True, "User-Agent:": False},
    "header.X-A=1 header.X-B=2 !header.X-C": {
        "X-A: 1\nX-B: 2": True, "X-A: 1": False, "X-B: 2": False,
        "X-A: 1\nX-B: 2\nX-C: 3": False, "": False},
}

COOKIES = {
    "cookie.a": {
        "": False, "a=1": True, "a=": False, "a": False, "A=1": False, "b=1;a=2": True,
        "b=1; a=2": True, " \t a = 1 ;b": True, 'a=""': False, 'a="': True, "b=a=1": False,
        "xa=1": False, "a.b=1": False, ";;;a=1;;": True, "=1": False, "=": False, "a=;a=1": True,
        "b; a=1": True, "a==": True, "a=\x80": True, "\xff=1": False, "a =1": True},
    "!cookie.a": {"": True, "a=": True, "b=1": True, "a=1": False},
    "cookie.a=1,2": {
        "a=1": True, "a=2": True, "a=3; a=2": True, "a=2; a=3": True, 'a="1"': True,
        'a="1': False, "a=12": False, "a=%31": False, "b=1": False, "a=1=": False,
        'b="; a=1': True, "": False},
    "!cookie.a=1": {"": True, "a=2": True, "a=2; a=1": False},
    "cookie.a=~^t-([0-9a-f]+)$": {"a=t-9f": True, "a=t-; a=t-1": True, "a=t-x": False},
    "cookie.a.b=1": {"a.b=1": True, "a=1": False},
    "cookie.__Host-id": {"__Host-id=x": True, "__host-id=x": False},
    "cookie.a cookie.b=2": {"a=1; b=2": True, "a=1": False, "b=2": False},
}

QUERIES = {
    "query.a": {
        "": False, "?": False, "?a": False, "?a=": False, "?a=1": True, "?A=1": False,
        "?b=1&a=2": True, "?%61=1": True, "?a=%20": True, "?a=+": True, "?&&&a=1": True,
        "?=1": False, "?=": False, "?&": False, "?a%3D1": False, "?a=%": True, "?a=%zz": True,
        "?a=%0": True, "?a=%00": True, "?%00a=1": False, "?a%00=1": False, "?a;b=1": False,
        "?b=?a=1": False, "?a=&a=1": True, "?a&a&a=1": True, "?a==": True, "?%=1": False,
        "?%6=1&a=1": True, "?a=%0d%0a": True},
    "!query.a": {"": True, "?a=": True, "?a=&a=": True, "?a=1": False, "?b": True},
    "query.a=1,x%2Cy": {"?a=1": True, "?a=%31": True, "?a=x%252Cy": True, "?a=x,y": False,
                        "?a=2&a=1": True, "?a=1&a=2": True, "?a=11": False},
    '"query.q=a b"': {"?q=a+b": True, "?q=a%20b": True, "?q=a%2Bb": False, "?q=ab": False},
    "query.q=ü": {"?q=%C3%BC": True, "?q=%c3%bc": True, "?q=%FC": False},
    "query.a.b=1": {"?a.b=1": True, "?a%2eb=1": True, "?a=1": False},
    "query.a[]=1": {"?a%5B%5D=1": True, "?a[]=1": True, "?a[]=2&a[]=1": True, "?a=1": False},
    '"query.a b"': {"?a+b=1": True, "?a%20b=1": True, "?ab=1": False},
    "!query.a=1": {"": True, "?a=2": True, "?a=2&a=1": False},
    "query.a=~^[0-9]+$": {"?a=12": True, "?a=%31": True, "?a=1x": False, "?a=1%0a": False,
                          "?a=x&a=7": True},
    r"!query.a=~\s": {"?a=1+2": False, "?a=12": True, "?a=1%0a2": False, "": True},
    "query.a=1 query.b=2": {"?a=1&b=2": True, "?b=2&a=1": True, "?a=1": False, "?b=2": False},
}

# Under TempRedirectLanguages en de pt-BR.
LANGUAGES = {
    "lang=de": {
        "": False, "de": True, "DE": True, "de-CH": True, "fr": False, "fr, de;q=0.1": True,
        "en, de": False, "de;q=0.5, en;q=0.4": True, "de;q=0.4, en;q=0.5": False,
        "de;q=0": False, "*": False, "*, de;q=0.1": True, "xde": False, "d": False,
        ";;q=, ,de": True, "de;q=x": False, "de;q=1.5": False, "de;Q=1": True, "de ; q=0.9": True,
        "\xff\xfe, de": True, "de_CH": False, "en;q=0, fr": True},
    "!lang=de": {"de": False, "en": True, "": True},
    "lang=pt": {"pt-br": True, "pt": False, "pt-BR-x-a": True},
    "lang=en": {"": True, "fr": True, "*": True, "de": False, "en;q=0, de;q=0, pt-BR;q=0": True},
    "lang=PT-br,DE": {"pt-BR": True, "de-AT": True, "en": False},
    "lang=~^(?:de|pt)": {"de": True, "pt-BR": True, "fr": False},
    "lang": {"": True, "fr": True},
}

# Fields, as in HEADERS; the variables are set in ENVIRONMENT.
ENVS = {
    "env.SET": {"": True},
    "env.SET=some,text": {"": False},
    '"env.SET=some text"': {"": True},
    "env.EMPTY": {"": False},
    "!env.EMPTY": {"": True},
    "env.BY_HEADER=1": {"": False, "X-Env: yes": True},
    "env.COUNTRY=DE,AT": {"": False, "X-Country: DE": True, "X-Country: FR": False},
    "!env.COUNTRY=DE": {"": True, "X-Country: DE": False, "X-Country: FR": True},
    "env.COUNTRY=~^[A-Z][A-Z]$": {"X-Country: FR": True, "X-Country: fr": False},
    "env.BY_EXPR=POST": {"": False, "X-Env: yes": True},
    "env.BY_RULE=r-rewritten": {"": False, "X-Env: rewritten": True},
    "env.set": {"": True},  # as reqenv() and SetEnvIf have it
    "env.TEMPREDIRECT_ID": {"": False},
}
ENVIRONMENT = """
SetEnv SET "some text"
SetEnv EMPTY ""
SetEnvIf X-Env yes BY_HEADER=1
SetEnvIf X-Country "(.+)" COUNTRY=$1
SetEnvIfExpr "%{HTTP:X-Env} == 'yes'" BY_EXPR=POST
RewriteEngine On
RewriteCond %{HTTP:X-Env} ^(rew.*)$
RewriteRule ^ - [E=BY_RULE:r-%1]
"""

TABLES = {"method": METHODS, "host": HOSTS, "fields": HEADERS, "cookie": COOKIES,
          "query": QUERIES, "language": LANGUAGES, "environment": ENVS}
ROWS = [(kind, words) for kind, table in TABLES.items() for words in table]
CONFIG = "\n".join(["TempRedirectLanguages en de pt-BR", ENVIRONMENT, *(
    f"TempRedirect /r{n} /yes args=drop {words}" for n, (_, words) in enumerate(ROWS))])
MODULES = ["env", "setenvif", "rewrite"]


def fields(lines):
    return [re.split(r": ?", line, maxsplit=1) for line in lines.split("\n") if line]


def asked(httpd, kind, path, what):
    """Whether the rule at that path redirects a request; else there is nothing (404), or
    nobody for the method (405, 501)."""
    requests = {
        "method": lambda: httpd.request(what, path),
        "host": lambda: httpd.get(path, {"Host": what}),
        "fields": lambda: httpd.get(path, fields(what)),
        "environment": lambda: httpd.get(path, fields(what)),
        "cookie": lambda: httpd.get(path, {"Cookie": what} if what else {}),
        "query": lambda: httpd.get(path + what),
        "language": lambda: httpd.get(path, {"Accept-Language": what} if what else {}),
    }
    answer = requests[kind]()
    refused = {404, 405, 501} if kind == "method" else {404}
    assert answer.location == "/yes" if answer.status == 307 else answer.status in refused, what
    return answer.status == 307


def check_row(httpd, kind, words):
    row = TABLES[kind][words]
    path = f"/r{ROWS.index((kind, words))}"
    assert {what: asked(httpd, kind, path, what) for what in row} == row


@pytest.fixture(scope="module")
def front(module_server):
    httpd = module_server(CONFIG, modules=MODULES)
    httpd.allow_log("AH00135: Invalid method")
    return httpd


@pytest.mark.parametrize("kind, words", ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_rule_is_for_the_requests_that_its_conditions_name(front, kind, words):
    check_row(front, kind, words)


def test_conditions_are_the_same_on_every_mpm(server, mpm):
    httpd = server(CONFIG, modules=MODULES, mpm=mpm)
    for kind, table in TABLES.items():
        check_row(httpd, kind, list(table)[0])
        check_row(httpd, kind, list(table)[-1])


# --- what stands on the wire ------------------------------------------------------------

CURL = {"http/1.0": ["--http1.0"], "http/1.1": ["--http1.1"],
        "h2c": ["--http2-prior-knowledge"], "h2": ["--http2", "--insecure"]}


@pytest.fixture(scope="module")
def wire(module_server):
    return module_server("""
        TempRedirectLanguages en de
        TempRedirect /header /yes header.X-A=1
        TempRedirect /list /yes header.X-A=2
        TempRedirect /cookie /yes cookie.a=1 cookie.b=2
        TempRedirect /query /yes query.a=1 args=drop
        TempRedirect /host /yes host=a.example
        TempRedirect /lang /%{lang} tail=drop
        TempRedirect /method /yes method=POST
        TempRedirect /tls /yes scheme=https
        TempRedirect /plain /yes scheme=HTTP
        TempRedirect /port /yes port=${TLS_PORT}
        TempRedirect /expr /yes "expr=%{HTTP:X-A} == '1'"
        """, http2=True, tls=True)


@pytest.mark.parametrize("protocol", CURL)
@pytest.mark.parametrize("path, options, location", [
    ("/header", ["-H", "X-A: 1"], "/yes"),
    ("/header", ["-H", "X-A: 2"], ""),
    ("/list", ["-H", "X-A: 1", "-H", "x-a: 2"], "/yes"),
    ("/cookie", ["-H", "Cookie: x=0; a=1; b=2"], "/yes"),
    ("/cookie", ["-H", "Cookie: a=1"], ""),
    ("/query?a=2&a=1", [], "/yes"),
    ("/host", ["-H", "Host: A.example:99"], "/yes"),
    ("/host", [], ""),
    ("/lang", ["-H", "Accept-Language: fr, de;q=0.2"], "/de"),
    ("/method", ["-d", "x"], "/yes"),
    ("/method", [], ""),
    ("/expr", ["-H", "X-A: 1"], "/yes"),
])
def test_conditions_are_the_same_in_every_version_of_http(wire, protocol, path, options,
                                                          location):
    assert curl_location(wire, protocol, path, *options) == location


def curl_location(httpd, protocol, path, *options):
    command = ["curl", "-q", "-sS", "-o", "/dev/null", "-w", "%header{location}",
               "--noproxy", "*", "--max-time", "10", *CURL[protocol], *options,
               httpd.url(path, tls=protocol == "h2")]
    return subprocess.run(command, check=True, timeout=20, stdout=subprocess.PIPE,
                          text=True).stdout


@pytest.mark.parametrize("protocol", ["h2c", "h2"])
def test_cookies_that_http_2_sends_as_several_fields_are_all_there(wire, protocol):
    crumbs = ["-H", "Cookie: x=0", "-H", "Cookie: a=1", "-H", "Cookie: b=2"]
    assert curl_location(wire, protocol, "/cookie", *crumbs) == "/yes"


def test_of_several_cookie_fields_in_http_1_all_cookies_but_the_last_are_odd(server):
    """httpd joins them with commas, which may be part of a cookie's value. No client may
    send more than one (RFC 6265 section 5.4)."""
    httpd = server("TempRedirect /a /yes cookie.a\nTempRedirect /b /yes cookie.b\n"
                   "TempRedirect /c /yes cookie.c=3")
    two = [("Cookie", "a=1"), ("Cookie", "b=2; c=3")]
    answers = {path: httpd.get(path, two).location for path in ("/a", "/b", "/c")}
    assert answers == {"/a": "/yes", "/b": None, "/c": "/yes"}


@pytest.mark.parametrize("path, protocol, location", [
    ("/tls", "h2", "/yes"), ("/tls", "h2c", ""), ("/tls", "http/1.1", ""),
    ("/plain", "h2", ""), ("/plain", "http/1.0", "/yes"),
    ("/port", "h2", "/yes"), ("/port", "http/1.1", ""),
])
def test_scheme_and_port_are_those_of_the_connection(wire, path, protocol, location):
    fooled = ["-H", "X-Forwarded-Proto: https", "-H", f"Host: x:{wire.tls_port}"]
    assert curl_location(wire, protocol, path, *fooled) == location


@pytest.mark.parametrize("request_text, found", [
    ("GET /host HTTP/1.0\r\n\r\n", False),
    ("GET /host HTTP/1.0\r\nHost: a.example\r\n\r\n", True),
    ("GET /host HTTP/1.1\r\nHost: A.EXAMPLE.:7\r\nConnection: close\r\n\r\n", True),
    ("GET http://a.example/host HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n\r\n", True),
    ("GET http://b.example/host HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n", False),
    ("GET /host HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", False),
])
def test_the_host_is_the_one_that_the_client_sent(wire, request_text, found):
    assert (b"\r\nLocation: /yes\r\n" in raw(wire.port, request_text)) == found


@pytest.mark.parametrize("canonical", ["On", "Off", "DNS"])
def test_a_request_without_host_is_for_the_server_name(server, canonical):
    httpd = server(f"""
        UseCanonicalName {canonical}
        HostnameLookups Off
        ServerName Named.example:99
        TempRedirect /named /yes host=named.example
        TempRedirect /sent /yes host=sent.example
        """)
    assert b"Location: /yes" in raw(httpd.port, "GET /named HTTP/1.0\r\n\r\n")
    sent = {"Host": "sent.example"}
    assert httpd.get("/sent", sent).location == "/yes"
    assert httpd.get("/named", sent).location is None


def test_a_scheme_in_the_server_name_counts(server):
    httpd = server("ServerName https://localhost:443\n"
                   "TempRedirect /s /yes scheme=https\nTempRedirect /p /yes scheme=http")
    assert [httpd.get(path).location for path in ("/s", "/p")] == ["/yes", None]


def test_the_port_is_compared_as_a_number_and_never_the_one_in_host(server):
    httpd = server("TempRedirect /a /yes port=${PORT2}\nTempRedirect /b /yes !port=${PORT2}\n"
                   "TempRedirect /c /yes port=1,${PORT},2\n"
                   "TempRedirect /d /yes port=~^${PORT2}$")
    ports = {"/a": [None, "/yes"], "/b": ["/yes", None], "/c": ["/yes", None],
             "/d": [None, "/yes"]}
    both = [httpd.port, httpd.port2]
    fooled = {"Host": f"127.0.0.1:{httpd.port2}"}
    assert {path: [httpd.get(path, fooled, port=port).location for port in both]
            for path in ports} == ports


# --- client -----------------------------------------------------------------------------

CLIENTS = """
TempRedirect /v4 /yes client=127.0.0.0/8
TempRedirect /v6 /yes client=::1
TempRedirect /not4 /yes !client=127.0.0.1
TempRedirect /any4 /yes client=0.0.0.0/0
TempRedirect /any6 /yes client=::/0
TempRedirect /ten /yes client=192.0.2.1,10.0.0.0/8,2001:db8::/32
TempRedirect /mapped /yes client=::ffff:127.0.0.1
"""


def held(httpd, paths, headers=(), address=None, port=None):
    """Which of the paths are redirected, for requests to an address of this machine."""
    found = set()
    for path in paths:
        if address:
            with socket.create_connection((address, port), 10) as sock:
                sock.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
                location = read_response(sock).location
        else:
            location = httpd.get(path, headers).location
        found |= {path} if location else set()
    return found


PATHS = ["/v4", "/v6", "/not4", "/any4", "/any6", "/ten", "/mapped"]


def test_clients_are_known_by_address_on_ipv4_ipv6_and_mapped_listeners(server, mpm):
    httpd = server("Listen [::1]:${PORT}\nListen [::ffff:127.0.0.1]:${TLS_PORT}\n" + CLIENTS,
                   mpm=mpm)
    four = {"/v4", "/any4", "/mapped"}
    assert held(httpd, PATHS) == four
    assert held(httpd, PATHS, address="127.0.0.1", port=httpd.tls_port) == four
    assert held(httpd, PATHS, address="::1", port=httpd.port) == {"/v6", "/not4", "/any6"}


LOCAL = {"/v4", "/any4", "/mapped"}
TEN = {"/not4", "/any4", "/ten"}


@pytest.fixture(scope="module")
def proxied(module_server):
    return module_server(CLIENTS + "RemoteIPHeader X-Forwarded-For\n"
                         "RemoteIPInternalProxy 127.0.0.1 10.9.9.9\n", modules=["remoteip"])


@pytest.mark.parametrize("forwarded, paths", [
    (None, LOCAL),
    ("10.1.2.3", TEN),
    ("192.0.2.1", TEN),
    ("192.0.2.2", {"/not4", "/any4"}),
    ("127.0.0.1, 10.1.2.3", TEN),
    ("10.1.2.3, 192.0.2.2", {"/not4", "/any4"}),
    ("10.1.2.3, 10.9.9.9", TEN),
    ("2001:db8::7", {"/not4", "/any6", "/ten"}),
    ("::1", {"/not4", "/v6", "/any6"}),
    ("::ffff:10.1.2.3", TEN),
    ("nonsense", LOCAL),
    ("10.1.2.3:80x", LOCAL),
    ("\xff\x80", LOCAL),
    (",", LOCAL),
    ("10.1.2.3, ", None),
])
def test_behind_a_proxy_the_client_is_whom_mod_remoteip_names(proxied, forwarded, paths):
    proxied.allow_log("AH0.*RemoteIP")
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    found = held(proxied, PATHS, headers)
    assert found == paths if paths else found in (LOCAL, TEN)


def test_without_mod_remoteip_a_forwarded_address_is_only_a_header(server):
    httpd = server(CLIENTS)
    assert held(httpd, PATHS, {"X-Forwarded-For": "10.1.2.3"}) == LOCAL


# --- user -------------------------------------------------------------------------------

def test_the_user_is_who_has_authenticated(server):
    def password(text):
        return "{SHA}" + base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()

    httpd = server("""
        <Location /closed>
            AuthType Basic
            AuthName test
            AuthUserFile ${HTDOCS}/users
            Require valid-user
        </Location>
        TempRedirect /closed/any /yes user
        TempRedirect /closed/one /yes user=ann,joe
        TempRedirect /closed/regex /yes user=~^j
        TempRedirect /closed/not /yes !user=joe
        TempRedirect /closed/target /to/%{user} tail=drop
        TempRedirect /open /yes user
        TempRedirect /nobody /yes !user
        """, modules=["authn_core", "authn_file", "auth_basic", "authz_user"],
        files={"users": f"joe:{password('x')}\nAnn:{password('x')}\na/b:{password('x')}\n"})
    httpd.allow_log("AH01617|AH01618")

    def location(path, user):
        credentials = base64.b64encode(f"{user}:x".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}"} if user else {}
        return httpd.get(path, headers).location

    def users(path):
        return {user for user in ("joe", "Ann", "a/b", "eve", "") if location(path, user)}

    assert users("/closed/any") == {"joe", "Ann", "a/b"}
    assert users("/closed/one") == {"joe"}
    assert users("/closed/regex") == {"joe"}
    assert users("/closed/not") == {"Ann", "a/b"}
    assert users("/open") == set()
    assert users("/nobody") == {"joe", "Ann", "a/b", "eve", ""}
    assert location("/closed/target", "a/b") == "/to/a%2Fb"


# --- env ----------------------------------------------------------------------------------

def test_variables_of_a_htaccess_are_known_to_the_rules_around_it(server):
    httpd = server("TempRedirect /d/a /yes env.A=1\nTempRedirect /d/b /yes env.B=b2\n"
                   "TempRedirect /d/c /yes env.C\n", modules=MODULES, files={
                       "d/.htaccess": "SetEnv A 1\nSetEnvIf Request_URI b B=b2\n"
                                      "RewriteEngine On\nRewriteRule ^c - [E=C:1]\n",
                       "d/a": "", "d/b": "", "d/c": ""})
    assert {path: httpd.get(path).location for path in ("/d/a", "/d/b", "/d/c", "/d/x")} == {
        "/d/a": "/yes", "/d/b": "/yes", "/d/c": "/yes", "/d/x": None}


# --- lang ---------------------------------------------------------------------------------

def test_languages_are_those_of_the_section_merged_last(server):
    rule = "TempRedirect / /%{lang} !query.stay"
    httpd = server(f"""
        TempRedirectLanguages en de
        {rule}
        <Location /loc>
            TempRedirectLanguages fr it
        </Location>
        <Directory ${{HTDOCS}}/dir>
            TempRedirectLanguages es
        </Directory>
        <Files "*.pl">
            TempRedirectLanguages pl
        </Files>
        <If "%{{QUERY_STRING}} == 'sv'">
            TempRedirectLanguages SV
        </If>
        <VirtualHost *:${{PORT2}}>
            TempRedirectLanguages nl
        </VirtualHost>
        """, files={"dir/f": "", "dir/ht/.htaccess": "TempRedirectLanguages cs\n",
                    "dir/ht/f": "", "x.pl": ""})
    accept = {"Accept-Language": "de, it;q=0.9, cs;q=0.8"}

    def location(path, **options):
        return httpd.get(path, accept, **options).location

    assert location("/x") == "/de/x"
    assert location("/loc/x") == "/it/loc/x"
    assert location("/dir/f") == "/es/dir/f"
    assert location("/dir/ht/f") == "/cs/dir/ht/f"
    assert location("/x.pl") == "/pl/x.pl"
    assert location("/x?sv") == "/SV/x?sv"
    assert location("/x", port=httpd.port2) == "/nl/x"
    assert location("/de/x") is None
    assert location("/fr/x") == "/de/fr/x"
    assert location("/x?stay=1") is None


@pytest.mark.parametrize("accept, path, location", [
    (None, "/a?q", "/en/a?q"), ("de-CH, en;q=0.8", "/a", "/de/a"), ("fr", "/", "/en"),
    ("pt-br", "/", "/pt-BR"), ("de", "/de/a", None), ("de", "/en/a", "/de/en/a"),
    ("de/../evil, de", "/", "/de"), ("\x80", "/", "/en"), ("//evil.example", "/", "/en"),
])
def test_one_line_is_a_whole_language_redirect(server, accept, path, location):
    httpd = server("TempRedirectLanguages en de pt-BR\nTempRedirect / /%{lang}")
    headers = {"Accept-Language": accept} if accept else {}
    assert httpd.get(path, headers).location == location


def test_a_language_can_have_a_site_of_its_own_within_another(server):
    httpd = server("TempRedirectLanguages en de\nTempRedirect / /de lang=de")
    german, english = {"Accept-Language": "de"}, {"Accept-Language": "en"}
    assert httpd.get("/a", german).location == "/de/a"
    assert httpd.get("/de/a", german).location is None
    assert httpd.get("/a", english).location is None


@pytest.mark.parametrize("accept, location", [
    (None, None), ("", None), ("de-CH, en;q=0.8", "/to/de-CH"), ("en;q=0.1, fr;q=0.2", "/to/fr"),
    ("*", None), ("*, fr;q=0.1", "/to/fr"), ("fr;q=0", None), ("a/b, \xff, ..", None),
])
def test_without_languages_it_is_the_clients_first_choice(server, accept, location):
    httpd = server("TempRedirect /a /to/%{lang} tail=drop")
    headers = {} if accept is None else {"Accept-Language": accept}
    assert httpd.get("/a", headers).location == location


# --- expr= ----------------------------------------------------------------------------------

EXPRESSIONS = [
    ("\"expr=%{HTTP:X-A} == 'b c'\"", {"": False, "X-A: b c": True, "X-A: b": False}),
    ("\"!expr=%{HTTP:X-A} == 'b c'\"", {"": True, "X-A: b c": False}),
    ("\"expr=%{HTTP:X-A} =~ /^b(\\d+)$/ && $1 -ge 7\"", {
        "X-A: b7": True, "X-A: b6": False, "X-A: bx": False, "X-A: b12": True}),
    ("\"expr=%{HTTP:X-A} =~ m#^(.)(.)$# && '$2$1' == 'yx'\"", {"X-A: xy": True, "X-A: yx": False}),
    ("\"expr=req('X-A') =~ /B/i\"", {"X-A: b": True, "X-A: c": False}),
    ("\"expr=-f '%{DOCUMENT_ROOT}/there.txt'\"", {"": True}),
    ("\"expr=-f '%{DOCUMENT_ROOT}/not-there.txt'\"", {"": False}),
    ("\"!expr=-f '%{DOCUMENT_ROOT}/not-there.txt'\"", {"": True}),
    ("\"expr=tolower(%{HTTP:X-A}) in {'a','b'}\"", {"X-A: B": True, "X-A: c": False}),
    ("\"expr=-R '127.0.0.0/8'\"", {"": True}),
    ("\"expr=%{REQUEST_METHOD} == 'GET' && -n %{HTTP:X-A}\"", {"": False, "X-A: 1": True}),
    ("\"expr=%{QUERY_STRING} -strmatch '*q=*'\"", {"": False}),
    ("\"expr=reqenv('SET') == 'some text'\"", {"": True}),
    ("\"expr=%{REMOTE_ADDR} == '127.0.0.1' || false\"", {"": True}),
    ("expr=true", {"": True}),
    ("!expr=true", {"": False}),
    ("expr=false header.X-A", {"X-A: 1": False}),
    ("\"expr=%{HTTP:X-A} == '1'\" !header.X-B \"!expr=%{HTTP:X-C} == '1'\"", {
        "X-A: 1": True, "X-A: 1\nX-B: 1": False, "X-A: 1\nX-C: 1": False, "": False}),
    ("\"expr=file('%{DOCUMENT_ROOT}/there.txt') =~ /^here/\"", {"": True}),
]


@pytest.mark.parametrize("section", ["{}", "<Location />\n{}\n</Location>",
                                     "<Directory ${{HTDOCS}}>\n{}\n</Directory>"],
                         ids=["server", "Location", "Directory"])
def test_an_expression_is_httpds_own(server, mpm, section):
    rules = "\n".join(f"TempRedirect /e{n} /yes {words}"
                      for n, (words, _) in enumerate(EXPRESSIONS))
    httpd = server('SetEnv SET "some text"\n' + section.format(rules), mpm=mpm, modules=["env"],
                   files={"there.txt": "here\n"})
    found = [(words, {what: httpd.get(f"/e{n}", fields(what)).location == "/yes"
                      for what in row}) for n, (words, row) in enumerate(EXPRESSIONS)]
    assert found == EXPRESSIONS


def test_an_expression_in_htaccess_is_what_httpd_lets_it_be():
    assert check_htaccess("TempRedirect /file.txt /yes \"expr=%{HTTP:X-A} == ''\"")[0] == 307
    status, said = check_htaccess(
        "TempRedirect /file.txt /yes \"expr=file('/etc/hostname') != ''\"")
    assert status == 500
    assert said.startswith("TempRedirect: expr=file('/etc/hostname') != '': ")


def test_an_expression_that_fails_makes_its_rule_not_hold_negated_or_not(server):
    httpd = server("TempRedirect /a /yes \"expr=file('/not/there') == ''\" id=plain\n"
                   "TempRedirect /a /no \"!expr=file('/not/there') == 'x'\" id=negated\n"
                   "TempRedirect /a /last id=last")
    httpd.expect_log("warn.*TR0017: rule plain: its expression could not be evaluated")
    httpd.expect_log("warn.*TR0017: rule negated: its expression could not be evaluated")
    httpd.allow_log("Evaluation of expression")  # httpd says why, each time
    assert [httpd.get("/a").location for _ in range(3)] == ["/last"] * 3


# --- several conditions and rules -------------------------------------------------------------

def test_the_first_rule_whose_conditions_all_hold_wins(server):
    httpd = server("""
        TempRedirect /a /both header.X-A=1 cookie.c=1
        TempRedirect /a ! header.X-Stay
        TempRedirect /a /cookie cookie.c=1
        TempRedirectMatch ^/a /regex method=POST query.q=~^\\d+$ args=drop
        TempRedirect /a /rest !header.X-A
        """)
    header, cookie, stay = ("X-A", "1"), ("Cookie", "c=1"), ("X-Stay", "1")
    assert httpd.get("/a", [header, cookie]).location == "/both"
    assert httpd.get("/a", [header, cookie, stay]).location == "/both"
    assert httpd.get("/a", [cookie, stay]).location is None
    assert httpd.get("/a", [cookie]).location == "/cookie"
    assert httpd.get("/a", [header]).location is None
    assert httpd.get("/a").location == "/rest"
    assert httpd.request("POST", "/a?q=12", [header], b"x").location == "/regex"
    assert httpd.request("POST", "/a?q=x", [header], b"x").location is None


def test_conditions_hold_among_many_rules_of_one_path(server):
    """More than an index is built for; all are candidates of one path."""
    rules = [f"TempRedirect /a /to/{n} header.X-N={n} tail=drop" for n in range(500)]
    httpd = server("\n".join([*rules, "TempRedirect /a /none tail=drop"]))
    assert [httpd.get("/a/x", {"X-N": str(n)}).location for n in (0, 250, 499, 500)] == [
        "/to/0", "/to/250", "/to/499", "/none"]


# --- every word in every section ----------------------------------------------------------------

ALL_WORDS = [
    # the word, and whether a request without any header fits
    ("method=GET", True), ("scheme=http", True), ("host=word.example", False),
    ("port=${PORT}", True), ("client=127.0.0.1", True), ("!user", True), ("lang=de", False),
    ("header.X-A=1", False), ("cookie.a=1", False), ("query.a=1", False), ("env.V=1", False),
    ("header.X-A=~^.$", False), ("!header.X-A", None), ("\"expr=%{HTTP:X-A} == '1'\"", False),
    ("\"!expr=%{HTTP:X-A} == '1'\"", None), ("from=2000-01-01T00:00Z", True),
    ("until=2999-01-01T00:00Z", True), ("hours=Mon-Sun tz=UTC", True), ("cache=60", True),
    ("vary=off header.X-A", False), ("retry-after=60", True), ("phase=fixups", True),
    ("mode=live", True),
]
WORD_RULES = "\n".join(
    [r"TempRedirectLanguages en de"] +
    [rf"TempRedirectMatch ^/d/{n}\.html$ /to/{n} args=drop {words}"
     for n, (words, _) in enumerate(ALL_WORDS)])
WORD_SECTIONS = {
    "server": "{}",
    "VirtualHost": "<VirtualHost *:${PORT}>\n{}\n</VirtualHost>",
    "Directory": "<Directory ${HTDOCS}/d>\n{}\n</Directory>",
    "DirectoryMatch": '<DirectoryMatch "/d/">\n{}\n</DirectoryMatch>',
    "Files": '<Files "*.html">\n{}\n</Files>',
    "FilesMatch": '<FilesMatch "html$">\n{}\n</FilesMatch>',
    "Files in Directory": "<Directory ${HTDOCS}/d>\n<Files *.html>\n{}\n</Files>\n</Directory>",
    "Location": "<Location /d>\n{}\n</Location>",
    "LocationMatch": "<LocationMatch ^/d/>\n{}\n</LocationMatch>",
    "If": '<If "true">\n{}\n</If>',
    "If in Location": '<Location /d>\n<If "true">\n{}\n</If>\n</Location>',
    "Else in Directory": '<Directory ${HTDOCS}/d>\n<If "false">\n</If>\n<Else>\n{}\n</Else>\n'
                         "</Directory>",
    "IfModule": "<IfModule mod_tempredirect.c>\n{}\n</IfModule>",
    "IfDefine": "<IfDefine PORT>\n{}\n</IfDefine>",
    "Macro": "<Macro M>\n{}\n</Macro>\nUse M",
    "htaccess": None,
}


@pytest.mark.parametrize("section", WORD_SECTIONS)
def test_every_word_is_understood_in_every_section(server, section):
    around = WORD_SECTIONS[section]
    files = {f"d/{n}.html": "here" for n in range(len(ALL_WORDS))}
    if around is None:
        files["d/.htaccess"] = WORD_RULES
    httpd = server("SetEnvIf X-Env 1 V=1\n" + (around or "").replace("{}", WORD_RULES),
                   modules=["setenvif", "macro"], files=files)
    full = [("Host", "word.example"), ("Accept-Language", "de"), ("X-A", "1"),
            ("Cookie", "a=1"), ("X-Env", "1")]
    bare = [ALL_WORDS[n][0] for n in range(len(ALL_WORDS))
            if httpd.get(f"/d/{n}.html").location == f"/to/{n}"]
    fitting = [ALL_WORDS[n][0] for n in range(len(ALL_WORDS))
               if httpd.get(f"/d/{n}.html?a=1", full).location == f"/to/{n}"]
    assert bare == [words for words, fits in ALL_WORDS if fits is not False]
    assert fitting == [words for words, fits in ALL_WORDS if fits is not None]
