"""mode=dry and TempRedirectEngine DryRun: all is decided, logged and marked, and no byte
of a response changes."""

import hashlib
import re
import subprocess

import pytest

from harness import raw

# --- complete responses, with and without rules -------------------------------------------

FILES = {"file.txt": "here\n" * 500, "d/file.txt": "there\n", "d/x.html": "<p>x</p>\n",
         "d/sub/index.html": "index\n", "closed/file.txt": "secret\n",
         "cgi/sum": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\nVary: X-Own\\r\\n\\r\\n'\n"
                     "exec sha256sum\n"}
SITE = """
TypesConfig /dev/null
AddType text/plain .txt
AddOutputFilterByType DEFLATE text/plain
Header set X-Set "expr=%{HTTP:X-B}"
Header always set X-Always 1
Header merge Vary X-Merged
RewriteEngine On
RewriteCond %{HTTP:X-Rewritten} y
RewriteRule ^/to-file$ /file.txt [PT]
ErrorDocument 404 "own 404"
ProxyPass /proxied http://127.0.0.1:${PORT}/file.txt
<Directory ${HTDOCS}/closed>
    AuthType Basic
    AuthName closed
    AuthUserFile ${HTDOCS}/none
    Require valid-user
</Directory>
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
"""
MODULES = ["headers", "mime", "filter", "deflate", "rewrite", "dir", "cgi", "proxy",
           "proxy_http", "authn_core", "authn_file", "auth_basic", "authz_user", "expires"]

# Headers that conditions, targets and expressions consult, a cache, a window: whatever
# could leave a trace.
RULES = """
TempRedirectLanguages en de
TempRedirect /file.txt https://a.example/%{{header.X-A}} header.X-A cookie.c cache=60 {words}
TempRedirect / https://b.example/%{{lang}} header.X-B hours=Mon-Sun retry-after=60 {words}
TempRedirect / ! header.X-Stay {words}
TempRedirectMatch ^/.+ https://c.example/ "expr=%{{HTTP:X-C}} == ''" vary=off {words}
TempRedirect / https://d.example status=301 {words}
"""
PLACES = {
    "server": "{}",
    "Location": "<Location />\n{}\n</Location>",
    "Directory": "<Directory ${{HTDOCS}}>\n{}\n</Directory>",
    "Files": "<Files *>\n{}\n</Files>",
    "If": '<If "true">\n{}\n</If>',
    "htaccess": "",
}
DRY = {
    "mode=dry": ("", "mode=dry", list(PLACES)),
    "early mode=dry": ("", "mode=dry phase=early", ["server", "Location", "If"]),
    "DryRun": ("TempRedirectEngine DryRun\n", "", list(PLACES)),
    "early DryRun": ("TempRedirectEngine DryRun\n", "phase=early", ["server", "Location", "If"]),
}

REQUESTS = [
    "GET /file.txt", "HEAD /file.txt", "GET /file.txt?x=1", "POST /file.txt", "OPTIONS /file.txt",
    "GET /nothing", "GET /d", "GET /d/sub/", "GET /closed/file.txt", "GET /to-file",
    "GET /proxied", "GET /cgi/sum", "DELETE /file.txt", "BREW /file.txt", "GET /%2F",
]
HEADERS = ["", "X-A: 1\r\nCookie: c=1\r\n", "X-B: 1\r\nAccept-Encoding: gzip\r\n",
           "X-Stay: 1\r\nRange: bytes=0-9\r\n", "X-C: 1\r\nX-Rewritten: y\r\n",
           "If-Modified-Since: Fri, 01 Jan 2999 00:00:00 GMT\r\nX-A: 2\r\n",
           "If-Match: \"none\"\r\n", "Content-Length: 5\r\n"]


def complete(port, line, headers):
    body = "12345" if "Content-Length" in headers else ""
    answer = raw(port, f"{line} HTTP/1.1\r\nHost: www.example:1234\r\nConnection: close\r\n"
                       f"{headers}\r\n{body}")
    assert answer
    return re.sub(rb"\r\nDate: [^\r]*", b"\r\nDate: now", answer)


