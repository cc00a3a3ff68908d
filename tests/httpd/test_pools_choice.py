"""Where each client goes: to the same member on every server, in every process and protocol,
as computed on paper, or to a random one in a fair share."""

import base64
import collections
import contextlib
import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import READY, REPO, raw, wait_until
from pools import by_http_2, choose, member_of, pipelined, pool, siphash

# --- the same choice everywhere -------------------------------------------------------------

WEIGHTS = {"a": 10, "b": 30, "c": 1, "stay": 40, "d": 0}
SAME = "TempRedirect / pool:checkout\n" + pool("checkout", "key=query.k", **WEIGHTS)
MANY = [f"client-{number}" for number in range(80)]
WANTED = [choose("checkout", key.encode(), WEIGHTS) for key in MANY]


def found_with(httpd, version="1.1", keys=MANY):
    found = [pipelined(httpd, f"/?k={key}", 1, version)[0] for key in keys]
    return [location[8] if location else "stay" for location in found]


def test_the_computation_in_this_test_is_siphash():
    """The first and the last vector of its authors."""
    k0, k1 = 0x0706050403020100, 0x0f0e0d0c0b0a0908
    assert siphash(k0, k1, b"") == 0x726fdb47dd0e0e31
    assert siphash(k0, k1, bytes(range(63))) == 0x958a324ceb064572


def restart(httpd):
    before = httpd.error_log().count(READY)
    httpd.process.send_signal(signal.SIGHUP)
    wait_until(lambda: httpd.error_log().count(READY) > before, 10)


def test_all_servers_choose_alike_before_and_after_a_restart(server, mpm):
    httpd = server(SAME, mpm=mpm)
    assert found_with(httpd) == found_with(httpd, "1.0") == WANTED
    httpd.graceful()
    assert found_with(httpd) == WANTED
    httpd.allow_log("AH00545: |AH00052|AH00045")
    restart(httpd)
    assert found_with(httpd) == WANTED


@pytest.mark.parametrize("mpm", ["event", "worker"])
def test_http_2_chooses_as_all_others_do(server, mpm):
    httpd = server(SAME, mpm=mpm, http2=True)
    found = by_http_2(httpd, [f"/?k={key}" for key in MANY])
    assert [location[8] if location else "stay" for location in found] == WANTED


FOUR_CHILDREN = {
    "prefork": "StartServers 4\n",
    "threaded": "ServerLimit 4\nStartServers 4\nThreadsPerChild 8\nMaxSpareThreads 64\n"}


def test_every_process_chooses_alike(server, mpm):
    """Many connections at once, until more than one child has had some."""
    httpd = server(FOUR_CHILDREN.get(mpm, FOUR_CHILDREN["threaded"])
                   + f"CustomLog ${{ROOT}}/pids.log %P\n{SAME}", mpm=mpm)
    wait_until(lambda: len(httpd.children()) >= 4, 5)

    def ask_many():
        with ThreadPoolExecutor(12) as threads:
            for found in threads.map(lambda _: found_with(httpd, keys=MANY[:20]), range(12)):
                assert found == WANTED[:20]
        return len(set((httpd.root / "pids.log").read_text().split())) > 1
    wait_until(ask_many, 20)


# A value of each key: what the request has of it, and the bytes that count.
UNUSUAL = ["joe", "J\xd6RG", "a" * 300, "a b", "0", "x;y", "%41", "\xff\xfe"]
ADDRESSES = {  # as sent, as RFC 5952 writes it
    "192.0.2.7": "192.0.2.7", "10.0.0.1": "10.0.0.1", "2001:DB8:0:0::1": "2001:db8::1",
    "2001:db8::1:0:0:1": "2001:db8::1:0:0:1", "::ffff:192.0.2.7": "192.0.2.7", "::1": "::1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1", "fe80::1": "fe80::1",
    **{f"198.51.100.{n}": f"198.51.100.{n}" for n in range(20)},
    **{f"2001:db8:{n:x}::{n}": f"2001:db8:{n:x}::{n}" for n in range(1, 20)}}

