"""Targets and words of a rule: what Location a request gets."""

import pytest

TENANT = [("X-Tenant", "blue")]

# Each rule has a URL-path of its own. The keys are request-targets, the values the
# Location, or None where the request passes through.
RULES = [
    ("TempRedirect /abs https://new.example.com/base", {
        "/abs": "https://new.example.com/base",
        "/abs/": "https://new.example.com/base/",
        "/abs/x": "https://new.example.com/base/x",
        "/abs/x%2Cy;z=1/%20?q=%20&r": "https://new.example.com/base/x%2Cy;z=1/%20?q=%20&r",
        "/abs?q": "https://new.example.com/base?q",
        "/abs?": "https://new.example.com/base",
        "/absx": None,
        "/ABS": None,
        "/x/abs": None,
    }),
    ("TempRedirect /host https://new.example.com", {
        "/host": "https://new.example.com/",
        "/host/": "https://new.example.com/",
        "/host/x": "https://new.example.com/x",
        "/host?q": "https://new.example.com/?q",
    }),
    ("TempRedirect /slash/ https://new.example.com/base/", {
        "/slash": None,
        "/slash/": "https://new.example.com/base/",
        "/slash/x": "https://new.example.com/base/x",
    }),
    ("TempRedirect /slashed/ https://new.example.com/base", {
        "/slashed/": "https://new.example.com/base",
        "/slashed/x": "https://new.example.com/base/x",
    }),
    ("TempRedirect /plain https://new.example.com/base/", {
        "/plain": "https://new.example.com/base/",
        "/plain/x": "https://new.example.com/base/x",
    }),
    ("TempRedirect /parts HTTPS://New.Example.com:8443/p;v=1?own=1#frag", {
        "/parts": "https://New.Example.com:8443/p;v=1?own=1#frag",
        "/parts/x?q=1": "https://New.Example.com:8443/p;v=1/x?own=1#frag",
    }),
    ("TempRedirect /bare https://new.example.com?own=1", {
        "/bare/x": "https://new.example.com/x?own=1",
    }),
    ("TempRedirect /frag /new#top", {
        "/frag/x?q": "/new/x?q#top",
    }),
    ("TempRedirect /v6 http://[2001:db8::1]:8080/in", {
        "/v6/x": "http://[2001:db8::1]:8080/in/x",
    }),
    ("TempRedirect /v4 http://192.0.2.1", {
        "/v4/x": "http://192.0.2.1/x",
    }),
    ("TempRedirect /ftp ftp://files.example.com/pub", {
        "/ftp/x": "ftp://files.example.com/pub/x",
    }),
    ("TempRedirect /local /new", {
        "/local": "/new",
        "/local/x?q": "/new/x?q",
    }),
    ('TempRedirect "/with space" "/new place/ü"', {
        "/with%20space/x%20y": "/new%20place/%C3%BC/x%20y",
    }),
    ("TempRedirect /literal /100%25/%7Eme", {
        "/literal/x": "/100%25/%7Eme/x",
    }),
    ("TempRedirect /keep/in !\nTempRedirect /keep /new", {
        "/keep/in": None,
        "/keep/in/x": None,
        "/keep/inside": "/new/inside",
    }),
    ("TempRedirect /drop /new tail=drop", {
        "/drop/x?q": "/new?q",
    }),
    ("TempRedirect /tail /new tail=keep", {
        "/tail/x": "/new/x",
    }),
    ("TempRedirect /exact /new match=exact", {
        "/exact": "/new",
        "/exact?q": "/new?q",
        "/exact/": None,
        "/exact/x": None,
    }),
    ("TempRedirect /exactly/ /new match=exact", {
        "/exactly": None,
        "/exactly/": "/new",
        "/exactly/x": None,
    }),
    ("TempRedirect /prefix /new match=prefix", {
        "/prefix/x": "/new/x",
    }),
    ("TempRedirect /case /new case=ignore", {
        "/case/X": "/new/X",
        "/CaSe/X": "/new/X",
    }),
    ("TempRedirect /cased /new case=keep", {
        "/Cased": None,
    }),
    ("TempRedirectMatch ^/anycase(.*) /new$1 case=ignore", {
        "/AnyCase/X": "/new/X",
    }),

    # args=
    ("TempRedirect /pass /new args=pass", {
        "/pass?a=1&b=%20": "/new?a=1&b=%20",
    }),
    ("TempRedirect /own /new?a=0 args=pass", {
        "/own?a=1&b=2": "/new?a=0",
    }),
    ("TempRedirect /empty /new? args=pass", {
        "/empty?a=1": "/new?",
    }),
    ("TempRedirect /noargs /new args=drop", {
        "/noargs/x?a=1": "/new/x",
    }),
    ("TempRedirect /merge /new?a=0&b=0 args=merge", {
        "/merge": "/new?a=0&b=0",
        "/merge?a=1&c=2&%62=3&&d": "/new?a=0&b=0&c=2&d",
    }),
    ("TempRedirect /merged /new args=merge", {
        "/merged?a=1": "/new?a=1",
    }),
    ("TempRedirect /only /new args=only:id,lang*", {
        "/only?id=1&language=de&x=2&%69d=3&ident=4": "/new?id=1&language=de&%69d=3",
        "/only?x=2": "/new",
    }),
    ("TempRedirect /onlyown /new?id=0 args=only:id,x", {
        "/onlyown?id=1&x=2": "/new?id=0&x=2",
    }),
    ("TempRedirect /except /new args=except:utm_*,gclid", {
        "/except?utm_source=a&id=1&gclid=2&gclid2=3&%75tm_x=4": "/new?id=1&gclid2=3",
    }),

    # TempRedirectMatch
    (r"TempRedirectMatch ^/item/(\d+)(?:/(.*))?$ /i?id=$1&rest=$2&all=$0", {
        "/item/42": "/i?id=42&rest=&all=%2Fitem%2F42",
        "/item/42/a%20b&c": "/i?id=42&rest=a%20b%26c&all=%2Fitem%2F42%2Fa%20b%26c",
        "/item/x": None,
        "/in/item/42": None,
    }),
    (r"TempRedirectMatch ^/re/(.*)$ https://new.example.com/$1", {
        "/re/a/b%20c%3Fd?q=1": "https://new.example.com/a/b%20c%3Fd?q=1",
    }),
    (r"TempRedirectMatch ^/glue(.*)$ https://new.example.com$1", {
        "/glue": "https://new.example.com/",
        "/glue/x": "https://new.example.com/x",
        "/glue.evil.example": "https://new.example.com/.evil.example",
        "/glue@evil.example": "https://new.example.com/@evil.example",
        "/glue:99": "https://new.example.com/:99",
    }),
    (r"TempRedirectMatch ^/first(.*)$ $1", {
        "/first": None,
        "/first/x": "/x",
        "/firstx": None,
    }),
    (r"TempRedirectMatch ^/n(?<year>\d{4})(?<rest>/.*)?$ /y/%{group.year}%{group.rest}", {
        "/n2026/a/b": "/y/2026/a/b",
        "/n2026": None,  # a group that is not set has no value
    }),
    (r"TempRedirectMatch \.php$ /no-php", {
        "/any/where.php": "/no-php",
        "/any/where.php5": None,
    }),
    (r'TempRedirectMatch "^/sp ace$" /space', {
        "/sp%20ace": "/space",
    }),

    # Attributes. %{path}, %{tail} and %{args} are verbatim in their own component.
    ("TempRedirect /at/scheme /new?v=%{scheme}", {"/at/scheme": "/new?v=http"}),
    ("TempRedirect /at/port /new?v=%{port}", {"/at/port": "/new?v=${PORT}"}),
    ("TempRedirect /at/newport https://new.example.com:%{port}/", {
        "/at/newport/x": "https://new.example.com:${PORT}/x",
    }),
    ("TempRedirect /at/path /new%{path}", {
        "/at/path/a%2Cb/%C3%BC": "/new/at/path/a%2Cb/%C3%BC",
    }),
    ("TempRedirect /at/pathq /new?from=%{path} args=drop tail=drop", {
        "/at/pathq/a%2Cb": "/new?from=%2Fat%2Fpathq%2Fa%252Cb",
    }),
    ("TempRedirect /at/tail /new%{tail}/end", {
        "/at/tail": "/new/end",
        "/at/tail/a%2Cb": "/new/a%2Cb/end",
    }),
    ("TempRedirect /at/tailslash /new/%{tail}", {
        "/at/tailslash/x": "/new/x",
    }),
    ("TempRedirect /at/tailq /new?t=%{tail}", {
        "/at/tailq": "/new?t=",
        "/at/tailq/a%2Cb": "/new/a%2Cb?t=%2Fa%252Cb",
    }),
    ("TempRedirect /at/args /new?old=1&%{args}", {
        "/at/args?a=%20&b": "/new?old=1&a=%20&b",
        "/at/args": "/new?old=1&",
    }),
    ("TempRedirect /at/argsp /new/%{args} args=drop", {
        "/at/argsp?a=1&b=/x?y": "/new/a=1&b=%2Fx%3Fy",
    }),
    ("TempRedirect /at/header /%{header.X-Tenant}/home", {
        "/at/header": "/blue/home",
        "/at/header/x": "/blue/home/x",
    }),
    ("TempRedirect /at/noheader /%{header.X-None}/home", {"/at/noheader": None}),
    ("TempRedirect /at/query /q/%{query.to}", {
        "/at/query?x=0&to=a%2Fb+c&to=d": "/q/a%2Fb%20c?x=0&to=a%2Fb+c&to=d",
        "/at/query?to=": None,
        "/at/query?to": None,
        "/at/query": None,
        "/at/query?to=..": None,
        "/at/query?to=%2e": None,
        "/at/query?to=...": "/q/...?to=...",
    }),
    ("TempRedirect /at/env /%{env.COLOUR}", {"/at/env": "/green"}),
    ("TempRedirect /at/noenv /%{env.NONE}", {"/at/noenv": None}),
    ("TempRedirect /at/user /home/%{user}", {"/at/user": None}),
    ("TempRedirect /at/frag /new#%{query.id} args=drop", {
        "/at/frag?id=a%23b%20": "/new#a%23b%20",
    }),
]

