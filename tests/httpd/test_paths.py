"""Rules see the client's own path and query: in whatever form they were sent, and
whatever other modules have made of them before the rule is asked."""

import random
import re
from urllib.parse import unquote_to_bytes

import pytest


def locations(httpd, paths, headers=(), **options):
    return {path: httpd.get(path, headers, **options).location for path in paths}


# --- forms of the request-target --------------------------------------------------------

def test_a_path_is_compared_decoded_and_sent_on_in_its_own_bytes(server, mpm):
    httpd = server('TempRedirect "/old path" https://new.example.com/n\n'
                   "TempRedirect /root/ https://root.example.com/\n", mpm=mpm)
    httpd.allow_log("AH10244: invalid URI path")
    base = "https://new.example.com/n"
    expected = {
        "/old%20path/x": f"{base}/x",
        "/%6Fld%20path/%78": f"{base}/%78",
        "//old%20path//x": f"{base}/x",
        "/./old%20path/./x/.": f"{base}/x/",
        "/a/../old%20path/x/../y": f"{base}/y",
        "/%2e/old%20path/a/%2E%2e/y": f"{base}/y",
        "/old%20path/..": None,
        "/old%20path/../../x": None,  # above the root: 400
        "/old%20path/a;b=c,d@e:f!g$h&i'j(k)l*m+n=o~p-q_r.s":
            f"{base}/a;b=c,d@e:f!g$h&i'j(k)l*m+n=o~p-q_r.s",
        "/old%20path/%41%7e%2C%3b%C3%BC%0A%25": f"{base}/%41%7e%2C%3b%C3%BC%0A%25",
        "/old%20path/^`{|}[]": f"{base}/^`{{|}}[]",
        '/old%20path/"<>': f"{base}/%22%3C%3E",
        "/old%20path/\\x": f"{base}/%5Cx",
        "/old%20path/x?a=%20&b=/../c//d&e=\"<>\\^`{|}": f"{base}/x?a=%20&b=/../c//d&e="
                                                        "%22%3C%3E\\^`{|}",
        "/old%20path?x=http://a/b": f"{base}?x=http://a/b",
        "/old%20path?a?b?": f"{base}?a?b?",
        "/old+path/x": None,
        "/old%2520path": None,
        "/old%20path/%00": None,
        "/%00/../old%20path": None,
    }
    assert locations(httpd, expected) == expected


def test_the_absolute_form_is_the_same_request(server):
    httpd = server("TempRedirect /old https://new.example.com/n\n"
                   "TempRedirect / https://root.example.com match=exact\n")
    expected = {
        "http://any.example/old/x%2Cy?q": "https://new.example.com/n/x%2Cy?q",
        "http://any.example:99//old/./x": "https://new.example.com/n/x",
        "HTTP://any.example/old?u=http://b/old": "https://new.example.com/n?u=http://b/old",
        "http://any.example": "https://root.example.com/",
        "http://any.example/": "https://root.example.com/",
        "http://any.example?q": "https://root.example.com/?q",
    }
    assert locations(httpd, expected) == expected


def test_requests_without_a_path_pass(server):
    httpd = server("TempRedirect https://new.example.com/")
    for method, target in (("OPTIONS", "*"), ("TRACE", "/x"), ("CONNECT", "a.example:443")):
        assert httpd.request(method, target).location is None


# --- encoded and repeated slashes ---------------------------------------------------------

SLASHES = """
TempRedirect /old https://new.example.com/n
TempRedirectMatch ^/re(.*)$ https://re.example.com/?p=$1
<VirtualHost *:${PORT}>
    ServerName off.example
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName on.example
    AllowEncodedSlashes On
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName nodecode.example
    AllowEncodedSlashes NoDecode
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName twice.example
    MergeSlashes Off
</VirtualHost>
"""