KIND_WEIGHTS = {"a": 3, "b": 5, "c": 7, "stay": 2}
KINDS = """
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
SetEnvIf X-Env (.+) SHARD=$1
<Location /user>
    AuthType Basic
    AuthName test
    AuthBasicProvider anon
    Anonymous *
    Require valid-user
</Location>
""" + "".join(
    f"TempRedirect /{name} pool:{name}\n" + pool(name, f"key={key}", **KIND_WEIGHTS)
    for name, key in {
        "client": "client", "host": "host", "user": "user", "header": "header.X-Key",
        "cookie": "cookie.key", "query": "query.key", "env": "env.SHARD", "form": "form.key",
        "json": "json./deep/0/key"}.items())


@pytest.fixture(scope="module")
def kinds(module_server):
    return module_server(KINDS, modules=["remoteip", "setenvif", "auth_basic", "authn_core",
                                         "authn_anon", "authz_user"])


def basic(user):
    return {"Authorization": "Basic " + base64.b64encode(user + b":secret").decode()}


def quoted(value):
    return "".join(f"%{byte:02x}" for byte in value)


def as_form(value):
    return "POST", "", {"Content-Type": "application/x-www-form-urlencoded"}, (
        f"other=1&key={quoted(value)}&key=second")


def as_json(value):
    text = json.dumps({"deep": [{"key": value.decode()}]}, ensure_ascii=value[0] % 2 == 0)
    return "POST", "", {"Content-Type": "application/json"}, text.encode()


SENT = {
    "header": lambda value: ("GET", "", {"X-Key": value}, None),
    "cookie": lambda value: ("GET", "", {"Cookie": b"x=1; key=" + value + b"; key=2"}, None),
    "query": lambda value: ("GET", f"?a&key={quoted(value)}&key=2", {}, None),
    "env": lambda value: ("GET", "", {"X-Env": value}, None),
    "user": lambda value: ("GET", "", basic(value), None),
    "form": as_form,
    "json": as_json,
}


def chosen(httpd, name, request):
    method, query, headers, body = request
    return member_of(httpd.request(method, f"/{name}{query}", headers, body))


@pytest.mark.parametrize("name", SENT)
def test_each_key_leads_where_it_leads_on_paper(kinds, name):
    values = [value.encode() if name == "json" else value.encode("latin-1")
              for value in UNUSUAL + [f"{name}-{n}" for n in range(32)]]
    if name == "cookie":
        values.remove(b"x;y")
    found = [chosen(kinds, name, SENT[name](value)) for value in values]
    assert found == [choose(name, value, KIND_WEIGHTS) for value in values]
    assert len(set(found)) == 4


def test_the_address_of_a_client_counts_as_rfc_5952_writes_it(kinds):
    found = [chosen(kinds, "client", ("GET", "", {"X-Client": sent}, None)) for sent in ADDRESSES]
    assert found == [choose("client", text.encode(), KIND_WEIGHTS) for text in ADDRESSES.values()]


def test_a_host_counts_in_lower_case_and_without_port(kinds):
    names = [f"h{n}.test" for n in range(20)]
    for form in ("{}", "{}:8080", "{}"):
        found = [chosen(kinds, "host", ("GET", "", {"Host": form.format(name.title())}, None))
                 for name in names]
        assert found == [choose("host", name.encode(), KIND_WEIGHTS) for name in names]


def test_a_request_without_host_has_that_of_the_server(kinds):
    answer = raw(kinds.port, "GET /host HTTP/1.0\r\n\r\n").decode()
    assert (f"://{choose('host', b'localhost', KIND_WEIGHTS)}.test/" in answer
            or choose("host", b"localhost", KIND_WEIGHTS) == "stay" and " 404 " in answer)