CONFIG = "\n".join(["SetEnv COLOUR green", *(rule for rule, _ in RULES)])


def locations(httpd, paths, headers=()):
    """What each request-target is answered with: Location or None."""
    return {path: httpd.get(path, headers).location for path in paths}


def test_every_rule_sends_requests_where_its_line_says(server, mpm):
    httpd = server(CONFIG, mpm=mpm, modules=["env"])
    expected = {path: location and location.replace("${PORT}", str(httpd.port))
                for _, paths in RULES for path, location in paths.items()}
    assert locations(httpd, expected, TENANT) == expected


def test_a_cookie_and_the_authenticated_user_can_be_part_of_a_target(server):
    httpd = server("""
        TempRedirect /cookie /c/%{cookie.sid}
        <Location /login>
            AuthType Basic
            AuthName here
            AuthBasicProvider file
            AuthUserFile ${HTDOCS}/users
            Require valid-user
            TempRedirect /home/%{user}
        </Location>
        """, modules=["auth_basic", "authn_core", "authn_file", "authz_user"],
        files={"users": "a/b:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n"})
    cookies = {
        "sid=42": "/c/42",
        'a=1; sid="4 2" ;sid=3': "/c/4%202",
        "SID=42": None,
        "sid=": None,
        "xsid=1": None,
    }
    assert {c: httpd.get("/cookie", {"Cookie": c}).location for c in cookies} == cookies

    challenge = httpd.get("/login/x")
    assert (challenge.status, challenge.location) == (401, None)
    basic = {"Authorization": "Basic YS9iOnBhc3N3b3Jk"}  # "a/b", "password"
    assert httpd.get("/login/x", basic).location == "/home/a%2Fb/x"


