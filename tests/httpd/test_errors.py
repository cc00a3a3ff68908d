"""What `httpd -t` says to a wrong configuration: the file, the line, the word, what is
wrong with it and what would be right."""

import pytest

from harness import check_config

HOST = "write one as in 'www.example.com', '192.0.2.1' or '[2001:db8::1]'"
ALLOWED = ("not a host; write a name or an address without scheme, port and path, as in "
           "'www.example.com', '*.example.com' or '[::1]'")
TARGET = ("an absolute URL, a path beginning with '/', 'https:', 'http:', 'pool:NAME' or '!'")
WORDS = ("known are 'status', 'match', 'case', 'tail', 'args', 'from', 'until', 'hours', "
         "'tz', 'cache', 'vary', 'retry-after', 'phase', 'mode', 'id', 'method', 'scheme', "
         "'host', 'port', 'client', 'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json', "
         "'expr'")
STATUS = "not the status of a redirect; write 307, 302, 303, 301 or 308"
NAME = ("a name is missing; write names with ',' between them, as in "
        "'args=only:id,lang'")
ATTRIBUTES = ("unknown attribute; known are 'scheme', 'host', 'port', 'path', 'tail', "
              "'args', 'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json', 'group'")
PERCENT = ("'%' is not followed by two hexadecimal digits or by '{name}'; write '%25' for "
           "a percent sign")
USER_INFO = ("user info in a target would be shown to every client; leave out what stands "
             "before '@'")
SCHEME = ("nothing can be substituted in a scheme; write 'https://' or 'http://', or "
          "'https:' alone")
EMPTY = ("an argument is empty; is a variable not set, or does a quote stand within a word? One "
         "with spaces is quoted whole, as in \"header.X=a b\"")
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
ENGINE = "unknown value; write On, Off or DryRun"
NO_VALUE = ("a value is missing; write values with ',' between them and no space, or no '=' "
            "for 'is present'")
EVERY = "every request has one"
METHOD = "methods are compared with regard to case; write capital letters, as in 'POST'"
PORT = "is not a port; write '1' to '65535'"
PREFIX4 = ("the length of an IPv4 prefix is a number from 0 to 32 without sign and leading "
           "zeros, as in '10.0.0.0/8'")
ADDRESS4 = ("not a whole IPv4 address; write four numbers from 0 to 255 without leading "
            "zeros, as in '10.1.0.0' or '10.1.0.0/16'")
NO_PATH = ("no condition; the URL-path before the target says which paths the rule is for, "
           "or the regex of TempRedirectMatch")
NO_GROUP = "no condition; a regex says itself what it is for"
CONDITIONS = ("unknown attribute; known are 'method', 'scheme', 'host', 'port', 'client', "
              "'user', 'lang', 'header', 'cookie', 'query', 'env', 'form', 'json'")
ONLY_CONDITIONS = ("'!' negates conditions only; for an exception write a rule with the target '!' "
                   "before this one")
TWICE = "stands twice; leave one out"
CONTRADICTS = "contradicts '{}', so this rule could never match"
EXPRESSION = ("an expression is missing; write it as in \"expr=%{HTTP_HOST} == "
              "'www.example.com'\"")
UNAUTHENTICATED = ("nobody is authenticated yet when phase=early asks; leave one of both "
                   "out")
EARLY = ("phase=early: stands in server, virtual host, <Location> and <If> only, as no other "
         "section is known before access control; write the rule there, or leave the word "
         "out")
CACHE = ("write seconds, from 0 to 2147483647, or 'unset'; 'no-store' is sent without the "
         "word")
RETRY = "write seconds, from 0 to 2147483647, or 'window'"
NO_END = ("retry-after=window: this rule has no window that ends; add until= or hours=, or "
          "write seconds")