SLASHED = {
    "off.example": {
        "/old/a%2Fb": (404, None),
        "/old//a": (307, "https://new.example.com/n/a"),
    },
    "on.example": {
        "/old/a%2Fb": (307, "https://new.example.com/n/a%2Fb"),
        "/old%2fa%2Fb": (307, "https://new.example.com/n/a%2Fb"),
        "/old%2F": (307, "https://new.example.com/n/"),
        "/old/a%2F..%2Fb": (307, "https://new.example.com/n/b"),
        "/old/a/..%2F../x": (404, None),
        "/old/%2Fa": (307, "https://new.example.com/n/a"),
        "/re/a%2Fb": (307, "https://re.example.com/?p=%2Fa%2Fb"),
    },
    "nodecode.example": {
        "/old/a%2Fb%2f": (307, "https://new.example.com/n/a%2Fb%2f"),
        "/old%2Fa": (404, None),
        "/old/a%2F..%2Fb": (307, "https://new.example.com/n/a%2F..%2Fb"),
        "/re/a%2fb": (307, "https://re.example.com/?p=%2Fa%2Fb"),
    },
    "twice.example": {
        "/old//a": (307, "https://new.example.com/n//a"),
        "//old/a": (307, "https://new.example.com/n/a"),  # at the beginning they merge
        "http://twice.example//old/a": (404, None),
        "/old/a//../b": (307, "https://new.example.com/n/a/b"),
        "/re//a": (307, "https://re.example.com/?p=%2F%2Fa"),
    },
}


@pytest.fixture(scope="module")
def slashes(module_server):
    return module_server(SLASHES)


@pytest.mark.parametrize("host", SLASHED)
def test_slashes_are_what_the_servers_settings_say(slashes, host):
    answers = {path: slashes.get(path, {"Host": host}) for path in SLASHED[host]}
    assert {p: (a.status, a.location) for p, a in answers.items()} == SLASHED[host]


# --- the same path as httpd's own -------------------------------------------------------

SETTINGS = [(encoded, merge) for encoded in ("Off", "On", "NoDecode")
            for merge in ("On", "Off")]


def comparing():
    """For each setting two virtual hosts: one shows our path, one shows httpd's."""
    for encoded, merge in SETTINGS:
        for kind, lines in (
                ("ours", "TempRedirectMatch ^(.*)$ https://seen.example/?$1 args=drop"),
                ("tail", "TempRedirect / https://seen.example args=drop"),
                ("httpd", "Redirect gone /\n"
                          'Header always set X-Uri "expr=%{escape:%{REQUEST_URI}}"')):
            yield f"""
                <VirtualHost *:${{PORT}}>
                    ServerName {kind}-{encoded}-{merge}.example
                    AllowEncodedSlashes {encoded}
                    MergeSlashes {merge}
                    {lines}
                </VirtualHost>"""


TOKENS = ["/", "/", "/", "//", "/.", "/..", "/./", "/../", ".", "..", "...", "%2e", "%2E",
          "%2F", "%2f", "a", "b", "%41", "%61", "%7e", "%20", "%0a", "%25", "%252e", "%252F",
          ";x=1", "%3B", "\\", "%5C", "%c3%bc", "+", "%2B", "%zz", "%", "%4"]


def random_path(chance):
    """Mostly short; the malformed tokens at the end of TOKENS are rare."""
    tokens = TOKENS if chance.random() < 0.1 else TOKENS[:-3]
    return "/" + "".join(chance.choice(tokens) for _ in range(chance.randrange(1, 9)))


def units(text):
    return re.findall(r"%..|.", text, re.S)


def is_part_of(few, many):
    """Whether few is what remains of many when some are left out."""
    rest = iter(many)
    return all(unit in rest for unit in few)


@pytest.fixture(scope="module")
def compared(module_server):
    httpd = module_server("".join(comparing()), modules=["alias", "headers"])
    httpd.allow_log("AH10244: invalid URI path")
    return httpd


@pytest.mark.parametrize("encoded, merge", SETTINGS)
def test_the_path_that_rules_see_is_httpds_own(compared, encoded, merge):
    setting = f"{encoded}-{merge}.example"
    chance = random.Random(setting)
    reached = 0
    for _ in range(300):
        path = random_path(chance)
        ours, tail, httpd = (compared.get(path, {"Host": f"{kind}-{setting}"})
                             for kind in ("ours", "tail", "httpd"))
        if httpd.status != 410:  # refused before any rule is asked
            assert (ours.status, ours.location) == (httpd.status, None), path
            continue
        reached += 1
        uri = unquote_to_bytes(httpd.headers.get("X-Uri"))
        seen = unquote_to_bytes(ours.location.removeprefix("https://seen.example/?"))
        if encoded == "NoDecode":  # httpd's has "%2F" where a value has "/"
            seen, uri = (re.sub(rb"%2[fF]", b"/", text) for text in (seen, uri))
        assert seen == uri, path

        raw = tail.location.removeprefix("https://seen.example")
        assert is_part_of(units(raw), units(path.replace("\\", "%5C"))), path
        # In absolute-form, as httpd merges the slashes that an origin-form begins with.
        again = compared.get(f"http://httpd-{setting}{raw}")
        assert again.headers.get("X-Uri") == httpd.headers.get("X-Uri"), path
    assert reached > 100


