"""What caches are told of choices, of redirects and of the pages of those who stay; and what
real ones make of it."""

import base64
import collections
import contextlib
import random
import re

import pytest

from caches import MOD_CACHE, MOD_CACHE_MODULES, Nginx, mod_cache, was_hit, with_store
from clock import Clock
from pools import choose, curl, member_of, pool

ARMS = {"a": 1, "stay": 1}


def basic(user):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:secret".encode()).decode()}


# How a client says who it is, by its number: query and headers.
BY = {
    None: lambda number: ("", {}),
    "header": lambda number: ("", {"X-Key": f"k{number}"}),
    "cookie": lambda number: ("", {"Cookie": f"uid=k{number}"}),
    "query": lambda number: (f"?k={number}", {}),
    "host": lambda number: ("", {"Host": f"h{number}.test"}),
    "client": lambda number: ("", {"X-Client": f"192.0.2.{number}"}),
    "user": lambda number: ("", basic(f"joe{number}")),
    "env": lambda number: ("", {"X-Env": f"k{number}"}),
    "authorization": lambda number: ("", basic(f"ann{number}")),
    "header, sticky": lambda number: ("", {"X-Key": f"k{number}", "Cookie": f"x={number}"}),
}
STORE, NEVER = "max-age=60", "no-store"
PRIVATE = "private, max-age=60"

# Words of the pool and of the rule, how clients differ, what stands then in Cache-Control of
# redirects and of pages, and in Vary of both.
ROWS = [
    ("key=header.X-Key", "", "header", NEVER, None, "X-Key"),
    ("key=header.X-Key", "cache=60", "header", STORE, None, "X-Key"),
    ("key=header.X-Key", "cache=unset", "header", None, None, "X-Key"),
    ("key=header.X-Key", "vary=off", "header", NEVER, None, None),
    ("key=header.X-Key", "!header.X-More cache=60", "header", STORE, None, "X-More, X-Key"),
    ("key=header.X-Key", "cache=60", None, NEVER, "private", "X-Key"),
    ("key=header.X-Key", "cache=unset", None, NEVER, "private", "X-Key"),
    ("key=header.Host", "cache=60", "host", STORE, None, None),
    ("key=header.Authorization", "cache=60", "authorization", PRIVATE, "private",
     "Authorization"),
    ("key=header.Cookie", "cache=60", "cookie", PRIVATE, "private", "Cookie"),
    ("key=cookie.uid", "", "cookie", NEVER, "private", "Cookie"),
    ("key=cookie.uid", "cache=60", "cookie", PRIVATE, "private", "Cookie"),
    ("key=cookie.uid", "cache=60", None, NEVER, "private", "Cookie"),
    ("key=query.k", "cache=60", "query", STORE, None, None),
    ("key=query.k", "cache=60", None, NEVER, "private", None),
    ("key=host", "cache=60", "host", STORE, None, None),
    ("key=client", "", "client", NEVER, "private", None),
    ("key=client", "cache=60", "client", PRIVATE, "private", None),
    ("key=client", "cache=unset", "client", None, None, None),
    ("key=user", "cache=60", "user", PRIVATE, "private", None),
    ("key=env.SHARD", "cache=60", "env", PRIVATE, "private", None),
    ("", "", None, NEVER, "private", None),
    ("", "cache=unset", None, NEVER, "private", None),
    ("sticky=arm", "", None, NEVER, "private", "Cookie"),
    ("sticky=arm", "vary=off", None, NEVER, "private", None),
    ("sticky=arm", "cache=unset", None, NEVER, "private", "Cookie"),
    ("sticky=arm key=query.k", "cache=unset", "query", NEVER, "private", "Cookie"),
    ("sticky=arm key=header.X-Key", "", "header, sticky", NEVER, "private", "X-Key, Cookie"),
    ("sticky=arm key=header.X-Key", "cache=60", "header, sticky", PRIVATE, "private",
     "X-Key, Cookie"),
    ("sticky=arm key=query.k", "cache=60", "query", PRIVATE, "private", "Cookie"),
    ("", "mode=dry", None, NEVER, None, None),
    ("sticky=arm key=client", "mode=dry", "client", NEVER, None, None),
]
MODULES = ["remoteip", "setenvif", "auth_basic", "authn_core", "authn_anon", "authz_user",
           "headers", "expires"]
HEARD = """
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
SetEnvIf X-Env (.+) SHARD=$1
<LocationMatch "^/user/">
    AuthType Basic
    AuthName test
    AuthBasicProvider anon
    Anonymous *
    Require valid-user
</LocationMatch>
"""


