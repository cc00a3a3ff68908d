"""phase=early: rules that are asked before access control, and before any module maps the URL.

Where they may stand, in which order they are asked, what they know by then, and which
requests pass. Who loses against them is in test_neighbours.py, upgrades to HTTPS are in
test_https.py.
"""

import hashlib
import json
import subprocess

import pytest

from harness import check_config, check_htaccess, read_response

DENIED = """
<Directory ${HTDOCS}>
    Require all denied
</Directory>
"""
REFUSED = (403, None)  # what a client gets where no early rule holds


def outcome(answer):
    return answer.status, answer.location


# --- where it may stand -----------------------------------------------------------------

PLACES = r"""
TempRedirect /server https://server.example phase=early
<IfModule tempredirect_module>
    <IfDefine PORT>
        TempRedirect /ifdefine https://ifdefine.example phase=early
    </IfDefine>
    <IfVersion >= 2.4>
        TempRedirect /ifversion https://ifversion.example phase=early
    </IfVersion>
</IfModule>
<Macro rule $name>
    TempRedirect /$name https://$name.example phase=early
</Macro>
Use rule macro
<Location /location>
    TempRedirect https://location.example phase=early
    Use rule location/macro
    <IfModule tempredirect_module>
        TempRedirect /location/ifmodule https://ifmodule.example phase=early
    </IfModule>
    <If "%{QUERY_STRING} == 'if'">
        TempRedirect https://if-in-location.example phase=early
    </If>
</Location>
<Location ~ "^/tilde/(\d+)">
    TempRedirect /tilde https://tilde.example phase=early
</Location>
<LocationMatch "^/location.?match/">
    TempRedirectMatch ^/[^/]+/(.*) https://locationmatch.example/$1 phase=early
    <If "%{QUERY_STRING} == 'if'">
        TempRedirectMatch ^ https://if-in-locationmatch.example/ phase=early args=drop
    </If>
</LocationMatch>
<If "%{REQUEST_URI} == '/if'">
    TempRedirect /if https://if.example phase=early
</If>
<ElseIf "%{REQUEST_URI} == '/elseif'">
    TempRedirect /elseif https://elseif.example phase=early
</ElseIf>
<Else>
    TempRedirect /else https://else.example phase=early
    <If "%{QUERY_STRING} == 'nested'">
        TempRedirect /if https://nested.example phase=early args=drop
    </If>
</Else>
<VirtualHost *:${PORT}>
    TempRedirect /vhost https://vhost.example phase=early
    <Location /in-vhost>
        TempRedirect https://location-in-vhost.example phase=early
    </Location>
    <If "%{REQUEST_URI} =~ m#^/vhost-if#">
        TempRedirect /vhost-if https://if-in-vhost.example phase=early
    </If>
</VirtualHost>
""" + DENIED


@pytest.fixture(scope="module")
def places(module_server):
    httpd = module_server(PLACES, modules=["version", "macro"])
    httpd.allow_log("AH01630: client denied")
    return httpd


@pytest.mark.parametrize("path, host, rest", [
    ("/server/x", "server", "/x"),
    ("/ifdefine", "ifdefine", "/"),
    ("/ifversion", "ifversion", "/"),
    ("/macro/x", "macro", "/x"),
    ("/location/x", "location", "/x"),
    ("/location?if", "if-in-location", "/?if"),
    ("/tilde/1/x", "tilde", "/1/x"),
    ("/location-match/x", "locationmatch", "/x"),
    ("/location-match/x?if", "if-in-locationmatch", "/"),
    ("/if", "if", "/"),
    ("/if/x?nested", "nested", "/x"),
    ("/elseif", "elseif", "/"),
    ("/else/x", "else", "/x"),
    ("/vhost/x", "vhost", "/x"),
    ("/in-vhost/x", "location-in-vhost", "/x"),
    ("/vhost-if/x", "if-in-vhost", "/x"),
])
def test_sections_that_go_by_the_url_may_have_it(places, path, host, rest):
    assert outcome(places.get(path)) == (307, f"https://{host}.example{rest}")


def test_without_an_early_rule_access_control_comes_first(places):
    assert outcome(places.get("/other")) == REFUSED


