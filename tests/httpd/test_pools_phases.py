"""Pools in the access log and in dry runs, and with phase=early."""

import collections
import re

import pytest

from harness import check_config
from pools import (LOG, by_http_2, choose, curl, member_logged, member_of, members_logged,
                   pipelined, pool)

# --- the access log -----------------------------------------------------------------------

A, STAY, B = pool("p", a=1), pool("p", stay=1), pool("q", b=1)
# Rules for /x: status, TEMPREDIRECT_ID and TEMPREDIRECT_MEMBER.
LOGGED = [
    ("redirect", A + "TempRedirect / pool:p id=1", (307, "1", "a")),
    ("stay", STAY + "TempRedirect / pool:p id=1", (404, "1", "stay")),
    ("file and line", "TempRedirect / pool:p\n" + A, (307, "test.conf:2", "a")),
    ("no match", A + "TempRedirect /y pool:p id=1", (404, "-", "-")),
    ("no pool", A + "TempRedirect / /y id=1 tail=drop", (307, "1", "-")),
    ("plain exception", A + "TempRedirect / ! id=0\nTempRedirect / pool:p id=1", (404, "-", "-")),
    ("dry", A + "TempRedirect / pool:p id=1 mode=dry", (404, "1", "a")),
    ("dry stay", STAY + "TempRedirect / pool:p id=1 mode=dry", (404, "1", "stay")),
    ("dry, then live",
     A + "TempRedirect / pool:p id=1 mode=dry\nTempRedirect / https://n.test id=2",
     (307, "2", "-")),
    ("dry stay, then live",
     STAY + "TempRedirect / pool:p id=1 mode=dry\nTempRedirect / https://n.test id=2",
     (307, "2", "-")),
    ("dry, then another pool",
     A + B + "TempRedirect / pool:p id=1 mode=dry\nTempRedirect / pool:q id=2", (307, "2", "b")),
    ("dry, then stay",
     STAY + B + "TempRedirect / pool:q id=1 mode=dry\nTempRedirect / pool:p id=2",
     (404, "2", "stay")),
    ("dry, then a plain exception",
     A + "TempRedirect / pool:p id=1 mode=dry\nTempRedirect / ! id=2", (404, "1", "a")),
    ("two dry", A + B + "TempRedirect / pool:p id=1 mode=dry\nTempRedirect / pool:q id=2 mode=dry",
     (404, "1", "a")),
    ("plain dry, then pool", A + "TempRedirect / /y id=1 mode=dry\nTempRedirect / pool:p id=2",
     (307, "2", "a")),
    ("DryRun", "TempRedirectEngine DryRun\n" + A + "TempRedirect / pool:p id=1", (404, "1", "a")),
    ("DryRun stay", "TempRedirectEngine DryRun\n" + STAY + "TempRedirect / pool:p id=1",
     (404, "1", "stay")),
    ("DryRun, two", "TempRedirectEngine DryRun\n" + A + B
     + "TempRedirect / pool:q id=1\nTempRedirect / pool:p id=2", (404, "1", "b")),
    ("Off", "TempRedirectEngine Off\n" + A + "TempRedirect / pool:p id=1", (404, "-", "-")),
    # phases
    ("early", A + "TempRedirect / pool:p id=1 phase=early", (307, "1", "a")),
    ("early stay", STAY + "TempRedirect / pool:p id=1 phase=early", (404, "1", "stay")),
    ("early dry", A + "TempRedirect / pool:p id=1 phase=early mode=dry", (404, "1", "a")),
    ("early dry stay", STAY + "TempRedirect / pool:p id=1 phase=early mode=dry",
     (404, "1", "stay")),
    ("early dry, then live", A + "TempRedirect / pool:p id=1 phase=early mode=dry\n"
                                 "TempRedirect / https://n.test id=2", (307, "2", "-")),
    ("early dry stay, then live", STAY + "TempRedirect / pool:p id=1 phase=early mode=dry\n"
                                         "TempRedirect / https://n.test id=2", (307, "2", "-")),
    ("early dry, then another pool",
     A + B + "TempRedirect / pool:p id=1 phase=early mode=dry\nTempRedirect / pool:q id=2",
     (307, "2", "b")),
    ("early dry, then stay",
     STAY + B + "TempRedirect / pool:q id=1 phase=early mode=dry\nTempRedirect / pool:p id=2",
     (404, "2", "stay")),
    ("early DryRun", "TempRedirectEngine DryRun\n" + A + "TempRedirect / pool:p id=1 phase=early",
     (404, "1", "a")),
    ("early DryRun stay",
     "TempRedirectEngine DryRun\n" + STAY + "TempRedirect / pool:p id=1 phase=early",
     (404, "1", "stay")),
]


