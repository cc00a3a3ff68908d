"""Who wins where another module has something to say about the same request.

docs/operations.md explains each row to operators.
"""

import hashlib
import os
import re

import pytest

from harness import MODULE, apxs, wait_until


@pytest.fixture(scope="module", params=["first", "last"])
def ordered_server(request, module_server):
    """As module_server, on a server that loads our module before or after the others.

    The order of LoadModule must not matter; it is what httpd runs hooks by where
    nothing else is said.
    """
    def start(config, modules, **options):
        if request.param == "last":
            return module_server(config, modules=modules, **options)
        folder = apxs("LIBEXECDIR")
        load = [f"LoadModule tempredirect_module {MODULE}",
                *(f"LoadModule {name}_module {folder}/mod_{name}.so" for name in modules)]
        return module_server("\n".join(load) + config, module=False, **options)
    return start


def outcome(answer):
    """What a client sees of an answer: its status, and where it leads or what it says."""
    return answer.status, answer.location or answer.text


# --- mod_alias --------------------------------------------------------------------------

ALIAS = """
Redirect 302 /server/both /by-alias
TempRedirect /server/both /by-us
Redirect 302 /wide /by-alias
<Location /wide/inner>
    TempRedirect /by-us
</Location>
<Location /whole>
    Redirect 302 /by-alias
    TempRedirect /whole/old /by-us
</Location>
<Location /gone>
    Redirect gone
    TempRedirect /gone/old /by-us
</Location>
<Location /part>
    Redirect 302 /part /by-alias
    TempRedirect /part/old /by-us
</Location>
<Directory ${HTDOCS}/dir>
    RedirectMatch 302 ^ /by-alias
    TempRedirect /dir/old /by-us
</Directory>
Alias /aliased ${HTDOCS}/real
TempRedirect /aliased/old /by-us
"""


@pytest.fixture(scope="module")
def alias(ordered_server):
    return ordered_server(ALIAS, modules=["alias"], files={
        "dir/x": "", "real/file.txt": "aliased",
        "ht/.htaccess": "Redirect 302 /ht /by-alias\nTempRedirect /ht/old /by-us\n"})


@pytest.mark.parametrize("path, target", [
    ("/server/both", "/by-alias"),
    ("/wide/inner", "/by-alias/inner"),
    ("/whole/old", "/by-alias"),
])
def test_mod_alias_wins_at_server_level_and_for_a_whole_location(alias, path, target):
    assert outcome(alias.get(path)) == (302, alias.url(target))


def test_mod_alias_wins_with_redirect_gone(alias):
    assert alias.get("/gone/old").status == 410


@pytest.mark.parametrize("path, status, target", [
    ("/part/old/x", 307, "/by-us/x"),
    ("/part/new", 302, "/by-alias/new"),
    ("/dir/old", 307, "/by-us"),
    ("/dir/new", 302, "/by-alias"),
    ("/ht/old", 307, "/by-us"),
    ("/ht/new", 302, "/by-alias/new"),
])
def test_mod_alias_loses_in_other_sections(alias, path, status, target):
    location = alias.url(target) if status == 302 else target
    assert outcome(alias.get(path)) == (status, location)


def test_an_alias_does_not_matter(alias):
    assert outcome(alias.get("/aliased/old/x")) == (307, "/by-us/x")
    assert outcome(alias.get("/aliased/file.txt")) == (200, "aliased")


# --- mod_rewrite ------------------------------------------------------------------------

