"""Requests for which no rule is asked, and paths that pass through unless a rule means them."""

import re

import pytest

from harness import read_response


# --- subrequests and internal redirects -------------------------------------------------

INTERNAL = """
TypesConfig /dev/null
AddOutputFilter INCLUDES .shtml
AddType text/html .shtml .html
AddHandler type-map .var
AddLanguage de .de
AddLanguage en .en
DirectoryIndex index.html
ErrorDocument 403 /errors/403.html
ErrorDocument 404 /errors/404.html
ErrorDocument 307 /errors/307.html

TempRedirect /errors /moved
TempRedirect /parts /moved
TempRedirectMatch ^/site/index\\.html$ /moved/index.html
TempRedirectMatch ^/list/(.*\\.txt)$ /moved/$1
TempRedirect /variants/doc.html.en /moved/doc
TempRedirect /inside/real.html /moved/real.html
TempRedirect /fallback/app.html /moved/app.html
TempRedirect /asked /moved
TempRedirect /cgi-like/handler.html /moved/handler.html

RewriteEngine On
RewriteCond /asked/file.txt -U
RewriteRule ^/probe$ /probed.html
RewriteRule ^/deny$ - [F]
<Directory ${HTDOCS}/page>
    Options +Includes
</Directory>
<Directory ${HTDOCS}/list>
    Options +Indexes
</Directory>
<Directory ${HTDOCS}/variants>
    Options +MultiViews
</Directory>
<Directory ${HTDOCS}/fallback>
    FallbackResource /fallback/app.html
</Directory>
<Location /page.act>
    SetHandler our-action
</Location>
<Location /cgi-like>
    AcceptPathInfo On
</Location>
Action our-action /cgi-like/handler.html virtual
"""

INTERNAL_FILES = {
    "errors/403.html": "own 403", "errors/404.html": "own 404", "errors/307.html": "own 307",
    "page/index.shtml": '<!--#include virtual="/parts/a.html" -->', "parts/a.html": "part a",
    "site/index.html": "site index", "list/a.txt": "a", "list/b.txt": "b",
    "variants/doc.html.en": "english", "asked/file.txt": "asked", "probed.html": "probed",
    "inside/.htaccess": "RewriteEngine On\nRewriteRule ^pretty$ real.html\n",
    "inside/real.html": "real", "fallback/app.html": "app",
    "cgi-like/handler.html": "handled"}


@pytest.fixture(scope="module")
def internal(module_server):
    return module_server(
        INTERNAL, files=INTERNAL_FILES,
        modules=["mime", "include", "dir", "autoindex", "negotiation", "rewrite", "actions"])


@pytest.mark.parametrize("path, status, text", [
    ("/nothing", 404, "own 404"),
    ("/deny", 403, "own 403"),
    ("/page/index.shtml", 200, "part a"),
    ("/site/", 200, "site index"),
    ("/variants/doc", 200, "english"),
    ("/probe", 200, "probed"),
    ("/inside/pretty", 200, "real"),
    ("/fallback/any/path", 200, "app"),
    ("/page.act", 200, "handled"),
])
def test_what_httpd_asks_of_itself_is_not_redirected(internal, path, status, text):
    internal.allow_log("AH01630: client denied")
    answer = internal.get(path)
    assert (answer.status, answer.text, answer.location) == (status, text, None)


@pytest.mark.parametrize("path, location", [
    ("/errors/404.html", "/moved/404.html"),
    ("/parts/a.html", "/moved/a.html"),
    ("/site/index.html", "/moved/index.html"),
    ("/list/a.txt", "/moved/a.txt"),
    ("/variants/doc.html.en", "/moved/doc"),
    ("/asked/file.txt", "/moved/file.txt"),
    ("/inside/real.html", "/moved/real.html"),
    ("/fallback/app.html", "/moved/app.html"),
    ("/cgi-like/handler.html", "/moved/handler.html"),
])
def test_the_same_paths_are_redirected_when_a_client_asks(internal, path, location):
    """The error document is ruled too, and yet is the note of this 307: no loop."""
    answer = internal.get(path)
    assert (answer.status, answer.location, answer.text) == (307, location, "own 307")


def test_a_directory_listing_names_files_that_are_redirected(internal):
    listing = internal.get("/list/").text
    assert "a.txt" in listing and "b.txt" in listing


# --- CORS preflights --------------------------------------------------------------------

ORIGIN = {"Origin": "https://app.example.com"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "PUT"}


@pytest.fixture(scope="module")
def front(module_server):
    return module_server(r"""
        TempRedirect / https://new.example.com
        TempRedirect /.well-known/acme-challenge/moved https://acme.example.com
        <Location /stay>
            TempRedirect !
        </Location>
        <VirtualHost *:${PORT2}>
            TempRedirectMatch ^/\.well-known/acme-chal https://regex.example.com
            TempRedirect /.well-known/acme-challenge https://acme.example.com
            TempRedirect /.well-known https://other.example.com
        </VirtualHost>
        """, http2=True, files={".well-known/acme-challenge/token": "key"})


@pytest.mark.parametrize("method, headers, status", [
    ("OPTIONS", PREFLIGHT, 200),
    ("OPTIONS", {name.lower(): value for name, value in PREFLIGHT.items()}, 200),
    ("OPTIONS", ORIGIN, 307),
    ("OPTIONS", {"Access-Control-Request-Method": "PUT"}, 307),
    ("OPTIONS", {}, 307),
    ("GET", PREFLIGHT, 307),
    ("PUT", ORIGIN, 307),
])
def test_a_preflight_passes_and_nothing_else(front, method, headers, status):
    assert front.request(method, "/x", headers).status == status