def row_config(number):
    words, rule, by, *_ = ROWS[number]
    place = f"/{'user' if by == 'user' else 'all'}/{number}"
    words = words.replace("sticky=arm", f"sticky=arm{number}")
    return f"TempRedirect {place} pool:p{number} {rule}\n" + pool(f"p{number}", words, **ARMS)


@pytest.fixture(scope="module")
def heard(module_server):
    return module_server(HEARD + "\n".join(map(row_config, range(len(ROWS)))), modules=MODULES,
                         files={f"{place}/{number}": "page" for number in range(len(ROWS))
                                for place in ("all", "user")})


def told(answer):
    """Cache-Control, and the names in Vary."""
    cache_control, vary = (", ".join(answer.headers.get_all(name)) or None
                           for name in ("Cache-Control", "Vary"))
    return cache_control, names(vary)


def names(text):
    return frozenset(re.split(", ?", text)) if text else frozenset()


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[
    " ".join(filter(None, row[:2])) + f" ({row[2]})" for row in ROWS])
def test_caches_are_told_what_a_choice_depends_on(heard, number):
    _, words, by, to_redirects, to_pages, vary = ROWS[number]
    place = f"/{'user' if by == 'user' else 'all'}/{number}"
    found = collections.defaultdict(set)
    for client in range(60):
        query, headers = BY[by](client)
        answer = heard.get(place + query, headers)
        found[member_of(answer)].add(told(answer))
    wanted = {"stay": {(to_pages, names(vary))}, "a": {(to_redirects, names(vary))}}
    if "mode=dry" in words:
        del wanted["a"]
    assert found == wanted


def test_what_a_member_takes_from_the_request_counts_too(server):
    httpd = server("""
        TempRedirect / pool:p cache=60
        TempRedirectPool p key=query.k
        TempRedirectMember p https://a.test/%{lang} id=a
        TempRedirectMember p https://b.test/%{cookie.c} id=b
        TempRedirectMember p https://c.test/%{header.X-None} id=c
        """)
    wanted = {"a": ("https://a.test/de", "max-age=60", "Accept-Language"),
              "b": ("https://b.test/1", PRIVATE, "Cookie"), "c": ("", "", "X-None")}
    for member, (location, cache_control, header) in wanted.items():
        key = next(key for key in map(str, range(99))
                   if choose("p", key.encode(), dict.fromkeys(wanted, 1)) == member)
        answer = httpd.get(f"/?k={key}", {"Accept-Language": "de", "Cookie": "c=1"})
        assert (answer.location or "").split("?")[0] == location
        assert cache_control in (told(answer)[0] or "") and header in told(answer)[1]


def test_who_stays_as_its_random_member_cannot_be_followed_gets_a_private_page(server):
    httpd = server("TempRedirect / pool:p\nTempRedirectPool p\n"
                   "TempRedirectMember p https://a.test\n"
                   "TempRedirectMember p /%{query.none}\n", files={"x": "page"})
    answers = [httpd.get("/x") for _ in range(60)]
    assert {(answer.status, answer.headers.get("Cache-Control")) for answer in answers} == {
        (307, "no-store"), (200, "private")}


def test_who_is_remembered_gets_what_is_for_him_alone(server):
    httpd = server("TempRedirect / pool:p cache=60\n" + pool("p", "sticky=arm key=query.k", **ARMS),
                   files={"x": "page"})
    assert told(httpd.get("/x", {"Cookie": "arm=stay"})) == ("private", {"Cookie"})
    assert told(httpd.get("/x", {"Cookie": "arm=a"})) == (PRIVATE, {"Cookie"})


@pytest.mark.parametrize("words", ["", "phase=early"])
def test_a_random_choice_on_the_way_spoils_what_comes_behind(server, words):
    """The redirect of the later rule is not for all, either: others stay, or go elsewhere."""
    httpd = server("TempRedirectPool p\nTempRedirectMember p https://a.test\n"
                   "TempRedirectMember p /%{query.none}\n"
                   f"TempRedirect / pool:p {words}\n"
                   "TempRedirect / https://later.test cache=60")
    answers = [httpd.get("/") for _ in range(40)]
    assert {answer.location: told(answer)[0] for answer in answers} == {
        "https://a.test/": NEVER, "https://later.test/": NEVER}


# --- beside what others say ----------------------------------------------------------------