@pytest.mark.parametrize("status", [307, 302, 303, 301, 308])
def test_the_answer_has_the_rules_status_and_is_not_stored(server, status):
    httpd = server(f"TempRedirect /old /new status={status}\nTempRedirect /plain /new")
    for method in ("GET", "POST", "DELETE"):
        response = httpd.request(method, "/old/x")
        assert (response.status, response.location) == (status, "/new/x")
        assert response.headers.get_all("Cache-Control") == ["no-store"]
        assert response.headers.get_all("Expires") == ["Thu, 01 Jan 1970 00:00:00 GMT"]
    assert httpd.get("/plain").status == 307


def test_the_answer_has_a_note_for_people_and_none_for_head(server):
    httpd = server("TempRedirect /old https://new.example.com/")
    assert 'href="https://new.example.com/x"' in httpd.get("/old/x").text
    head = httpd.request("HEAD", "/old/x")
    assert (head.status, head.location, head.body) == (307, "https://new.example.com/x", b"")


def test_mod_expires_and_mod_headers_do_not_make_the_answer_storable(server):
    httpd = server("""
        ExpiresActive On
        ExpiresDefault "access plus 1 hour"
        Header always set X-Seen always
        RewriteEngine On
        RewriteCond %{HTTP:X-Kind} beta
        RewriteRule .* - [E=beta:1]
        TempRedirect /old /new
        """, modules=["expires", "headers", "rewrite"])
    response = httpd.get("/old", {"X-Kind": "beta"})
    assert response.headers.get_all("Cache-Control") == ["no-store"]
    assert response.headers.get_all("Expires") == ["Thu, 01 Jan 1970 00:00:00 GMT"]
    assert response.headers.get("X-Seen") == "always"
    assert response.headers.get("Vary") == "X-Kind"


