"""sticky=: the cookie that remembers a member: when it is set, what it says, and that it
reaches the client once, whatever else happens to the request."""

import contextlib
import re

import pytest

from clock import Clock
from harness import Headers
from pools import LOG, choose, curl, member_of, members_logged, nghttp, pool
from runners import browse

HALVES = {"a": 1, "b": 1}


def cookies(answer):
    return answer.headers.get_all("Set-Cookie")


def with_cookie(text):
    return {"Cookie": text}


# --- what it says -------------------------------------------------------------------------

# The time behind sticky=NAME, and the cookie behind its value.
TEXTS = {
    "": "; Path=/; HttpOnly; SameSite=Lax",
    ":30d": "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax",
    ":400d": "; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax",
    ":2w": "; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax",
    ":12h": "; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax",
    ":90m": "; Path=/; Max-Age=5400; HttpOnly; SameSite=Lax",
    ":90s": "; Path=/; Max-Age=90; HttpOnly; SameSite=Lax",
    ":1": "; Path=/; Max-Age=1; HttpOnly; SameSite=Lax",
}
TEXT_RULES = "".join(f"TempRedirect /{number} pool:p{number}\n" + pool(
    f"p{number}", f"sticky=c{number}{ttl}", a=1, stay=0) for number, ttl in enumerate(TEXTS))
HOSTS = f"""
<VirtualHost 127.0.0.1:${{TLS_PORT}}>
    SSLEngine on
    {TEXT_RULES}
</VirtualHost>
<VirtualHost 127.0.0.1:${{PORT}}>
    {TEXT_RULES}
</VirtualHost>
<VirtualHost 127.0.0.1:${{PORT2}}>
    ServerName https://www.test
    {TEXT_RULES}
</VirtualHost>
"""


@pytest.fixture(scope="module")
def texts(module_server):
    return module_server(HOSTS, tls=True)


@pytest.mark.parametrize("number, text", enumerate(TEXTS.values()), ids=list(TEXTS))
def test_the_cookie_has_what_sticky_says(texts, number, text):
    path = f"/{number}/x"
    assert cookies(texts.get(path)) == [f"c{number}=a{text}"]
    assert cookies(texts.get(path, tls=True)) == [f"c{number}=a{text}; Secure"]
    # TLS ends before this server
    assert cookies(texts.get(path, port=texts.port2)) == [f"c{number}=a{text}; Secure"]


def test_the_id_of_a_member_is_in_the_cookie_as_it_is_written(server):
    ids = ["!", "https://new.test/a?b=c", "/b%20c", "a.b-c_d~", "x=y", "it's", "A" * 255]
    httpd = server("\n".join(
        f"TempRedirect /{number} pool:p{number}\n"
        f"TempRedirectPool p{number} sticky=__Host-p{number}\n"
        f"TempRedirectMember p{number} https://new.test id={name}"
        for number, name in enumerate(ids)))
    for number, name in enumerate(ids):
        answer = httpd.get(f"/{number}")
        cookie, = cookies(answer)
        assert cookie.startswith(f"__Host-p{number}={name}; Path=/;")
        assert cookies(httpd.get(f"/{number}", with_cookie(cookie.split(";")[0]))) == []


def test_a_target_is_the_id_where_none_is_written(server):
    httpd = server("TempRedirect / pool:p\nTempRedirectPool p sticky=arm\n"
                   "TempRedirectMember p https://new.test/a")
    assert cookies(httpd.get("/"))[0].startswith("arm=https://new.test/a; ")


# --- whom it remembers -----------------------------------------------------------------------

STICKY = "TempRedirect / pool:p\n" + pool("p", "sticky=arm:30d key=query.k", a=1, b=0, stay=0,
                                          c=0)
KEPT = [
    ("arm=b", "b"),
    ("arm=stay", "stay"),
    ("arm=a", "a"),
    ('arm="b"', "b"),
    (" arm = b ", "b"),
    ("x=1; arm=b; y=2", "b"),
    ("x=1;arm=b;y=2", "b"),
    ("arm=none; arm=b; arm=c", "b"),
    ("arm=; arm=c", "c"),
    ("arm; arm=c", "c"),
]
IGNORED = ["arm=", "arm", "arm=none", "arm=B", "arm=bb", "Arm=b", "xarm=b", "arms=b", "x=arm=b",
           "arm=b%20", "arm=%62", "arm=b,c", "arm='b'", "arm=" + "b" * 4000, "=b", ";;;",
           "arm=https://b.test",
           "arm=b\xff"]