VARY_OFF = ("vary=off: with seconds in cache= a cache would give one client's answer to "
            "others; leave one of both out")
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
    ("/old /new =", "=: no space stands around a '='"),
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

    # conditions
    ("/old /new method=post", f"method=post: 'post': {METHOD}"),
    ("/old /new method=GET,Put", f"method=GET,Put: 'Put': {METHOD}"),
    ('/old /new "method=GE T"',
     "method=GE T: 'GE T' is not a method; write one as in 'POST'"),
    ("/old /new method=", f"method=: {NO_VALUE}"),
    ("/old /new method=GET,", f"method=GET,: {NO_VALUE}"),
    ("/old /new method=GET,,PUT", f"method=GET,,PUT: {NO_VALUE}"),
    ("/old /new query.x=", f"query.x=: {NO_VALUE}"),
    ("/old /new !lang=", f"!lang=: {NO_VALUE}"),
    ("/old /new metod=GET", "metod=GET: unknown word; did you mean 'method'?"),
    ("/old /new METHOD=GET", "METHOD=GET: unknown word; did you mean 'method'?"),
    ("/old /new heeder.X=1", "heeder.X=1: unknown word; did you mean 'header'?"),
    ("/old /new !heeder.X=1", "!heeder.X=1: unknown attribute; did you mean 'header'?"),
    ("/old /new !nonsense", f"!nonsense: {CONDITIONS}"),
    ("/old /new !", "!: one '!' stands right before the name, as in '!cookie.seen'"),
    *((f"/old /new !{name}", f"!{name}: {EVERY}, so this rule could never match")
      for name in ("method", "scheme", "host", "port", "client")),
    ("/old /new scheme=ftp",
     "scheme=ftp: 'ftp' is the scheme of no request; write 'http' or 'https'"),
    ("/old /new port=http", f"port=http: 'http' {PORT}"),
    ("/old /new port=0", f"port=0: '0' {PORT}"),
    ("/old /new port=080", f"port=080: '080' {PORT}"),
    ("/old /new port=80,65536", f"port=80,65536: '65536' {PORT}"),
    ("/old /new host=*", "host=*: '*': every request has a host; name hosts, as in "
                         "'www.example.com' or '*.example.com'"),
    ("/old /new host=a.example:80", f"host=a.example:80: 'a.example:80': {ALLOWED}"),
    ("/old /new host=https://a.example/",
     f"host=https://a.example/: 'https://a.example/': {ALLOWED}"),
    ("/old /new host=a.example,b.*.example",
     f"host=a.example,b.*.example: 'b.*.example': {ALLOWED}"),
    ("/old /new host=::1", f"host=::1: '::1': {ALLOWED}"),
    ("/old /new client=10.0.0.1/8",
     "client=10.0.0.1/8: '10.0.0.1/8': has bits set behind the prefix; write '10.0.0.0/8', "
     "or '10.0.0.1' alone"),
    ("/old /new client=::1,2001:db8::1/32",
     "client=::1,2001:db8::1/32: '2001:db8::1/32': has bits set behind the prefix; write "
     "'2001:db8::/32', or '2001:db8::1' alone"),
    ("/old /new client=10.0.0.0/33", f"client=10.0.0.0/33: '10.0.0.0/33': {PREFIX4}"),
    ("/old /new client=10.0.0", f"client=10.0.0: '10.0.0': {ADDRESS4}"),
    ("/old /new client=010.0.0.1", f"client=010.0.0.1: '010.0.0.1': {ADDRESS4}"),
    ("/old /new client=10.0.0.0/255.0.0.0",
     "client=10.0.0.0/255.0.0.0: '10.0.0.0/255.0.0.0': write the length of the prefix, not "
     "a mask: '/8' is '/255.0.0.0', '/24' is '/255.255.255.0'"),
    ("/old /new client=localhost",
     "client=localhost: 'localhost': not an address, and names are not looked up; write "
     "addresses or ranges, as in '192.0.2.7', '10.0.0.0/8' or '2001:db8::/32'"),
    ("/old /new client=[::1]", "client=[::1]: '[::1]': write the address without brackets "
                               "and port, as in '2001:db8::1'"),
    ("/old /new client=~^10", "client=~^10: an address is not compared with a regex; write "
                              "addresses and CIDR ranges, as in "
                              "'client=192.0.2.7,10.0.0.0/8'"),
    ("/old /new client.x=1", "client.x=1: 'client' takes no name behind a dot"),
    ("/old /new lang=*",
     "lang=*: '*': '*' is no language; name one, as in 'de' or 'pt-BR'"),
    ("/old /new lang=de,de_DE",
     "lang=de,de_DE: 'de_DE': write '-' between subtags, not '_', as in 'de-DE'"),
    ("/old /new lang=de;q=1", "lang=de;q=1: 'de;q=1': not a language; write letters and "
                              "digits with '-' between subtags, as in 'de' or 'pt-BR'"),
    *((f"/old /new {word}", f"{word}: write '{word.split('=')[0].rstrip('.')}.NAME'")
      for word in ("header", "header=x", "header.=x", "cookie", "query.=1", "env", "env.")),
    ('/old /new "header.X Y=1"', "header.X Y=1: 'X Y' is not the name of a header"),
    ("/old /new header.X:=1", "header.X:=1: 'X:' is not the name of a header"),
    ("/old /new header.ü=1", r"header.\xc3\xbc=1: '\xc3\xbc' is not the name of a header"),
    ("/old /new header.X~=1", "header.X~=1: for a regex write 'header.X=~...'"),
    ("/old /new header.X!=1", "header.X!=1: to negate a condition write '!header.X=...'"),
    ("/old /new header.X=~", "header.X=~: a regex is missing behind '=~'"),
    ("/old /new header.X=~(", "header.X=~(: missing closing parenthesis at offset 1"),
    ("/old /new !cookie.x=~[a",
     "!cookie.x=~[a: missing terminating ] for character class at offset 2"),
    ("/old /new path=/x", f"path=/x: {NO_PATH}"),
    ("/old /new !path=~^/x", f"!path=~^/x: {NO_PATH}"),
    ("/old /new group.x=1", f"group.x=1: {NO_GROUP}"),
    *((f"/old /new !{word}", f"!{word}: {ONLY_CONDITIONS}")
      for word in ("status=303", "tail=keep", "args", "id=x", "phase=early", "mode=dry")),
    ("/old /new header.X=1 cookie.a header.X=1", f"header.X=1: {TWICE}"),
    ("/old /new header.X cookie.a !header.X", "!header.X: " + CONTRADICTS.format("header.X")),
    ("/old /new !lang=de lang=de", "lang=de: " + CONTRADICTS.format("!lang=de")),
    ("/old /new host=a.example host=b.example", "host=b.example: could never match beside "
     "'host=a.example'; values that are alternatives stand in one condition, with ',' between them"),
    ("header.X=1 /new", "header.X=1: words stand behind the target; write 'URL-path target', "
                        "then words such as 'status=303'"),
    ("method=POST", f"method=POST: not a target; write {TARGET}"),
    ("/old header.X=1 /new", "/new: a target stands before it already; write 'URL-path "
                             "target', then words such as 'status=303'"),
    ("/old /new/$1 header.X=~(.)", "/new/$1: there is no regex to take '$1' from; use "
                                   "TempRedirectMatch, or write '%24' for a '$'"),
    ("/old /new/%{group.x} !header.X=~(?<x>.)",
     "/new/%{group.x}: no regex of this rule has a group named 'x'; one is written "
     "'(?<x>...)'"),
    ("/old /new/%{method}",
     "/new/%{method}: '%{method}': 'method' can only be a condition, as in 'method=...'"),

    # expressions
    ("/old /new expr", "expr: an expression is missing; write 'expr=...'"),
    ("/old /new expr=", f"expr=: {EXPRESSION}"),
    ("/old /new !expr=", f"!expr=: {EXPRESSION}"),
    ("/old /new expr=%{HTTP_HOST} == 'x'",
     "expr=%{HTTP_HOST}: syntax error, unexpected $end; an expression with spaces is quoted "
     "with its word, as in \"expr=%{HTTP_HOST} == 'www.example.com'\""),
    ("/old /new header.X==1", "header.X==1: write one '='; or '=~^=' for a value that begins "
                              "with it"),
    ("/old /new \"expr='x' ==\"", "expr='x' ==: syntax error, unexpected $end"),
    ("/old /new \"expr=%{NOSUCH} == 'x'\"",
     "expr=%{NOSUCH} == 'x': Variable 'NOSUCH' does not exist"),
    ("/old /new \"!expr=-Q 'x'\"", "!expr=-Q 'x': Unary operator '-Q' does not exist"),
    ('/old /new "expr=%{HTTP_HOST} =~ /(/"',
     "expr=%{HTTP_HOST} =~ /(/: Failed to compile regular expression"),

    # windows
    ("/old /new from=2026-13-01T00:00Z",
     "from=2026-13-01T00:00Z: there is no month 13; write 01 to 12"),
    ("/old /new until=2026-12-01",
     "until=2026-12-01: is only a date; write the time too, with a 'T' between and no space, as "
     "in '2026-12-01T22:00'"),
    ("/old /new from=tomorrow",
     "from=tomorrow: is no time; write one as in '2026-12-01T22:00', "
     "'2026-12-01T22:00:30Z' or '2026-12-01T22:00+01:00'"),
    ("/old /new until=2026-12-01T22:00Z from=2026-12-01T23:00+01:00",
     "until=2026-12-01T22:00Z: is not after from=2026-12-01T23:00+01:00; a window opens "
     "with from= and closes with until="),
    ("/old /new hours=Mo-Fr", "hours=Mo-Fr: 'Mo' is no day; known are 'Mon', 'Tue', 'Wed', "
                              "'Thu', 'Fri', 'Sat', 'Sun'"),
    ("/old /new hours=25:00-26:00", "hours=25:00-26:00: there is no 25:00; write 00:00 to "
                                    "23:59, or 24:00 to close"),
    ("/old /new tz=UTC", "tz=UTC: there is no from=, until= or hours= to which it could "
                         "apply; leave it out"),

    # what goes with the answer, and when rules are asked
    *((f"/old /new cache={value}", f"cache={value}: {CACHE}")
      for value in ("", "1h", "-1", "no-store", "2147483648")),
    ("/old ! cache=60", f"cache=60: {SENDS}"),
    ("/old /new retry-after=soon", f"retry-after=soon: {RETRY}"),
    ("/old /new retry-after=window", NO_END),
    ("/old /new retry-after=window from=2026-01-01T00:00Z", NO_END),
    ("/old ! retry-after=60", f"retry-after=60: {SENDS}"),
    ("/old /new vary=on", "vary=on: unknown value; known are 'auto', 'off'"),
    ("/old /new vary=off cache=60", VARY_OFF),
    ("/old /new mode=drye", "mode=drye: unknown value; did you mean 'dry'?"),
    ("/old /new mode=dry mode=live", f"mode=live: {TWICE}"),
    ("/old /new phase=earl", "phase=earl: unknown value; did you mean 'early'?"),
    ("/old /new user phase=early", f"user: {UNAUTHENTICATED}"),
    ("/old /new !user=joe phase=early", f"!user=joe: {UNAUTHENTICATED}"),
    ("/old ! user phase=early", f"user: {UNAUTHENTICATED}"),
    ("/old /new/%{user} phase=early", f"/new/%{{user}}: {UNAUTHENTICATED}"),

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
    ("/old /new/%{client}", "/new/%{client}: '%{client}': 'client' can only be a condition, "
                            "as in 'client=...'"),
    ("/old /new/%{clint}", f"/new/%{{clint}}: '%{{clint}}': {ATTRIBUTES}"),
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
    ("TempRedirectEngine", "TempRedirectEngine takes one argument, On, Off, or DryRun: log "
                           "what would be redirected"),
    ("TempRedirectEngine On Off", "TempRedirectEngine takes one argument, On, Off, or "
                                  "DryRun: log what would be redirected"),
    ("TempRedirectEngine Maybe", f"TempRedirectEngine: Maybe: {ENGINE}"),
    ("TempRedirectEngine Dry", f"TempRedirectEngine: Dry: {ENGINE}"),
    ("TempRedirectLanguages", "TempRedirectLanguages: a language is missing; write one or "
                              "more, as in 'en de pt-BR'"),
    ('TempRedirectLanguages de ""', f"TempRedirectLanguages: {EMPTY}"),
    ("TempRedirectLanguages de,en", "TempRedirectLanguages: de,en: write languages with "
                                    "spaces between them, as in 'de pt-BR'"),
    ("TempRedirectLanguages en de_DE", "TempRedirectLanguages: de_DE: write '-' between "
                                       "subtags, not '_', as in 'de-DE'"),
    ("TempRedirectLanguages de en DE", f"TempRedirectLanguages: DE: {TWICE}"),
    ("TempRedirectLanguages *", "TempRedirectLanguages: *: '*' is no language; name one, as "
                                "in 'de' or 'pt-BR'"),
    ("TempRedirectLanguages 1a", "TempRedirectLanguages: 1a: a digit stands in the first "
                                 "subtag, which has only letters, as in 'de' or 'pt-BR'"),
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
    "TempRedirectInherit Off", "TempRedirectAllowHosts a.example",
    "TempRedirectLanguages de", "TempRedirectEngine DryRun"])