# --- what other modules do to the path ------------------------------------------------------

def test_a_path_that_mod_proxy_keeps_encoded_is_compared_decoded(server):
    httpd = server("""
        <VirtualHost *:${PORT}>
            AllowEncodedSlashes NoDecode
            ProxyPass / http://127.0.0.1:${PORT2}/ mapping=encoded
            TempRedirect "/old path" https://new.example.com/n
            TempRedirect /back https://never.example/
        </VirtualHost>
        <VirtualHost *:${PORT2}>
            AllowEncodedSlashes NoDecode
            Redirect gone /
        </VirtualHost>
        """, modules=["proxy", "proxy_http", "alias"])
    expected = {
        "/old%20path/a%2Fb%20c": "https://new.example.com/n/a%2Fb%20c",
        "/%6fld%20path/x": "https://new.example.com/n/x",
        "/old%2520path": None,
        "/x%2Fy": None,
    }
    assert locations(httpd, expected) == expected
    assert httpd.get("/x%2Fy").status == 410  # the backend's


def test_a_proxied_request_is_redirected_before_it_is_sent_on(server):
    httpd = server("""
        <VirtualHost *:${PORT}>
            ProxyPass /app http://127.0.0.1:${PORT2}/
            TempRedirect /app/old https://new.example.com
            <Location /app/loc>
                TempRedirect https://location.example
            </Location>
            <Proxy *>
                TempRedirect /app/proxy https://proxy.example
            </Proxy>
        </VirtualHost>
        <VirtualHost *:${PORT2}>
            Redirect gone /
        </VirtualHost>
        """, modules=["proxy", "proxy_http", "alias"])
    expected = {
        "/app/old/x": "https://new.example.com/x",
        "/app/loc/x": "https://location.example/x",
        "/app/proxy/x": "https://proxy.example/x",
        "/app/x": None,
    }
    assert locations(httpd, expected) == expected
    assert httpd.get("/app/x").status == 410


def test_a_forward_proxy_redirects_nobody(server):
    httpd = server("""
        <VirtualHost *:${PORT}>
            ProxyRequests On
            TempRedirect / https://new.example.com
            TempRedirectMatch .* https://match.example.com
        </VirtualHost>
        <VirtualHost *:${PORT2}>
            Redirect gone /
        </VirtualHost>
        """, modules=["proxy", "proxy_http", "alias"])
    response = httpd.get(f"http://127.0.0.1:{httpd.port2}/x")
    assert (response.status, response.location) == (410, None)
    assert httpd.get("/x").location == "https://new.example.com/x"


def test_a_path_that_mod_rewrite_changed_is_the_clients_still(server):
    httpd = server("""
        RewriteEngine On
        RewriteRule ^/front/(.*)$ /back/$1?made=up [PT]
        RewriteRule ^/gone/(.*)$ /elsewhere/$1 [R=302]
        TempRedirect /front https://new.example.com
        TempRedirect /gone https://never.example
        TempRedirect /back https://back.example
        """, modules=["rewrite"])
    here = {"Host": "localhost"}
    expected = {
        "/front/x%2Cy?q": "https://new.example.com/x%2Cy?q",
        "/back/x": "https://back.example/x",
        "/gone/x": "http://localhost/elsewhere/x",  # mod_rewrite itself answers
    }
    assert locations(httpd, expected, here) == expected


FRONT_CONTROLLER = r"""
RewriteEngine On
RewriteRule ^index\.html$ - [L]
RewriteRule ^leave$ https://rewrite.example/ [R=302,L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule . /site/index.html?route=made-up [L]
"""