def test_the_access_log_names_the_rule_by_its_id_or_its_place(server):
    httpd = server("TempRedirect /named /new id=move-42\n"
                   "TempRedirect /placed /new\n"
                   "TempRedirect /stays ! id=stays\n")
    for path in ("/named", "/placed", "/stays", "/other"):
        httpd.get(path)
    entries = {e.request.split()[1]: (e.status, e.id) for e in httpd.access_log(4)}
    assert entries == {"/named": (307, "move-42"), "/placed": (307, "test.conf:2"),
                       "/stays": (404, None), "/other": (404, None)}


def test_the_first_rule_that_holds_wins_and_a_failing_one_makes_way(server):
    httpd = server("""
        TempRedirect /a /%{query.to} args=drop tail=drop
        TempRedirectMatch ^/a/(.*)b(.*)$ /b/$2
        TempRedirect /a/x /x
        TempRedirect /a /last
        TempRedirect / /root
        """)
    expected = {
        "/a/x?to=here": "/here",
        "/a/x": "/x",
        "/a/xb": "/b/",
        "/a/x/b": "/b/",
        "/a/y": "/last/y",
        "/b": "/root/b",
    }
    assert locations(httpd, expected) == expected


def test_a_rule_never_sends_a_client_back_into_itself(server):
    httpd = server("""
        TempRedirect /deep /deep/er
        TempRedirect /blog/old /blog
        TempRedirect /abs http://localhost:${PORT}/abs/new
        TempRedirect /other http://localhost:1/other/new
        TempRedirect /tls https://localhost:${PORT}/tls/new
        TempRedirectMatch ^/lang/(.*)$ /%{query.to}/$1
        TempRedirectMatch ^/absself/(.*)$ http://localhost:${PORT}/%{query.to}/$1
        <Location /closed>
            TempRedirect / /closed/maintenance.html tail=drop
        </Location>
        """)
    port = httpd.port
    expected = {
        "/deep": "/deep/er",
        "/deep/x": "/deep/er/x",
        "/deep/er": None,
        "/deep/er/x": None,
        "/deep/./er": None,
        "/deep/%65r": None,
        "/deep/err": "/deep/er/err",
        "/blog/old/x": "/blog/x",
        "/blog/old/old": "/blog/old",
        "/abs/x": f"http://localhost:{port}/abs/new/x",
        "/abs/new/x": None,
        "/other/new/x": "http://localhost:1/other/new/new/x",
        "/tls/new": f"https://localhost:{port}/tls/new/new",
        "/lang/x?to=de": "/de/x?to=de",
        "/lang/x?to=lang": None,
        "/lang//x?to=lang": None,
        "/absself/x?to=absself": None,
        "/absself/x?to=de": f"http://localhost:{port}/de/x?to=de",
        "/closed/x": "/closed/maintenance.html",
        "/closed/maintenance.html": None,
        "/closed/maintenance.html?x": None,
    }
    here = [("Host", f"LocalHost:{port}")]
    assert locations(httpd, expected, here) == expected
    # Another host, or another port, is another place.
    for host in ("other.example", f"localhost:{port + 1}"):
        assert (httpd.get("/abs/new", {"Host": host}).location
                == f"http://localhost:{port}/abs/new/new")


