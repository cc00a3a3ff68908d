"""What caches make of redirects, and of the pages beside them: real ones, in front."""

import base64
import collections
import contextlib
import email.utils
import functools
import gzip
import random
import time

import pytest

from caches import (COOKIES_TOO, MOD_CACHE, MOD_CACHE_MODULES, Nginx, Varnish, mod_cache, was_hit,
                    with_store)
from clock import Clock
from test_response import curl

# --- the caches ------------------------------------------------------------------------

OUTER = ["varnish", "varnish with cookies", "nginx", "mod_cache", "mod_cache as a handler"]
INNER = ["the same httpd", "the same httpd, as a handler"]


@pytest.fixture(scope="module")
def caches(module_server):
    """caches(kind, origin, env=...) starts a cache of OUTER in front of a server."""
    started = []

    def start(kind, origin, env=None, **options):
        if kind.startswith("mod_cache"):
            return mod_cache(module_server, origin, env,
                             "Off" if kind.endswith("handler") else "On")
        if kind == "varnish with cookies":
            options["vcl"] = COOKIES_TOO
        cache = (Nginx if kind == "nginx" else Varnish)(origin, env, **options)
        started.append(cache)
        return cache.start()
    yield start
    for cache in started:
        cache.stop()
        print(f"--- log of {type(cache).__name__}\n{cache.log()}")
        cache.cleanup()


# --- rules x pages x clients: nobody gets what another one should ---------------------------

# Rules of one path; {p} is the path's beginning, which says what page is there.
CASES = {
    "header": "TempRedirect {p}/header /to/header header.X-A=1 cache=60",
    "no-header": "TempRedirect {p}/no-header /to/no-header !header.X-A cache=60",
    "regex": "TempRedirect {p}/regex /to/%{{group.a}} header.X-A=~^(?<a>.) cache=60",
    "two": "TempRedirect {p}/two /to/a header.X-A=1 cache=60\n"
           "TempRedirect {p}/two /to/b header.X-B=1 cache=60",
    "both": "TempRedirect {p}/both /to/both header.X-A header.X-B cache=60\n"
            "TempRedirect {p}/both /to/b header.X-B=1 status=303",
    "cookie": "TempRedirect {p}/cookie /to/cookie cookie.tenant=acme cache=60",
    "cookie-value": "TempRedirect {p}/cookie-value /to/%{{cookie.tenant}} cache=60",
    "header-value": "TempRedirect {p}/header-value /to/%{{header.X-A}} cache=60",
    "lang": "TempRedirect {p}/lang /to/%{{lang}} cache=60",
    "de": "TempRedirect {p}/de /to/de lang=de cache=60",
    "stay": "TempRedirect {p}/stay ! header.X-A=1\nTempRedirect {p}/stay /to/stay cache=60",
    "post": "TempRedirect {p}/post /to/post method=POST cache=60",
    "get": "TempRedirect {p}/get /to/get method=GET status=308 cache=60",
    "query": "TempRedirect {p}/query /to/query query.q=1 cache=60",
    "host": "TempRedirect {p}/host /to/host host=a.test cache=60",
    "host-value": "TempRedirect {p}/host-value https://%{{host}}/to cache=60",
    "early": "TempRedirect {p}/early /to/early header.X-A=1 phase=early cache=60",
    "early-late": "TempRedirect {p}/early-late /to/early header.X-A=1 phase=early cache=60\n"
                  "TempRedirect {p}/early-late /to/late header.X-B=1 cache=60",
    "location": "<Location {p}/location>\nTempRedirect /to/location header.X-B=1 cache=60\n"
                "</Location>\nTempRedirect {p}/location /to/server header.X-A=1 cache=60",
    "no-store": "TempRedirect {p}/no-store /to/no-store header.X-A=1",
    "permanent": "TempRedirect {p}/permanent /to/permanent header.X-A=1 status=301",
    "unset": "TempRedirect {p}/unset /to/unset header.X-A=1 cache=unset status=301",
    "agent": "TempRedirectMatch ^{p}/agent$ /to/agent header.User-Agent=~Mobile cache=60",
    "expr": "TempRedirect {p}/expr /to/expr \"expr=%{{HTTP:X-A}} == '1'\" cache=60",
    "if": "<If \"%{{HTTP:X-B}} == '1'\">\nTempRedirect {p}/if /to/if cache=60\n</If>",
    "dry": "TempRedirect {p}/dry /to/dry header.X-B=1 mode=dry\n"
           "TempRedirect {p}/dry /to/live header.X-A=1 cache=60",
    "seldom": "TempRedirect {p}/seldom /to/seldom header.X-A=1 method=POST cache=60",
    # nothing of these is in a header: their redirects are private
    "client": "TempRedirect {p}/client /to/client client=127.0.0.2 cache=60",
    "user": "TempRedirect {p}/user /to/user user=ann cache=60",
    "env": "TempRedirect {p}/env /to/env env.TENANT=acme cache=60",
    "expr-client": "TempRedirect {p}/expr-client /to/expr \"expr=-R '127.0.0.2'\" cache=60",
}
# Pages beside these rules say nothing of them, and so a shared cache gives a page that it
# has to clients who would be redirected. The redirect goes to nobody else.
HIDDEN = ["client", "user", "env", "expr-client"]