def test_a_front_controller_in_htaccess_hides_no_path(server, mpm):
    rules = """
        TempRedirect /site/old https://new.example.com
        TempRedirect /site/leave https://never.example
        TempRedirect /site/index.html https://index.example
    """
    files = {"site/index.html": "the controller\n", "site/f": "a file\n"}
    in_config = server(
        f"RewriteOptions InheritDown\n{rules}", mpm=mpm, modules=["rewrite"],
        files={**files, "site/.htaccess": FRONT_CONTROLLER})
    in_htaccess = server("", mpm=mpm, modules=["rewrite"],
                         files={**files, "site/.htaccess": FRONT_CONTROLLER + rules})
    for httpd in (in_config, in_htaccess):
        expected = {
            "/site/old/x%20y?q=1": "https://new.example.com/x%20y?q=1",
            "/site/leave": "https://rewrite.example/",
            "/site/index.html": "https://index.example/",
            "/site/other": None,
            "/site/f": None,
        }
        assert locations(httpd, expected) == expected
        assert httpd.get("/site/other").text == "the controller\n"


def test_negotiation_and_directory_index_change_no_path(server):
    httpd = server("""
        TypesConfig /dev/null
        AddType text/html .html
        DirectoryIndex index.html
        AddLanguage en .en
        <Directory ${HTDOCS}>
            Options +MultiViews
            TempRedirect /mv/old https://new.example.com
            TempRedirect /mv/page.html.en https://file.example
            TempRedirect /d/index.html https://index.example
            TempRedirect /e/ https://slash.example match=exact
            TempRedirect /f https://whole.example
        </Directory>
        """, modules=["mime", "negotiation", "dir"],
        files={"mv/old.html.en": "old\n", "mv/page.html.en": "page\n",
               "d/index.html": "index\n", "e/index.html": "", "f/index.html": ""})
    here = {"Host": "localhost"}
    expected = {
        "/mv/old": "https://new.example.com/",
        "/mv/old?q": "https://new.example.com/?q",
        "/mv/page": None,
        "/mv/page.html.en": "https://file.example/",
        "/d/": None,
        "/d/index.html": "https://index.example/",
        "/e": "http://localhost/e/",  # mod_dir itself answers
        "/e/": "https://slash.example/",
        "/f": "https://whole.example/",
        "/f/": "https://whole.example/",
    }
    assert locations(httpd, expected, here) == expected
    assert httpd.get("/mv/page").text == "page\n"
    assert httpd.get("/d/").text == "index\n"


def test_subrequests_and_error_documents_are_not_redirected(server):
    httpd = server("""
        ErrorDocument 404 /part/error.html
        ErrorDocument 307 "moved, says the operator"
        TempRedirect /part https://new.example.com
        TempRedirect /moved https://new.example.com
        <Directory ${HTDOCS}>
            Options +Includes +Indexes
            SetOutputFilter INCLUDES
        </Directory>
        """, modules=["include", "autoindex"],
        files={"page.html": '<!--#include virtual="/part/a.html" -->\n',
               "part/a.html": "included\n", "part/error.html": "not found, sorry\n"})
    assert httpd.get("/page.html").text == "included\n\n"
    missing = httpd.get("/missing")
    assert (missing.status, missing.location) == (404, None)
    assert missing.text == "not found, sorry\n"
    assert httpd.get("/part/a.html").location == "https://new.example.com/a.html"
    moved = httpd.get("/moved/x")
    assert (moved.status, moved.location) == (307, "https://new.example.com/x")
    assert moved.text == "moved, says the operator"


def test_an_error_document_of_a_redirect_keeps_its_headers(server):
    httpd = server("""
        ErrorDocument 307 /note.html
        TempRedirect /old https://new.example.com id=moved
        TempRedirect /note.html https://never.example
        LogFormat "%<{TEMPREDIRECT_ID}e" id
        CustomLog id.log id
        """, files={"note.html": "a note\n"})
    response = httpd.get("/old/x")
    assert (response.status, response.location) == (307, "https://new.example.com/x")
    assert response.headers.get_all("Cache-Control") == ["no-store"]
    assert response.text == "a note\n"
    httpd.access_log(1)
    assert (httpd.root / "id.log").read_text() == "moved\n"


def test_access_control_comes_before_a_redirect(server):
    httpd = server("""
        TempRedirect / https://new.example.com
        <Location /closed>
            Require all denied
        </Location>
        """)
    httpd.expect_log("AH01630: client denied")
    response = httpd.get("/closed/x")
    assert (response.status, response.location) == (403, None)
    assert httpd.get("/open").location == "https://new.example.com/open"