def test_preflights_and_acme_challenges_pass(server):
    httpd = server("TempRedirect /.well-known/acme-challenge/mine /mine\n"
                   "TempRedirectMatch ^/\\.well-known/acme-challenge/re /re\n"
                   "TempRedirect /.well-known https://known.example/\n"
                   "TempRedirect https://all.example/\n")
    expected = {
        "/x": "https://all.example/",
        "/.well-known/x": "https://known.example/x",
        "/.well-known/acme-challenge": "https://known.example/acme-challenge",
        "/.well-known/acme-challenge/token": None,
        "/.well-known/./acme-challenge/token": None,
        "/.well-known/acme-challenge/mine/x": "/mine/x",
        "/.well-known/acme-challenge/re": "/re",
    }
    assert locations(httpd, expected) == expected
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
    assert httpd.request("OPTIONS", "/x", preflight).location is None
    assert httpd.request("PUT", "/x", preflight).location == "https://all.example/"
    for name in preflight:
        part = {name: preflight[name]}
        assert httpd.request("OPTIONS", "/x", part).location == "https://all.example/"


# --- hosts ----------------------------------------------------------------------------

NAMES = """
ServerName main.example
TempRedirect /host http://%{host}:8443/new
TempRedirect /up https:
<VirtualHost *:${PORT}>
    ServerName shop.example
    ServerAlias WWW.Shop.Example *.Wild.example *
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName allowing.example
    ServerAlias [2001:db8::7] 192.0.2.7
    TempRedirectAllowHosts *.allowed.example [2001:db8::8]
</VirtualHost>
<VirtualHost *:${PORT2}>
    ServerName canonical.example
    UseCanonicalName On
</VirtualHost>
"""


def test_a_target_takes_the_requests_host_only_where_the_server_knows_it(server):
    httpd = server(NAMES)
    httpd.expect_log("TR0011")
    expected = {
        "shop.example": "shop.example",
        "Shop.Example:99": "shop.example",
        "shop.example.": "shop.example",
        "www.shop.example": "www.shop.example",
        "a.wild.example": "a.wild.example",
        "a.b.wild.example": "a.b.wild.example",
        "main.example": "main.example",
        "canonical.example": "canonical.example",
        "192.0.2.7": "192.0.2.7",
        "[2001:db8::7]:99": "[2001:db8::7]",
        "wild.example": None,
        "evil.example": None,
        "shop.example.evil.example": None,
        "xshop.example": None,
        "a.allowed.example": None,  # not in this virtual host
        "192.0.2.8": None,
        "[2001:db8::9]": None,
    }
    for path, location in (("/host/x?q", "http://{}:8443/new/x?q"),
                           ("/up/x?q", "https://{}/up/x?q")):
        assert {host: httpd.get(path, {"Host": host}).location for host in expected} == \
            {host: name and location.format(name) for host, name in expected.items()}


def test_allow_hosts_adds_to_the_names_of_the_server(server):
    httpd = server("""
        TempRedirectAllowHosts Any.Example *.sub.example [2001:db8::8]
        TempRedirect /up https:
        """)
    httpd.expect_log("TR0011")
    expected = {
        "localhost": "localhost",
        "any.example": "any.example",
        "a.sub.example": "a.sub.example",
        "a.b.sub.example": "a.b.sub.example",
        "sub.example": None,
        "[2001:DB8::8]": "[2001:db8::8]",
        "x.any.example": None,
    }
    assert {host: httpd.get("/up", {"Host": host}).location for host in expected} == \
        {host: name and f"https://{name}/up" for host, name in expected.items()}