REWRITE = """
RewriteEngine On
RewriteRule ^/vhost/r$ /by-rewrite [R=302,L]
RewriteRule ^/vhost/f$ - [F]
RewriteRule ^/vhost/g$ - [G]
RewriteRule ^/vhost/l$ /file.txt [L]
RewriteRule ^/vhost/pt$ /file.txt [PT]
RewriteRule ^/vhost/args$ /file.txt?from=rewrite [PT]
RewriteRule ^/vhost/p$ http://127.0.0.1:${PORT2}/file.txt [P]
RewriteRule ^/vhost/e$ - [E=TENANT:acme]
RewriteRule ^/mapped$ /target/file.txt [PT]
TempRedirect /vhost/e https://%{env.TENANT}.example.com
TempRedirect /vhost/args/ /by-us args=drop
TempRedirect /vhost /by-us
TempRedirect /target /by-us
TempRedirect /dir /by-us
TempRedirectAllowHosts *.example.com
<VirtualHost *:${PORT2}>
    TempRedirectInherit Off
</VirtualHost>
"""

HTACCESS = """
RewriteEngine On
RewriteRule ^r$ /by-rewrite [R=302,L]
RewriteRule ^f$ - [F]
RewriteRule ^l$ /file.txt [L]
RewriteRule ^p$ http://127.0.0.1:${PORT2}/file.txt [P]
RewriteRule ^front$ /stay/index.php?q=1 [L]
"""


@pytest.fixture(scope="module")
def rewrite(ordered_server):
    return ordered_server(
        REWRITE, modules=["rewrite", "alias", "proxy", "proxy_http"],
        files={"file.txt": "file", "dir/.htaccess": HTACCESS, "target/file.txt": "target",
               "stay/.htaccess": HTACCESS, "stay/index.php": "front controller"})


@pytest.mark.parametrize("path, status, text", [
    ("/vhost/r", 302, "/by-rewrite"),
    ("/vhost/l", 307, "/by-us/l"),
    ("/vhost/pt?a=1", 307, "/by-us/pt?a=1"),
    ("/vhost/args?a=1", 307, "/by-us/args?a=1"),
    ("/vhost/p", 307, "/by-us/p"),
    ("/vhost/e", 307, "https://acme.example.com/"),
    ("/mapped", 200, "target"),
    ("/dir/r", 302, "/by-rewrite"),
    ("/dir/l", 307, "/by-us/l"),
    ("/dir/p", 307, "/by-us/p"),
    ("/stay/front", 200, "front controller"),
])
def test_mod_rewrite_wins_with_a_redirect_and_loses_with_a_rewrite(rewrite, path, status, text):
    expected = rewrite.url(text) if status == 302 else text
    assert outcome(rewrite.get(path)) == (status, expected)


@pytest.mark.parametrize("path, status", [("/vhost/f", 403), ("/vhost/g", 410), ("/dir/f", 403)])
def test_mod_rewrite_wins_with_a_refusal(rewrite, path, status):
    assert rewrite.get(path).status == status


# --- mod_dir, mod_negotiation, mod_speling, mod_userdir, mod_actions ----------------------

CONTENT = """
TypesConfig /dev/null
AddType text/html .html
AddLanguage en .en
DirectoryIndex index.html
UserDir ${HTDOCS}/people
AddOutputFilter INCLUDES .shtml
TempRedirect /slash/old /by-us
TempRedirect /fallback/old /by-us
TempRedirect /variants/doc /by-us
TempRedirect /variants/picture /by-us
AddType image/png .png
TempRedirect /spelt/fiel.txt /by-us
TempRedirect /index/old/ /by-us
TempRedirect /~ann/old /by-us
TempRedirect /page.act /by-us
TempRedirect /list/old /by-us
TempRedirect /status/old /by-us
<Directory ${HTDOCS}/variants>
    Options +MultiViews
</Directory>
<Directory ${HTDOCS}/fallback>
    FallbackResource /fallback/app.html
</Directory>
<Directory ${HTDOCS}/spelt>
    CheckSpelling On
</Directory>
<Directory ${HTDOCS}/list>
    Options +Indexes
</Directory>
<Location /page.act>
    SetHandler our-action
</Location>
Action our-action /file.txt virtual
<VirtualHost *:${PORT2}>
    UserDir http://home.example.com/*/
    TempRedirect /~ann /by-us
</VirtualHost>
"""


