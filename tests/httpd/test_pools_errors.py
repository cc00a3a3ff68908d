"""What `httpd -t` says to a wrong pool: the file, the line, the word, what is wrong with it
and what would be right. Some of it is known only when all is read."""

import pytest

from harness import check_config, check_htaccess
from pools import pool

KEYS = ("known are 'host', 'client', 'user', 'header', 'cookie', 'query', 'env', 'form', "
        "'json'")
NO_KEY = f"cannot be the key of a pool; {KEYS}"
NO_ATTRIBUTE = f"unknown attribute; {KEYS}"
POOL_WORD = "unknown word; known are 'key', 'sticky'"
MEMBER_WORD = "unknown word; known are 'weight', 'id', 'from', 'until'"
AT_RULE = "stands at the rule, behind 'pool:NAME'"
NAME = "the name of a pool is letters, digits, '-', '.' and '_'"
COOKIE = "is not the name of a cookie; write letters, digits, '-' and '_'"
TTL = ("is not how long a browser keeps a cookie; write it as in '90m', '12h' or '30d', at "
       "most 400d, or leave it out for one session")
TWICE = "stands twice; leave one out"
EMPTY = ("an argument is empty; is a variable not set, or does a quote stand within a word? One "
         "with spaces is quoted whole, as in \"header.X=a b\"")
NO_POOL = ("unknown pool; members stand behind their TempRedirectPool, in the same server or "
           "virtual host")
TARGET = ("not a target; write an absolute URL, a path beginning with '/', 'https:', 'http:', "
          "'pool:NAME' or '!'")
WEIGHT = ("not a weight; write a whole number from 0 to 1000000: shares of 2.5 % and 97.5 % are "
          "weight=25 and weight=975")
NO_TIME = ("is no time; write one as in '2026-12-01T22:00', '2026-12-01T22:00:30Z' or "
           "'2026-12-01T22:00+01:00'")
LOGGED = ("cannot be a member's name in logs; write an 'id=' of printable ASCII without spaces "
          "and quotes")
KEPT = ("cannot stand in the cookie of sticky=; write an 'id=' of at most 255 letters, digits "
        "and '-'")
NAMED_ALONE = "a pool is named alone; the path stands in its members' targets"