@pytest.mark.parametrize("rules, wanted", [case[1:] for case in LOGGED],
                         ids=[case[0] for case in LOGGED])
def test_the_access_log_has_the_rule_and_the_member(server, rules, wanted):
    httpd = server(LOG + rules)
    httpd.get("/x")
    assert members_logged(httpd, 1) == {"/x": wanted}


def test_a_log_may_have_those_only_for_whom_a_pool_chose(server, mpm):
    httpd = server(LOG.rstrip() + " env=TEMPREDIRECT_MEMBER\n"
                   + pool("p", "key=query.k", a=1, stay=1) + "TempRedirect /x pool:p id=1\n"
                   "TempRedirect /y /z id=2", mpm=mpm)
    wanted = {}
    for number in range(20):
        member = choose("p", str(number).encode(), {"a": 1, "stay": 1})
        wanted[f"/x?k={number}"] = (404 if member == "stay" else 307, "1", member)
        httpd.get(f"/y?k={number}")
        httpd.get(f"/x?k={number}")
    assert members_logged(httpd, 20) == wanted


INTERNAL = LOG + """
TempRedirect /early pool:p id=early phase=early
TempRedirect /dry pool:q id=dry mode=dry
TempRedirect /closed pool:q id=closed mode=dry phase=early
TempRedirect /gone pool:q id=gone
TempRedirect / pool:p id=site
""" + pool("p", stay=1) + pool("q", b=1) + """
DirectoryIndex index.html
Action x-action /cgi/action
ErrorDocument 404 /cgi/sorry
ErrorDocument 403 /file.txt
<Location /gone>
    ErrorDocument 307 /file.txt
</Location>
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
<Directory ${HTDOCS}/closed>
    Require all denied
</Directory>
<Directory ${HTDOCS}/nowhere>
    RewriteEngine On
    RewriteRule x none.html [L]
</Directory>
<Files "*.act">
    SetHandler x-action
</Files>
"""
FRONT = "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ front.html [L]\n"
SAY = "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\n"
INTERNAL_FILES = {
    "file.txt": "file", "index/index.html": "index", "x.act": "",
    **{f"{name}/front.html": "front" for name in ("app", "dry", "early")},
    **{f"{name}/.htaccess": FRONT for name in ("app", "dry", "early")}, "closed/x": "",
    "nowhere/y": "",
    "cgi/action": SAY + "echo action $TEMPREDIRECT_MEMBER", "cgi/sorry": SAY + "echo sorry",
    "cgi/local": "#!/bin/sh\nprintf 'Location: /file.txt\\r\\n\\r\\n'\n",
    "cgi/env": SAY + "echo $TEMPREDIRECT_ID $TEMPREDIRECT_MEMBER"}


@pytest.fixture(scope="module", params=["event", "prefork"])
def internal(request, module_server):
    httpd = module_server(INTERNAL, modules=["dir", "cgi", "actions", "rewrite"], mpm=request.param,
                          files=INTERNAL_FILES)
    httpd.allow_log("AH01630")
    return httpd