def two_sites(server, place, engine, words, **options):
    """The same site twice: on the second port there are rules."""
    rules = engine + RULES.format(words=words)
    htaccess = {".htaccess": rules} if place == "htaccess" else {}
    config = f"""
        {SITE}
        <VirtualHost *:${{PORT}}>
            RewriteOptions Inherit
            <Directory ${{HTDOCS}}>
                AllowOverride None
            </Directory>
        </VirtualHost>
        <VirtualHost *:${{PORT2}}>
            RewriteOptions Inherit
            {PLACES[place].format(rules)}
        </VirtualHost>
        """
    httpd = server(config, modules=MODULES, files={**FILES, **htaccess}, **options)
    httpd.allow_log("AH01620|AH10244|AH00135|AH00082")
    return httpd


def compare(httpd, requests=REQUESTS, headers=HEADERS):
    cases = [(line, head) for line in requests for head in headers]
    differences = [case for case in cases
                   if complete(httpd.port, *case) != complete(httpd.port2, *case)]
    assert differences == []


@pytest.mark.parametrize("kind, place", [
    (kind, place) for kind, (_, _, places) in DRY.items() for place in places])
def test_no_byte_of_any_response_changes(server, kind, place):
    engine, words, _ = DRY[kind]
    httpd = two_sites(server, place, engine, words)
    compare(httpd)
    seen = httpd.error_log()
    for host in ("a", "b", "c", "d"):
        assert re.search(rf"TR0022: rule \S+: dry, would be 30[17] to https://{host}\.example/",
                         seen)
    assert "TR0020" not in seen


@pytest.mark.parametrize("kind", DRY)
def test_no_byte_changes_on_any_mpm(server, mpm, kind):
    engine, words, _ = DRY[kind]
    compare(two_sites(server, "server", engine, words, mpm=mpm), REQUESTS[:7], HEADERS[:4])


def test_the_comparison_finds_what_a_live_rule_changes(server):
    """Would it not, the tests above would say nothing."""
    httpd = two_sites(server, "server", "", "mode=live")
    with pytest.raises(AssertionError):
        compare(httpd, ["GET /file.txt"], [HEADERS[1]])
    with pytest.raises(AssertionError):  # passes, but with Vary
        compare(httpd, ["GET /file.txt"], [HEADERS[3]])


def h2(*options):
    out = subprocess.run(["curl", "-q", "-sS", "-i", "--noproxy", "*", "--max-time", "20",
                          "--http2-prior-knowledge", "-H", "Host: www.example:1234", *options],
                         check=True, timeout=30, stdout=subprocess.PIPE).stdout
    return re.sub(rb"\r\ndate: [^\r]*", b"\r\ndate: now", out)


@pytest.mark.parametrize("kind", DRY)
def test_no_byte_changes_on_http_2_and_bodies_arrive(server, kind, tmp_path):
    engine, words, _ = DRY[kind]
    httpd = two_sites(server, "server", engine, words, http2=True)
    body = tmp_path / "body"
    body.write_bytes(b"0123456789" * 30_000)
    for options in (["/file.txt"], ["/nothing", "-H", "X-B: 1"], ["/d"],
                    ["/cgi/sum", "--data-binary", f"@{body}"]):
        path, *rest = options
        answers = [h2(f"http://127.0.0.1:{port}{path}", *rest)
                   for port in (httpd.port, httpd.port2)]
        assert answers[0] == answers[1]
    assert hashlib.sha256(body.read_bytes()).hexdigest().encode() in answers[1]


# --- what is logged and marked ---------------------------------------------------------------

QUIET = "LogLevel warn\n"  # the default; without it the module would say more


def dry_lines(httpd):
    return [re.sub(r".*TR0022: ", "", httpd.plain(line))
            for line in httpd.error_log().splitlines() if "TR0022" in line]


def seen(httpd, *paths, headers=()):
    """Locations, ids of the access log, and TR0022 of the error log."""
    locations = [httpd.get(path, headers).location for path in paths]
    ids = {entry.request.split()[1]: entry.id for entry in httpd.access_log(len(paths))}
    return locations, [ids[path] for path in paths], dry_lines(httpd)