OTHERS = """
TempRedirect / pool:p
""" + pool("p", "sticky=arm", a=1, stay=0) + """
<Location /public>
    Header set Cache-Control "public, max-age=600"
    Header merge Vary X-Own
</Location>
<Location /expires>
    ExpiresActive On
    ExpiresDefault "access plus 1 hour"
</Location>
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
ProxyPass /backend http://127.0.0.1:${BACKEND}/x
"""


@pytest.fixture(scope="module")
def others(module_server):
    backend = module_server('Header set Cache-Control "public, max-age=600"\nHeader set Vary X-Own',
                            modules=["headers"], module=False, files={"x": "page"})
    return module_server(
        f"Define BACKEND {backend.port}\n{OTHERS}",
        modules=["headers", "expires", "cgi", "proxy", "proxy_http"],
        files={"public": "page", "expires": "page", "plain": "page",
               "cgi/public": "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\nVary: X-Own\\r\\n"
                             "Cache-Control: public, max-age=600\\r\\n\\r\\npage'\n"})


@pytest.mark.parametrize("path, own, vary", [
    ("/plain", set(), {"Cookie"}),
    ("/public", {"public", "max-age=600"}, {"Cookie", "X-Own"}),
    ("/backend", {"public", "max-age=600"}, {"Cookie", "X-Own"}),
    ("/cgi/public", {"public", "max-age=600"}, {"Cookie", "X-Own"}),
    ("/expires", {"max-age=3600"}, {"Cookie"}),
    ("/missing", set(), {"Cookie"}),
])
def test_pages_of_those_who_stay_are_private_beside_what_a_backend_says(others, path, own, vary):
    cache_control, found = told(others.get(path, {"Cookie": "arm=stay"}))
    assert (names(cache_control), found) == ({"private", *own}, vary)


@pytest.mark.parametrize("path", ["/plain", "/public", "/backend", "/cgi/public", "/expires"])
def test_redirects_are_for_no_cache_whatever_a_backend_says(others, path):
    answer = others.get(path, {"Cookie": "arm=a"})
    assert answer.status == 307 and told(answer)[0] == NEVER
    assert answer.headers.get_all("Expires") == ["Thu, 01 Jan 1970 00:00:00 GMT"]


def test_what_may_be_cached_ends_at_the_next_edge_of_any_member(server):
    with contextlib.closing(Clock(start="2026-12-01T21:00:00Z")) as clock:
        httpd = server("TempRedirect / pool:p cache=600\n" + pool("p", "key=query.k", a=1) + """
            TempRedirectMember p https://b.test id=b until=2026-12-01T22:00Z
            TempRedirectMember p https://c.test id=c from=2026-12-01T23:00Z weight=0
            """, env=clock.env)
        keys = [next(key for key in map(str, range(99))
                     if choose("p", key.encode(), {"a": 1, "b": 1}) == member) for member in "ab"]

        def found():
            return {told(httpd.get(f"/?k={key}"))[0] for key in keys}
        edge = ", stale-while-revalidate=0"
        assert found() == {f"max-age=600{edge}"}
        clock.stop_at("2026-12-01T21:58:20Z")
        assert found() == {f"max-age=100{edge}"}
        clock.stop_at("2026-12-01T21:59:59.999999Z")
        assert found() == {f"max-age=0{edge}"}
        clock.stop_at("2026-12-01T22:59:30Z")
        assert found() == {f"max-age=30{edge}"}
        clock.stop_at("2026-12-01T23:00:00Z")
        assert found() == {"max-age=600"}


# --- real caches -----------------------------------------------------------------------------

SITE = """
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
SetEnvIf X-Env (.+) SHARD=$1
Header set Cache-Control max-age=60
""" + "".join(f"TempRedirect /{name} pool:{name} {rule}\n" + pool(name, words, **ARMS)
              for name, words, rule in [
                  ("header", "key=header.X-Key", "cache=60"),
                  ("cookie", "key=cookie.uid", "cache=60"),
                  ("query", "key=query.k", "cache=60"),
                  ("client", "key=client", "cache=60"),
                  ("env", "key=env.SHARD", "cache=60"),
                  ("sticky", "sticky=arm", ""),
                  ("both", "sticky=arm2 key=header.X-Key", "cache=60"),
                  ("random", "", "")])
SITE_MODULES = ["remoteip", "setenvif", "headers"]
SITE_FILES = {name: f"page of {name}" for name in (
    "header", "cookie", "query", "client", "env", "sticky", "both", "random")}