@pytest.mark.parametrize("path, status, text, rule, member", [
    ("/file.txt", 200, "file", "site", "stay"),
    ("/index/", 200, "index", "site", "stay"),
    ("/app/any/where", 200, "front", "site", "stay"),
    ("/missing", 404, "sorry", "site", "stay"),
    ("/nowhere/x", 404, "sorry", "site", "stay"),
    ("/x.act", 200, "action stay", "site", "stay"),
    ("/cgi/local", 200, "file", "site", "stay"),
    ("/cgi/env", 200, "site stay", "site", "stay"),
    ("/early/any/where", 200, "front", "early", "stay"),
    ("/dry/any/where", 200, "front", "site", "stay"),
    ("/closed/x", 403, "file", "closed", "b"),
    ("/gone/x", 307, "file", "gone", "b"),
])
def test_the_log_finds_the_member_behind_internal_redirects(internal, path, status, text, rule,
                                                            member):
    answer = internal.get(f"{path}?{member}")
    assert answer.status == status and text in answer.text
    assert member_logged(internal, f"{path}?{member}") == (status, rule, member)


def test_the_log_finds_the_member_where_the_error_document_is_denied(server):
    httpd = server(LOG + "TempRedirect / pool:p id=site\nErrorDocument 404 /closed/x\n"
                   "<Location /closed>\nRequire all denied\n</Location>\n" + pool("p", stay=1))
    httpd.allow_log("AH01630")
    assert httpd.get("/none").status == 404
    assert member_logged(httpd, "/none")[1:] == ("site", "stay")


@pytest.mark.parametrize("path", ["/file.txt", "/missing", "/app/any/where", "/gone/x"])
def test_a_header_may_say_the_member(server, path):
    httpd = server('Header always set X-Arm "%{TEMPREDIRECT_ID}e %{TEMPREDIRECT_MEMBER}e"\n'
                   + INTERNAL, modules=["dir", "cgi", "actions", "rewrite", "headers"],
                   files=INTERNAL_FILES)
    assert httpd.get(path).headers.get_all("X-Arm") == [
        "gone b" if path == "/gone/x" else "site stay"]


def test_messages_name_the_member(server):
    httpd = server(pool("p", "key=query.k", a=1, stay=1) + "TempRedirect / pool:p id=1")
    seen = {}
    for number in range(12):
        member = choose("p", str(number).encode(), {"a": 1, "stay": 1})
        httpd.get(f"/?k={number}")
        seen[member] = True
    assert len(seen) == 2
    assert re.search(r"TR0020: rule 1 \(member a\): 307 to https://a\.test/\?k=", httpd.error_log())
    assert "TR0021: rule 1 (member stay): '!', no redirect" in httpd.error_log()


# --- dry runs ---------------------------------------------------------------------------------

def dry_lines(httpd):
    return [re.sub(r".*TR0022: ", "", httpd.plain(line))
            for line in httpd.error_log().splitlines() if "TR0022" in line]


@pytest.mark.parametrize("engine, words", [
    ("", "mode=dry"), ("", "mode=dry phase=early"), ("TempRedirectEngine DryRun\n", ""),
    ("TempRedirectEngine DryRun\n", "phase=early")])
def test_a_dry_run_tells_of_each_choice_once(server, engine, words):
    httpd = server(f"LogLevel warn\n{engine}TempRedirect / pool:p id=1 {words}\n"
                   + pool("p", "key=query.k", a=1, stay=1))
    wanted = []
    for number in range(12):
        member = choose("p", str(number).encode(), {"a": 1, "stay": 1})
        assert httpd.get(f"/?k={number}").status == 404
        if member == "a":
            wanted.append(f"rule 1 (member a): dry, would be 307 to https://a.test/?k={number}")
        elif not engine:
            wanted.append("rule 1 (member stay): dry, would be '!', no redirect")
    assert dry_lines(httpd) == wanted and len(wanted) > 3


def test_a_dry_rule_does_not_bear_the_choice_of_another(server):
    httpd = server(LOG + "TempRedirect / pool:p\nTempRedirect / /other mode=dry id=dry\n"
                   "TempRedirectPool p\nTempRedirectMember p /new/%{query.q} id=m\n")
    httpd.get("/x")
    assert member_logged(httpd, "/x") == (404, "dry", "-")


# --- phase=early -----------------------------------------------------------------------------

CLOSED = """
<Directory ${HTDOCS}/closed>
    Require all denied
</Directory>
"""