STANDS = ("phase=early: stands in server, virtual host, <Location> and <If> only, as no "
          "other section is known before access control; write the rule there, or leave "
          "the word out")


@pytest.mark.parametrize("line, section", [
    (2, "<Directory ${HTDOCS}>\n%s\n</Directory>"),
    (2, '<Directory ~ "/x">\n%s\n</Directory>'),
    (2, '<DirectoryMatch "/x">\n%s\n</DirectoryMatch>'),
    (2, "<Files x>\n%s\n</Files>"),
    (2, "<FilesMatch x>\n%s\n</FilesMatch>"),
    (2, "<Proxy *>\n%s\n</Proxy>"),
    (2, '<ProxyMatch "^http">\n%s\n</ProxyMatch>'),
    (3, "<Directory ${HTDOCS}>\n<Files x>\n%s\n</Files>\n</Directory>"),
    (3, "<Directory ${HTDOCS}>\n<If true>\n%s\n</If>\n</Directory>"),
    (3, '<DirectoryMatch "/x">\n<If true>\n%s\n</If>\n</DirectoryMatch>'),
    (3, "<Files x>\n<If true>\n%s\n</If>\n</Files>"),
    (5, "<Directory ${HTDOCS}>\n<If true>\n</If>\n<Else>\n%s\n</Else>\n</Directory>"),
    (3, "<VirtualHost *:80>\n<Directory /x>\n%s\n</Directory>\n</VirtualHost>"),
    (3, "<IfModule !none>\n<Directory /x>\n%s\n</Directory>\n</IfModule>"),
])
@pytest.mark.parametrize("rule", ["TempRedirect /a /b phase=early",
                                  "TempRedirectMatch ^/a /b phase=early",
                                  "TempRedirect ! phase=early"])
def test_sections_that_go_by_the_file_may_not(section, line, rule):
    status, output = check_config(section % rule, modules=["proxy"])
    name = rule.split()[0]
    assert (status, output) == (
        1, f"AH00526: Syntax error on line {line} of test.conf:\n{name}: {STANDS}\n")


@pytest.mark.parametrize("text", ["%s", "<If true>\n%s\n</If>", "<Files *>\n%s\n</Files>"])
def test_htaccess_may_not_either(text):
    status, message = check_htaccess(text % "TempRedirect /a /b phase=early")
    assert (status, message) == (500, f"TempRedirect: {STANDS} (line {text[:text.index('%')].count(chr(10)) + 1})")


@pytest.mark.parametrize("section", ["Directory ${HTDOCS}", "Files *"])
def test_saying_the_default_is_fine_everywhere(section):
    name = section.split()[0]
    assert check_config(f"<{section}>\nTempRedirect /a /b phase=fixups\n</{name}>") == (
        0, "Syntax OK\n")


ENV = ("phase=early asks before most variables are set: of SetEnvIf those in server and "
       "virtual host, and those of modules that set them as early")
USER = "nobody is authenticated yet when phase=early asks; leave one of both out"


@pytest.mark.parametrize("rule, word", [
    ("TempRedirect /a /b user phase=early", "user"),
    ("TempRedirect /a /b phase=early !user=ann", "!user=ann"),
    ("TempRedirect /a ! phase=early user=~^a", "user=~^a"),
    ("TempRedirect /a /b/%{user} phase=early", "/b/%{user}"),
])
def test_a_user_beside_it_is_an_error(rule, word):
    assert check_config(rule) == (
        1, f"AH00526: Syntax error on line 1 of test.conf:\nTempRedirect: {word}: {USER}\n")


@pytest.mark.parametrize("rule, word", [
    ("TempRedirect /a /b env.X phase=early", "env.X"),
    ("TempRedirect /a /b/%{env.X} phase=early", "/b/%{env.X}"),
])
def test_a_variable_beside_it_is_a_warning(rule, word):
    status, output = check_config(rule)
    assert (status, output.splitlines()) == (0, [
        f"TR0001: test.conf:1: TempRedirect: {word}: {ENV}", "Syntax OK"])