# The words of TempRedirectPool, and what is said about them.
POOLS = [
    ("", "a name is missing; write 'name [key=attribute] [sticky=cookie[:ttl]]'"),
    ('""', EMPTY),
    ('p ""', EMPTY),
    ("a/b", f"a/b: {NAME}"),
    ("a:b", f"a:b: {NAME}"),
    ("%{host}", f"%{{host}}: {NAME}"),
    ("key=client", f"key=client: {NAME}"),
    ("p kye=client", "kye=client: unknown word; did you mean 'key'?"),
    ("p stiky=x", "stiky=x: unknown word; did you mean 'sticky'?"),
    ("p Key=client", "Key=client: unknown word; did you mean 'key'?"),
    ("p weight=1", "weight=1: stands at a TempRedirectMember"),
    ("p sticky=cookie.arm", "sticky=cookie.arm: name the cookie alone, 'arm'"),
    ("p q", f"q: {POOL_WORD}"),
    ("p sticky=a b", f"b: {POOL_WORD}"),
    ("p header.X=1", f"header.X=1: {AT_RULE}"),
    ("p !cookie.x", f"!cookie.x: {AT_RULE}"),
    ("p key", "key: a value is missing; write 'key=...'"),
    ("p sticky", "sticky: a value is missing; write 'sticky=...'"),
    ("p key=client key=host", f"key=host: {TWICE}"),
    ("p sticky=a sticky=a", f"sticky=a: {TWICE}"),
    # keys
    ("p key=", f"key=: {NO_ATTRIBUTE}"),
    ("p key=clinet", "key=clinet: unknown attribute; did you mean 'client'?"),
    ("p key=expr", f"key=expr: {NO_ATTRIBUTE}"),
    ("p key=%{client}", f"key=%{{client}}: {NO_ATTRIBUTE}"),
    *((f"p key={name}", f"key={name}: {NO_KEY}") for name in (
        "method", "scheme", "port", "path", "tail", "args", "lang", "group.x")),
    ("p key=header", "key=header: write 'header.NAME'"),
    ("p key=cookie.", "key=cookie.: write 'cookie.NAME'"),
    ("p key=client.x", "key=client.x: 'client' takes no name behind a dot"),
    ("p key=header.a:b", "key=header.a:b: 'a:b' is not the name of a header"),
    ("p key=header.x,client", "key=header.x,client: 'x,client' is not the name of a header"),
    ("p key=json", "key=json: write 'json./NAME'"),
    ("p key=json.x", "key=json.x: a JSON pointer begins with '/', as in 'json./type' or "
                     "'json./repository/name'"),
    # cookies
    *((f"p sticky={name}{ttl}", f"sticky={name}{ttl}: '{name}' {COOKIE}")
      for name in ("", "a@b", "a,b", "a=b") for ttl in ("", ":1d")),
    ('p "sticky=a b"', f"sticky=a b: 'a b' {COOKIE}"),
    *((f"p sticky=arm:{ttl}", f"sticky=arm:{ttl}: '{ttl}' {TTL}") for ttl in (
        "", "0", "0d", "d", "1x", "1D", "1dd", "-1", "+1", "1.5d", "401d", "34560001",
        "1000000000", "1d:2")),
]
# The words of TempRedirectMember behind the name of a pool, and what is said about them.
MEMBERS = [
    ("", "a target is missing; write 'pool target [word ...]'"),
    ('""', EMPTY),
    ("nonsense", f"nonsense: {TARGET}"),
    ("new.test", f"new.test: {TARGET}"),
    ("pool:q", "pool:q: a pool cannot be a member; write its members here"),
    ("//new.test", "//new.test: '//' begins a host, not a path; write 'https://host/path' or "
                   "one '/'"),
    ("https:new", "https:new: write 'https://host/path', or 'https:' alone for the same URL "
                  "under that scheme"),
    ("https://joe@a.test", "https://joe@a.test: user info in a target would be shown to every "
                           "client; leave out what stands before '@'"),
    ("https://a-/", "https://a-/: 'a-' is not a host; write one as in 'www.example.com', "
                    "'192.0.2.1' or '[2001:db8::1]'"),
    ("/../a", "/../a: '.' and '..' in a target's path lead elsewhere; write the path that they "
              "lead to"),
    ("/%{client}", "/%{client}: '%{client}': 'client' can only be a condition, as in "
                   "'client=...'"),
    *((f"/a weight={weight}", f"weight={weight}: {WEIGHT}") for weight in (
        "", "-1", "+1", "1.5", "0x1", "1000001", "9999999999999999999999", "1e3", "50%")),
    ("/a weight", "weight: a value is missing; write 'weight=...'"),
    ("/a weight=1 weight=1", f"weight=1: {TWICE}"),
    ("/a wieght=1", "wieght=1: unknown word; did you mean 'weight'?"),
    ("/a status=303", f"status=303: {AT_RULE}"),
    ("/a hours=Mon", f"hours=Mon: {AT_RULE}"),
    ("/a /b", f"/b: {MEMBER_WORD}"),
    ("/a header.X", f"header.X: {AT_RULE}"),
    ("/a !user", f"!user: {AT_RULE}"),
    ("/a from=2026", f"from=2026: {NO_TIME}"),
    ("/a until=soon", f"until=soon: {NO_TIME}"),
    ("/a from=2999-01-02T00:00Z until=2999-01-01T00:00Z",
     "until=2999-01-01T00:00Z: is not after from=2999-01-02T00:00Z; a window opens with from= and "
     "closes with until="),
    ("/a tail=drop", f"tail=drop: {AT_RULE}"),
    ("/a id=", f"id=: {LOGGED}"),
    ('/a "id=a b"', f"id=a b: {LOGGED}"),
    ("/a 'id=a\"b'", f'id=a"b: {LOGGED}'),
]

