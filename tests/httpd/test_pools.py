"""pool:NAME as the target of a rule: where it may stand, what its members may be, who is at
one already, and the bodies of those who stay."""

import contextlib
import hashlib
import json

import pytest

from clock import Clock
from pools import LOG, choose, curl, member_of, members_logged, pool

KEYS = [f"k{number}" for number in range(12)]
HALVES = {"a": 1, "b": 1}


def hosts(name, weights=None, keys=KEYS):
    return [f"https://{choose(name, key.encode(), weights or HALVES)}.test" for key in keys]


# --- every context ----------------------------------------------------------------------

PLACES = """
TempRedirect /server/x pool:main
TempRedirectMatch ^/match/(.*)$ pool:main
<Location /location>
    TempRedirect pool:main
</Location>
<LocationMatch "^/location.?match/">
    TempRedirect pool:main tail=drop
</LocationMatch>
<If "%{REQUEST_URI} =~ m#^/if/#">
    TempRedirect / pool:main
</If>
<Location /in>
    <If "true">
        TempRedirect pool:main
    </If>
</Location>
<Directory ${HTDOCS}/directory>
    TempRedirect pool:main
</Directory>
<Directory ${HTDOCS}/nested>
    <Files "x">
        TempRedirectMatch ^ pool:main
    </Files>
</Directory>
<Files "*.pool">
    TempRedirect pool:main
</Files>
<VirtualHost *:${PORT2}>
    TempRedirect /vhost pool:main
    TempRedirect /own pool:own
    <Location /own-location>
        TempRedirect pool:own
    </Location>
    <Directory ${HTDOCS}/own-directory>
        TempRedirect pool:own
    </Directory>
    <If "%{REQUEST_URI} =~ m#^/own-if/#">
        TempRedirect / pool:own
    </If>
""" + pool("own", "key=query.k", **HALVES) + """
</VirtualHost>
""" + pool("main", "key=query.k", **HALVES)  # behind those who use it

PLACE_FILES = {"directory/x": "", "nested/x": "", "x.pool": "",
               "ht/.htaccess": "TempRedirect pool:main\n", "ht/x": "",
               "ht-path/.htaccess": "TempRedirect /ht-path pool:main\n", "ht-path/x": "",
               "ht-if/.htaccess": '<If "true">\nTempRedirect pool:main\n</If>\n', "ht-if/x": "",
               "ht-match/.htaccess": "TempRedirectMatch ^/ht-match/ pool:main\n", "ht-match/x": "",
               "own-directory/x": "", "own-ht/.htaccess": "TempRedirect pool:own\n", "own-ht/x": ""}


@pytest.fixture(scope="module")
def places(module_server):
    return module_server(PLACES, files=PLACE_FILES)


def asked(httpd, path, **options):
    """Scheme and host for each of KEYS, and the path, which is the same for all."""
    found = [httpd.get(f"{path}?k={key}", **options).location.split("?")[0] for key in KEYS]
    origins = ["/".join(url.split("/")[:3]) for url in found]
    assert len({url[len(origin):] for url, origin in zip(found, origins)}) == 1
    return origins, found[0][len(origins[0]):]


@pytest.mark.parametrize("path, rest", [
    ("/server/x/y", "/y"),
    ("/match/y", "/"),
    ("/location/y", "/y"),
    ("/location-match/y", "/"),
    ("/if/y", "/if/y"),
    ("/in/y", "/y"),
    ("/directory/x", "/"),
    ("/nested/x", "/"),
    ("/x.pool", "/"),
    ("/ht/x", "/"),
    ("/ht-path/x", "/x"),
    ("/ht-if/x", "/"),
    ("/ht-match/x", "/"),
])
def test_a_pool_is_a_target_in_every_section(places, path, rest):
    assert asked(places, path) == (hosts("main"), rest)


@pytest.mark.parametrize("path, name, rest", [
    ("/vhost/y", "main", "/y"),
    ("/directory/x", "main", "/"),
    ("/location/y", "main", "/y"),
    ("/ht-path/x", "main", "/x"),
    ("/own/y", "own", "/y"),
    ("/own-location/y", "own", "/y"),
    ("/own-directory/x", "own", "/"),
    ("/own-if/y", "own", "/own-if/y"),
    ("/own-ht/x", "own", "/"),
])
def test_a_virtual_host_has_the_pools_of_the_main_server_and_its_own(places, path, name, rest):
    assert asked(places, path, port=places.port2) == (hosts(name), rest)