@pytest.fixture(scope="module")
def content(ordered_server):
    return ordered_server(
        CONTENT, modules=["dir", "negotiation", "speling", "userdir", "actions", "mime",
                          "autoindex", "include"],
        files={"file.txt": "file", "slash/old/index.html": "old", "slash/new/index.html": "new",
               "fallback/app.html": "app", "variants/doc.html.en": "doc",
               "variants/other.html.en": "other", "variants/picture.png": "",
               "spelt/field.txt": "field", "spelt/file.txt": "file", "index/old/index.html": "old",
               "index/new/index.html": "new", "people/ann/old/x": "x", "people/ann/y": "y",
               "list/old/x": "x"})


@pytest.mark.parametrize("path, status, text", [
    ("/slash/old", 307, "/by-us"),
    ("/slash/old/", 307, "/by-us/"),
    ("/index/old/", 307, "/by-us"),
    ("/index/new/", 200, "new"),
    ("/fallback/old/x", 307, "/by-us/x"),
    ("/fallback/new/x", 200, "app"),
    ("/variants/doc", 307, "/by-us"),
    ("/variants/other", 200, "other"),
    ("/spelt/fiel.txt", 307, "/by-us"),
    ("/~ann/old/x", 307, "/by-us/x"),
    ("/~ann/y", 200, "y"),
    ("/page.act", 307, "/by-us"),
    ("/list/old/", 307, "/by-us/"),
])
def test_a_rule_comes_before_content_is_looked_for(content, path, status, text):
    assert outcome(content.get(path)) == (status, text)


def test_multiviews_wins_where_it_refuses(content):
    content.allow_log("AH00690")
    refused = content.get("/variants/picture", {"Accept": "text/html"})
    assert (refused.status, refused.location) == (406, None)
    assert outcome(content.get("/variants/picture", {"Accept": "image/*"})) == (307, "/by-us")


@pytest.mark.parametrize("path, location", [
    ("/slash/new", "/slash/new/"),
    ("/index/old", "/index/old/"),
    ("/spelt/fild.txt", "/spelt/field.txt"),
])
def test_without_a_rule_mod_dir_and_mod_speling_redirect(content, path, location):
    answer = content.get(path)
    assert (answer.status, answer.location) == (301, content.url(location))


def test_mod_userdir_wins_where_it_redirects(content):
    answer = content.get("/~ann/x", port=content.port2)
    assert (answer.status, answer.location) == (302, "http://home.example.com/ann/x")


def test_mod_vhost_alias_does_not_matter(server):
    front = server("UseCanonicalName Off\nVirtualDocumentRoot ${HTDOCS}/%0\n"
                   "TempRedirect /old /by-us", modules=["vhost_alias"],
                   files={"a.example.com/x": "x of a", "a.example.com/old": "old"})
    host = {"Host": "a.example.com"}
    assert outcome(front.get("/x", host)) == (200, "x of a")
    assert outcome(front.get("/old/y", host)) == (307, "/by-us/y")


# --- mod_proxy --------------------------------------------------------------------------

PROXY = """
ProxyPass /app http://127.0.0.1:${PORT2}
ProxyPassMatch ^/match/(.*)$ http://127.0.0.1:${PORT2}/$1
ProxyPass /raw http://127.0.0.1:${PORT2} mapping=encoded
<Location /block>
    ProxyPass http://127.0.0.1:${PORT2}
    TempRedirect /block/old /by-us
</Location>
ProxyPassReverse /app http://127.0.0.1:${PORT2}
TempRedirect /app/old /by-us
TempRedirect /match/old /by-us
TempRedirect "/raw/o d" /by-us
<VirtualHost *:${PORT2}>
    ProxyPass /app !
    TempRedirectInherit Off
    TempRedirect /backend/moved http://127.0.0.1:${PORT2}/file.txt
    TempRedirect /backend/relative /file.txt
</VirtualHost>
"""