@pytest.mark.parametrize("value", ["Early", "first", "early,fixups"])
def test_it_has_two_values(value):
    status, output = check_config(f"TempRedirect /a /b phase={value}")
    assert status == 1
    assert f"TempRedirect: phase={value}: unknown value" in output


# --- the order --------------------------------------------------------------------------

ORDER = """
TempRedirect /both https://fixups.example
TempRedirect /both https://early.example phase=early
TempRedirect /written https://first.example phase=early
TempRedirect /written https://second.example phase=early
TempRedirect /section https://server.example phase=early
TempRedirect /stay https://early.example phase=early
TempRedirect /fixed https://fixups.example
TempRedirect /fixed/x https://early.example phase=early
<Location /both/location>
    TempRedirect https://later.example
</Location>
<Directory ${HTDOCS}/both/directory>
    TempRedirect https://later.example
</Directory>
<Location /section>
    TempRedirect https://location.example phase=early
</Location>
<If "%{QUERY_STRING} == 'if'">
    TempRedirect /section https://if.example phase=early args=drop
</If>

TempRedirect /late-stay https://early.example phase=early
TempRedirect /late-stay https://fixups.example
<Location /stay/location>
    TempRedirect !
</Location>
<LocationMatch "^/stay/match">
    TempRedirect !
</LocationMatch>
<If "%{QUERY_STRING} == 'stay'">
    TempRedirect /stay !
</If>
<Location /stay/early>
    TempRedirect ! phase=early
    TempRedirect https://fixups.example
</Location>
<Location /stay/fixups>
    TempRedirect ! phase=fixups
</Location>
<Location /stay/user>
    TempRedirect ! !user
</Location>
<Location /stay/off>
    TempRedirectEngine Off
</Location>
<Location /stay/inherit>
    TempRedirectInherit Off
</Location>
<Location /stay/inherit/own>
    TempRedirect https://own.example phase=early
</Location>
<Location /stay/dry>
    TempRedirectEngine DryRun
</Location>
<Directory ${HTDOCS}/stay/directory>
    TempRedirect !
    TempRedirectEngine Off
    TempRedirectInherit Off
</Directory>
<Files x.txt>
    TempRedirect !
    TempRedirectEngine DryRun
</Files>
<VirtualHost *:${PORT2}>
    TempRedirect /stay !
    TempRedirect /both/vhost https://vhost.example
    TempRedirect /section/vhost https://vhost.example phase=early
</VirtualHost>
"""
ORDER_FILES = {name: "here" for name in [
    "stay/location/x", "stay/match/x", "stay/x", "stay/fixups/x", "stay/off/x", "stay/user/x",
    "stay/inherit/x", "stay/dry/x", "stay/directory/x", "both/directory/x", "stay/x.txt"]}
ORDER_FILES["stay/ht/.htaccess"] = "TempRedirect !\nTempRedirectEngine Off\n"


@pytest.fixture(scope="module")
def order(module_server):
    return module_server(ORDER, files=ORDER_FILES)


@pytest.mark.parametrize("path, host", [
    ("/both", "early"),
    ("/both/location", "early"),
    ("/both/directory", "early"),
    ("/written", "first"),
    ("/section", "location"),
    ("/section?if", "if"),
    ("/fixed/x", "early"),
    ("/fixed/y", "fixups"),
])
def test_an_early_rule_beats_every_other_and_among_themselves_sections_count(order, path, host):
    assert order.get(path).location.startswith(f"https://{host}.example/")


def test_a_later_section_of_a_virtual_host_beats_the_server_within_the_phase_only(order):
    both, section = [order.get(path, port=order.port2).location
                     for path in ("/both/vhost/x", "/section/vhost/x")]
    assert (both, section) == ("https://early.example/vhost/x",
                               "https://location.example/vhost/x")


@pytest.mark.parametrize("path", [
    "/stay/location/x", "/stay/match/x", "/stay/x?stay", "/stay/off/x", "/stay/inherit/x",
    "/stay/dry/x"])
def test_what_stands_where_early_may_stand_stops_an_early_rule(order, path):
    order.allow_log("TR0022")
    assert outcome(order.get(path)) == (200, None)