@pytest.mark.parametrize("inside", [
    "", "ServerName x.test", "TempRedirect /y pool:p"])
def test_a_virtual_host_without_pools_has_those_of_the_main_server(server, inside):
    httpd = server("TempRedirect /x pool:p\n" + pool("p", a=1)
                   + f"<VirtualHost *:${{PORT2}}>\n{inside}\n</VirtualHost>",
                   files={"ht/.htaccess": "TempRedirect pool:p"})
    for port in (httpd.port, httpd.port2):
        assert member_of(httpd.get("/x", port=port)) == "a"
        assert member_of(httpd.get("/ht/", port=port)) == "a"
    assert member_of(httpd.get("/y", port=httpd.port2)) == ("a" if "/y" in inside else "stay")


def test_pools_of_two_virtual_hosts_may_share_a_name(server):
    vhost = "<VirtualHost *:{}>\nTempRedirect / pool:p\n{}</VirtualHost>\n"
    httpd = server(vhost.format("${PORT}", pool("p", a=1))
                   + vhost.format("${PORT2}", pool("p", b=1)))
    assert [member_of(httpd.get("/x", port=port)) for port in (httpd.port, httpd.port2)] == [
        "a", "b"]


def test_an_htaccess_names_no_pool_of_another_virtual_host(places):
    places.expect_log(r"htdocs/own-ht/\.htaccess: TempRedirect: pool:own: unknown pool; known "
                      r"are 'main' \(line 1\)$")
    assert places.get("/own-ht/x").status == 500


# --- members ------------------------------------------------------------------------------

# A rule of /N, where N is the row's number; its member; a request below /N, what it gets.
TO = "https://new.test"
MEMBERS = [
    # tails and queries
    ("/N pool:N", TO, "/x%2Fy;z/%20?q=1", f"{TO}/x%2Fy;z/%20?q=1"),
    ("/N pool:N", f"{TO}/b/", "/x", f"{TO}/b/x"),
    ("/N pool:N", "/b", "/x", "/b/x"),
    ("/N pool:N", "/b", "", "/b"),
    ("/N pool:N", "/b?own=1#f", "/x?q=1", "/b/x?own=1#f"),
    ("/N pool:N", f"{TO}/%{{header.X}}/m", "/x", f"{TO}/a%2Fb/m/x"),
    ("/N pool:N", f"{TO}%{{tail}}.html", "/x", f"{TO}/x.html"),
    ("/N pool:N", f"{TO}/?was=%{{path}}", "/x", f"{TO}/x?was=%2FN%2Fx"),
    ("/N pool:N", "/%{header.None}", "/x", None),
    # words of the rule
    ("/N pool:N tail=drop", "/b", "/x?q=1", "/b?q=1"),
    ("/N pool:N args=drop", "/b", "/x?q=1", "/b/x"),
    ("/N pool:N args=merge", "/b?own=1", "/x?q=1&own=2", "/b/x?own=1&q=1"),
    ("/N pool:N args=only:a", "/b", "/x?a=1&q=1", "/b/x?a=1"),
    ("/N pool:N status=303", "/b", "/x", "/b/x"),
    ("/N pool:N match=exact", "/b", "/x", None),
    ("/N pool:N match=exact", "/b", "", "/b"),
    ("/N pool:N header.X", "/b", "/x", "/b/x"),
    ("/N pool:N !header.X", "/b", "/x", None),
    ("/N pool:N from=2999-01-01T00:00Z", "/b", "/x", None),
    ("/N pool:N hours=Mon-Sun", "/b", "/x", "/b/x"),
    # groups, of the regex and of conditions
    ("^/N/(.*)$ pool:N", f"{TO}/$1", "/x/y", f"{TO}/x/y"),
    ("^/N/(?<it>.*)$ pool:N", f"{TO}/%{{group.it}}/$0", "/x", f"{TO}/x//N/x"),
    ("^/N/(.*)$ pool:N header.X=~^(?<h>.)", f"{TO}/%{{group.h}}/$1", "/x", f"{TO}/a/x"),
    ("/N pool:N header.X=~^(?<h>.) cookie.c=~(?<c>.)$", "/%{group.c}/%{group.h}", "/x", "/o/a/x"),
    ("/N pool:N cookie.none=~(?<c>.)", "/%{group.c}", "/x", None),
    ("^/N/(.*)$ pool:N", "/$1", "/", "/"),
    # hosts
    ("/N pool:N", "https:", "/x?q=1", "https://localhost/N/x?q=1"),
    ("^/N/ pool:N", "https:", "/x?q=1", "https://localhost/N/x?q=1"),
    ("/N pool:N", "https://%{host}:8443/b", "/x", "https://localhost:8443/b/x"),
    ("/N pool:N", "https://%{cookie.site}.tenants.test/", "/x", "https://acme.tenants.test/x"),
    ("^/N/(.*)$ pool:N", "https://$1.tenants.test/", "/joe", "https://joe.tenants.test/"),
    # '!'
    ("/N pool:N", "!", "/x", None),
]
CLIENT = {"Host": "localhost", "X": "a/b", "Cookie": "c=lo; site=acme"}