@pytest.fixture(scope="module")
def proxy(ordered_server):
    return ordered_server(PROXY, modules=["proxy", "proxy_http"], files={"file.txt": "backend"})


@pytest.mark.parametrize("path, status, text", [
    ("/app/file.txt", 200, "backend"),
    ("/app/old/x?a=1", 307, "/by-us/x?a=1"),
    ("/match/file.txt", 200, "backend"),
    ("/match/old/x", 307, "/by-us/x"),
    ("/block/file.txt", 200, "backend"),
    ("/block/old/x", 307, "/by-us/x"),
    ("/raw/file.txt", 200, "backend"),
    ("/raw/o%20d/a%20b", 307, "/by-us/a%20b"),
])
def test_a_rule_comes_before_the_reverse_proxy(proxy, path, status, text):
    assert outcome(proxy.get(path)) == (status, text)


def test_a_reverse_proxy_maps_the_location_of_an_absolute_target(proxy):
    """A relative one is right for proxies that keep the path; this one adds /app."""
    assert proxy.get("/app/backend/moved").location == proxy.url("/app/file.txt")
    assert proxy.get("/app/backend/relative").location == "/file.txt"


def test_a_body_reaches_the_backend_where_no_rule_holds(server, sink):
    front = server(f"ProxyPass /cgi-bin {sink.url()}\nTempRedirect /cgi-bin/old /by-us",
                   modules=["proxy", "proxy_http"])
    body = bytes(range(256)) * 1000
    answer = front.request("POST", "/cgi-bin/x", body=body).json()
    assert (answer["method"], answer["length"], answer["sha256"]) == (
        "POST", len(body), hashlib.sha256(body).hexdigest())
    assert front.request("POST", "/cgi-bin/old", body=body).location == "/by-us"


# --- mod_cache --------------------------------------------------------------------------

CACHE = """
CacheRoot ${ROOT}/cache
CacheEnable disk /
CacheQuickHandler %s
CacheMinExpire 600
CacheStoreNoStore On
TempRedirect /always /by-us id=always
<If "-f '${ROOT}/switched-on'">
    TempRedirect /old /by-us
</If>
"""


@pytest.fixture(params=["On", "Off"])
def cache(request, server):
    """A caching server, and whether the cache is a quick handler (httpd's default)."""
    front = server(CACHE % request.param, modules=["cache", "cache_disk"],
                   files={"old": "before"})
    (front.root / "cache").mkdir()
    (front.root / "cache").chmod(0o777)
    return front, request.param == "On"


def stored(front):
    """The URLs whose answers lie in the cache."""
    heads = b"".join(path.read_bytes() for path in (front.root / "cache").rglob("*.header"))
    return set(re.findall(rb"http://[^/]+(/[a-z]+)\?", heads))


def test_mod_cache_answers_first_only_as_a_quick_handler(cache):
    front, quick = cache
    assert outcome(front.get("/old")) == (200, "before")
    wait_until(lambda: b"/old" in stored(front), 5, "nothing was stored")
    (front.root / "switched-on").touch()
    assert outcome(front.get("/old")) == ((200, "before") if quick else (307, "/by-us"))
    assert outcome(front.get("/old?other")) == (307, "/by-us?other")


def test_mod_cache_never_stores_a_redirect(cache):
    """Not even where it is told to store what says no-store."""
    front, _ = cache
    for _ in range(3):
        assert outcome(front.get("/always")) == (307, "/by-us")
    assert front.get("/old").status == 200
    wait_until(lambda: stored(front), 5, "nothing was stored")
    assert stored(front) == {b"/old"}
    assert [entry.id for entry in front.access_log(4)].count("always") == 3


# --- the environment --------------------------------------------------------------------