def test_no_directive_stands_within_limit(section, line):
    status, output = check_config(
        f"<Location />\n<{section} POST>\n{line}\n</{section}>\n</Location>")
    assert output == ("AH00526: Syntax error on line 3 of test.conf:\n"
                      f"{line.split()[0]} cannot occur within <Limit> or <LimitExcept> "
                      "section\n")
    assert status == 1


@pytest.mark.parametrize("outside, inside", [
    ("<Directory /x>", "</Directory>"), ("<DirectoryMatch x>", "</DirectoryMatch>"),
    ("<Files x>", "</Files>"), ("<FilesMatch x>", "</FilesMatch>"),
    ("<Directory /x>\n<If true>", "</If>\n</Directory>"),
    ("<Directory /x>\n<Files x>", "</Files>\n</Directory>"),
    ("<Directory /x>\n<IfModule core.c>", "</IfModule>\n</Directory>"),
    ("<VirtualHost *:80>\n<Files x>", "</Files>\n</VirtualHost>")])
@pytest.mark.parametrize("target", ["/b", "!"])
def test_phase_early_stands_where_the_section_is_known_early(outside, inside, target):
    line = outside.count("\n") + 2
    assert check_config(f"{outside}\nTempRedirect /a {target} phase=early\n{inside}") == (
        1, f"AH00526: Syntax error on line {line} of test.conf:\nTempRedirect: {EARLY}\n")


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