LINES = [
    *((f"TempRedirectPool {words}", f"TempRedirectPool: {said}") for words, said in POOLS),
    *((f"TempRedirectPool p\nTempRedirectMember p {words}", f"TempRedirectMember: {said}")
      for words, said in MEMBERS),
    # what is beside them
    ("TempRedirectMember", "TempRedirectMember: a pool is missing; write 'pool target [word "
                           "...]'"),
    ("TempRedirectMember p /a", f"TempRedirectMember: p: {NO_POOL}"),
    ("TempRedirectPool p\nTempRedirectMember q /a", f"TempRedirectMember: q: {NO_POOL}"),
    ("TempRedirectPool p\nTempRedirectMember P /a",
     "TempRedirectMember: P: unknown pool; did you mean 'p'?"),
    ("TempRedirectPool landing\nTempRedirectMember landign /a",
     "TempRedirectMember: landign: unknown pool; did you mean 'landing'?"),
    ("TempRedirectPool p\nTempRedirectMember p /a\nTempRedirectPool p",
     "TempRedirectPool: p: is a pool already, from test.conf:1; choose another name"),
    ("TempRedirectPool p\nTempRedirectMember p /a\nTempRedirectMember p /a weight=2",
     "TempRedirectMember: /a: is the id of the member at test.conf:2 already; give this one "
     "another 'id='"),
    ("TempRedirectPool p\nTempRedirectMember p /a id=x\nTempRedirectMember p /b id=x",
     "TempRedirectMember: id=x: is the id of the member at test.conf:2 already; give this one "
     "another 'id='"),
    *((f"TempRedirectPool p sticky=arm\nTempRedirectMember p {words}",
       f"TempRedirectMember: {name}: {KEPT}")
      for words, name in (("/a;b", "/a;b"), ("/a id=a,b", "id=a,b"),
                          ("/a 'id=a\"'", 'id=a"'),
                          ("/a id=" + "a" * 256, "id=" + "a" * 197 + "..."))),
    ("TempRedirectPool p\nTempRedirectMember p /a\n<VirtualHost *:80>\nTempRedirectMember p /b",
     f"TempRedirectMember: p: {NO_POOL}"),
    # rules
    ("TempRedirect / pool:", "TempRedirect: pool:: the name of a pool is missing; write "
                             "'pool:NAME'"),
    ("TempRedirect / pool:a/b", f"TempRedirect: pool:a/b: {NAMED_ALONE}"),
    ("TempRedirect / pool://a", f"TempRedirect: pool://a: {NAMED_ALONE}"),
    ("TempRedirectMatch ^/ pool:a/$1", f"TempRedirectMatch: pool:a/$1: {NAMED_ALONE}"),
    ("TempRedirect / pool:p weight=5", "TempRedirect: weight=5: stands at a TempRedirectMember"),
    ("TempRedirect / pool:p key=client", "TempRedirect: key=client: stands at a TempRedirectPool"),
    ("TempRedirect / pool:p sticky=x", "TempRedirect: sticky=x: stands at a TempRedirectPool"),
]


@pytest.mark.parametrize("text, said", LINES, ids=[text[:60] for text, _ in LINES])
def test_a_wrong_line_is_told_with_its_place_its_reason_and_a_remedy(text, said):
    line = text.count("\n") + 1
    status, output = check_config(text + ("\n</VirtualHost>" if "<Virt" in text else ""))
    assert output == f"AH00526: Syntax error on line {line} of test.conf:\n{said}\n"
    assert status == 1


# --- where they stand ----------------------------------------------------------------------

@pytest.mark.parametrize("section", ["Directory /x", "DirectoryMatch x", "Location /x",
                                     "LocationMatch x", "Files x", "FilesMatch x", "If true"])
@pytest.mark.parametrize("line", ["TempRedirectPool p", "TempRedirectMember p /a"])
def test_pools_stand_in_no_section(section, line):
    name = section.split()[0]
    status, output = check_config(f"{pool('p', a=1)}<{section}>\n{line}\n</{name}>")
    assert output == (f"AH00526: Syntax error on line 4 of test.conf:\n{line.split()[0]} not "
                      f"allowed in <{name}> context\n")
    assert status == 1


@pytest.mark.parametrize("line", ["TempRedirectPool p", "TempRedirectMember p /a"])
def test_pools_do_not_stand_within_limit(line):
    status, output = check_config(
        f"{pool('p', a=1)}<Location />\n<Limit POST>\n{line}\n</Limit>\n</Location>")
    assert output == (f"AH00526: Syntax error on line 5 of test.conf:\n{line.split()[0]} not "
                      "allowed in <Limit> context\n")
    assert status == 1


@pytest.mark.parametrize("line", ["TempRedirectPool p", "TempRedirectMember p /a"])
def test_pools_do_not_stand_in_htaccess(line):
    assert check_htaccess(line, pool("p", a=1)) == (500, f"{line.split()[0]} not allowed here")


# --- what is known when all is read ------------------------------------------------------------

def vhost(text, port=80):
    return f"<VirtualHost *:{port}>\n{text}\n</VirtualHost>\n"


P, Q = "TempRedirectPool p\nTempRedirectMember p /a", "TempRedirectPool q\nTempRedirectMember q /b"
STICKY = "TempRedirectPool {0} sticky={1}\nTempRedirectMember {0} /{0}"
HAS_NONE = "has no member; write 'TempRedirectMember p target' behind it"
ZERO = ("the weights of its members add up to 0, so nobody could ever be sent to one; give one a "
        "weight")