def test_an_early_pool_redirects_before_access_control(server, mpm):
    httpd = server(CLOSED + "TempRedirect / pool:p phase=early\n"
                   + pool("p", "key=query.k sticky=arm:1d", a=1, stay=1), mpm=mpm,
                   files={"closed/x": "secret", "open": "page"})
    httpd.allow_log("AH01630")
    for number in range(16):
        member = choose("p", str(number).encode(), {"a": 1, "stay": 1})
        closed, page = httpd.get(f"/closed/x?k={number}"), httpd.get(f"/open?k={number}")
        cookie = f"arm={member}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax"
        assert member_of(closed) == member_of(page) == member
        assert (closed.status, page.status) == ((307, 307) if member == "a" else (403, 200))
        assert page.headers.get_all("Set-Cookie") == [cookie]
        assert closed.headers.get_all("Set-Cookie") == [cookie]


@pytest.mark.parametrize("first, second", [
    ("TempRedirect / pool:p phase=early", "TempRedirect / https://late.test"),
    ("TempRedirect / pool:p phase=early", "TempRedirect / https://late.test phase=early"),
    ("<Location />\nTempRedirect pool:p phase=early\n</Location>",
     "TempRedirect / https://late.test"),
    ('<If "true">\nTempRedirect / pool:p phase=early\n</If>',
     "<Location />\nTempRedirect https://late.test\n</Location>"),
])
def test_who_stays_early_is_not_redirected_later(server, first, second):
    httpd = server(f"{LOG}{first}\n{second}\n" + pool("p", "sticky=arm", a=1, stay=1),
                   files={"x": "page"})
    answers = [httpd.get(f"/x?{number}") for number in range(60)]
    assert {member_of(answer) for answer in answers} == {"a", "stay"}
    for answer in answers:
        cookie, = answer.headers.get_all("Set-Cookie")
        assert cookie == f"arm={member_of(answer)}; Path=/; HttpOnly; SameSite=Lax"
    assert collections.Counter(member for _, _, member in members_logged(httpd, 60).values()) == (
        collections.Counter(map(member_of, answers)))


def test_a_random_choice_is_the_same_in_both_phases(server, mpm):
    """Nobody who stays early is without the mark of the later phase."""
    httpd = server("TempRedirect / pool:p phase=early\nTempRedirect / https://late.test\n"
                   + pool("p", a=1, stay=1), mpm=mpm)
    found = {location for _ in range(3) for location in pipelined(httpd, "/x", 100)}
    assert found == {None, "https://a.test/x"}


def test_a_random_choice_is_the_same_in_both_phases_on_http_2(server):
    httpd = server("TempRedirect / pool:p phase=early\nTempRedirect / https://late.test/l\n"
                   + pool("p", a=1, stay=1), http2=True)
    found = by_http_2(httpd, [f"/x?{number}" for number in range(100)])
    assert {location and location.split("?")[0] for location in found} == {
        None, "https://a.test/x"}


def test_a_key_that_comes_between_the_phases_changes_nobodys_choice(server):
    """mod_env sets variables in fixups, where they are no key yet for phase=early."""
    httpd = server("SetEnv SHARD k\nTempRedirect / pool:p phase=early\n"
                   "TempRedirect / https://late.test\n"
                   + pool("p", "key=env.SHARD", a=1, stay=1), modules=["env"])
    httpd.expect_log("TR0001: .*: key=env.SHARD: phase=early asks before")
    assert {httpd.get("/").location for _ in range(40)} == {None, "https://a.test/"}


def test_an_early_pool_stays_where_a_later_rule_has_no_say(server):
    """Also for pages that a front controller makes: the cookie comes once."""
    httpd = server("TempRedirect / pool:p phase=early\n" + pool("p", "sticky=arm", stay=1), files={
        "app/.htaccess": f"{FRONT}TempRedirect /app pool:p\n", "app/front.html": "front"},
        modules=["rewrite"], http2=True)
    said = curl("--http2-prior-knowledge", "-i", httpd.url("/app/x"))
    for answer in (httpd.get("/app/x"), httpd.get("/app/front.html")):
        assert (answer.status, answer.text) == (200, "front")
        assert len(answer.headers.get_all("Set-Cookie")) == 1
        assert answer.headers.get_all("Cache-Control") == ["private"]
        assert answer.headers.get("Vary") == "Cookie"
    assert said.count(b"set-cookie: ") == 1 and said.endswith(b"front")


