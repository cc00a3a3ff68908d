"""What `httpd -t` says to a wrong configuration: the file, the line, the word, what is
wrong with it and what would be right."""

import pytest

from harness import check_config

HOST = "write one as in 'www.example.com', '192.0.2.1' or '[2001:db8::1]'"
ALLOWED = ("not a host; write a name or an address without scheme, port and path, as in "
           "'www.example.com', '*.example.com' or '[::1]'")
TARGET = ("an absolute URL, a path beginning with '/', 'https:', 'http:' or '!'")
WORDS = "known are 'status', 'match', 'case', 'tail', 'args', 'id'"
STATUS = "not the status of a redirect; write 307, 302, 303, 301 or 308"
NAME = ("a name is missing; write names with ',' between them, as in "
        "'args=only:id,lang'")
ATTRIBUTES = ("unknown attribute; known are 'scheme', 'host', 'port', 'path', 'tail', "
              "'args', 'user', 'header', 'cookie', 'query', 'env', 'group'")
PERCENT = ("'%' is not followed by two hexadecimal digits or by '{name}'; write '%25' for "
           "a percent sign")
USER_INFO = ("user info in a target would be shown to every client; leave out what stands "
             "before '@'")
SCHEME = ("nothing can be substituted in a scheme; write 'https://' or 'http://', or "
          "'https:' alone")
EMPTY = "an argument is empty; is a variable not set?"
STANDS_BEHIND = "the status stands behind the target; write 'status="
FROM_ROOT = "can never match: the path of a request begins with '/'; write '^/...'"
NEGATES = ("'!' does not negate a regex; write '^/(?!...)', or a rule for the exception "
           "with the target '!' before")
DOTS = ("can never match: '.' and '..' are gone from the path of a request before it is "
        "compared; write the path without them")
ELSEWHERE = ("'.' and '..' in a target's path lead elsewhere; write the path that they lead "
             "to")
NEVER = ("this rule could never match: all that it is for is at or below its target "
         "already; lead out of the pattern, or to one page within it, or "
         "leave the target out by a regex")
SENDS = "'!' sends nothing to which this could apply; leave it out"
REGEX = "for a URL-path only; a regex says it itself"
ON_OFF = "unknown value; write On or Off"
CHOOSES = ("the client could choose the host; name the hosts that it may be with "
           "TempRedirectAllowHosts")
LOGGED_NAME = "a name is printable ASCII without spaces and quotes"