SAME = ("sticky=arm: is the cookie of the pool 'p' already, from test.conf:{}, and each would "
        "forget what the other chose; choose another name")
MAIN = "is a pool of the main server, from test.conf:{}; choose another name, or use that one"
WHERE = ("unknown pool; write 'TempRedirectPool {}' and its members in this virtual host, or in "
         "the main server")
AT_RANDOM = ("without 'key=' the pool 'p' chooses at random, and a cache would give one choice to "
             "all; leave it out, or give the pool a key")
NEVER = ("this rule could never match: all that it is for is at or below its target already; lead "
         "out of the pattern, or to one page within it, or leave the target out by a regex")
BODY = ("a body is a form or JSON, and never both, so this rule could never match; write a rule "
        "for each")
CHOOSES = ("the client could choose the host; name the hosts that it may be with "
           "TempRedirectAllowHosts")

CHECKED = [
    # pools
    ("TempRedirectPool p", [f"TR0005: test.conf:1: TempRedirectPool: p: {HAS_NONE}"]),
    (f"{P} weight=0\nTempRedirectMember p /b weight=0",
     [f"TR0005: test.conf:1: TempRedirectPool: p: {ZERO}"]),
    (vhost("TempRedirectPool p"), [f"TR0005: test.conf:2: TempRedirectPool: p: {HAS_NONE}"]),
    (STICKY.format("p", "arm") + "\n" + STICKY.format("q", "arm:1d"),
     ["TR0005: test.conf:3: TempRedirectPool: " + SAME.format(1)]),
    (STICKY.format("p", "arm") + "\n" + vhost(STICKY.format("q", "arm")),
     ["TR0005: test.conf:4: TempRedirectPool: " + SAME.format(1)]),
    (vhost(STICKY.format("q", "arm")) + STICKY.format("p", "arm"),
     ["TR0005: test.conf:2: TempRedirectPool: " + SAME.format(5)]),
    (P + "\n" + vhost(P), ["TR0005: test.conf:4: TempRedirectPool: p: " + MAIN.format(1)]),
    (vhost(P) + P, ["TR0005: test.conf:2: TempRedirectPool: p: " + MAIN.format(5)]),
    # rules
    ("TempRedirect / pool:p", ["TR0006: test.conf:1: pool:p: " + WHERE.format("p")]),
    ("TempRedirect / pool:p\n" + vhost(P), ["TR0006: test.conf:1: pool:p: " + WHERE.format("p")]),
    (vhost("TempRedirect / pool:p") + vhost(P, 81),
     ["TR0006: test.conf:2: pool:p: " + WHERE.format("p")]),
    (f"{P}\nTempRedirect / pool:P", ["TR0006: test.conf:3: pool:P: unknown pool; did you mean "
                                     "'p'?"]),
    (P.replace("p ", "checkout ").replace("Pool p", "Pool checkout")
     + "\nTempRedirect / pool:checkuot",
     ["TR0006: test.conf:3: pool:checkuot: unknown pool; did you mean 'checkout'?"]),
    (f"{P}\n" + vhost(f"{Q}\nTempRedirect / pool:other"),
     ["TR0006: test.conf:6: pool:other: unknown pool; known are 'q', 'p'"]),
    ("<Directory />\nTempRedirect pool:p\n</Directory>\n<If true>\nTempRedirect pool:q\n</If>",
     ["TR0006: test.conf:2: pool:p: " + WHERE.format("p"),
      "TR0006: test.conf:5: pool:q: " + WHERE.format("q")]),
    (f"{P}\nTempRedirect /x pool:p cache=60", [f"TR0006: test.conf:3: cache=60: {AT_RANDOM}"]),
    (f"{P}\nTempRedirect /x pool:p cache=0", [f"TR0006: test.conf:3: cache=0: {AT_RANDOM}"]),
    (STICKY.format("p", "arm") + "\nTempRedirect /x pool:p cache=60",
     [f"TR0006: test.conf:3: cache=60: {AT_RANDOM}"]),
    # rules and their members
    (f"{P}/$1\nTempRedirect /x pool:p",
     ["TR0006: test.conf:3: pool:p: member at test.conf:2: /a/$1: there is no regex to take '$1' "
      "from; use TempRedirectMatch, or write '%24' for a '$'"]),
    (f"{P}/$2\nTempRedirectMatch ^/(x) pool:p",
     ["TR0006: test.conf:3: pool:p: member at test.conf:2: /a/$2: the regex has no group for '$2'; "
      "it has 1"]),
    (f"{P}/%{{group.x}}\nTempRedirect /x pool:p header.X=~(?<y>.)",
     ["TR0006: test.conf:3: pool:p: member at test.conf:2: /a/%{group.x}: no regex of this rule "
      "has a group named 'x'; one is written '(?<x>...)'"]),
    (f"{P}%{{tail}}\nTempRedirectMatch ^/x pool:p",
     ["TR0006: test.conf:3: pool:p: member at test.conf:2: /a%{tail}: a rule with a regex has no "
      "tail; capture it in the regex"]),
    (f"{P}\nTempRedirect /x pool:p\nTempRedirect /a pool:p",
     [f"TR0006: test.conf:4: pool:p: member at test.conf:2: /a: {NEVER}"]),
    ("TempRedirectPool p\nTempRedirectMember p https:\nTempRedirect /x pool:p tail=drop",
     ["TR0006: test.conf:3: pool:p: member at test.conf:2: tail=drop: 'https:' keeps the whole "
      "path; write 'https://%{host}/...'"]),
    (f"{P}/%{{form.x}}\nTempRedirect /x pool:p json./x",
     [f"TR0006: test.conf:3: pool:p: member at test.conf:2: /a/%{{form.x}}: {BODY}"]),
    (P.replace("p\n", "p key=json./x\n") + "\nTempRedirect /x pool:p form.x",
     [f"TR0006: test.conf:3: pool:p: member at test.conf:2: key=json./x: {BODY}"]),
    ("TempRedirectPool p\nTempRedirectMember p https://%{header.X}/\nTempRedirect / pool:p",
     [f"TR0002: test.conf:3: member at test.conf:2: https://%{{header.X}}/: {CHOOSES}"]),
    ("TempRedirectPool p\nTempRedirectMember p https://$1.test/\nTempRedirectMatch ^/(.*) pool:p",
     [f"TR0002: test.conf:3: member at test.conf:2: https://$1.test/: {CHOOSES}"]),
]