CLIENTS_CHOICE = ["https://%{header.X-Host}/", "https://%{lang}.example.com/", "https://$1/", "https://$1.example.com/",
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


FINE = r"""
<Files page>
TempRedirect /page
</Files>
<If "true">
TempRedirect /page
</If>
<VirtualHost *:${PORT}>
<Location /a>
<If "true">
TempRedirect /b phase=early
TempRedirect ! phase=early !header.X
</If>
</Location>
<LocationMatch ^/a>
TempRedirect /b phase=early
</LocationMatch>
<IfModule core.c>
TempRedirect /a /b phase=early
</IfModule>
</VirtualHost>
<Directory /a>
TempRedirect ! phase=fixups user
TempRedirectLanguages de
TempRedirectEngine DryRun
</Directory>
TempRedirect /page header.X=1
TempRedirect /a /b method=GET,POST,PROPFIND,X-1 !method=PUT method=~^P
TempRedirect /a /b scheme=HTTPS,Http !scheme=https port=1,65535 !port=80
TempRedirect /a /b host=A.Example.,*.b.example,[::1],192.0.2.1 host=~x !host=a_b
TempRedirect /a /b client=10.0.0.0/8,192.0.2.1,::/0,0.0.0.0/0,2001:db8::/32 !client=::1
TempRedirect /a /b/%{lang} lang=de,pt-BR !lang=en lang lang=~^d user=joe,ann !user=~^x
TempRedirect /a /b header.X-Y=a,b "header.X=a b" !header.X=~(?i)^c$ header.X=~^=1 header.x
TempRedirect /a /b cookie.a.b=1 cookie.__Host-x !cookie.y=~^(?!z) query.a[]=1 "query.a b"
TempRedirect /a /b env.X=1 !env.Y "expr=%{REQUEST_URI} =~ /x/" !expr=true
TempRedirect /a /b/%{group.x}/%{group.y} header.X=~(?<x>.) cookie.y=~(?<y>.)
TempRedirect /a /b from=2026-12-01T22:00 until=2999-12-02T06:00:30+01:00 tz=UTC
TempRedirect /a /b hours=22:00-06:00,Sat-Sun,Mon-Fri@09:00-17:00 retry-after=window cache=60
TempRedirect /a /b cache=0 vary=auto retry-after=0 mode=live phase=fixups
TempRedirect /a /b cache=unset vary=off mode=dry phase=early retry-after=2147483647
TempRedirect /a ! vary=off mode=dry method=GET hours=Mon tz=local id=stay
TempRedirectLanguages en DE pt-BR zh-Hant-TW sl-1994 x
TempRedirectEngine DRYRUN
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