def test_what_would_be_is_logged_and_marked_at_the_default_level(server, mpm):
    httpd = server(QUIET + "TempRedirect /a https://new.example.com/n mode=dry id=trial",
                   mpm=mpm)
    assert seen(httpd, "/a/x?y=1", "/b") == (
        [None, None], ["trial", None],
        ["rule trial: dry, would be 307 to https://new.example.com/n/x?y=1"])
    line = httpd.wait_log("TR0022")
    assert "[tempredirect:notice]" in line and "[client 127.0.0.1:" in line


@pytest.mark.parametrize("level", ["warn", "error", "crit", "info"])
def test_the_line_is_there_at_every_level(server, level):
    httpd = server(f"LogLevel {level}\nTempRedirect /a /b mode=dry")
    httpd.get("/a")
    assert dry_lines(httpd) == ["rule test.conf:2: dry, would be 307 to /b"]


# Rules for /a; what becomes of a GET for it: Location, id, lines of the log.
CASES = [
    ("a rule of its own", "TempRedirectEngine DryRun\nTempRedirect /a /b id=1",
     None, "1", ["rule 1: dry, would be 307 to /b"]),
    ("status", "TempRedirect /a /b id=1 mode=dry status=303",
     None, "1", ["rule 1: dry, would be 303 to /b"]),
    ("the next rule is asked", "TempRedirect /a /b id=1 mode=dry\nTempRedirect /a /c id=2",
     "/c", "2", ["rule 1: dry, would be 307 to /b"]),
    ("a live rule ends the search", "TempRedirect /a /c id=2\nTempRedirect /a /b id=1 mode=dry",
     "/c", "2", []),
    ("the first dry rule marks",
     "TempRedirect /a /b id=1 mode=dry\nTempRedirect /a /c id=2 mode=dry",
     None, "1", ["rule 1: dry, would be 307 to /b", "rule 2: dry, would be 307 to /c"]),
    ("dry exception", "TempRedirect /a ! id=1 mode=dry\nTempRedirect /a /c id=2",
     "/c", "2", ["rule 1: dry, would be '!', no redirect"]),
    ("dry exception alone", "TempRedirect /a ! id=1 mode=dry",
     None, None, ["rule 1: dry, would be '!', no redirect"]),
    ("live exception behind", "TempRedirect /a /b id=1 mode=dry\nTempRedirect /a ! id=2",
     None, "1", ["rule 1: dry, would be 307 to /b"]),
    ("live exception before", "TempRedirect /a ! id=2\nTempRedirect /a /b id=1 mode=dry",
     None, None, []),
    ("conditions are asked", "TempRedirect /a /b id=1 mode=dry header.X\n"
                             "TempRedirect /a /c id=2 mode=dry !header.X",
     None, "2", ["rule 2: dry, would be 307 to /c"]),
    ("windows, too", "TempRedirect /a /b id=1 mode=dry from=2999-01-01T00:00Z\n"
                     "TempRedirect /a /c id=2 mode=dry hours=Mon-Sun",
     None, "2", ["rule 2: dry, would be 307 to /c"]),
    ("a rule that fails", "TempRedirect /a /%{header.X} id=1 mode=dry",
     None, None, []),
    ("a loop", "TempRedirect / /a tail=drop id=1 mode=dry", None, None, []),
    ("DryRun, exception", "TempRedirectEngine DryRun\nTempRedirect /a ! id=1\n"
                          "TempRedirect /a /b id=2", None, None, []),
    ("DryRun, dry and live", "TempRedirectEngine DryRun\nTempRedirect /a /b id=1 mode=dry\n"
                             "TempRedirect /a /c id=2\nTempRedirect /a /d id=3",
     None, "1", ["rule 1: dry, would be 307 to /b", "rule 2: dry, would be 307 to /c"]),
    ("Off says nothing", "TempRedirectEngine Off\nTempRedirect /a /b id=1 mode=dry",
     None, None, []),
    # phases
    ("early, then live", "TempRedirect /a /c id=2\nTempRedirect /a /b id=1 mode=dry phase=early",
     "/c", "2", ["rule 1: dry, would be 307 to /b"]),
    ("live early, then dry", "TempRedirect /a /b id=1 mode=dry\n"
                             "TempRedirect /a /c id=2 phase=early", "/c", "2", []),
    ("both phases", "TempRedirect /a /b id=1 mode=dry\nTempRedirect /a /c id=2 mode=dry "
                    "phase=early", None, "2",
     ["rule 2: dry, would be 307 to /c", "rule 1: dry, would be 307 to /b"]),
    ("DryRun asks fixups only where early has nothing",
     "TempRedirectEngine DryRun\nTempRedirect /a /b id=1\n"
     "TempRedirect /a /c id=2 phase=early", None, "2", ["rule 2: dry, would be 307 to /c"]),
    ("DryRun with an early rule for others",
     "TempRedirectEngine DryRun\nTempRedirect /a /b id=1\n"
     "TempRedirect /x /c id=2 phase=early", None, "1", ["rule 1: dry, would be 307 to /b"]),
    ("early exception", "TempRedirect /a ! id=0 phase=early\n"
                        "TempRedirect /a /b id=1 mode=dry phase=early\n"
                        "TempRedirect /a /c id=2 mode=dry",
     None, "2", ["rule 2: dry, would be 307 to /c"]),
    ("dry early exception", "TempRedirect /a ! id=0 phase=early mode=dry\n"
                            "TempRedirect /a /b id=1 phase=early",
     "/b", "1", ["rule 0: dry, would be '!', no redirect"]),
]