# httpd drops the Vary of its own <If> from errors and from what it has of a backend.
WITHOUT_VARY = [("if", "missing"), ("if", "backend")]

# What is there where no rule is: a file, nothing, another server's pages with a Vary of
# their own (of the X-A that rules ask for, too), a file that mod_deflate packs, one of
# those that mod_negotiation chooses.
PAGES = ["file", "missing", "backend", "packed", "chosen"]

CLIENTS = {
    "plain": {},
    "a": {"X-A": "1"}, "b": {"X-B": "1"}, "ab": {"X-A": "1", "X-B": "1"}, "a2": {"X-A": "2"},
    "acme": {"Cookie": "tenant=acme"}, "other": {"Cookie": "tenant=other; x=1"},
    "german": {"Accept-Language": "de-CH, en;q=0.5"}, "french": {"Accept-Language": "fr"},
    "host": {"Host": "a.test"}, "mobile": {"User-Agent": "Mobile"},
    "packs": {"Accept-Encoding": "gzip"}, "packs a": {"Accept-Encoding": "gzip", "X-A": "1"},
    "elsewhere": {"X-Source": "127.0.0.2"},
    "ann": {"Authorization": "Basic " + base64.b64encode(b"ann:secret").decode()},
    "tenant": {"X-Tenant": "acme"},
}
ASKS = [("GET", ""), ("GET", ""), ("GET", "&q=1"), ("HEAD", ""), ("POST", "")]

ORIGIN = """
TypesConfig /dev/null
TempRedirectLanguages en de
TempRedirectAllowHosts a.test
SetEnvIf X-Tenant (.+) TENANT=$1
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
<LocationMatch "/user$">
    AuthType Basic
    AuthName test
    AuthBasicProvider anon
    Anonymous *
    Require valid-user
</LocationMatch>
Header set Cache-Control max-age=60
<LocationMatch ^/missing>
    Header always set Cache-Control max-age=60
    ErrorDocument 404 /file/none
</LocationMatch>
<LocationMatch ^/packed>
    SetOutputFilter DEFLATE
</LocationMatch>
<Directory ${HTDOCS}/chosen>
    Options +MultiViews
    AddLanguage en .en
    AddLanguage de .de
    AddType text/html .html
    LanguagePriority en de
    ForceLanguagePriority Fallback
</Directory>
""" + "\n".join(rules.format(p=f"/{page}") for page in PAGES for rules in CASES.values())
ORIGIN_MODULES = ["headers", "setenvif", "remoteip", "auth_basic", "authn_core", "authn_anon",
                  "authz_user", "deflate", "filter", "mime", "negotiation", "proxy", "proxy_http"]