@pytest.fixture(scope="module")
def sticky(module_server):
    return module_server(STICKY, http2=True)


@pytest.mark.parametrize("sent, member", KEPT)
def test_a_client_with_a_cookie_stays_with_its_member_and_gets_no_other(sticky, sent, member):
    answer = sticky.get("/x", with_cookie(sent))
    assert (member_of(answer), cookies(answer)) == (member, [])


@pytest.mark.parametrize("sent", IGNORED)
def test_a_value_that_names_nobody_is_replaced(sticky, sent):
    answer = sticky.get("/x", with_cookie(sent))
    assert member_of(answer) == "a"
    assert cookies(answer) == ["arm=a; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"]


def test_a_new_client_goes_by_key_and_weight_and_gets_one_cookie(sticky):
    for number in range(20):
        answer = sticky.get(f"/x?k={number}")
        assert member_of(answer) == "a" and len(cookies(answer)) == 1


def test_cookies_in_pieces_are_put_together_on_http_2(sticky):
    """RFC 9113 section 8.2.3."""
    said = nghttp("-H", "cookie: x=1", "-H", "cookie: arm=b", "-H", "cookie: y=1",
                  sticky.url("/x"))
    assert " location: https://b.test/x\n" in said and "set-cookie" not in said


def test_a_cookie_beats_the_key(server):
    httpd = server("TempRedirect / pool:p\n" + pool("p", "sticky=arm key=query.k", **HALVES))
    for number in range(20):
        first = choose("p", str(number).encode(), HALVES)
        answer = httpd.get(f"/?k={number}")
        assert member_of(answer) == first and cookies(answer)[0].startswith(f"arm={first};")
        for member in HALVES:
            assert member_of(httpd.get(f"/?k={number}", with_cookie(f"arm={member}"))) == member


def test_a_pool_without_sticky_looks_at_no_cookie(server):
    httpd = server("TempRedirect / pool:p\n" + pool("p", a=1, b=0))
    answer = httpd.get("/", with_cookie("arm=b; p=b"))
    assert (member_of(answer), cookies(answer)) == ("a", [])


def test_a_member_whose_window_closes_gives_its_clients_to_others(server):
    with contextlib.closing(Clock(start="2026-12-01T21:59:59Z")) as clock:
        httpd = server("""
            TempRedirect / pool:p
            TempRedirectPool p sticky=arm
            TempRedirectMember p https://a.test id=a
            TempRedirectMember p https://b.test id=b weight=0 until=2026-12-01T22:00Z
            TempRedirectMember p https://c.test id=c weight=0 from=2026-12-01T22:00Z
            """, env=clock.env)

        def found(member):
            answer = httpd.get("/", with_cookie(f"arm={member}"))
            return member_of(answer), [cookie[:5] for cookie in cookies(answer)]
        assert [found(member) for member in "abc"] == [("a", []), ("b", []), ("a", ["arm=a"])]
        clock.stop_at("2026-12-01T22:00:00Z")
        assert [found(member) for member in "abc"] == [("a", []), ("a", ["arm=a"]), ("c", [])]


def test_other_weights_do_not_move_those_who_have_a_cookie(server, mpm):
    rule = "TempRedirect / pool:p\n"
    httpd = server(rule + pool("p", "sticky=arm", a=1, b=1, stay=1), mpm=mpm)
    clients = {}
    for _ in range(60):
        answer = httpd.get("/")
        clients[cookies(answer)[0].split(";")[0]] = member_of(answer)
    assert len(clients) == 3  # but for once in 10^10 runs: each share is a third
    for weights in ({"a": 0, "b": 1, "stay": 0}, {"b": 0, "stay": 0, "a": 9, "c": 1}):
        httpd.graceful(rule + pool("p", "sticky=arm", **weights))
        for cookie, member in clients.items():
            answer = httpd.get("/", with_cookie(cookie))
            assert (member_of(answer), cookies(answer)) == (member, [])
    httpd.graceful(rule + pool("p", "sticky=arm", a=1))
    answer = httpd.get("/", with_cookie("arm=b"))
    assert (member_of(answer), len(cookies(answer))) == ("a", 1)