@pytest.mark.parametrize("rules, location, mark, lines", [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])
def test_a_dry_rule_is_told_of_and_the_search_goes_on(server, rules, location, mark, lines):
    httpd = server(QUIET + rules)
    assert seen(httpd, "/a") == ([location], [mark], lines)


def test_a_dry_exception_without_phase_is_told_of_in_the_phases_that_are_asked(server):
    httpd = server(QUIET + "TempRedirect /a ! id=0 mode=dry\nTempRedirect /b /c phase=early")
    httpd.get("/a")
    assert set(dry_lines(httpd)) == {"rule 0: dry, would be '!', no redirect"}


def test_each_request_is_logged(server):
    httpd = server(QUIET + "TempRedirect /a /b mode=dry id=1")
    locations, marks, lines = seen(httpd, "/a", "/a/x", "/a")
    assert locations == [None] * 3 and marks == ["1"] * 3
    assert lines == [f"rule 1: dry, would be 307 to /b{tail}" for tail in ("", "/x", "")]


@pytest.mark.parametrize("method, path, headers", [
    ("OPTIONS", "/a", {"Origin": "https://x.example", "Access-Control-Request-Method": "PUT"}),
    ("GET", "/.well-known/acme-challenge/t", {}),
])
@pytest.mark.parametrize("rules", ["TempRedirect / /b tail=drop mode=dry",
                                   "TempRedirectEngine DryRun\nTempRedirect / /b tail=drop"])
def test_what_passes_anyway_is_not_told_of(server, rules, method, path, headers):
    httpd = server(rules)
    httpd.request(method, path, headers)
    assert dry_lines(httpd) == []


# --- sections -----------------------------------------------------------------------------------

def test_the_engine_is_dry_where_the_section_merged_last_says_so(server, mpm):
    httpd = server(QUIET + """
        TempRedirect / https://new.example.com !query.q
        <Location /dry>
            TempRedirectEngine DryRun
        </Location>
        <Location /dry/on>
            TempRedirectEngine On
        </Location>
        <Location /dry/off>
            TempRedirectEngine Off
        </Location>
        <Directory ${HTDOCS}/d>
            TempRedirectEngine DryRun
        </Directory>
        <Files "*.dry">
            TempRedirectEngine dryrun
        </Files>
        <If "%{HTTP:X-Dry} == '1'">
            TempRedirectEngine DryRun
        </If>
        """, mpm=mpm, files={
            "d/f": "", "d/on/.htaccess": "TempRedirectEngine On\n", "d/on/f": "", "x.dry": "",
            "ht/.htaccess": "TempRedirectEngine DryRun\n", "ht/f": ""})
    paths = ["/x", "/dry/x", "/dry/on/x", "/dry/off/x", "/d/f", "/d/on/f", "/x.dry", "/ht/f"]
    locations, _, lines = seen(httpd, *paths)
    to = "https://new.example.com"
    assert locations == [to + "/x", None, to + "/dry/on/x", None, None, to + "/d/on/f", None, None]
    assert lines == [f"rule test.conf:3: dry, would be 307 to {to}{path}"
                     for path in ("/dry/x", "/d/f", "/x.dry", "/ht/f")]
    assert httpd.get("/x", {"X-Dry": "1"}).location is None