def test_a_rule_that_names_options_is_meant_for_preflights(server):
    httpd = server("""
        TempRedirect /one /yes method=OPTIONS
        TempRedirect /list /yes method=GET,OPTIONS
        TempRedirect /origin /yes method=OPTIONS header.Origin=https://app.example.com
        TempRedirect /other /yes method=OPTIONS header.Origin=https://other.example.com
        TempRedirect /not /yes !method=GET
        TempRedirect /negated /yes !method=OPTIONS
        TempRedirect /regex /yes method=~^OPTIONS$
        TempRedirect /present /yes header.Access-Control-Request-Method
        TempRedirect /second /first
        TempRedirect /second /yes method=OPTIONS
        TempRedirect /stay ! method=OPTIONS
        TempRedirect /stay /yes method=OPTIONS
        TempRedirect /early /yes method=OPTIONS phase=early
        TempRedirect /early/not /yes phase=early
        TempRedirect / /rest
        """)
    expected = {
        "/one": "/yes", "/list": "/yes", "/origin": "/yes", "/other": None, "/not": None,
        "/negated": None, "/regex": None, "/present": None, "/second": "/yes", "/stay": None,
        "/early": "/yes", "/x": None}
    assert {path: httpd.request("OPTIONS", path, PREFLIGHT).location
            for path in expected} == expected
    assert httpd.request("OPTIONS", "/regex", ORIGIN).location == "/yes"


# --- ACME -------------------------------------------------------------------------------

def test_a_challenge_passes_a_rule_that_does_not_name_it(front):
    answer = front.get("/.well-known/acme-challenge/token")
    assert (answer.status, answer.text) == (200, "key")


@pytest.mark.parametrize("sent", [
    "/.well-known/acme-challenge/no-such-token",
    "/.well-known//acme-challenge/no-such-token",
    "/x/../.well-known/acme-challenge/no-such-token",
    "/.well-known/acme%2Dchallenge/no-such-token",
])
def test_a_challenge_passes_however_it_is_spelt(front, sent):
    assert front.get(sent).status == 404


@pytest.mark.parametrize("path, location", [
    ("/.well-known/acme-challenge", "https://new.example.com/.well-known/acme-challenge"),
    ("/.well-known/acme-challenges/x", "https://new.example.com/.well-known/acme-challenges/x"),
    ("/.well-known/security.txt", "https://new.example.com/.well-known/security.txt"),
    ("/a/.well-known/acme-challenge/x",
     "https://new.example.com/a/.well-known/acme-challenge/x"),
])
def test_what_only_looks_like_a_challenge_is_redirected(front, path, location):
    assert front.get(path).location == location


def test_a_rule_below_the_challenges_holds_once_the_wider_rule_stood_aside(front):
    """`/` is asked first, passes the challenge on, and the rule that names it answers."""
    answer = front.get("/.well-known/acme-challenge/moved/t")
    assert answer.location == "https://acme.example.com/t"


def test_a_rule_that_names_the_challenges_sends_them_elsewhere(front):
    """The one before it, whose literal ends too early, does not name them."""
    challenge = front.get("/.well-known/acme-challenge/t", port=front.port2)
    other = front.get("/.well-known/x", port=front.port2)
    assert challenge.location == "https://acme.example.com/t"
    assert other.location == "https://other.example.com/x"


# --- requests without a path of this server -----------------------------------------------

@pytest.mark.parametrize("request_target", ["*", "http://127.0.0.1/*"])
def test_options_star_is_answered_by_httpd(front, request_target):
    expected = 200 if request_target == "*" else 307
    assert front.request("OPTIONS", request_target).status == expected


def test_trace_is_answered_by_httpd(front):
    answer = front.request("TRACE", "/x", {"X-Seen": "1"})
    assert answer.status == 200
    assert answer.text.startswith("TRACE /x HTTP/1.1") and "X-Seen: 1" in answer.text


@pytest.mark.parametrize("target", ["127.0.0.1:443", "/x"])
def test_connect_without_a_proxy_is_not_redirected(front, target):
    answer = front.request("CONNECT", target)
    assert answer.status in (400, 405)


@pytest.mark.parametrize("sent, location", [
    ("http://localhost/x?a=1", "https://new.example.com/x?a=1"),
    ("http://localhost", "https://new.example.com/"),
    ("http://elsewhere.example.com:99/r/z", "https://new.example.com/r/z"),
    ("HTTP://LOCALHOST/x", "https://new.example.com/x"),
])
def test_the_absolute_form_is_this_servers_own_without_a_proxy(front, sent, location):
    assert front.get(sent).location == location


# --- a forward proxy ----------------------------------------------------------------------

@pytest.fixture(scope="module")
def proxy(module_server):
    return module_server("""
        ProxyRequests On
        AllowCONNECT 1-65535
        TempRedirect / https://new.example.com
        <VirtualHost *:${PORT2}>
            ProxyRequests Off
            TempRedirectInherit Off
        </VirtualHost>
        """, modules=["proxy", "proxy_http", "proxy_connect"], files={"file.txt": "fetched"})


def test_what_a_forward_proxy_fetches_is_not_redirected(proxy):
    answer = proxy.get(f"http://127.0.0.1:{proxy.port2}/file.txt",
                       {"Host": f"127.0.0.1:{proxy.port2}"})
    assert (answer.status, answer.text) == (200, "fetched")


def test_a_tunnel_of_a_forward_proxy_is_not_redirected(proxy):
    with proxy.connect() as sock:
        target = f"127.0.0.1:{proxy.port2}"
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert re.match(rb"HTTP/1\.[01] 200 ", sock.recv(4096))
        sock.sendall(b"GET /file.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert read_response(sock).text == "fetched"


def test_the_proxys_own_pages_are_redirected(proxy):
    assert proxy.get("/x").location == "https://new.example.com/x"