def test_two_pools_have_their_cookies_beside_each_other(server, tmp_path):
    httpd = server("TempRedirect /p pool:p\nTempRedirect /q pool:q\n"
                   + pool("p", "sticky=one", **HALVES) + pool("q", "sticky=two:1d", **HALVES))
    jar = str(tmp_path / "jar")
    first = [curl("-b", jar, "-c", jar, "-o", "/dev/null", "-w", "%{redirect_url}",
                  httpd.url(path)) for path in ("/p", "/q")]
    for _ in range(8):
        said = curl("-b", jar, "-c", jar, "-i", httpd.url("/p"), httpd.url("/q"))
        assert re.findall(rb"\r\nLocation: ([^\r]*)", said) == first
        assert b"Set-Cookie" not in said
    text = (tmp_path / "jar").read_text()
    assert len(re.findall(r"(?m)^#HttpOnly_.*\t(?:one|two)\t[ab]$", text)) == 2


@pytest.mark.parametrize("words", [[], ["--http1.0"]])
def test_curl_follows_once_and_is_remembered(server, tmp_path, words):
    """With -L the cookie of the redirect comes with the next request already."""
    httpd = server(LOG + "TempRedirect /shop pool:p\n" + "TempRedirectPool p sticky=arm:1d\n"
                   "TempRedirectMember p /shop/a id=a\nTempRedirectMember p /shop/b id=b\n",
                   files={"shop/a/x": "a", "shop/b/x": "b"})
    jar = str(tmp_path / "jar")
    first = curl("-L", "--max-redirs", "1", "-b", jar, "-c", jar, *words, httpd.url("/shop/x"))
    assert first in (b"a", b"b")
    for _ in range(6):
        assert curl("-L", "-b", jar, "-c", jar, *words, httpd.url("/shop/x")) == first
    log = members_logged(httpd, 14)
    assert log["/shop/x"] == (307, "test.conf:2", first.decode())
    assert log[f"/shop/{first.decode()}/x"] == (200, "-", "-")


# --- those who stay ------------------------------------------------------------------------

STAY = """
TypesConfig /dev/null
TempRedirect /early pool:p phase=early
TempRedirect / pool:p
TempRedirectPool p sticky=arm:1h
TempRedirectMember p ! id=in
TempRedirectMember p https://b.test id=b weight=0
<Location /gone>
    ErrorDocument 404 /file.txt
</Location>
DirectoryIndex index.html
Action x-action /cgi/action
ProxyPass /none http://127.0.0.1:${BACKEND}/none
<Location /none>
    ProxyErrorOverride On
    ErrorDocument 404 /file.txt
</Location>
ProxyPass /backend http://127.0.0.1:${BACKEND}/page
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
<Directory ${HTDOCS}/app>
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteRule ^ /app/front.html [L]
</Directory>
<Directory ${HTDOCS}/fallback>
    FallbackResource /app/front.html
</Directory>
<Directory ${HTDOCS}/chosen>
    Options +MultiViews
    AddLanguage en .en
    AddType text/html .html
</Directory>
<Directory ${HTDOCS}/listed>
    Options +Indexes
    DirectoryIndex disabled
</Directory>
<Directory ${HTDOCS}/included>
    Options +Includes
    AddType text/html .shtml
    SetOutputFilter INCLUDES
</Directory>
<Files "*.act">
    SetHandler x-action
</Files>
"""
STAY_FILES = {
    "file.txt": "file", "early/x": "early", "index/index.html": "index", "app/front.html": "front",
    "chosen/page.html.en": "chosen", "listed/x": "", "fallback/x": "", "x.act": "", "slash/x": "",
    "included/x.shtml": '<!--#include virtual="/file.txt" -->',
    "cgi/cookie": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\nSet-Cookie: own=1\\r\\n"
                  "Set-Cookie: more=2\\r\\n\\r\\ncgi'\n",
    "cgi/local": "#!/bin/sh\nprintf 'Location: /file.txt\\r\\n\\r\\n'\n",
    "cgi/action": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\naction'\n",
    "cgi/fails": "#!/bin/sh\nprintf 'Status: 500\\r\\nContent-Type: text/plain\\r\\n\\r\\nfails'\n",
}
STAY_MODULES = ["dir", "rewrite", "cgi", "actions", "proxy", "proxy_http", "mime", "negotiation",
                "autoindex", "include", "filter", "headers"]