# The line, and what is said about it behind "TempRedirect: ".
RULES = [
    # no target, or one that is none
    ("", "a target is missing; write '[URL-path] target [word ...]'"),
    ("nonsense", f"nonsense: not a target; write {TARGET}"),
    ("/old new.example.com", "new.example.com: neither a target nor a word; a target is "
                             f"{TARGET}"),
    ("/old new/path", f"new/path: neither a target nor a word; a target is {TARGET}"),
    ("/old mailto:me@example.com", f"mailto:me@example.com: not a target; write {TARGET}"),
    ("/old javascript:alert(1)", f"javascript:alert(1): not a target; write {TARGET}"),
    ("/old pool:blue", "pool:blue: pools are not part of this version; name one target"),
    ("/old //new.example.com/",
     "//new.example.com/: '//' begins a host, not a path; write 'https://host/path' or "
     "one '/'"),
    ("/old https:new", "https:new: write 'https://host/path', or 'https:' alone for the "
                       "same URL under that scheme"),
    ("/old HTTP:/new", "HTTP:/new: write 'http://host/path', or 'http:' alone for the same "
                       "URL under that scheme"),
    (r"/old /new\\x", r"/new\\x: browsers take '\\' for '/'; write '/', or '%5C'"),
    (r"/old https:\\\\new.example.com",
     r"https:\\\\new.example.com: browsers take '\\' for '/'; write '/', or '%5C'"),
    ('/old "/new\tx"', r"/new\tx: a control character cannot stand in a target"),

    # empty ones
    ('""', EMPTY),
    ('"" /new', EMPTY),
    ('/old ""', EMPTY),
    ("/old ''", EMPTY),
    ('/old /new ""', EMPTY),

    # URL-paths
    ("307 /old /new", f"307: {STANDS_BEHIND}307'"),
    ("301 /new", f"301: {STANDS_BEHIND}301'"),
    ("permanent /old /new", f"permanent: {STANDS_BEHIND}301'"),
    ("temp /old https://new.example/", f"temp: {STANDS_BEHIND}307'"),
    ("seeother /old /new status=303", f"seeother: {STANDS_BEHIND}303'"),
    ("gone /old", "gone: a URL-path begins with '/'"),
    ("^/old /new", "^/old: a URL-path begins with '/'; for a regex write "
                   "TempRedirectMatch"),
    ("//a /new", "//a: can never match: a request's path begins with one '/'"),
    ("old /new", "old: a URL-path begins with '/'"),
    ("http://old.example/ /new", "http://old.example/: a URL-path begins with '/'"),
    ("/a/../b /new", f"/a/../b: {DOTS}"),
    ("/a/. /new", f"/a/.: {DOTS}"),
    ("/a/%2e%2E/b /new", f"/a/%2e%2E/b: {DOTS}"),

    # words
    ("/old statsu=303", "statsu=303: unknown word; did you mean 'status'?"),
    ("/old /new statsu=303", "statsu=303: unknown word; did you mean 'status'?"),
    ("/old /new Status=303", "Status=303: unknown word; did you mean 'status'?"),
    ("/old /new tial=drop", "tial=drop: unknown word; did you mean 'tail'?"),
    ("/old /new expires=60", f"expires=60: unknown word; {WORDS}"),
    ("/old /new nonsense", f"nonsense: unknown word; {WORDS}"),
    ("/old /new /newer", "/newer: a target stands before it already; write 'URL-path "
                         "target', then words such as 'status=303'"),
    ("/old /new =", f"=: unknown word; {WORDS}"),
    ("/old /new status", "status: a value is missing; write 'status=...'"),
    ("/old /new tail=drop tail=drop", "tail=drop: stands twice; leave one out"),
    ("/old /new id=a id=b", "id=b: stands twice; leave one out"),
    ("/old /new status=304", f"status=304: {STATUS}"),
    ("/old /new status=", f"status=: {STATUS}"),
    ("/old /new status=0307", f"status=0307: {STATUS}"),
    ("/old /new match=exat", "match=exat: unknown value; did you mean 'exact'?"),
    ("/old /new match=regex", "match=regex: unknown value; known are 'prefix', 'exact'"),
    ("/new match=exact", "match=exact: there is no URL-path to compare with; write one "
                         "before the target"),
    ("/old /new case=ignored", "case=ignored: unknown value; did you mean 'ignore'?"),
    ("/old /new case=no", "case=no: unknown value; known are 'keep', 'ignore'"),
    ("/old /new tail=append", "tail=append: unknown value; known are 'drop', 'keep'"),
    ("/old /new args=marge", "args=marge: unknown policy; did you mean 'merge'?"),
    ("/old /new args=only", "args=only: unknown policy; did you mean 'only:'?"),
    ("/old /new args=keep", "args=keep: unknown policy; known are 'pass', 'merge', "
                            "'drop', 'only:', 'except:'"),
    ("/old /new args=only:", f"args=only:: {NAME}"),
    ("/old /new args=only:a,,b", f"args=only:a,,b: {NAME}"),
    ("/old /new args=except:a,", f"args=except:a,: {NAME}"),
    ("/old /new args=except:u*m", "args=except:u*m: 'u*m': '*' can only stand at the end "
                                  "of a name, as in 'utm_*'"),
    ("/old /new id=", f"id=: {LOGGED_NAME}"),
    ('/old /new "id=a b"', f"id=a b: {LOGGED_NAME}"),
    ("/old /new id=ü", rf"id=\xc3\xbc: {LOGGED_NAME}"),
    ("/old https: tail=drop",
     "tail=drop: 'https:' keeps the whole path; write 'https://%{host}/...'"),
    ("HTTP: tail=drop", "tail=drop: 'HTTP:' keeps the whole path; write "
                        "'HTTP://%{host}/...'"),
    ("/old ! status=303", f"status=303: {SENDS}"),
    ("/old ! tail=drop", f"tail=drop: {SENDS}"),
    ("! args=drop", f"args=drop: {SENDS}"),

    # hosts and ports of targets
    ("/old https://", f"https://: '' is not a host; {HOST}"),
    ("/old https:///x", f"https:///x: '' is not a host; {HOST}"),
    ("/old https://new..example/", f"https://new..example/: 'new..example' is not a host; "
                                   f"{HOST}"),
    ("/old https://-new.example/", f"https://-new.example/: '-new.example' is not a host; "
                                   f"{HOST}"),
    ("/old https://999.1.1.1/", f"https://999.1.1.1/: '999.1.1.1' is not a host; {HOST}"),
    ("/old https://[::1/", f"https://[::1/: '[::1' is not a host; {HOST}"),
    ("/old https://[::x]/", f"https://[::x]/: '[::x]' is not a host; {HOST}"),
    ("/old https://a,b/", f"https://a,b/: 'a,b' is not a host; {HOST}"),
    ('/old "https://a b/"', f"https://a b/: 'a b' is not a host; {HOST}"),
    ("/old https://ü.example/",
     rf"https://\xc3\xbc.example/: '\xc3\xbc.example' is not a host; {HOST}"),
    ("/old https://%61.example/", f"https://%61.example/: '%61.example' is not a host; "
                                  f"{HOST}"),
    ("/old https://user@new.example/", f"https://user@new.example/: {USER_INFO}"),
    ("/old https://user:pw@new.example/", f"https://user:pw@new.example/: {USER_INFO}"),
    ("/old https://new.example:0/", "https://new.example:0/: ':0' is not a port; write ':1' "
                                    "to ':65535' or ':%{port}'"),
    ("/old https://new.example:65536/",
     "https://new.example:65536/: ':65536' is not a port; write ':1' to ':65535' or "
     "':%{port}'"),
    ("/old https://new.example:/", "https://new.example:/: ':' is not a port; write ':1' to "
                                   "':65535' or ':%{port}'"),
    ("/old https://new.example:%{header.X}/",
     "https://new.example:%{header.X}/: ':%{header.X}' is not a port; write ':1' to "
     "':65535' or ':%{port}'"),

    # substitutions and paths of targets
    ("/old /new/$1", "/new/$1: there is no regex to take '$1' from; use TempRedirectMatch, "
                     "or write '%24' for a '$'"),
    ("/old /new/%{shceme}", "/new/%{shceme}: '%{shceme}': unknown attribute; did you mean "
                            "'scheme'?"),
    ("/old /new/%{client}", f"/new/%{{client}}: '%{{client}}': {ATTRIBUTES}"),
    ("/old /new/%{}", f"/new/%{{}}: '%{{}}': {ATTRIBUTES}"),
    ("/old /new/%{header}", "/new/%{header}: '%{header}': write 'header.NAME'"),
    ("/old /new/%{env.}", "/new/%{env.}: '%{env.}': write 'env.NAME'"),
    ("/old /new/%{host.x}", "/new/%{host.x}: '%{host.x}': 'host' takes no name behind a "
                            "dot"),
    ("/old /new/%{host", "/new/%{host: '%{' without '}'; write '%25' for a percent sign"),
    ("/old /new/%{group.x}", "/new/%{group.x}: no regex of this rule has a group named 'x'; "
                             "one is written '(?<x>...)'"),
    ("/old /new/%zz", f"/new/%zz: {PERCENT}"),
    ("/old /new/%", f"/new/%: {PERCENT}"),
    ("/old /new?a=100%&b", f"/new?a=100%&b: {PERCENT}"),
    ("/old %{scheme}://new.example/", f"%{{scheme}}://new.example/: {SCHEME}"),
    ("/old /new/../x", f"/new/../x: {ELSEWHERE}"),
    ("/old /new/%2e%2E/x", f"/new/%2e%2E/x: {ELSEWHERE}"),
    ("/old https://new.example/.", f"https://new.example/.: {ELSEWHERE}"),
    (f"/old /{'b' * 8100}{'|' * 50}", f"/{'b' * 199}...: is longer than the 8190 bytes that "
                                      "a Location can have"),
    ("/old %{query.v}", "%{query.v}: a value cannot begin a path, as its '/' is encoded; "
                        "write '/%{...}'"),

    # rules that lead into themselves
    ("/a /a", f"/a: {NEVER}"),
    ("/a/ /a/", f"/a/: {NEVER}"),
    ("/a /a?x=1", f"/a?x=1: {NEVER}"),
    ("/ /", f"/: {NEVER}"),
    ("/", f"/: {NEVER}"),
]