def test_an_unknown_host_is_warned_of_once_and_named_at_debug(server):
    httpd = server("TempRedirect /up https: id=upgrade\nTempRedirect /host https://%{host}/")
    httpd.allow_log("TR0011")
    for _ in range(3):
        assert httpd.get("/up", {"Host": "evil.example"}).location is None
    assert httpd.get("/host", {"Host": "evil.example"}).location is None
    lines = [line for line in httpd.error_log().splitlines() if "TR0011" in line]
    assert [(":warn]" in line, "rule upgrade: " in line) for line in lines] == [
        (True, True), (False, True), (False, True), (True, False)]


def test_the_canonical_name_stands_in_for_any_host(server):
    httpd = server(NAMES)
    for host in ("canonical.example", "evil.example", "shop.example:99"):
        response = httpd.get("/host", {"Host": host}, port=httpd.port2)
        assert response.location == "http://canonical.example:8443/new"


def test_http_1_0_without_host_gets_the_server_name(server):
    httpd = server(NAMES)
    with httpd.connect() as sock:
        sock.sendall(b"GET /host/x HTTP/1.0\r\n\r\n")
        answer = sock.makefile("rb").read()
    assert b"HTTP/1.1 307 " in answer
    assert b"\r\nLocation: http://shop.example:8443/new/x\r\n" in answer


def test_the_request_line_of_absolute_form_names_the_host(server):
    httpd = server(NAMES)
    httpd.allow_log("TR0011")
    hosts = {"http://www.shop.example": "https://www.shop.example/up/x?q",
             "http://evil.example": None}
    for host, location in hosts.items():
        response = httpd.get(f"{host}/up/x?q", {"Host": "shop.example"})
        assert response.location == location


def test_https_alone_upgrades_plain_requests_and_passes_those_on_tls(server):
    httpd = server("""
        TempRedirect https:
        <Location /down>
            TempRedirectInherit Off
            TempRedirect http:
        </Location>
        """, tls=True)
    here = {"Host": f"localhost:{httpd.port}"}
    assert httpd.get("/a%2Cb//c?q=1", here).location == "https://localhost/a%2Cb/c?q=1"
    assert httpd.get("/down", here).location is None  # http already, if on another port
    secure = {"Host": "localhost"}
    assert httpd.get("/a", secure, tls=True).location is None
    assert httpd.get("/down/x?q", secure, tls=True).location == "http://localhost/down/x?q"


def test_a_proxy_that_ends_tls_is_believed_through_the_server_name(server):
    httpd = server("ServerName https://localhost:443\n"
                   "TempRedirect /up https://localhost%{path}\nTempRedirect /at /new?v=%{scheme}")
    here = {"Host": "localhost"}
    assert httpd.get("/up", here).location is None
    assert httpd.get("/at", here).location == "/new?v=https"


def test_a_value_in_a_host_must_make_a_host_that_is_allowed(server):
    httpd = server("""
        TempRedirectAllowHosts *.tenants.example one.example
        TempRedirect /tenant https://%{query.t}.tenants.example:8443/home args=drop
        TempRedirect /whole https://%{header.X-Host}/
        TempRedirectMatch ^/re/(.*)$ https://tenant-$1.tenants.example/
        """)
    httpd.expect_log("TR0012: rule .*test.conf:4: ")
    tenants = {
        "blue": "https://blue.tenants.example:8443/home",
        "a.b": "https://a.b.tenants.example:8443/home",
        "": None,
        "evil.example/": None,
        "evil.example%2F": None,
        "evil.example%23": None,
        "a@b": None,
        "a:80": None,
        "-a": None,
        ".a": None,
        "a..b": None,
        "a_b": None,
        "%C3%BC": None,
        "a" * 64: None,
    }
    assert {t: httpd.get(f"/tenant?t={t}").location for t in tenants} == tenants
    wholes = {"one.example": "https://one.example/", "tenants.example": None,
              "a.tenants.example": "https://a.tenants.example/", "evil.example": None,
              "one.example.": "https://one.example./", "one.example:80": None}
    assert {h: httpd.get("/whole", {"X-Host": h}).location for h in wholes} == wholes
    assert httpd.get("/re/a").location == "https://tenant-a.tenants.example/"
    assert httpd.get("/re/a/b").location is None