# What stands there: status, a text of the page, cookies of its own.
STAYS = [
    ("/file.txt", 200, "file", []),
    ("/early/x", 200, "early", []),
    ("/missing", 404, "404 Not Found", []),
    ("/index/", 200, "index", []),
    ("/slash", 301, "moved", []),
    ("/listed/", 200, "Index of /listed", []),
    ("/app/any/where", 200, "front", []),
    ("/gone/x", 404, "file", []),
    ("/fallback/any/where", 200, "front", []),
    ("/none", 404, "file", []),
    ("/chosen/page", 200, "chosen", []),
    ("/included/x.shtml", 200, "file", []),
    ("/cgi/cookie", 200, "cgi", ["own=1", "more=2"]),
    ("/cgi/local", 200, "file", []),
    ("/cgi/fails", 500, "fails", []),
    ("/x.act", 200, "action", []),
    ("/backend", 200, "page", ["own=1; Path=/", "more=2"]),
]
ARM = "arm=in; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"


@pytest.fixture(scope="module")
def start_stays(module_server):
    backend = module_server('Header add Set-Cookie "own=1; Path=/"\nHeader add Set-Cookie more=2',
                            modules=["headers"], module=False, files={"page": "page"})
    def start(mpm):
        return module_server(f"Define BACKEND {backend.port}\n{STAY}", modules=STAY_MODULES,
                             mpm=mpm, files=STAY_FILES, http2=mpm == "event")
    return start


@pytest.fixture(scope="module", params=["event", "prefork"])
def stays(request, start_stays):
    return start_stays(request.param)


@pytest.fixture(scope="module")
def stays_on_http_2(start_stays):
    return start_stays("event")