MATCH_RULES = [
    ("", "a target is missing; write 'regex target [word ...]'"),
    ("^/a", "^/a: a target is missing; write 'regex target'"),
    ('^/a ""', EMPTY),
    ('"" /a', EMPTY),
    ("^old/ /new", f"^old/: {FROM_ROOT}"),
    ("^old/(.*) /new/$1", f"^old/(.*): {FROM_ROOT}"),
    ("!^/b /new", f"!^/b: {NEGATES}"),
    ("^/a new.example.com", f"new.example.com: not a target; write {TARGET}"),
    ("^/(a /new", "^/(a: missing closing parenthesis at offset 4"),
    ("^/[a /new", "^/[a: missing terminating ] for character class at offset 4"),
    ("^/a{2,1} /new", "^/a{2,1}: numbers out of order in {} quantifier at offset 7"),
    ("^/(?<1>a) /new", "^/(?<1>a): subpattern name must start with a non-digit at offset 5"),
    ("^/a /new match=exact", f"match=exact: {REGEX}"),
    ("^/a /new tail=drop", f"tail=drop: {REGEX}"),
    ("^/a ! tail=drop", f"tail=drop: {SENDS}"),
    ("^/a /new xyz=1", f"xyz=1: unknown word; {WORDS}"),
    ("^/a/(.*) /new/$2", "/new/$2: the regex has no group for '$2'; it has 1"),
    ("^/a/(.*) /new/%{group.x}", "/new/%{group.x}: no regex of this rule has a group named "
                                 "'x'; one is written '(?<x>...)'"),
    ("^/a/(.*) /new/%{tail}", "/new/%{tail}: a rule with a regex has no tail; capture it in "
                              "the regex"),
    ("^/(.*) $1://new.example/", f"$1://new.example/: {SCHEME}"),
    ("^/(.*) https://tenant-$1/", f"https://tenant-$1/: 'tenant-$1' is not a host; {HOST}"),
    ("^/a/ /a/", f"/a/: {NEVER}"),
    ("^/(.*)$ /$1", f"/$1: {NEVER}"),
]