@pytest.fixture(scope="module")
def members(module_server):
    lines = ["AllowEncodedSlashes NoDecode", "TempRedirectAllowHosts *.tenants.test"]
    for number, (rule, member, _, _) in enumerate(MEMBERS):
        directive = "TempRedirectMatch" if rule.startswith("^") else "TempRedirect"
        lines += [f"{directive} {rule}", "TempRedirectPool N", f"TempRedirectMember N {member}"]
        lines[-3:] = [line.replace("/N", f"/{number}-").replace("pool:N", f"pool:p{number}")
                      .replace("Pool N", f"Pool p{number}").replace("Member N", f"Member p{number}")
                      for line in lines[-3:]]
    return module_server("\n".join(lines))


@pytest.mark.parametrize("number", range(len(MEMBERS)), ids=[" -> ".join(row[:2])
                                                             for row in MEMBERS])
def test_a_member_is_a_target_as_any_other(members, number):
    rule, _, request, wanted = MEMBERS[number]
    answer = members.get(f"/{number}-{request}", CLIENT)
    wanted = wanted and wanted.replace("/N/", f"/{number}-/").replace("2FN%", f"2F{number}-%")
    status = 303 if "303" in rule else 307
    assert (answer.status, answer.location) == (404 if wanted is None else status, wanted)


def test_a_host_that_nobody_allows_is_none_for_a_member(server):
    httpd = server("""
        TempRedirectAllowHosts *.tenants.test
        TempRedirect / pool:p
        TempRedirectPool p
        TempRedirectMember p https://%{query.site}/
        """)
    httpd.expect_log(r"TR0012: rule \S*test.conf:3: TempRedirectAllowHosts does not name the host")
    assert httpd.get("/?site=a.tenants.test").status == 307
    assert httpd.get("/?site=evil.test").status == 404


def test_a_foreign_host_goes_nowhere(server):
    httpd = server("TempRedirect / pool:p\nTempRedirectPool p\nTempRedirectMember p https:\n"
                   "TempRedirectMember p https://%{host}/b/")
    httpd.expect_log(r"TR0011: rule \S*test.conf:1: the request's Host is no name of this server")
    for _ in range(8):
        assert httpd.get("/x", {"Host": "evil.test"}).status == 404


def test_one_pool_serves_rules_of_all_kinds(server):
    httpd = server("""
        TempRedirect /a pool:p
        TempRedirect /b pool:p tail=drop status=302 args=drop
        TempRedirectMatch ^/c/(?<x>.*)$ pool:p
        TempRedirectPool p
        TempRedirectMember p https://a.test/m
        """)
    found = {path: httpd.get(path) for path in ("/a/x?q", "/b/x?q", "/c/x?q")}
    assert {path: (answer.status, answer.location) for path, answer in found.items()} == {
        "/a/x?q": (307, "https://a.test/m/x?q"), "/b/x?q": (302, "https://a.test/m"),
        "/c/x?q": (307, "https://a.test/m?q")}