@pytest.mark.parametrize("path, status, text, own", STAYS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_stays_gets_the_page_and_one_cookie(stays, method, path, status, text, own):
    answer = stays.request(method, path)
    assert answer.status == status
    assert method == "HEAD" or text in answer.text
    assert sorted(cookies(answer)) == sorted([ARM, *own])


@pytest.mark.parametrize("path, status, text, own", STAYS)
def test_who_is_known_to_stay_gets_no_cookie_again(stays, path, status, text, own):
    answer = stays.get(path, with_cookie("arm=in"))
    assert answer.status == status and text in answer.text
    assert sorted(cookies(answer)) == sorted(own)


@pytest.mark.parametrize("path, status, text, own", STAYS)
def test_who_stays_on_http_2_gets_one_cookie_too(stays_on_http_2, path, status, text, own):
    said = curl("--http2-prior-knowledge", "-i", stays_on_http_2.url(path))
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = Headers(line.split(": ", 1) for line in lines)
    assert first.split()[:2] == ["HTTP/2", str(status)] and text in body.decode()
    assert sorted(headers.get_all("Set-Cookie")) == sorted([ARM, *own])


def test_ranges_and_what_is_not_modified_have_the_cookie_too(stays):
    etag = stays.get("/file.txt").headers.get("ETag")
    for headers, status in (({"Range": "bytes=0-1"}, 206), ({"If-None-Match": etag}, 304),
                            ({"If-Match": '"none"'}, 412)):
        answer = stays.get("/file.txt", headers)
        assert (answer.status, cookies(answer)) == (status, [ARM])


def test_what_access_control_refuses_gets_no_cookie(server):
    httpd = server("TempRedirect / pool:p\n" + pool("p", "sticky=arm", stay=1, a=1) +
                   "<Directory ${HTDOCS}/closed>\nRequire all denied\n</Directory>",
                   files={"closed/x": ""})
    httpd.allow_log("AH01630")
    for _ in range(4):
        answer = httpd.get("/closed/x")
        assert (answer.status, cookies(answer)) == (403, [])


# --- redirects, and what is done to them --------------------------------------------------------

ERRORS = """
TempRedirect / pool:p
""" + pool("p", "sticky=arm", a=1) + """
<Location /local>
    ErrorDocument 307 /sorry.txt
</Location>
<Location /text>
    ErrorDocument 307 "so sorry"
</Location>
<Location /cgi>
    ErrorDocument 307 /cgi/sorry
</Location>
<Location /missing>
    ErrorDocument 307 /none
</Location>
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
Header always add Set-Cookie always=1 env=no
Header always append Vary X-Own
"""


@pytest.mark.parametrize("path", ["/", "/local", "/text", "/cgi", "/missing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_cookie_of_a_redirect_survives_its_error_document(server, path, method):
    httpd = server(ERRORS, modules=["cgi", "headers"], files={
        "sorry.txt": "so sorry", "cgi/sorry": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n"
                                              "Set-Cookie: own=1\\r\\n\\r\\nso sorry'\n"})
    answer = httpd.request(method, path, body="body" if method == "POST" else None)
    assert (answer.status, member_of(answer)) == (307, "a")
    assert cookies(answer)[0] == "arm=a; Path=/; HttpOnly; SameSite=Lax"
    assert cookies(answer)[1:] == (["own=1"] if path == "/cgi" else [])
    assert answer.headers.get("Cache-Control") == "no-store"


def test_cookies_of_other_modules_go_with_it(server):
    httpd = server("RewriteEngine On\nRewriteRule ^ - [CO=rewrite:1:localhost]\n"
                   "Header always add Set-Cookie always=1\nTempRedirect / pool:p\n"
                   + pool("p", "sticky=arm", a=1, stay=0), modules=["rewrite", "headers"])
    for cookie, ours in (("x=1", ["arm=a"]), ("arm=a", []), ("arm=stay", [])):
        found = [text.split(";")[0] for text in cookies(httpd.get("/", with_cookie(cookie)))]
        assert sorted(found) == sorted([*ours, "always=1", "rewrite=1"])


def test_the_cookie_comes_with_an_answer_before_a_body_ends_too(server, body_file):
    httpd = server("TempRedirectDrain 1000 h2=1000\nTempRedirect / pool:p\n"
                   + pool("p", "sticky=arm", a=1), http2=True)
    answer = httpd.request("POST", "/x", body=body_file(65_536).read_bytes())
    assert (answer.status, cookies(answer)) == (307, ["arm=a; Path=/; HttpOnly; SameSite=Lax"])
    said = nghttp("-d", str(body_file(65_536)), httpd.url("/x"))
    assert " :status: 307\n" in said
    assert said.count(" set-cookie: arm=a; Path=/; HttpOnly; SameSite=Lax\n") == 1


# --- dry runs ------------------------------------------------------------------------------

@pytest.mark.parametrize("engine, words", [
    ("", "mode=dry"), ("TempRedirectEngine DryRun\n", ""), ("", "mode=dry phase=early"),
    ("TempRedirectEngine DryRun\n", "phase=early")])
@pytest.mark.parametrize("member", ["a", "stay"])
def test_a_dry_run_sets_no_cookie(server, engine, words, member):
    httpd = server(f"{LOG}{engine}TempRedirect / pool:p id=trial {words}\n"
                   + pool("p", "sticky=arm", **{member: 1}), files={"x": "x"})
    answer = httpd.get("/x")
    assert (answer.status, cookies(answer)) == (200, [])
    assert not {"Cache-Control", "Vary", "Expires"} & {name for name, _ in answer.headers}
    assert members_logged(httpd, 1) == {"/x": (200, "trial", member)}


def test_a_dry_run_with_a_live_rule_behind_sets_the_cookie_of_that(server):
    httpd = server(LOG + "TempRedirect / pool:p id=p mode=dry\nTempRedirect / pool:q id=q\n"
                   + pool("p", "sticky=one", a=1) + pool("q", "sticky=two", b=1))
    answer = httpd.get("/")
    assert [cookie[:5] for cookie in cookies(answer)] == ["two=b"]
    assert members_logged(httpd, 1) == {"/": (307, "q", "b")}


# --- browsers -----------------------------------------------------------------------------

TEN_TIMES = """<pre></pre><script>
for (let n = 0; n < 10; n++) {
    const asked = new XMLHttpRequest();
    asked.open("GET", "/test?" + n, false);
    asked.send();
    document.querySelector("pre").textContent += asked.responseText;
}
</script>"""


@pytest.mark.parametrize("tls, cookie", [(False, "arm"), (True, "__Host-arm")],
                         ids=["http", "https"])
def test_a_browser_stays_where_it_has_been_sent(server, tls, cookie):
    """Of six members chance would choose the same one ten times once in ten million."""
    httpd = server(f"TypesConfig /dev/null\nAddType text/html .html\nTempRedirect /test pool:p\n"
                   f"TempRedirectPool p sticky={cookie}:1h\n"
                   + "".join(f"TempRedirectMember p /{member}\n" for member in "abcdef"),
                   modules=["mime"], tls=tls,
                   files={"page.html": TEN_TIMES, **{member: member for member in "abcdef"}})
    _, text, err = browse(httpd.url("/page.html", tls=tls))
    assert len(text) == 10 and len(set(text)) == 1, text or err