OTHERS = [
    ("TempRedirectEngine", "TempRedirectEngine takes one argument, On or Off"),
    ("TempRedirectEngine On Off", "TempRedirectEngine takes one argument, On or Off"),
    ("TempRedirectEngine Maybe", f"TempRedirectEngine: Maybe: {ON_OFF}"),
    ("TempRedirectInherit", "TempRedirectInherit takes one argument, On or Off: whether "
                            "rules of enclosing sections hold"),
    ("TempRedirectInherit yes", f"TempRedirectInherit: yes: {ON_OFF}"),
    ("TempRedirectAllowHosts", "TempRedirectAllowHosts: a host is missing; write one or "
                               "more, as in 'www.example.com' or '*.example.com'"),
    ('TempRedirectAllowHosts a.example ""', f"TempRedirectAllowHosts: {EMPTY}"),
    ("TempRedirectAllowHosts a.example *",
     "TempRedirectAllowHosts: *: would allow a redirect to any host; name the hosts, as in "
     "'www.example.com' or '*.example.com'"),
    *((f"TempRedirectAllowHosts {host}", f"TempRedirectAllowHosts: {host}: {ALLOWED}")
      for host in ("https://a.example", "a.example:80", "a.example/", "*.*.example",
                   "a.*.example", "*.[::1]", "-a.example", "*.")),
]

LINES = [
    *((f"TempRedirect {line}", f"TempRedirect: {said}") for line, said in RULES),
    *((f"TempRedirectMatch {line}", f"TempRedirectMatch: {said}")
      for line, said in MATCH_RULES),
    *OTHERS,
]


@pytest.mark.parametrize("line, said", LINES, ids=[line for line, _ in LINES])
def test_a_wrong_line_is_told_with_its_place_its_reason_and_a_remedy(line, said):
    status, output = check_config(f"# first\n{line}\n")
    assert output == f"AH00526: Syntax error on line 2 of test.conf:\n{said}\n"
    assert status == 1


@pytest.mark.parametrize("section", ["Limit", "LimitExcept"])
@pytest.mark.parametrize("line", [
    "TempRedirect /a /b", "TempRedirectMatch ^/a /b", "TempRedirectEngine On",
    "TempRedirectInherit Off", "TempRedirectAllowHosts a.example"])
def test_no_directive_stands_within_limit(section, line):
    status, output = check_config(
        f"<Location />\n<{section} POST>\n{line}\n</{section}>\n</Location>")
    assert output == ("AH00526: Syntax error on line 3 of test.conf:\n"
                      f"{line.split()[0]} cannot occur within <Limit> or <LimitExcept> "
                      "section\n")
    assert status == 1