def test_an_exception_in_a_virtual_host_stops_an_early_rule_of_the_server(order):
    assert outcome(order.get("/stay/x", port=order.port2)) == (200, None)


@pytest.mark.parametrize("path", [
    "/stay/directory/x", "/stay/x.txt", "/stay/ht/x", "/stay/fixups/x", "/stay/user/x"])
def test_what_is_known_or_meant_later_does_not(order, path):
    assert order.get(path).location.startswith("https://early.example/")


def test_an_exception_for_the_early_phase_leaves_the_other_alone(order):
    assert order.get("/stay/early/x").location == "https://fixups.example/x"


def test_inherit_off_leaves_the_sections_own_early_rules(order):
    assert order.get("/stay/inherit/own/x").location == "https://own.example/x"


def test_an_exception_counts_in_both_phases(server):
    """Early it is asked only where some early rule is; later it is asked again."""
    httpd = server("""
        TempRedirect / https://fixups.example
        TempRedirect /early https://early.example phase=early
        <Location /a>
            TempRedirect !
        </Location>
        """, files={"a": "a"})
    assert outcome(httpd.get("/a")) == (200, None)
    assert httpd.get("/early").location == "https://early.example/"
    assert httpd.get("/b").location == "https://fixups.example/b"


DRY = """
TempRedirect /engine https://early.example phase=early id=early
TempRedirect /engine https://fixups.example id=fixups
TempRedirect /word https://dry.example phase=early mode=dry id=dry
TempRedirect /word https://live.example phase=early id=live
TempRedirect /then-fixups https://dry.example phase=early mode=dry id=dry
TempRedirect /then-fixups https://live.example id=live
TempRedirect /only https://dry.example phase=early mode=dry id=dry
<Location /engine>
    TempRedirectEngine DryRun
</Location>
"""


@pytest.mark.parametrize("path, status, host, logged, told", [
    ("/engine", 404, None, "early", ["early"]),
    ("/word", 307, "live", "live", ["dry"]),
    ("/then-fixups", 307, "live", "live", ["dry"]),
    ("/only", 404, None, "dry", ["dry"]),
])
def test_what_would_be_is_told_once(server, path, status, host, logged, told):
    """Under DryRun the early rule would have won: fixups' rules are not told of."""
    httpd = server(DRY)
    httpd.expect_log("TR0022")
    answer = httpd.get(path)
    assert outcome(answer) == (status, host and f"https://{host}.example/")
    assert httpd.access_log()[0].id == logged
    lines = [line for line in httpd.error_log().splitlines() if "TR0022" in line]
    assert [line.partition("rule ")[2].partition(":")[0] for line in lines] == told


def test_a_rehearsed_early_rule_does_not_keep_a_live_one_from_answering(server):
    httpd = server("""
        TempRedirectEngine DryRun
        TempRedirect /d https://early.example phase=early
        TempRedirect /d https://fixups.example
        <Directory ${HTDOCS}/d/live>
            TempRedirectEngine On
        </Directory>
        """, files={"d/live/x": "here", "d/x": "here"})
    httpd.expect_log("TR0022: .* https://early.example/x")
    assert outcome(httpd.get("/d/live/x")) == (307, "https://fixups.example/live/x")
    assert outcome(httpd.get("/d/x")) == (200, None)
    assert "dry, would be 307 to https://fixups" not in httpd.error_log()


# --- what is known by then --------------------------------------------------------------