def test_a_member_takes_its_groups_from_the_rule_that_asks(server):
    httpd = server("""
        TempRedirectPool p
        TempRedirectMember p https://a.test/%{group.x}
        TempRedirectMatch ^/regex/(?<x>.*)$ pool:p
        TempRedirectMatch ^/second/(.)(?<x>.*)$ pool:p
        TempRedirect /cond pool:p header.X=~(?<y>.) cookie.c=~(?<x>.)$
        TempRedirect /cond pool:p header.X=~^.(?<x>.)
        TempRedirect /htaccess pool:p query.none=~(?<x>.)
        """, files={"ht/.htaccess": "TempRedirect /ht pool:p header.X=~(?<x>.)\n", "ht/x": ""})
    found = [httpd.get(path, {"X": "ab", "Cookie": cookie}).location for path, cookie in (
        ("/regex/l", ""), ("/second/12", ""), ("/cond/x", "c=no"), ("/cond/x", ""), ("/ht/x", ""))]
    assert found == [f"https://a.test{path}" for path in ("/l", "/2", "/o/x", "/b/x", "/a/x")]
    assert httpd.get("/htaccess").location is None


@pytest.mark.parametrize("first, second", [("!", "https://late.test"), ("https://a.test", "!")])
def test_who_stays_is_not_asked_by_later_rules(server, first, second):
    httpd = server(f"TempRedirectPool p\nTempRedirectMember p {first}\n"
                   f"TempRedirect / pool:p !header.X\nTempRedirect / {second}")
    stays = first == "!"
    assert (httpd.get("/").location is None) == stays
    assert (httpd.get("/", {"X": "1"}).location is None) != stays


# --- windows ------------------------------------------------------------------------------

def test_members_come_and_go_at_the_edges_of_their_windows(server):
    """And nobody moves between those who are there before and after."""
    with contextlib.closing(Clock(start="2026-12-01T21:59:59.999999Z")) as clock:
        httpd = server("""
            TempRedirect / pool:p
            TempRedirectPool p key=query.k
            TempRedirectMember p https://a.test id=a
            TempRedirectMember p https://b.test id=b until=2026-12-01T22:00Z
            TempRedirectMember p https://c.test id=c from=2026-12-01T22:00Z
            """, env=clock.env)
        keys = [f"k{number}" for number in range(60)]

        def found():
            return [member_of(httpd.get(f"/?k={key}")) for key in keys]

        def wanted(*there):
            return [choose("p", key.encode(), dict.fromkeys(there, 1)) for key in keys]
        assert found() == wanted("a", "b")
        clock.stop_at("2026-12-01T22:00:00Z")
        assert found() == wanted("a", "c")


def test_where_no_member_takes_new_clients_the_next_rule_is_asked(server):
    with contextlib.closing(Clock(start="2026-12-01T22:00:00Z")) as clock:
        httpd = server("""
            TempRedirect / pool:p
            TempRedirect /x /y
            TempRedirectPool p
            TempRedirectMember p https://a.test from=2026-12-01T22:00:01Z
            TempRedirectMember p https://b.test weight=0
            """, env=clock.env)
        httpd.expect_log(r"TR0018: rule \S*test.conf:2: no member of its pool takes new clients")
        assert [httpd.get("/x").location for _ in range(2)] == ["/y", "/y"]
        clock.stop_at("2026-12-01T22:00:01Z")
        assert httpd.get("/x").location == "https://a.test/x"


# --- no loops ---------------------------------------------------------------------------

@pytest.mark.parametrize("words, targets", [
    ("", ("/a", "/b")),
    ("key=query.k", ("/a", "/b")),
    ("", ("/a", "http://localhost:${PORT}/b")),
    ("", ("/%{query.none2}", "/a", "/b")),
    ("sticky=arm", ("/a", "/b", "/c", "!")),
    ("", ("/a%{path}", "/b%{path}")),
    ("", ("/a%{tail}", "/%{query.b}", "http://%{host}:${PORT}/b")),
])
def test_who_is_at_one_member_is_not_sent_to_another(server, words, targets):
    httpd = server(LOG + f"TempRedirect / pool:p\nTempRedirectPool p {words}\n" + "".join(
        f"TempRedirectMember p {target} id=m{number}\n" for number, target in enumerate(targets)))
    host = {"Host": f"localhost:{httpd.port}"}
    for number in range(24):
        for path in ("/a", "/a/", "/a/x", "/b/", "/b/x", "/b/a/x", "//%61//x"):
            answer = httpd.get(f"{path}?k={number}&b=b", host)
            assert (answer.status, answer.location) == (404, None), path
            assert answer.headers.get("Set-Cookie") is None
    assert {status for status, _, _ in members_logged(httpd, 24 * 7).values()} == {404}
    found = {httpd.get(f"/x?k={number}&b=b", host).location for number in range(40)}
    assert len({url and url.split("?")[0] for url in found}) > 1


