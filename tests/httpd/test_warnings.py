"""What `httpd -t` warns of: what is hardly meant, with file, line and word."""

import pytest

from harness import check_config

TRIVIAL = "every request has one; name values behind a '=', or leave it out\n"
EARLY_ENV = ("phase=early asks before most variables are set: of SetEnvIf those in server "
             "and virtual host, and those of modules that set them as early\n")

HIDDEN = ('TR0001: test.conf:2: TempRedirect: /a%20b: is compared with the decoded path of a '
          'request; did you mean "/a b"?\n')
DOWNGRADE = ("leads from https to http, where everybody on the way can read and change the "
             "request; write https:\n")

FORGOTTEN = ("without a URL-path before it, all requests go there; if they should, write "
             "'/ /page tail=drop'\n")

WARNINGS = [
    *((f"TempRedirect /a /b {name}",
       f"TR0001: test.conf:1: TempRedirect: {name}: {TRIVIAL}")
      for name in ("method", "scheme", "host", "port", "client")),
    ("TempRedirect /a /b !env.X phase=early",
     f"TR0001: test.conf:1: TempRedirect: !env.X: {EARLY_ENV}"),
    ("TempRedirect /a /b/%{env.X} phase=early",
     f"TR0001: test.conf:1: TempRedirect: /b/%{{env.X}}: {EARLY_ENV}"),
    ("TempRedirect /a /b until=2020-01-01T00:00Z",
     "TR0001: test.conf:1: TempRedirect: until=2020-01-01T00:00Z: this rule is over; leave "
     "it out\n"),
    ("TempRedirect /a /b status=301 from=2099-01-01T00:00Z",
     "TR0001: test.conf:1: TempRedirect: status=301: means for good, and the window for a "
     "while; write 302\n"),
    ("TempRedirect /a /b status=308 hours=Mon",
     "TR0001: test.conf:1: TempRedirect: status=308: means for good, and the window for a "
     "while; write 307\n"),
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
    ("TempRedirect /a /b hours=Mon-Fri@09:00-12:00,13:00-17:00",
     "TR0001: test.conf:1: TempRedirect: hours=Mon-Fri@09:00-12:00,13:00-17:00: an item "
     "without days is for each day; repeat the days of the one before it, or write 'Mon-Sun@'\n"),
    *((f"TempRedirect /a /b env.{name}=x",
       f"TR0001: test.conf:1: TempRedirect: env.{name}=x: CGI's variables are not set when rules "
       f"are asked; the attribute is '{attribute}'\n")
      for name, attribute in (("REMOTE_ADDR", "client"), ("REQUEST_METHOD", "method"),
                              ("HTTP_X_BETA", "header.NAME"), ("HTTP_HOST", "host"))),
    ("TempRedirect /a /b header.accept-language=de",
     "TR0001: test.conf:1: TempRedirect: header.accept-language=de: clients send lists with "
     "weights, as in 'de-DE,de;q=0.9'; 'lang=' knows them\n"),
    ("TempRedirect /a /b query.id>5",
     "TR0001: test.conf:1: TempRedirect: query.id>5: asks for one whose whole name is 'id>5'; "
     "for numbers use \"expr=...\"\n"),
    ("<Location /shop>\nTempRedirect /old /new\n</Location>",
     "TR0001: test.conf:2: TempRedirect: /old: is not below the Location '/shop'; a URL-path "
     "counts from the root, as in '/shop/...'\n"),
    (r"TempRedirectMatch ^/a\?x=(.*) /b",
     r"TR0001: test.conf:1: TempRedirectMatch: ^/a\\?x=(.*): the '\\?' is compared with the path; "
     "a query is not part of it: write 'query.NAME=...'\n"),
    *((f"<VirtualHost *:80>\nServerName {scheme}://a.example\nTempRedirect {scheme}:\n"
       "</VirtualHost>",
       f"TR0004: test.conf:3: '{scheme}:': every request of this host has that scheme, as its "
       "ServerName says; leave the scheme out of it, or the rule\n")
      for scheme in ("https", "http")),
]

SILENT = [
    "hours=Sat-Sun,22:00-06:00", "hours=22:00-06:00,Mon-Fri@09:00-17:00", "env.COUNTRY=DE",
    "env.HTTP_SESSION", "header.Accept-Language", "query.a[]", "!header.X-A header.X-B",
]


@pytest.mark.parametrize("config, said", WARNINGS, ids=[config for config, _ in WARNINGS])
def test_what_is_hardly_meant_is_warned_of(config, said):
    assert check_config(config) == (0, said + "Syntax OK\n")


@pytest.mark.parametrize("words", SILENT)
def test_what_may_well_be_meant_is_not(words):
    assert check_config(f"TempRedirect /a /b {words}") == (0, "Syntax OK\n")


def test_a_start_and_a_restart_warn_once_each(server):
    config = "# first\nTempRedirect /a%20b /new"
    httpd = server(config)
    httpd.expect_log("TR0001")
    assert HIDDEN.strip() in httpd.wait_log("TR0001")
    assert httpd.startup_output().count("TR0001") == 1
    httpd.graceful()
    assert httpd.startup_output().count("TR0001") == 2