ENVIRONMENT = """
SetEnv BY_ENV set
SetEnvIf User-Agent . BY_SETENVIF=set
RewriteEngine On
RewriteRule ^ - [E=BY_REWRITE:set]
<Directory ${HTDOCS}>
    RewriteEngine On
    RewriteRule ^ - [E=BY_REWRITE_IN_SECTION:set]
</Directory>
SSLOptions +StdEnvVars
Session On
SessionCookieName session
SessionEnv On
TempRedirect /env /%{env.BY_ENV}
TempRedirect /setenvif /%{env.BY_SETENVIF}
TempRedirect /rewrite /%{env.BY_REWRITE}
TempRedirect /in-section /%{env.BY_REWRITE_IN_SECTION}
TempRedirect /session /%{env.HTTP_SESSION}
TempRedirect /ssl /%{env.SSL_PROTOCOL}
"""


@pytest.fixture(scope="module")
def environment(ordered_server):
    return ordered_server(ENVIRONMENT, modules=["env", "setenvif", "rewrite", "session",
                                                "session_cookie"], tls=True)


@pytest.mark.parametrize("path, location", [
    ("/env", "/set"), ("/setenvif", "/set"), ("/rewrite", "/set"), ("/in-section", "/set"),
    ("/session", "/a=b"), ("/ssl", "/TLSv1.3")])
def test_a_rule_sees_the_environment_that_others_set(environment, path, location):
    answer = environment.get(path, {"User-Agent": "x", "Cookie": "session=a=b"},
                             tls=path == "/ssl")
    assert answer.location == location


# --- access control ---------------------------------------------------------------------

PROTECTED = """
TempRedirect /private/user /home/%{user}
TempRedirect /private /by-us
TempRedirect /denied /by-us
TempRedirect /methods /by-us
TempRedirect /open /by-us
<Location /private>
    AuthType Basic
    AuthName private
    AuthBasicProvider file
    AuthUserFile ${ROOT}/users
    Require valid-user
</Location>
<Location /denied>
    Require all denied
</Location>
<Location /methods>
    AllowMethods GET
</Location>
"""
ANN = {"Authorization": "Basic YW5uOnNlY3JldA=="}  # ann:secret