KNOWN = r"""
SetEnvIf X-Tenant (.+) TENANT=$1
SetEnvIfExpr "%{QUERY_STRING} == 'expr'" BY_EXPR=expr
SetEnv BY_ENV env
RewriteEngine On
RewriteRule ^ - [E=BY_REWRITE:rewrite]
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
TempRedirectLanguages en de
TempRedirect /header https://%{header.X-Tenant}.example phase=early header.X-Tenant=a,b
TempRedirect /cookie https://%{cookie.t}.example phase=early cookie.t
TempRedirect /query https://%{query.t}.example phase=early query.t=~^[ab]$ args=drop
TempRedirect /client https://client.example phase=early client=192.0.2.0/24
TempRedirect /method https://method.example phase=early method=POST
TempRedirect /host https://host.example phase=early host=www.example.com
TempRedirect /scheme https://scheme.example phase=early scheme=http
TempRedirect /lang /moved/%{lang} phase=early tail=drop
TempRedirect /env/setenvif https://%{env.TENANT}.example phase=early
TempRedirect /env/setenvifexpr https://%{env.BY_EXPR}.example phase=early args=drop
TempRedirect /env/setenv https://%{env.BY_ENV}.example phase=early
TempRedirect /env/rewrite https://%{env.BY_REWRITE}.example phase=early
TempRedirect /env/location https://%{env.BY_LOCATION}.example phase=early
TempRedirect /expr https://expr.example phase=early "expr=%{HTTP:X-Tenant} == 'a'"
TempRedirect /nobody https://expr.example phase=early "expr=%{REMOTE_USER} == ''"
TempRedirect /file https://expr.example phase=early "expr=-f %{REQUEST_FILENAME}"
TempRedirect /probe https://expr.example phase=early "expr=-F '${HTDOCS}/file'"
TempRedirect /ask https://expr.example phase=early "expr=-U '/file'"
TempRedirectAllowHosts *.example
<Location /env/location>
    SetEnvIf Host . BY_LOCATION=location
</Location>
<VirtualHost *:${PORT2}>
    SetEnvIf Host . TENANT=of-vhost
    <Directory ${HTDOCS}>
        TempRedirectLanguages fr
        TempRedirectAllowHosts other.example
    </Directory>
</VirtualHost>
"""


@pytest.fixture(scope="module")
def known(module_server):
    httpd = module_server(KNOWN, modules=["setenvif", "env", "rewrite", "remoteip"],
                          files={"file": "here"})
    httpd.allow_log("TR0001|TR0012|AH00112")
    return httpd


@pytest.mark.parametrize("path, headers, location", [
    ("/header", {"X-Tenant": "a"}, "https://a.example/"),
    ("/header", {"X-Tenant": "c"}, None),
    ("/cookie", {"Cookie": "t=a"}, "https://a.example/"),
    ("/cookie", {}, None),
    ("/query?t=b", {}, "https://b.example/"),
    ("/query?t=c", {}, None),
    ("/client", {"X-Client": "192.0.2.9"}, "https://client.example/"),
    ("/client", {}, None),
    ("/method", {}, None),
    ("/host", {"Host": "WWW.example.com:99"}, "https://host.example/"),
    ("/host", {}, None),
    ("/scheme", {}, "https://scheme.example/"),
    ("/lang", {"Accept-Language": "fr, de"}, "/moved/de"),
    ("/env/setenvif", {"X-Tenant": "a"}, "https://a.example/"),
    ("/env/setenvifexpr?expr", {}, "https://expr.example/"),
    ("/env/setenv", {}, None),
    ("/env/rewrite", {}, None),
    ("/env/location", {}, None),
    ("/expr", {"X-Tenant": "a"}, "https://expr.example/"),
    ("/expr", {"X-Tenant": "b"}, None),
    ("/nobody", {}, "https://expr.example/"),
    ("/file", {}, None),
    ("/probe", {}, "https://expr.example/"),
    ("/ask", {}, "https://expr.example/"),
])
def test_conditions_and_targets_see_what_is_known_before_the_url_is_mapped(
        known, path, headers, location):
    assert known.get(path, headers).location == location


def test_a_virtual_hosts_variables_are_known_and_a_directorys_settings_are_not(known):
    port = known.port2
    assert known.get("/env/setenvif", port=port).location == "https://of-vhost.example/"
    assert known.get("/lang", {"Accept-Language": "fr"}, port=port).location == "/moved/en"


def test_expressions_that_look_for_a_file_do_not_crash_where_there_is_none_yet(server):
    """Nor where only the exception, which counts in both phases, has one."""
    httpd = server("""
        TempRedirect /a https://early.example phase=early
        <Location /a>
            TempRedirect ! "expr=-F '/none'"
        </Location>
        """)
    assert httpd.get("/a").location == "https://early.example/"