BACKEND = """
RewriteEngine On
RewriteCond %{HTTP:X-B} =1
RewriteRule ^/backend/(.*)$ /for-b/$1 [PT]
Header set Cache-Control max-age=60
Header append Vary "X-B, x-a, X-Backend"
"""


def files():
    """What PAGES are made of, for each case."""
    named = {"file/none": "no such page\n"}
    for case in CASES:
        named[f"file/{case}"] = f"file of {case}\n"
        named[f"packed/{case}"] = f"packed {case}\n" * 100
        for language in ("en", "de"):
            named[f"chosen/{case}.html.{language}"] = f"{case} in {language}\n"
    return named


@pytest.fixture(scope="module")
def backend(module_server):
    return module_server(BACKEND, modules=["rewrite", "headers"], module=False, files={
        f"{folder}/{case}": f"{folder} of {case}\n"
        for folder in ("backend", "for-b") for case in CASES})


@pytest.fixture(scope="module")
def make_origin(module_server, backend):
    def make(config="", modules=()):
        proxied = f"\nProxyPass /backend/ http://127.0.0.1:{backend.port}/backend/\n"
        return module_server(ORIGIN + proxied + config, files=files(),
                             modules=[*ORIGIN_MODULES, *modules])
    return make


@pytest.fixture(scope="module")
def origin(make_origin):
    return make_origin()


def ask(front, path, client, method="GET"):
    headers = {"Host": "localhost", **CLIENTS[client]}
    source = headers.pop("X-Source", None)
    answer = front.request(method, path, headers, b"" if method == "POST" else None, source=source)
    body = answer.body
    if body and answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return answer, (answer.status, answer.location, body)


def draws(dice):
    """Each page several times, in a random order, by random clients."""
    paths = [(case, page) for case in CASES for page in PAGES
             if (case, page) not in WITHOUT_VARY] * 9
    dice.shuffle(paths)
    for case, page in paths:
        method, query = dice.choice(ASKS)
        yield case, f"/{page}/{case}?asked{query}", dice.choice([*CLIENTS]), method


@pytest.fixture(scope="module")
def direct(origin):
    """direct(path, client, method): what the server says without a cache between."""
    return functools.lru_cache(maxsize=None)(
        lambda path, client, method: ask(origin, path, client, method)[1])