@pytest.mark.parametrize("later", [
    "TempRedirectEngine Off", "TempRedirectInherit Off", "TempRedirect /app/none /x",
    "TempRedirect /app !"])
def test_who_stays_early_is_remembered_whatever_a_later_section_says(server, later):
    httpd = server(LOG + "TempRedirect / pool:p phase=early id=1\n"
                   + pool("p", "sticky=arm", stay=1),
                   files={"app/.htaccess": later, "app/x": "page"})
    answer = httpd.get("/app/x")
    assert (answer.status, answer.text) == (200, "page")
    assert answer.headers.get_all("Set-Cookie") == ["arm=stay; Path=/; HttpOnly; SameSite=Lax"]
    assert answer.headers.get_all("Cache-Control") == ["private"]
    assert member_logged(httpd, "/app/x") == (200, "1", "stay")


def test_what_stays_in_a_rehearsal_stays_in_no_live_section(server):
    httpd = server("LogLevel warn\nTempRedirectEngine DryRun\n"
                   + pool("p", "key=header.X sticky=arm", a=1, stay=1)
                   + "TempRedirect /e pool:p phase=early\nTempRedirect /e https://low.test\n"
                   "<Directory ${HTDOCS}/e>\nTempRedirectEngine On\n</Directory>\n",
                   files={"e/x": "page"})
    answers = [httpd.get("/e/x", {"X": str(number)}) for number in range(10)]
    assert {answer.location for answer in answers} == {"https://low.test/x"}
    assert not any(answer.headers.get("Set-Cookie") for answer in answers)


def test_a_pool_that_let_stay_early_does_so_for_all_its_rules(server):
    """Its key comes between the phases, and would lead to others."""
    httpd = server(pool("p", "key=env.K sticky=arm", a=1, stay=1)
                   + "TempRedirect /e pool:p phase=early\n<Directory ${HTDOCS}/e>\n"
                   "SetEnvIf X (.+) K=$1\nTempRedirect /e pool:p\n</Directory>\n",
                   files={"e/x": "page"}, modules=["setenvif"])
    httpd.expect_log("TR0001: .*: key=env.K: phase=early asks before")
    answers = [httpd.get("/e/x", {"X": str(number)}) for number in range(40)]
    assert {(member_of(answer), answer.headers.get("Set-Cookie")) for answer in answers} == {
        (member, f"arm={member}; Path=/; HttpOnly; SameSite=Lax") for member in ("a", "stay")}


def test_a_redirect_of_mod_alias_for_who_stays_early_is_for_no_cache(server):
    httpd = server("Redirect 301 /e https://else.test\nTempRedirect /e pool:p phase=early\n"
                   + pool("p", a=1, stay=1), modules=["alias"])
    answers = [httpd.get("/e") for _ in range(40)]
    assert {(answer.status, answer.headers.get("Cache-Control")) for answer in answers} == {
        (307, "no-store"), (301, "private")}


@pytest.mark.parametrize("key, reason", [
    ("user", "nobody is authenticated yet when phase=early asks; leave one of both out"),
    ("form.x", "phase=early asks before anything looks into a body; leave one of both out"),
    ("json./x", "phase=early asks before anything looks into a body; leave one of both out"),
])
def test_an_early_rule_has_no_pool_with_a_key_that_is_known_later(key, reason):
    rules = f"TempRedirectPool p key={key}\nTempRedirectMember p https://a.test\n"
    status, output = check_config(f"{rules}TempRedirect /x pool:p phase=early")
    assert status == 1
    assert output.startswith("TR0006: test.conf:3: ") and reason in output
    assert f"key={key}: {reason}" in output
    assert check_config(f"{rules}TempRedirect /x pool:p") == (0, "Syntax OK\n")