KEYS = [f"k{number}" for number in range(6)]


def visits(dice):
    """Path, headers, source, and the member that it must be; None: any, with a cookie."""
    def by(name, key):
        return choose(name, key.encode(), ARMS)
    for _ in range(400):
        key, source = dice.choice(KEYS), f"127.0.0.{dice.randrange(1, 7)}"
        member = dice.choice(["a", "stay"])
        yield from dice.sample([
            ("/header", {"X-Key": key}, None, by("header", key)),
            ("/cookie", {"Cookie": f"uid={key}"}, None, by("cookie", key)),
            (f"/query?k={key}", {}, None, by("query", key)),
            ("/client", {}, source, by("client", source)),
            ("/env", {"X-Env": key}, None, by("env", key)),
            ("/sticky", {"Cookie": f"arm={member}"}, None, member),
            ("/sticky", {}, None, None),
            ("/both", {"Cookie": f"arm2={member}", "X-Key": key}, None, member),
            ("/both", {"X-Key": key}, None, None),
            ("/header", {}, None, "random"),
            ("/random", {}, None, "random"),
        ], 2)


@pytest.fixture
def behind(server):
    """behind(kind): the site with that cache before it."""
    with contextlib.ExitStack() as stack:
        def start(kind):
            quick = "Off" if kind.endswith("handler") else "On"
            if kind.startswith("the same httpd"):
                return with_store(server(
                    SITE + f"{MOD_CACHE}\nCacheQuickHandler {quick}\n",
                    modules=[*SITE_MODULES, *MOD_CACHE_MODULES], files=SITE_FILES))
            origin = server(SITE, modules=SITE_MODULES, files=SITE_FILES)
            if kind == "nginx":
                cache = Nginx(origin)
                stack.callback(cache.cleanup)
                stack.callback(cache.stop)
                return cache.start()
            return mod_cache(server, origin, quick=quick)
        yield start


@pytest.mark.parametrize("kind", ["mod_cache", "mod_cache as a handler", "the same httpd",
                                  "the same httpd, as a handler", "nginx"])
def test_nobody_gets_the_arm_of_another_one_from_a_cache(behind, kind):
    front = behind(kind)
    wrong, hits, drawn = [], collections.Counter(), collections.defaultdict(set)
    for path, headers, source, wanted in visits(random.Random(kind)):
        answer = front.get(path, {"Host": "localhost", **headers}, source=source)
        member, cookies = member_of(answer), answer.headers.get_all("Set-Cookie")
        hits[path.split("?")[0], member] += was_hit(answer)
        if wanted is None:
            fits = len(cookies) == 1 and cookies[0].split("=")[1].startswith(f"{member};")
        elif wanted == "random":
            fits = not cookies and not was_hit(answer)
        else:
            fits = not cookies and member == wanted
        if wanted in (None, "random"):
            drawn[path].add(member)
        if not fits or (was_hit(answer) and cookies):
            wrong.append((path, headers, source, wanted, member, answer))
    assert not wrong, wrong[:3]
    assert set(map(len, drawn.values())) == {2}  # nobody's draw was kept for all
    # What is not in the cache proves nothing.
    assert hits["/header", "stay"] > 3 and hits["/query", "stay"] > 3, hits
    if not kind.startswith("the same"):  # no redirect of its own is in mod_cache
        assert hits["/header", "a"] > 3 and hits["/query", "a"] > 3, hits
    assert {path for (path, _), count in hits.items() if count} == {"/header", "/query"}, hits


def test_a_browser_behind_mod_cache_keeps_its_member(behind, tmp_path):
    front = behind("mod_cache")
    jars = [str(tmp_path / f"jar{number}") for number in range(8)]
    first, again = ([curl("-b", jar, "-c", jar, "-o", "/dev/null", "-w", "%{redirect_url}",
                          front.url("/sticky")) for jar in jars] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("line, told_of_pages", [
    ("Header set Cache-Control max-age=60", {"private", "max-age=60"}),
    ("Header always merge Cache-Control max-age=60", {"private", "max-age=60"}),
    ("Header always set Cache-Control max-age=60", {"max-age=60"}),
])
def test_only_header_always_set_takes_private_from_pages(server, line, told_of_pages):
    """As the manual says: it is the operator's last word."""
    httpd = server(f"{line}\nTempRedirect / pool:p\n" + pool("p", "sticky=arm", stay=1),
                   files={"x": "page"}, modules=["headers"])
    assert names(told(httpd.get("/x"))[0]) == told_of_pages