@pytest.mark.parametrize("kind", OUTER + INNER)
def test_nobody_gets_from_a_cache_what_is_for_others(kind, caches, make_origin, origin, direct):
    if kind in INNER:
        quick = "Off" if kind.endswith("handler") else "On"
        front = make_origin(f"{MOD_CACHE}\nCacheQuickHandler {quick}", MOD_CACHE_MODULES)
        with_store(front)
    else:
        front = caches(kind, origin)
    wrong, hits = [], collections.Counter()
    for case, path, client, method in draws(random.Random(f"who gets what from {kind}")):
        answer, got = ask(front, path, client, method)
        wanted = direct(path, client, method)
        hits[got[0]] += was_hit(answer)
        excused = case in HIDDEN and not got[1] and kind != "the same httpd, as a handler"
        if got != wanted and not excused:
            wrong.append(f"{method} {path} by {client}: {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    # What is not in the cache proves nothing. (No redirect of its own is in mod_cache.)
    assert hits[200] > 50 and hits[404] > 20, hits
    assert hits[307] > 20 or kind in INNER, hits


# --- what is stored -----------------------------------------------------------------------

STATUSES = [301, 302, 303, 307, 308]
STORED = "\n".join(f"""
TempRedirect /no-store/{status} /to status={status}
TempRedirect /cache/{status} /to status={status} cache=60
TempRedirect /zero/{status} /to status={status} cache=0
TempRedirect /private/{status} /to status={status} cache=60 client=127.0.0.0/8
TempRedirect /unset/{status} /to status={status} cache=unset
TempRedirect /expires/{status} /to status={status} cache=unset
""" for status in STATUSES) + """
<Location /expires>
    ExpiresActive On
    ExpiresDefault "access plus 1 minute"
</Location>
"""

# Varnish stores 303 and 308 only where its VCL says so.
CACHEABLE = {"varnish": [301, 302, 307], "nginx": STATUSES, "mod_cache": STATUSES}
# What it stores of redirects that say nothing: RFC 9111 section 4.2.2 lets it guess.
GUESSED = {"varnish": [301], "nginx": [], "mod_cache": [301]}


@pytest.fixture(scope="module")
def storing(module_server):
    return module_server(STORED, modules=["expires"])


@pytest.mark.parametrize("kind", CACHEABLE)
def test_caches_store_what_they_may(kind, caches, storing):
    front = caches(kind, storing)
    stored = {}
    for path in ["no-store", "cache", "zero", "private", "unset", "expires"]:
        stored[path] = []
        for status in STATUSES:
            answers = [front.get(f"/{path}/{status}") for _ in range(3)]
            assert {answer.status for answer in answers} == {status}
            if was_hit(answers[-1]):
                stored[path].append(status)
    assert stored == {"no-store": [], "cache": CACHEABLE[kind], "zero": [], "private": [],
                      "unset": GUESSED[kind], "expires": CACHEABLE[kind]}


def test_mod_cache_of_the_same_httpd_stores_no_redirect(server):
    httpd = with_store(server(f"TempRedirect /old /new cache=60\n{MOD_CACHE}",
                              modules=MOD_CACHE_MODULES))
    assert [was_hit(httpd.get("/old")) for _ in range(3)] == [False] * 3


def test_mod_cache_keeps_each_variant_of_a_packed_page(make_origin):
    """It reads one field of Vary: with two, the variants would displace each other."""
    front = with_store(make_origin(MOD_CACHE, MOD_CACHE_MODULES))

    def ask_all():
        return [was_hit(ask(front, "/packed/header", client)[0])
                for client in ("plain", "a2", "packs", "plain")]
    assert ask_all() == [False, False, False, True]
    assert ask_all() == [True] * 4


@pytest.fixture
def clock():
    with contextlib.closing(Clock()) as made:
        yield made


def test_no_cache_keeps_a_redirect_over_an_edge(clock, module_server, caches):
    """Varnish cannot have the moved clock, so all wait for the edge. It has a grace of
    10 s, in which it would answer with what was, but for stale-while-revalidate=0.
    """
    clock.run_from("2026-12-01T21:00:00Z")
    origin = module_server("""
        TempRedirect /until /old until=2026-12-01T22:00Z cache=60
        TempRedirect /from /new from=2026-12-01T22:00Z cache=60
        TempRedirect /from /old cache=60
        TempRedirect /hours ! hours=22:00-23:00
        TempRedirect /hours /old header.X-A=1 cache=60
        """, env=clock.env)
    fronts = [caches("varnish", origin), caches("nginx", origin, clock.env),
              caches("mod_cache", origin, clock.env),
              caches("mod_cache as a handler", origin, clock.env)]
    edge = time.monotonic() + 2.9
    clock.run_from("2026-12-01T21:59:57.1Z")

    def locations(front):
        answers = [front.get(path, {"X-A": "1"}) for path in ("/until", "/from", "/hours")]
        return [answer.location for answer in answers], [was_hit(answer) for answer in answers]
    for front in fronts:
        assert locations(front) == (["/old"] * 3, [False] * 3)
        assert locations(front) == (["/old"] * 3, [True] * 3)
    time.sleep(max(0, edge + 0.1 - time.monotonic()))
    for front in fronts:
        assert locations(front)[0] == [None, "/new", None]


# --- Vary ------------------------------------------------------------------------------------

VARY = """
TypesConfig /dev/null
DirectorySlash Off
TempRedirectLanguages en de
RewriteEngine On
RewriteCond %{HTTP:X-R} =1
RewriteRule ^/r/ - [E=SEEN:1]
TempRedirect /v /to header.X-A=1
TempRedirect /r /to header.X-A=1
TempRedirect /packed /to header.X-A=1
TempRedirect /chosen /to header.X-A=1
TempRedirect /back /to header.X-A=1
TempRedirect /down /to header.X-A=1
TempRedirect /document /to header.X-A=1
TempRedirect /told /to header.X-A=1
TempRedirect /header /to header.X-A=1
TempRedirect /always /to header.X-A=1
TempRedirect /unset /to header.X-A=1
TempRedirect /early /to header.X-A=1 phase=early
TempRedirect /early /late header.X-B=1
TempRedirect /stay ! header.X-A=1
TempRedirect /stay /to header.X-B=1
TempRedirect /many /to header.X-A=1 cookie.a lang=de
TempRedirect /many /to header.x-a=2 header.Host=a.test host=b.test
TempRedirect /many /to header.User-Agent=Mobile
TempRedirect /target /to/%{lang}/%{cookie.a}
TempRedirect /expr /to "expr=%{HTTP:X-A} == '1' && %{HTTP_COOKIE} =~ /a/"
TempRedirect /off /to header.X-A=1 vary=off
TempRedirect /half /to header.X-A=1 vary=off
TempRedirect /half /to header.X-B=1
TempRedirect /half-cached /to header.X-A=1 vary=off
TempRedirect /half-cached /to cache=60
TempRedirect /dry /to header.X-A=1 mode=dry
<Location /dryrun>
    TempRedirectEngine DryRun
    TempRedirect /to header.X-A=1
</Location>
<Location /packed>
    SetOutputFilter DEFLATE
</Location>
<Directory ${HTDOCS}/chosen>
    Options +MultiViews
    AddLanguage en .en
    AddLanguage de .de
    AddType text/html .html
</Directory>
<Location /document>
    ErrorDocument 404 /v/file
</Location>
<Location /told>
    ErrorDocument 307 /v/file
</Location>
<Location /header>
    Header set Vary X-H
</Location>
<Location /always>
    Header always merge Vary X-H
</Location>
<Location /unset>
    Header unset Vary
</Location>
<Location /down>
    ProxyPass http://127.0.0.1:9/
</Location>
"""

A, B = {"X-A": "1"}, {"X-B": "1"}
# path, request's headers, status, and whom Vary names
NAMED = [
    ("/v/file", {}, 200, "x-a"), ("/v/file", A, 307, "x-a"), ("/v/none", {}, 404, "x-a"),
    ("/v", {}, 404, "x-a"),
    ("/r/file", {"X-R": "1"}, 200, "x-r x-a"), ("/r/file", {"X-R": "1", **A}, 307, "x-r x-a"),
    ("/r/none", {"X-R": "1"}, 404, "x-a"),  # mod_rewrite's is lost, as everywhere
    ("/packed/file", {}, 200, "accept-encoding x-a"),
    ("/packed/file", {"Accept-Encoding": "gzip"}, 200, "accept-encoding x-a"),
    ("/packed/file", {"Accept-Encoding": "gzip", **A}, 307, "x-a"),
    ("/chosen/page", {}, 200, "negotiate accept-language x-a"),
    ("/chosen/page", {**A, "Accept-Language": "de"}, 307, "x-a negotiate accept-language"),
    ("/back/file", {}, 200, "x-b x-a x-backend"), ("/back/file", A, 307, "x-a"),
    ("/back/none", {}, 404, "x-a"),
    ("/back/star", {}, 200, "* x-a"),
    ("/down/file", {}, 503, "x-a"),
    ("/document/none", {}, 404, "x-a"),
    ("/told/file", A, 307, "x-a"),
    ("/header/file", {}, 200, "x-h x-a"), ("/header/file", A, 307, "x-a"),
    ("/always/file", {}, 200, "x-h x-a"), ("/always/file", A, 307, "x-h x-a"),
    ("/unset/file", {}, 200, "x-a"),
    ("/early", {}, 404, "x-a x-b"), ("/early", A, 307, "x-a"), ("/early", B, 307, "x-a x-b"),
    ("/stay", A, 404, "x-a"), ("/stay", B, 307, "x-a x-b"), ("/stay", {}, 404, "x-a x-b"),
    ("/many", {}, 404, "x-a user-agent"), ("/many", A, 404, "x-a cookie user-agent"),
    ("/many", {**A, "Cookie": "a=1"}, 404, "x-a cookie accept-language user-agent"),
    ("/many", {**A, "Cookie": "a=1", "Accept-Language": "de"}, 307,
     "x-a cookie accept-language"),
    ("/target", {"Cookie": "a=1"}, 307, "accept-language cookie"),
    ("/target", {}, 404, "accept-language cookie"),
    ("/expr", {}, 404, "x-a"), ("/expr", A, 404, "x-a cookie"),
    ("/off", {}, 404, ""), ("/off", A, 307, ""),
    ("/half", A, 307, ""), ("/half", {}, 404, "x-b"), ("/half", B, 307, "x-b"),
    ("/half-cached", A, 307, ""), ("/half-cached", {}, 307, "x-a"),
    ("/dry", A, 404, ""), ("/dryrun", A, 404, ""), ("/none", {}, 404, ""),
]


@pytest.fixture(scope="module")
def varying(module_server):
    back = module_server("""
        Header set Vary "x-a, X-Backend"
        Header append Vary X-B
        <Location /back/star>
            Header set Vary *
        </Location>
        <Location /back/none>
            Header always unset Vary
        </Location>
        """, modules=["headers"], module=False, files={"back/file": "", "back/star": ""})
    httpd = module_server(
        f"{VARY}\nProxyPass /back http://127.0.0.1:{back.port}/back", http2=True, tls=True,
        modules=["deflate", "filter", "headers", "mime", "negotiation", "dir", "rewrite", "proxy",
                 "proxy_http"],
        files={"v/file": "", "r/file": "", "packed/file": "packed\n" * 99,
               "chosen/page.html.en": "", "chosen/page.html.de": "", "header/file": "",
               "always/file": "", "unset/file": ""})
    httpd.allow_log("AH00957: |AH01114: ")  # nobody is at port 9
    return httpd


def assert_varies(answer, status, names):
    """One field, and each name once."""
    assert answer.status == status
    fields = answer.headers.get_all("Vary")
    assert len(fields) == (1 if names else 0), fields
    found = [name.strip().lower() for field in fields for name in field.split(",")]
    assert sorted(found) == sorted(names.split())


@pytest.mark.parametrize("path, headers, status, names", NAMED, ids=[
    f"{path} {status} {names}" for path, _, status, names in NAMED])
def test_vary_names_what_was_consulted_in_one_field(path, headers, status, names, varying):
    for method in ("GET", "HEAD"):
        assert_varies(varying.request(method, path, headers), status, names)


@pytest.mark.parametrize("protocol", ["http/1.0", "h2c", "h2"])
@pytest.mark.parametrize("number", range(0, len(NAMED), 3))
def test_vary_is_the_same_on_each_protocol(protocol, number, varying):
    path, headers, status, names = NAMED[number]
    words = [word for pair in headers.items() for word in ("-H", ": ".join(pair))]
    assert_varies(curl(varying, protocol, path, *words), status, names)


@pytest.mark.parametrize("path, names", [
    ("/v/file", "x-a"), ("/header/file", "x-h x-a"), ("/back/file", "x-a x-b x-backend")])
def test_a_304_has_the_vary_of_the_page(path, names, varying):
    tag = varying.get(path).headers.get("ETag")
    assert_varies(varying.get(path, {"If-None-Match": tag}), 304, names)


# --- with mod_expires and mod_headers ---------------------------------------------------------

NEIGHBOURS = """
ExpiresActive On
ExpiresDefault "access plus 1 hour"
TempRedirect /no-store /to
TempRedirect /cache /to cache=60
TempRedirect /private /to cache=60 cookie.a
TempRedirect /unset /to cache=unset
TempRedirect /always/no-store /to
TempRedirect /always/cache /to cache=60
TempRedirect /always/unset /to cache=unset
<Location /always>
    Header always set Cache-Control max-age=7200
</Location>
"""


@pytest.fixture(scope="module")
def neighbours(module_server):
    return module_server(NEIGHBOURS, modules=["expires", "headers"])


@pytest.mark.parametrize("path, control, seconds", [
    ("/no-store", ["no-store"], None), ("/cache", ["max-age=60"], 60),
    ("/private", ["private, max-age=60"], 60), ("/unset", ["max-age=3600"], 3600),
    # mod_headers adds a field of its own; caches obey the stricter one
    ("/always/no-store", ["max-age=7200", "no-store"], None),
    ("/always/cache", ["max-age=60", "max-age=7200"], 60),
])
def test_mod_expires_adds_nothing_to_seconds_of_ours(path, control, seconds, neighbours):
    answer = neighbours.get(path, {"Cookie": "a=1"})
    assert answer.status == 307
    assert sorted(answer.headers.get_all("Cache-Control")) == control
    expires, = answer.headers.get_all("Expires")
    if seconds is None:
        assert expires == "Thu, 01 Jan 1970 00:00:00 GMT"
    else:
        dates = [email.utils.parsedate_to_datetime(date)
                 for date in (answer.headers.get("Date"), expires)]
        assert (dates[1] - dates[0]).total_seconds() == seconds


def test_without_a_header_of_ours_mod_headers_has_the_word(neighbours):
    assert "max-age=7200" in neighbours.get("/always/unset").headers.get_all("Cache-Control")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("path, control", [
    ("no-store", ["no-store"]), ("cache", ["max-age=60"]), ("zero", ["max-age=0"]),
    ("private", ["private, max-age=60"]), ("unset", [])])
def test_each_status_has_the_headers_of_its_rule(status, path, control, storing):
    answer = storing.get(f"/{path}/{status}")
    assert (answer.status, answer.headers.get_all("Cache-Control")) == (status, control)
    assert len(answer.headers.get_all("Expires")) == len(control)


# --- <If> -------------------------------------------------------------------------------

@pytest.mark.parametrize("place, text", [
    ("a rule", "TempRedirect /if /other"), ("an exception", "TempRedirect /if !"),
    ("a setting", "TempRedirectEngine Off"), ("nested", "<If true>\nTempRedirect /if /b\n</If>"),
    ("early", "TempRedirect /if /other phase=early")])
def test_what_an_if_has_a_say_about_is_private(place, text, server):
    """No cache knows what the <If> looked at, and where it is false nothing of it is seen."""
    httpd = server(f"""
        TempRedirect /if /new cache=60
        TempRedirect /else /new cache=60
        <If "%{{REMOTE_ADDR}} == '192.0.2.1'">
            {text}
        </If>
        """)
    assert httpd.get("/if").headers.get("Cache-Control") == "private, max-age=60"
    assert httpd.get("/else").headers.get("Cache-Control") == (
        "private, max-age=60" if place == "a setting" else "max-age=60")


def test_what_an_if_in_htaccess_has_a_say_about_is_private(server):
    httpd = server("TempRedirect /d/x /new cache=60", files={
        "d/.htaccess": "<If \"%{REMOTE_ADDR} == '192.0.2.1'\">\nTempRedirect /d/x !\n</If>\n",
        "d/x": ""})
    assert httpd.get("/d/x").headers.get("Cache-Control") == "private, max-age=60"