def test_the_path_of_a_location_counts_as_the_rules_own():
    status, output = check_config("<Location /x>\nTempRedirect /x\n</Location>")
    assert (status, output) == (
        1, f"AH00526: Syntax error on line 2 of test.conf:\nTempRedirect: /x: {NEVER}\n")


@pytest.mark.parametrize("target", ["/b/${1}", "https://new.example/${NEW}"])
def test_a_variable_that_is_not_defined_is_no_target(target):
    status, output = check_config(f"TempRedirectMatch ^/a/(.*) {target}")
    assert output.endswith(
        "AH00526: Syntax error on line 1 of test.conf:\n"
        f"TempRedirectMatch: {target}: '${{' begins a variable that is not defined; write "
        "'$1' for a group, '%{name}' for an attribute, or '%24'\n")
    assert status == 1


def test_an_empty_variable_does_not_make_a_target_of_the_url_path(monkeypatch):
    monkeypatch.setenv("NEW", "")
    for argument in ('"${NEW}"', "'${NEW}'"):
        assert check_config(f"TempRedirect /old {argument}") == (
            1, f"AH00526: Syntax error on line 1 of test.conf:\nTempRedirect: {EMPTY}\n")


CLIENTS_CHOICE = ["https://%{header.X-Host}/", "https://$1/", "https://$1.example.com/",
                  "https://tenant-%{query.t}.example.com:8443/"]


@pytest.mark.parametrize("target", CLIENTS_CHOICE)
def test_a_host_that_the_client_chooses_must_be_allowed_somewhere(target):
    rule = f"TempRedirectMatch ^/(.*) {target}"
    error = (1, f"TR0002: test.conf:1: {target}: {CHOOSES}\n"
                "AH00014: Configuration check failed\n")
    allowed = "TempRedirectAllowHosts *.example.com"
    vhost = "\n<VirtualHost *:${PORT}>\n%s\n</VirtualHost>"
    assert check_config(rule) == error
    assert check_config(rule + vhost % allowed) == error
    assert check_config(f"{rule}\n{allowed}") == (0, "Syntax OK\n")
    assert check_config(f"{rule}\n<Location /x>\n{allowed}\n</Location>") == (0, "Syntax OK\n")
    assert check_config(f"{allowed}{vhost % rule}") == (0, "Syntax OK\n")


def test_all_rules_whose_host_nobody_allows_are_shown_at_once():
    status, output = check_config(
        "TempRedirect /a https://%{cookie.a}.example.com\n"
        "<Location /x>\nTempRedirect https://%{header.b}.example.com\n</Location>\n"
        "TempRedirect /c https://new.example.com\n"
        "TempRedirect /d https://%{query.d}/\n")
    assert output == (
        f"TR0002: test.conf:1: https://%{{cookie.a}}.example.com: {CHOOSES}\n"
        f"TR0002: test.conf:6: https://%{{query.d}}/: {CHOOSES}\n"
        f"TR0002: test.conf:3: https://%{{header.b}}.example.com: {CHOOSES}\n"
        "AH00014: Configuration check failed\n")
    assert status == 1


HIDDEN = ('TR0001: test.conf:2: TempRedirect: /a%20b: is compared with the decoded path of a '
          'request; did you mean "/a b"?\n')
DOWNGRADE = ("leads from https to http, where everybody on the way can read and change the "
             "request; write https:\n")

FORGOTTEN = ("without a URL-path before it, all requests go there; if they should, write "
             "'/ /page tail=drop'\n")