def test_a_dry_engine_of_a_virtual_host_is_its_own(server):
    httpd = server("""
        TempRedirect /a /b
        <VirtualHost *:${PORT}>
            TempRedirectEngine DryRun
        </VirtualHost>
        <VirtualHost *:${PORT2}>
        </VirtualHost>
        """)
    assert httpd.get("/a").location is None
    assert httpd.get("/a", port=httpd.port2).location == "/b"


def test_directory_and_htaccess_have_no_say_when_early_rules_are_asked(server):
    httpd = server("""
        TempRedirect /d/early /live phase=early
        TempRedirect /d/late /live
        <Directory ${HTDOCS}/d>
            TempRedirectEngine DryRun
        </Directory>
        <Location /d/early/loc>
            TempRedirectEngine DryRun
        </Location>
        """, files={"d/early": "", "d/late": ""})
    assert [httpd.get(path).location for path in ("/d/early", "/d/early/loc", "/d/late")] == [
        "/live", None, None]


def test_dry_rules_stand_in_every_section(server):
    rule = "TempRedirect /d/f /to/{0} mode=dry id={0}"
    httpd = server(QUIET + "\n".join([
        rule.format("server"),
        "<VirtualHost *:${PORT}>", rule.format("vhost"), "</VirtualHost>",
        "<Directory ${HTDOCS}/d>", rule.format("directory"), "</Directory>",
        "<Files f>", rule.format("files"), "</Files>",
        "<Location /d>", rule.format("location"), "</Location>",
        "<LocationMatch ^/d/>", rule.format("match"), "</LocationMatch>",
        '<If "true">', rule.format("if"), "</If>",
        "TempRedirect /d/f /live id=live !header.X"]),
        files={"d/f": "", "d/.htaccess": rule.format("htaccess") + "\n"})
    order = ["if", "match", "location", "files", "htaccess", "directory", "vhost", "server"]
    assert seen(httpd, "/d/f") == (
        ["/live"], ["live"], [f"rule {name}: dry, would be 307 to /to/{name}" for name in order])
    assert httpd.get("/d/f", {"X": "1"}).status == 200


def test_a_dry_rule_leaves_no_trace_on_the_answer_of_the_live_one(server):
    live = "TempRedirect /a /live header.X-Live cache=60\n"
    httpd = server("<VirtualHost *:${PORT}>\n" + live + "</VirtualHost>\n"
                   "<VirtualHost *:${PORT2}>\n"
                   "TempRedirect /a /no header.X-Dry mode=dry\n"
                   "TempRedirect /a /dry/%{cookie.c} client=127.0.0.1 hours=Mon-Sun lang=de "
                   "mode=dry cache=1 retry-after=9\n"
                   "TempRedirect /a /no \"expr=%{HTTP:X-E} == ''\" mode=dry\n" + live +
                   "</VirtualHost>")
    sent = "X-Live: 1\r\nX-Dry: 1\r\nCookie: c=1\r\nAccept-Language: de\r\n"

    def answer(port):
        return re.sub(rb"\r\nExpires: [^\r]*", b"", complete(port, "GET /a", sent))

    found = answer(httpd.port2)
    assert found == answer(httpd.port)
    assert b"\r\nVary: X-Live\r\n" in found
    assert b"\r\nCache-Control: max-age=60\r\n" in found
    assert len(dry_lines(httpd)) == 3