@pytest.fixture(scope="module")
def protected(ordered_server):
    front = ordered_server(PROTECTED, modules=[
        "auth_basic", "authn_core", "authn_file", "authz_user", "allowmethods"])
    (front.root / "users").write_text("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    front.allow_log("AH01617|AH01618|AH01630|AH01623")
    return front


@pytest.mark.parametrize("method, path, headers, status, location", [
    ("GET", "/private/x", {}, 401, None),
    ("GET", "/private/x", {"Authorization": "Basic YW5uOndyb25n"}, 401, None),
    ("GET", "/private/x", ANN, 307, "/by-us/x"),
    ("GET", "/private/user", ANN, 307, "/home/ann"),
    ("GET", "/denied/x", {}, 403, None),
    ("GET", "/methods/x", {}, 307, "/by-us/x"),
    ("POST", "/methods/x", {}, 405, None),
    ("POST", "/open/x", {}, 307, "/by-us/x"),
])
def test_access_control_comes_before_a_rule(protected, method, path, headers, status, location):
    body = "body" if method == "POST" else None
    answer = protected.request(method, path, headers, body)
    assert (answer.status, answer.location) == (status, location)


# --- encoded slashes --------------------------------------------------------------------

@pytest.fixture(scope="module")
def slashes(module_server):
    return module_server("""
        TempRedirect /old /new
        TempRedirect /a/b /decoded
        AllowEncodedSlashes NoDecode
        <VirtualHost *:${PORT2}>
            AllowEncodedSlashes Off
        </VirtualHost>
        <VirtualHost 127.0.0.1:${TLS_PORT}>
            SSLEngine on
            AllowEncodedSlashes On
        </VirtualHost>
        """, tls=True)


@pytest.mark.parametrize("path, no_decode, off, on", [
    ("/old/x%2Fy", (307, "/new/x%2Fy"), (404, None), (307, "/new/x%2Fy")),
    ("/old%2Fx", (404, None), (404, None), (307, "/new/x")),
    ("/a%2Fb/c", (404, None), (404, None), (307, "/decoded/c")),
])
def test_allow_encoded_slashes_decides_what_a_rule_sees(slashes, path, no_decode, off, on):
    answers = [slashes.get(path), slashes.get(path, port=slashes.port2),
               slashes.get(path, tls=True)]
    assert [(answer.status, answer.location) for answer in answers] == [no_decode, off, on]


# --- mod_info, mod_status ---------------------------------------------------------------

@pytest.fixture(scope="module")
def pages(module_server):
    return module_server("""ExtendedStatus On
TempRedirect /old /by-us id=shown
TempRedirectMatch ^/(a+)$ /by-us/$1
<Location /info>
    SetHandler server-info
</Location>
<Location /status>
    SetHandler server-status
</Location>
<Location /moved-status>
    SetHandler server-status
    TempRedirect https://status.example.com
</Location>
""", modules=["info", "status"])


def test_mod_info_shows_rules_with_file_and_line(pages):
    page = pages.plain(pages.get("/info?config").text)
    shown = page.partition("In file: test.conf")[2].replace("&nbsp;", " ")
    assert re.search(r"\b2: TempRedirect <i>/old /by-us id=shown</i>", shown)
    assert re.search(r"\b3: TempRedirectMatch <i>\^/\(a\+\)\$ /by-us/\$1</i>", shown)


def test_mod_info_shows_the_place_among_the_hooks(pages):
    """After mod_rewrite and mod_proxy, before mod_alias and the like (none loaded here)."""
    text = pages.get("/info?hooks").text
    fixups = text[text.index("Fixups:"):]
    assert "mod_tempredirect.c" in fixups[:fixups.index("</dl>") if "</dl>" in fixups else None]


def test_mod_status_is_a_page_like_any_other(pages):
    assert "Total accesses" in pages.get("/status").text
    assert outcome(pages.get("/moved-status")) == (307, "https://status.example.com/")


# --- mod_security2 ----------------------------------------------------------------------

SECURITY = """
SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess On
SecAuditEngine Off
SecDataDir ${ROOT}
SecTmpDir ${ROOT}
SecRule REQUEST_HEADERS:X-Bad "@streq 1" "id:1,phase:1,deny,status:403"
SecRule REQUEST_BODY "@contains bad" "id:2,phase:2,deny,status:403"
TempRedirect /old https://new.example.com id=old
TempRedirect /early https://new.example.com phase=early
"""


@pytest.fixture(scope="module")
def security(ordered_server):
    front = ordered_server(SECURITY, modules=["unique_id", "security2"])
    front.allow_log("ModSecurity: Access denied")
    return front


# Its package switches itself on in the machine's own httpd, so that the tests do
# not install it.
needs_security = pytest.mark.skipif(
    not os.path.exists(f"{apxs('LIBEXECDIR')}/mod_security2.so"),
    reason="mod_security2 is not installed")


@needs_security
@pytest.mark.parametrize("headers, body, status", [
    ({}, None, 307),
    ({}, "fine", 307),
    ({}, "x" * 100_000, 307),
    ({}, ["fine"] * 3, 307),
    ({"X-Bad": "1"}, "fine", 403),
    ({}, "this is bad", 403),
    ({"Expect": "100-continue"}, "fine", 307),
])
def test_mod_security_denies_before_a_rule_redirects(security, headers, body, status):
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    answer = security.request("POST", "/old/x", form, body)
    assert answer.status == status
    assert answer.location == ("https://new.example.com/x" if status == 307 else None)


# --- phase=early ------------------------------------------------------------------------

EARLY = r"""
Redirect 302 /alias/server /by-alias
<Location /alias/location>
    Redirect 302 /by-alias
</Location>
Alias /aliased ${HTDOCS}/real
UserDir http://home.example.com/*/
RewriteEngine On
RewriteRule ^/rewrite/r$ /by-rewrite [R=302,L]
RewriteRule ^/rewrite/f$ - [F]
RewriteRule ^/rewrite/p$ http://127.0.0.1:${PORT2}/file.txt [P]
ProxyPass /proxy http://127.0.0.1:${PORT2}
ProxyPass /encoded http://127.0.0.1:${PORT2} mapping=encoded
ProxyPass /servlet http://127.0.0.1:${PORT2} mapping=servlet
<Location /proxy/block>
    ProxyPass http://127.0.0.1:${PORT2}
</Location>
<Location /denied>
    Require all denied
</Location>
<Directory ${HTDOCS}/protected>
    AuthType Basic
    AuthName protected
    AuthBasicProvider file
    AuthUserFile ${ROOT}/users
    Require valid-user
</Directory>
<Location /methods>
    AllowMethods GET
</Location>
TempRedirectMatch ^/(?!by-|encoded|file\.txt).* /by-us$0 phase=early
TempRedirect "/encoded/o d" /by-us phase=early
<VirtualHost *:${PORT2}>
    TempRedirectInherit Off
    ProxyPass /encoded !
    RewriteEngine On
    RewriteRule ^/vhost/r$ /by-rewrite [R=302,L]
    TempRedirect /vhost /by-us phase=early
    AllowEncodedSlashes NoDecode
</VirtualHost>
"""


@pytest.fixture(scope="module")
def early(ordered_server):
    return ordered_server(EARLY, modules=[
        "alias", "userdir", "rewrite", "proxy", "proxy_http", "auth_basic", "authn_core",
        "authn_file", "authz_user", "allowmethods"],
        files={"real/x": "x", "protected/x": "x", "file.txt": "file",
               "files/x/.htaccess": "nonsense"})


@pytest.mark.parametrize("path", [
    "/alias/server", "/alias/location/x", "/aliased/x", "/~ann/x", "/rewrite/r", "/rewrite/f",
    "/rewrite/p", "/proxy/x", "/proxy/block/x", "/servlet/x;a=1/y", "/denied/x", "/protected/x",
    "/files/none", "/files/x/y", "/aa/" + "b" * 300, "/aa" + "/b" * 3000])
def test_an_early_rule_comes_before_all_that_maps_the_url(early, path):
    assert outcome(early.get(path)) == (307, f"/by-us{path}")


@pytest.mark.parametrize("path", ["/protected/x", "/denied/x", "/methods/x"])
def test_an_early_rule_comes_before_access_control_with_a_body_too(early, path):
    assert outcome(early.request("POST", path, ANN, "body")) == (307, f"/by-us{path}")


def test_an_early_rule_compares_the_decoded_path_where_a_proxy_keeps_the_encoded(early):
    assert outcome(early.get("/encoded/o%20d/a%20b")) == (307, "/by-us/a%20b")
    assert outcome(early.get("/encoded/file.txt")) == (200, "file")


def test_an_early_rule_of_a_virtual_host_comes_before_its_rewrite_rules(early):
    assert outcome(early.get("/vhost/r", port=early.port2)) == (307, "/by-us/r")


def test_an_encoded_slash_is_refused_before_any_rule_is_asked(early):
    assert early.get("/rewrite/r%2Fx").status == 404
    assert early.get("/vhost/x%2Fy", port=early.port2).location == "/by-us/x%2Fy"


@needs_security
@pytest.mark.parametrize("headers, body, status", [
    ({}, "this is bad", 307), ({"X-Bad": "1"}, "fine", 403)])
def test_an_early_rule_comes_between_mod_securitys_phases(security, headers, body, status):
    """Phase 1, of headers, denies first; phase 2 never sees the body."""
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    assert security.request("POST", "/early", form, body).status == status