def test_https_alone_is_a_member_that_leads_nobody_from_https(server):
    """Half of all clients are moved to HTTPS; none is moved to and fro."""
    half = ("TempRedirect / pool:p\nTempRedirectPool p sticky=arm\n"
            "TempRedirectMember p https: id=https\nTempRedirectMember p ! id=stay\n")
    httpd = server(f"<VirtualHost 127.0.0.1:${{PORT}}>\n{half}</VirtualHost>\n"
                   f"<VirtualHost 127.0.0.1:${{TLS_PORT}}>\nSSLEngine on\n{half}</VirtualHost>\n",
                   tls=True)
    host = {"Host": "localhost"}
    assert {httpd.get("/x?q", host).location for _ in range(40)} == {None, "https://localhost/x?q"}
    for cookie in ({}, {"Cookie": "arm=https"}, {"Cookie": "arm=stay"}):
        answers = [httpd.get("/x", {**host, **cookie}, tls=True) for _ in range(8)]
        assert {answer.location for answer in answers} == {None}


# --- exemptions ---------------------------------------------------------------------------

@pytest.mark.parametrize("words", ["", "phase=early"])
@pytest.mark.parametrize("method, path, headers", [
    ("OPTIONS", "/x", {"Origin": "https://x.test", "Access-Control-Request-Method": "PUT"}),
    ("GET", "/.well-known/acme-challenge/t", {}),
    ("TRACE", "/x", {}),
])
def test_what_passes_anyway_has_no_part_in_a_pool(server, words, method, path, headers):
    httpd = server(f"{LOG}TempRedirect / pool:p {words}\n" + pool("p", "sticky=arm", a=1, b=1))
    answer = httpd.request(method, path, headers)
    assert answer.location is None and answer.headers.get("Set-Cookie") is None
    assert members_logged(httpd, 1)[path][1:] == ("-", "-")


def test_who_is_at_the_page_of_one_member_is_not_sent_to_another(server):
    httpd = server("TempRedirect / pool:p tail=drop\nTempRedirectPool p\n"
                   "TempRedirectMember p /one.html\nTempRedirectMember p /two.html\n")
    for _ in range(10):
        assert httpd.get("/one.html").status == httpd.get("/two.html").status == 404
        assert httpd.get("/three.html").location in ("/one.html", "/two.html")


def test_a_regex_that_grows_its_own_path_does_not_match_again(server):
    httpd = server("TempRedirectMatch ^/(.*)$ pool:p\nTempRedirectPool p\n"
                   "TempRedirectMember p /de/$1\nTempRedirectMember p /en/$1\n")
    for _ in range(10):
        assert httpd.get("/de/x").status == httpd.get("/en/x").status == 404
        assert httpd.get("/x").location in ("/de/x", "/en/x")


@pytest.mark.parametrize("regex, target, at, away", [
    (r"\.php$", "/{}%{{path}}", "/p0/x.php", "/x.php"),
    (r"^/v[0-9]+/(.+)$", "/v{}/$1", "/v1/x", "/v77/x"),
    (r"^/e", "http://localhost:${{PORT}}/e{}%{{path}}", "/e1/e/x", "/e/x"),
])
def test_who_is_at_a_member_that_repeats_the_path_is_not_sent_on(server, regex, target, at, away):
    httpd = server(f"TempRedirectMatch {regex} pool:p\nTempRedirectPool p\n" + "".join(
        f"TempRedirectMember p {target.format(name)} id={name}\n"
        for name in (("p0", "p1", "p2") if "p" in at else ("1", "2", "3"))))
    host = {"Host": f"localhost:{httpd.port}"}
    assert {httpd.get(at, host).location for _ in range(20)} == {None}
    assert httpd.get(away, host).location


def test_a_client_that_follows_arrives(server):
    httpd = server("TempRedirect / pool:p\n" + "TempRedirectPool p\n" + "".join(
        f"TempRedirectMember p /{name}\n" for name in "abc"),
        files={f"{name}/x": name for name in "abc"})
    said = curl("-L", "--max-redirs", "1", *[httpd.url("/x")] * 20).decode()
    assert len(said) == 20 and set(said) <= set("abc")