WARNINGS = [
    ("TempRedirect /page status=302",
     f"TR0001: test.conf:1: TempRedirect: /page: {FORGOTTEN}"),
    ("<VirtualHost *:${PORT}>\nTempRedirect /page\n</VirtualHost>",
     f"TR0001: test.conf:2: TempRedirect: /page: {FORGOTTEN}"),
    ("# first\nTempRedirect /a%20b /new", HIDDEN),
    ("TempRedirect /a?b /new",
     "TR0001: test.conf:1: TempRedirect: /a?b: the '?' is compared with the path; a query "
     "or fragment is not part of it\n"),
    ("TempRedirect /a#b /new",
     "TR0001: test.conf:1: TempRedirect: /a#b: the '#' is compared with the path; a query "
     "or fragment is not part of it\n"),
    ("TempRedirect /a htps://new.example.com",
     "TR0001: test.conf:1: TempRedirect: htps://new.example.com: 'htps' is a scheme of its "
     "own; did you mean 'https'?\n"),
    ("TempRedirectMatch ^/a httpss://new.example.com",
     "TR0001: test.conf:1: TempRedirectMatch: httpss://new.example.com: 'httpss' is a scheme "
     "of its own; did you mean 'https'?\n"),
    ("TempRedirect /a/* /new",
     "TR0001: test.conf:1: TempRedirect: /a/*: the '*' stands for itself; a URL-path is for "
     "all below it, and TempRedirectMatch takes a regex\n"),
    ("TempRedirect /a//b /new",
     "TR0001: test.conf:1: TempRedirect: /a//b: only matches with MergeSlashes Off; "
     "otherwise '//' in a request is '/'\n"),
    ("ServerName localhost:443\nTempRedirect /a http://new.example.com/",
     f"TR0003: test.conf:2: http://new.example.com/: {DOWNGRADE}"),
    ("ServerName https://localhost\nTempRedirect /a http://new.example.com/",
     f"TR0003: test.conf:2: http://new.example.com/: {DOWNGRADE}"),
    ("<VirtualHost *:443>\nServerName a.example\nTempRedirect http:\n</VirtualHost>",
     f"TR0003: test.conf:3: http:: {DOWNGRADE}"),
]


@pytest.mark.parametrize("config, said", WARNINGS, ids=[config for config, _ in WARNINGS])
def test_what_is_hardly_meant_is_warned_of(config, said):
    assert check_config(config) == (0, said + "Syntax OK\n")


def test_a_start_and_a_restart_warn_once_each(server):
    config = "# first\nTempRedirect /a%20b /new"
    httpd = server(config)
    httpd.expect_log("TR0001")
    assert HIDDEN.strip() in httpd.wait_log("TR0001")
    assert httpd.startup_output().count("TR0001") == 1
    httpd.graceful()
    assert httpd.startup_output().count("TR0001") == 2


FINE = r"""
<Files page>
TempRedirect /page
</Files>
<If "true">
TempRedirect /page
</If>
TempRedirect https://b.example/
TempRedirect !
TempRedirect /a !
TempRedirect /a ! match=exact case=ignore id=a
TempRedirect /a /b status=302 match=prefix case=keep tail=keep args=pass id=#1
TempRedirect https:
TempRedirect HTTP:
TempRedirect /a HTTPS://B.example
TempRedirect /a https://a_b.example./
TempRedirect /a https://[2001:db8::1]:8443?x#y
TempRedirect /a https://%{host}:%{port}/
TempRedirect /a https://b.example/@x:y
TempRedirect /a /100%25
TempRedirect /a ftp://b.example/
TempRedirect /a myapp://b.example/
TempRedirect /a/b /a
TempRedirect /a /a/b
TempRedirect /a/ /a
TempRedirect /a%2Fb /new
TempRedirect /...  /new
TempRedirect /a /b/...
TempRedirect /a "/<b>|{c}^`d`"
TempRedirect /a https://%{cookie.site}.b.example%{tail}
TempRedirect /a /b/%24{x}
TempRedirect /a http://localhost/a
TempRedirectMatch ^/a /a
TempRedirect /A /A case=ignore
TempRedirectMatch ^/a/(.*)$ /b/$0$1
TempRedirectMatch ^/a/(?<x>.*)$ /b/%{group.x} case=ignore status=308 args=except:a*,b
TempRedirectMatch ^/a/(.*)$ $1
TempRedirectMatch ^/(?!de/)(.*)$ /de/$1
TempRedirectMatch ^/(.*)\.html$ /$1
TempRedirectMatch ^/(.*)$ https://b.example$1
TempRedirectEngine off
TempRedirectInherit ON
TempRedirectAllowHosts a.example *.b.example 192.0.2.1 [::1] a_b
"""


def test_any_number_of_hosts_stands_in_one_line():
    hosts = [f"h{number}.example" for number in range(200)]
    assert check_config(f"TempRedirectAllowHosts {' '.join(hosts)}\n"
                        "TempRedirect https://%{header.X}/") == (0, "Syntax OK\n")


def test_every_line_that_is_right_is_accepted_without_a_word():
    """All at once; where this fails, the line is in the message."""
    assert check_config(FINE) == (0, "Syntax OK\n")