@pytest.mark.parametrize("name, request_", [
    ("query", ("GET", "?key=a+b", {}, None)),
    ("query", ("GET", "?key=a%20b&key=c", {}, None)),
    ("query", ("GET", "?k%65y=a%20b", {}, None)),
    ("form", ("POST", "", {"Content-Type": "application/x-www-form-urlencoded"}, "key=a+b")),
    ("cookie", ("GET", "", {"Cookie": 'key="a b"; key=c'}, None)),
    ("header", ("GET", "", {"X-KEY": "   a b   "}, None)),
])
def test_values_count_as_rules_see_them(kinds, name, request_):
    assert chosen(kinds, name, request_) == choose(name, b"a b", KIND_WEIGHTS)


@pytest.mark.parametrize("text, counts", [("12", b"12"), ("1.50", b"1.5"), ("true", b"true")])
def test_what_is_no_string_in_json_counts_as_a_condition_compares_it(kinds, text, counts):
    found = {chosen(kinds, "json", ("POST", "", {"Content-Type": "application/json"},
                                    '{"deep":[{"key":%s}]}' % text)) for _ in range(5)}
    assert found == {choose("json", counts, KIND_WEIGHTS)}


@pytest.mark.parametrize("name, request_", [
    ("header", ("GET", "", {}, None)),
    ("header", ("GET", "", {"X-Key": ""}, None)),
    ("cookie", ("GET", "", {"Cookie": "keys=1; key="}, None)),
    ("query", ("GET", "?key=", {}, None)),
    ("env", ("GET", "", {}, None)),
    ("form", ("POST", "", {"Content-Type": "application/x-www-form-urlencoded"}, "other=1")),
    ("json", ("POST", "", {"Content-Type": "application/json"}, '{"deep":[]}')),
])
def test_a_request_without_the_key_gets_a_random_choice(kinds, name, request_):
    """One of 40 that would all be the same is one in 10^15 at most."""
    assert len({chosen(kinds, name, request_) for _ in range(40)}) > 1


def test_a_changed_weight_and_a_new_member_move_nobody_between_others(server):
    keys = [f"c{number}" for number in range(120)]

    def found(weights):
        config = "TempRedirect / pool:p\n" + pool("p", "key=query.k", **weights)
        httpd = server(config)
        return [member_of(httpd.get(f"/?k={key}")) for key in keys]
    before = found({"a": 10, "b": 10})
    for weights, grown in (({"a": 10, "b": 20}, "b"), ({"c": 5, "b": 10, "a": 10}, "c"),
                           ({"a": 20, "b": 20}, None)):
        moved = {(was, now) for was, now in zip(before, found(weights)) if was != now}
        assert {now for _, now in moved} == ({grown} if grown else set())


# --- the manual ---------------------------------------------------------------------------

MANUAL = (REPO / "docs" / "directives.md").read_text("utf-8")
PROGRAM = {}
exec(re.search(r"```python\n(.*?def choose.*?)```", MANUAL, re.S)[1], PROGRAM)  # to be copied
EXAMPLES = collections.defaultdict(list)
for name, ids, key, member in re.findall(
        r"^\| `([\w.-]+)` \| ((?:`[^`]+=\d+` ?)+)\| `([^`]+)` \| `([^`]+)` \|$", MANUAL, re.M):
    EXAMPLES[name, ids].append((key, member))
assert len(EXAMPLES) > 3


@pytest.mark.parametrize("name, ids", EXAMPLES)
def test_the_manuals_examples_and_its_program_are_right(server, name, ids):
    weights = {text.rpartition("=")[0]: int(text.rpartition("=")[2])
               for text in re.findall("`([^`]+)`", ids)}
    httpd = server(f"TempRedirect / pool:{name}\nTempRedirectPool {name} key=query.k\n" + "".join(
        f"TempRedirectMember {name} https://m{at} id={member} weight={weight}\n"
        for at, (member, weight) in enumerate(weights.items())))
    examples = dict(EXAMPLES[name, ids])
    for key in [*examples, *map(str, range(60))]:
        at = int(httpd.get(f"/?k={quoted(key.encode())}").location[len("https://m"):].split("/")[0])
        found = list(weights)[at]
        assert found == examples.get(key, found)
        assert found == PROGRAM["choose"](name, weights, key) == choose(name, key.encode(), weights)