@pytest.mark.parametrize("text, said", CHECKED, ids=[text[:60] for text, _ in CHECKED])
def test_what_is_wrong_with_the_whole_is_told_with_its_places(text, said):
    status, output = check_config(text)
    assert output.splitlines() == [*said, "AH00014: Configuration check failed"]
    assert status == 1


def test_a_lone_server_lists_its_pools_once():
    _, output = check_config(f"{P}\n{Q}\nTempRedirect / pool:other")
    assert "TR0006: test.conf:5: pool:other: unknown pool; known are 'p', 'q'\n" in output


# --- warnings -----------------------------------------------------------------------------

CGI = "CGI's variables are not set when rules are asked; the attribute is 'client'"
EARLY_ENV = ("phase=early asks before most variables are set: of SetEnvIf those in server and "
             "virtual host, and those of modules that set them as early")


@pytest.mark.parametrize("text, said", [
    (f"{P} until=2020-01-01T00:00Z",
     "TR0001: test.conf:2: TempRedirectMember: until=2020-01-01T00:00Z: this member is over; leave "
     "it out"),
    ("TempRedirectPool p\nTempRedirectMember p htps://a.test",
     "TR0001: test.conf:2: TempRedirectMember: htps://a.test: 'htps' is a scheme of its own; did "
     "you mean 'https'?"),
    (f"{P}/%{{env.REMOTE_ADDR}}",
     f"TR0001: test.conf:2: TempRedirectMember: /a/%{{env.REMOTE_ADDR}}: {CGI}"),
    (vhost("TempRedirectPool p\nTempRedirectMember p http://a.test\nTempRedirect /x pool:p", 443),
     "TR0003: test.conf:4: member at test.conf:3: http://a.test: leads from https to http, where "
     "everybody on the way can read and change the request; write https:"),
    (vhost("ServerName https://a.test\nTempRedirectPool p\nTempRedirectMember p https:\n"
           "TempRedirect pool:p"),
     "TR0004: test.conf:5: member at test.conf:4: 'https:': every request of this host has that "
     "scheme, as its ServerName says; leave the scheme out of it, or the rule"),
    (P.replace("p\n", "p key=env.REMOTE_ADDR\n") + "\nTempRedirect /x pool:p",
     f"TR0001: test.conf:1: TempRedirectPool: key=env.REMOTE_ADDR: {CGI}"),
    (P.replace("p\n", "p key=env.X\n") + "\nTempRedirect /x pool:p phase=early",
     f"TR0001: test.conf:3: key=env.X: {EARLY_ENV}"),
    (f"{P}/%{{env.X}}\nTempRedirect /x pool:p phase=early",
     f"TR0001: test.conf:3: /a/%{{env.X}}: {EARLY_ENV}"),
    (f"{P} until=2999-01-01T00:00\nTempRedirect /x pool:p status=301",
     "TR0001: test.conf:3: status=301: means for good, and the window of a member for a while; "
     "write 302"),
])
def test_what_is_hardly_meant_is_warned_of(text, said):
    status, output = check_config(text)
    assert status == 0 and output.endswith("Syntax OK\n")
    assert said in output and output.count("TR000") == 1