def test_vary_names_what_an_early_rule_asked_for(server):
    """On the redirect, and on all that passes: pages, errors."""
    httpd = server("""
        TempRedirect /a https://early.example phase=early header.X-Beta=1
        TempRedirect /a https://fixups.example header.X-Late=1
        <Location /a/denied>
            Require all denied
        </Location>
        """, files={"a/file": "here"})
    httpd.allow_log("AH01630")
    assert httpd.get("/a/file", {"X-Beta": "1"}).headers.get_all("Vary") == ["X-Beta"]
    assert httpd.get("/a/file", {"X-Late": "1"}).headers.get_all("Vary") == ["X-Beta,X-Late"]
    assert httpd.get("/a/file").headers.get_all("Vary") == ["X-Beta,X-Late"]
    assert httpd.get("/a/denied").headers.get_all("Vary") == ["X-Beta"]
    assert httpd.get("/other").headers.get("Vary") is None


def test_what_an_early_rule_asked_for_counts_for_the_cache_of_a_later_one(server):
    httpd = server("TempRedirect /a https://early.example phase=early client=192.0.2.1\n"
                   "TempRedirect /a https://fixups.example cache=600")
    assert httpd.get("/a").headers.get("Cache-Control") == "private, max-age=600"


# --- requests that pass -----------------------------------------------------------------

PASSING = """
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DirectoryIndex index.html
ErrorDocument 404 /errors/404.html
ErrorDocument 307 /errors/307.html
TempRedirect https://all.example phase=early "header.X-All=1"
TempRedirect /errors https://new.example phase=early
TempRedirect /parts https://new.example phase=early
TempRedirectMatch /index\\.html$ https://new.example/index.html phase=early
TempRedirect /real https://new.example phase=early
TempRedirect /.well-known https://new.example phase=early
RewriteEngine On
RewriteRule ^/pt$ /real/file [PT]
<Directory ${HTDOCS}>
    Options +Includes
</Directory>
<Directory ${HTDOCS}/pretty>
    RewriteEngine On
    RewriteRule ^x$ /real/file
</Directory>
<VirtualHost *:${PORT2}>
    ProxyRequests On
    AllowCONNECT 1-65535
    TempRedirectInherit Off
    TempRedirect https://all.example phase=early
</VirtualHost>
"""


@pytest.fixture(scope="module")
def passing(module_server):
    return module_server(
        PASSING, modules=["mime", "include", "dir", "rewrite", "proxy", "proxy_http",
                          "proxy_connect"],
        files={"errors/404.html": "own 404", "errors/307.html": "own 307", "parts/a": "part a",
               "page.shtml": '<!--#include virtual="/parts/a" -->', "site/index.html": "index",
               "real/file": "real", "pretty/none": "", "plain": "plain",
               ".well-known/acme-challenge/token": "key"}, http2=True)


@pytest.mark.parametrize("path, status, text", [
    ("/none", 404, "own 404"),
    ("/page.shtml", 200, "part a"),
    ("/site/", 200, "index"),
    ("/pt", 200, "real"),
    ("/pretty/x", 200, "real"),
    ("/.well-known/acme-challenge/token", 200, "key"),
])
def test_what_httpd_asks_of_itself_is_not_redirected(passing, path, status, text):
    answer = passing.get(path)
    assert (answer.status, answer.text, answer.location) == (status, text, None)


@pytest.mark.parametrize("path", ["/errors/404.html", "/parts/a", "/site/index.html",
                                  "/real/file", "/.well-known/security.txt"])
def test_the_same_paths_are_redirected_when_a_client_asks(passing, path):
    answer = passing.get(path)
    assert (answer.status, answer.text) == (307, "own 307")
    assert answer.location.startswith("https://new.example/")


PREFLIGHT = {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}


@pytest.mark.parametrize("method, target, headers, status", [
    ("OPTIONS", "*", {}, 200),
    ("TRACE", "/plain", {}, 200),
    ("CONNECT", "/plain", {}, 400),
    ("CONNECT", "localhost:443", {}, 405),
    ("OPTIONS", "/plain", PREFLIGHT, 200),
    ("OPTIONS", "/plain", {}, 307),
    ("HEAD", "/plain", {}, 307),
    ("PROPFIND", "/plain", {}, 307),
    ("GET", "http://localhost/plain", {}, 307),
    ("GET", "http://localhost", {}, 307),
])
def test_requests_that_pass_in_every_phase(passing, method, target, headers, status):
    assert passing.request(method, target, {"X-All": "1", **headers}).status == status