# --- random choices -----------------------------------------------------------------------

# Bounds of 6.7 standard deviations: each fails by chance once in 5 * 10^10 runs.

RANDOM = ("MaxKeepAliveRequests 0\nTempRedirect /p pool:p\n" + pool("p", a=1, b=3, c=0)
          + "TempRedirect /q pool:q\n" + pool("q", a=1, b=1))


def test_a_pool_without_key_gives_each_its_share(server):
    httpd = server(RANDOM)
    found = collections.Counter(location for _ in range(20)
                                for location in pipelined(httpd, "/p", 100))
    assert set(found) == {"https://a.test/", "https://b.test/"}
    assert 370 < found["https://a.test/"] < 630


def test_the_first_requests_of_connections_have_their_shares_too(server, mpm):
    httpd = server(RANDOM, mpm=mpm)
    found = collections.Counter(member_of(httpd.get("/q")) for _ in range(300))
    assert 92 < found["a"] < 208 and set(found) == {"a", "b"}


def test_requests_on_http_2_have_their_shares_too(server):
    httpd = server(RANDOM, http2=True)
    found = collections.Counter(location[8] for location in by_http_2(
        httpd, [f"/q?{number}" for number in range(300)]))
    assert 92 < found["a"] < 208 and set(found) == {"a", "b"}


def test_no_two_processes_draw_the_same(server):
    """Sequences of 64 halves: the same twice comes once in 10^17 runs."""
    first, second = (server(RANDOM, mpm="prefork") for _ in range(2))
    request = b"GET /q HTTP/1.1\r\nHost: localhost\r\n\r\n" * 64
    sequences = []
    for httpd in (first, second):
        wait_until(lambda: len(httpd.children()) >= 4, 5)
        with contextlib.ExitStack() as stack:
            socks = [stack.enter_context(httpd.connect()) for _ in range(4)]
            for sock in socks:
                sock.sendall(request)
            for sock in socks:
                received = b""
                while received.count(b"</html>") < 64:
                    received += sock.recv(65536)
                sequences.append(b"".join(part[:1] for part in
                                          received.split(b"Location: https://")[1:]))
    assert {len(sequence) for sequence in sequences} == {64}
    assert len(set(sequences)) == len(sequences)


def seen_dry(httpd, count):
    """What TR0022 says: the member by the path of the request."""
    lines = [line for line in httpd.error_log().splitlines() if "TR0022" in line]
    assert len(lines) == count
    return [line.split("(member ")[1].split(")")[0] for line in lines]


def test_two_random_pools_in_one_request_are_independent(server):
    httpd = server("TempRedirect / pool:p mode=dry\nTempRedirect / pool:q\n"
                   + pool("p", a=1, b=1) + pool("q", a=1, b=1))
    live = [location[8] for _ in range(4) for location in pipelined(httpd, "/", 100)]
    found = collections.Counter(zip(seen_dry(httpd, 400), live))
    assert len(found) == 4 and all(42 < count < 158 for count in found.values())


@pytest.mark.parametrize("words", ["", "phase=early"])
def test_one_request_that_asks_a_random_pool_twice_hears_the_same(server, words):
    httpd = server(f"TempRedirect / pool:p mode=dry {words}\nTempRedirect / pool:p\n"
                   + pool("p", a=1, b=1, stay=1))
    live = [location[8] if location else "stay" for location in pipelined(httpd, "/", 100)]
    assert seen_dry(httpd, 100) == live and len(set(live)) == 3