# --- .htaccess ------------------------------------------------------------------------------

@pytest.mark.parametrize("line, said", [
    ("TempRedirect / pool:checkuot",
     "TempRedirect: pool:checkuot: unknown pool; did you mean 'checkout'? (line 2)"),
    ("TempRedirect pool:other",
     "TempRedirect: pool:other: unknown pool; known are 'checkout', 'groups', 'hosts' (line 2)"),
    ("TempRedirect / pool:", "TempRedirect: pool:: the name of a pool is missing; write "
                             "'pool:NAME' (line 2)"),
    ("TempRedirect / pool:checkout cache=60",
     "TempRedirect: cache=60: without 'key=' the pool 'checkout' chooses at random, and a cache "
     "would give one choice to all; leave it out, or give the pool a key (line 2)"),
    ("TempRedirect / pool:groups",
     "TempRedirect: pool:groups: member at test.conf:4: /$1: there is no regex to take '$1' from; "
     "use TempRedirectMatch, or write '%24' for a '$' (line 2)"),
    ("TempRedirect / pool:hosts",
     f"TempRedirect: member at test.conf:6: https://%{{header.X}}/: {CHOOSES} (line 2)"),
])
def test_a_wrong_htaccess_is_told_in_the_log(line, said):
    pools = ("TempRedirectPool checkout\nTempRedirectMember checkout /a\n"
             "TempRedirectPool groups\nTempRedirectMember groups /$1\n"
             "TempRedirectPool hosts\nTempRedirectMember hosts https://%{header.X}/\n")
    assert check_htaccess(f"# first\n{line}\n", pools) == (500, said)


def test_an_htaccess_hears_of_it_where_there_is_no_pool():
    assert check_htaccess("TempRedirect pool:p") == (
        500, "TempRedirect: pool:p: " + WHERE.format("p") + " (line 1)")


# --- what is right --------------------------------------------------------------------------

FINE = """
TempRedirect / pool:early-named
TempRedirectPool early-named
TempRedirectMember early-named https://a.test
TempRedirectPool A.b_c-1 sticky=__Host-x:400d key=json./a/0/b~1c
TempRedirectMember A.b_c-1 !
TempRedirectMember A.b_c-1 https://a.test weight=1000000 id=!!
TempRedirectMember A.b_c-1 https://b.test weight=0 until=2999-01-01T00:00 from=2026-01-01T00:00Z
TempRedirectMember A.b_c-1 https: id=#1
TempRedirectMember A.b_c-1 https://%{host}:8443/%{cookie.x}?q=%{path}#%{scheme} id=~
TempRedirect /x pool:A.b_c-1
TempRedirect /x POOL:A.b_c-1 cache=60 retry-after=5
TempRedirectPool unused key=header.Accept-Language
TempRedirectMember unused /$1
TempRedirectMember unused /%{group.name}
TempRedirectMember unused https://%{header.X}/
TempRedirectMember unused https://a.test/a,b;c
TempRedirectPool all key=client
TempRedirectMember all !
<VirtualHost *:80>
TempRedirect / pool:all cache=60 vary=auto phase=early
TempRedirectPool own key=cookie.a sticky=b
TempRedirectMember own /own
TempRedirect /y pool:own
</VirtualHost>
<VirtualHost *:81>
TempRedirectPool own key=host sticky=a:1w
TempRedirectMember own /own
TempRedirect /y pool:own status=303 cache=unset
<Files x>
TempRedirect pool:own
</Files>
</VirtualHost>
"""


def test_every_line_that_is_right_is_accepted_without_a_word():
    assert check_config(FINE) == (0, "Syntax OK\n")