def test_what_a_forward_proxy_fetches_is_not_redirected(passing):
    origin = f"127.0.0.1:{passing.port}"
    fetched = passing.get(f"http://{origin}/plain", {"Host": origin}, port=passing.port2)
    assert (fetched.status, fetched.text) == (200, "plain")
    assert passing.get("/plain", port=passing.port2).location == "https://all.example/"


def test_a_tunnel_of_a_forward_proxy_is_not_redirected(passing):
    with passing.connect(port=passing.port2) as sock:
        target = f"127.0.0.1:{passing.port}"
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert sock.recv(4096).split()[1] == b"200"
        sock.sendall(b"GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert read_response(sock).text == "plain"


def test_options_star_passes_on_http2(passing):
    done = subprocess.run(
        ["curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20", "--http2-prior-knowledge",
         "-o", "/dev/null", "-w", "%{http_code}", "-X", "OPTIONS", "--request-target", "*",
         "-H", "X-All: 1", passing.url()], stdout=subprocess.PIPE, text=True, timeout=30)
    assert done.stdout in ("200", "400")  # httpd before 2.4.69 refuses it


# --- bodies -----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def bodies(module_server, sink):
    return module_server(f"TempRedirect /sink {sink.url()} phase=early\n"
                         "TempRedirect /moved https://new.example phase=early\n" + DENIED,
                         http2=True, tls=True)


@pytest.mark.parametrize("body", [b"x" * 50_000, [b"x" * 1000] * 50, b""],
                         ids=["length", "chunked", "empty"])
def test_a_body_is_read_and_the_connection_stays_in_step(bodies, body):
    """The next request on the connection is answered, and is not taken from the body."""
    bodies.allow_log("AH01630")
    keep = {"Connection": "keep-alive"}
    with bodies.connect() as sock:
        for path, status in [("/moved/a", 307), ("/denied", 403), ("/moved/b", 307)]:
            head, blocks = bodies.prepare("POST", path, list(keep.items()), body)
            sock.sendall(head + b"".join(blocks))
            answer = read_response(sock, "POST")
            assert answer.status == status


@pytest.mark.parametrize("tls", [False, True])
def test_curl_follows_with_its_upload_on_http2_every_time(bodies, tls, tmp_path):
    data = bytes(range(256)) * 4096
    (tmp_path / "body").write_bytes(data)
    told = hashlib.sha256(data).hexdigest()
    protocol = ["--http2", "--insecure"] if tls else ["--http2-prior-knowledge"]
    for turn in range(20):
        done = subprocess.run(
            ["curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20", "-L", *protocol,
             "--data-binary", f"@{tmp_path}/body", bodies.url(f"/sink/{turn}", tls=tls)],
            stdout=subprocess.PIPE, text=True, timeout=30)
        answer = json.loads(done.stdout)
        assert (answer["length"], answer["sha256"]) == (len(data), told), turn


# --- MPMs, restarts ---------------------------------------------------------------------

def test_it_holds_on_every_mpm_and_after_a_graceful_restart(server, mpm):
    config = """
        TempRedirect /old https://early.example phase=early
        TempRedirect /new https://early.example %s
        <Location /old/stay>
            TempRedirect !
        </Location>
        """ + DENIED
    httpd = server(config % "", mpm=mpm)
    httpd.allow_log("AH01630")
    for phase, new in [("", REFUSED), ("phase=early", (307, "https://early.example/x"))]:
        httpd.graceful(config % phase)
        assert outcome(httpd.get("/old/x")) == (307, "https://early.example/x")
        assert outcome(httpd.request("POST", "/old/x", body=b"x" * 9999)) == (
            307, "https://early.example/x")
        assert outcome(httpd.get("/old/stay/x")) == REFUSED
        assert outcome(httpd.get("/new/x")) == new