# --- bodies ----------------------------------------------------------------------------

BODY = """
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
TempRedirect /cgi/form pool:form
TempRedirect /cgi/json pool:json
TempRedirect /cgi/both pool:form
TempRedirect /cgi/both pool:json
TempRedirect /cgi/both /cgi/none header.X-Next
""" + pool("form", "key=form.x", a=1, stay=2) + pool("json", "key=json./x", a=1, stay=2)
SUM = "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\nexec sha256sum\n"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def body_server(module_server):
    httpd = module_server(BODY, modules=["cgi"], http2=True, files={
        f"cgi/{name}": SUM for name in ("form", "json", "both")})
    httpd.allow_log("TR0032: rule .* the body is longer than TempRedirectBodyLimit")
    return httpd


def keyed(name, member, size=0):
    """A type, and a body whose key leads to that member, and that is so long."""
    key = next(f"k{n}" for n in range(1000)
               if choose(name, f"k{n}".encode(), {"a": 1, "stay": 2}) == member)
    if name == "form":
        return FORM, f"x={key}&y=".encode() + b"\n" * size
    return "application/problem+json", json.dumps({"x": key, "y": "z" * size}).encode()


def summed(answer):
    return answer.status, answer.text.split()[0]


@pytest.mark.parametrize("size", [0, 1000, 65_000])
@pytest.mark.parametrize("path", ["form", "json", "both"])
def test_who_stays_sends_its_body_to_the_handler_byte_for_byte(body_server, path, size):
    for name in ("form", "json") if path == "both" else (path,):
        kind, body = keyed(name, "stay", size)
        wanted = 200, hashlib.sha256(body).hexdigest()
        for sent in (body, [body[:1], body[1:]]):
            assert summed(body_server.request("POST", f"/cgi/{path}", {"Content-Type": kind},
                                              sent)) == wanted
        kind, body = keyed(name, "a", size)
        answer = body_server.request("POST", f"/cgi/{path}", {"Content-Type": kind}, body)
        assert (answer.status, answer.location) == (307, "https://a.test/")


@pytest.mark.parametrize("name", ["form", "json"])
def test_who_stays_on_http_2_sends_its_body_too(body_server, name, tmp_path):
    kind, body = keyed(name, "stay", 60_000)
    (tmp_path / "body").write_bytes(body)
    said = curl("--http2-prior-knowledge", "-H", f"Content-Type: {kind}", "--data-binary",
                f"@{tmp_path}/body", body_server.url(f"/cgi/{name}"))
    assert said.decode().split()[0] == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("kind, body", [
    (FORM, b"x=k1&y=" + b"z" * 65_536),
    ("application/json", b'{"x": "k1", "y": "' + b"z" * 65_536 + b'"}'),
    ("application/json", b'{"x": "k1"'),
    ("application/json", b'{"x": "k1"} more'),
    ("text/plain", b"x=k1"),
    (None, None),
], ids=["long form", "long json", "cut json", "json and more", "another type", "no body"])
def test_a_body_that_nobody_can_judge_is_for_the_next_rule(body_server, kind, body):
    method = "GET" if body is None else "POST"
    for _ in range(8):
        headers = {"Content-Type": kind} if kind else {}
        answer = body_server.request(method, "/cgi/both", headers, body)
        assert summed(answer) == (200, hashlib.sha256(body or b"").hexdigest())
        answer = body_server.request(method, "/cgi/both", {**headers, "X-Next": "1"}, body)
        assert answer.location == "/cgi/none"


@pytest.mark.parametrize("kind, body", [
    (FORM, b"y=1"), (FORM, b""), ("application/json", b'{"y": 1}')])
def test_a_body_without_the_field_is_a_random_one(body_server, kind, body):
    answers = [body_server.request("POST", f"/cgi/{'form' if kind == FORM else 'json'}",
                                   {"Content-Type": kind}, body) for _ in range(60)]
    stays = [answer for answer in answers if answer.status == 200]
    gone = [answer for answer in answers if answer.location == "https://a.test/"]
    assert stays and gone and len(stays) + len(gone) == 60
    assert {summed(answer)[1] for answer in stays} == {hashlib.sha256(body).hexdigest()}
    assert {answer.headers.get("Cache-Control") for answer in stays} == {"private"}
