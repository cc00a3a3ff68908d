"""Bodies that rules look into, on the wire: segments, chunks, pipelines, `100 Continue`."""

import gzip
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bodies import (FORM, HTTP1, JSON, LIMIT, SUM, Http1, Lines, Wire, form, head, heard, json_text,
                    told)
from harness import MPMS, chunks, wait_until

CONFIG = """
TempRedirectBodyLimit 4096
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
ProxyPass /proxy http://127.0.0.1:${PORT2}
TempRedirect /cgi /moved/form form.event=push tail=drop id=form
TempRedirect /cgi /moved/json json./event=push tail=drop id=json
TempRedirect /cgi/sum/later /moved/later tail=drop id=later
TempRedirect /proxy /moved form.event=push id=proxy
TempRedirect /none/earlier /moved/earlier tail=drop
TempRedirect /none/stay !
TempRedirect /none/method /moved form.event=push method=PUT
TempRedirect /none/header /moved form.event=push header.X-Kind=a
TempRedirect /none/query /moved form.event=push query.a=1
TempRedirect /none/expr /moved form.event=push "expr=%{HTTP:X-Kind} == 'a'"
TempRedirect /none/window /moved form.event=push until=2020-01-01T00:00Z
TempRedirect /none/target /moved/%{form.event} method=PUT
TempRedirect /none/looked /moved form.event=push
TempRedirect /none/type /moved json./event=push
TempRedirect /none/coding /moved form.event=push
TempRedirect /none/earlier /moved/later form.event=push
TempRedirect /none/stay /moved/later form.event=push
# 410 from a later hook: httpd's own handler would read the body before its 404.
<Location /none>
    RedirectMatch gone ^/none
</Location>
<VirtualHost *:${PORT2}>
    TempRedirectInherit Off
    ProxyPass /proxy !
</VirtualHost>
"""
MODULES = ["alias", "cgi", "proxy", "proxy_http"]
TYPE = f"Content-Type: {FORM}"
MATCH = b"event=push&padding=GET / HTTP/1.1\r\n\r\n"
OVER = form(LIMIT + 100)


def start(servers, config=CONFIG, **options):
    httpd = servers(config, modules=MODULES, files={"cgi/sum": SUM, "file": "here\n"}, **options)
    httpd.allow_log("TR0032")  # once for each rule
    httpd.allow_log("TR0001: .*until=")
    return httpd


@pytest.fixture(scope="module", params=MPMS)
def front(request, module_server):
    return start(module_server, mpm=request.param)


@pytest.fixture(scope="module")
def event(module_server):
    """For what does not depend on the MPM."""
    return start(module_server, http2=True, tls=True)


def chunked(body, extension=""):
    """A body in chunks of one byte, with an extension each, and a trailer."""
    lines = [b"1%s\r\n%c\r\n" % (extension.encode(), byte) for byte in body]
    return b"".join(lines) + b"0;last\r\nX-Trailer: 1\r\n\r\n"


# --- segments and chunks ----------------------------------------------------------------

@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + 100])
@pytest.mark.parametrize("way", [Http1(), Http1(chunked=True)], ids=str)
def test_a_body_arrives_in_segments_of_one_byte(way, size, event):
    body = form(size)
    framing, blocks = way.framed(body)
    data = b"".join(blocks)
    lines = Lines(event)
    with Wire(event) as connection:
        connection.send(head("/cgi/sum", TYPE, framing))
        connection.send_slowly(data[:LIMIT - 20])
        for at in range(LIMIT - 20, len(data)):
            connection.send_slowly(data[at:at + 1])
            time.sleep(0.001)
        assert heard(connection.read().body) == told(body)
    assert lines.count("TR0032" if size > LIMIT else "TR0023", "form") == 1


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT, LIMIT + 1, 6000])
@pytest.mark.parametrize("path", ["/cgi/sum", "/proxy/cgi/sum"])
def test_a_body_arrives_in_chunks_of_one_byte_with_extensions_and_a_trailer(path, size, front):
    body = form(size)
    with Wire(front) as connection:
        for extension in ["", ";a", ';a=b;c="d; e"']:
            connection.send(head(path, TYPE, "Transfer-Encoding: chunked"),
                            chunked(body, extension))
            assert heard(connection.read().body) == told(body)
        connection.send(head("/file", method="GET"))
        assert connection.read("GET").body == b"here\n"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_method_does_not_matter(method, event):
    lines = Lines(event)
    for way in HTTP1:
        for body in [form(LIMIT), OVER]:
            with Wire(event) as connection:
                answer = way.send(connection, "/cgi/sum", body, TYPE, method=method)
                assert heard(answer.body) == told(body), way
    assert lines.count("TR0023", "form") == lines.count("TR0032", "form") == len(HTTP1)


def test_an_empty_body_in_chunks_is_an_empty_body(server):
    httpd = server("TempRedirect / /moved !form.event=other")
    for way in HTTP1:
        with Wire(httpd) as connection:
            assert way.send(connection, "/", b"", TYPE).status == 307, way


def test_no_rule_judges_a_body_in_another_transfer_coding(server):
    """httpd takes "gzip, chunked", and gives the handler gzip."""
    httpd = server("TempRedirect / /moved !form.event=other")
    packed = gzip.compress(b"event=other")
    with Wire(httpd) as connection:
        connection.send(head("/", TYPE, "Transfer-Encoding: gzip, chunked"), *chunks([packed]))
        assert connection.read().status != 307


# --- pipelines --------------------------------------------------------------------------

BODIES = {
    "below": (FORM, form(LIMIT)), "over": (FORM, OVER), "form": (FORM, MATCH),
    "json": (JSON, b'{"event":"push"}'), "64K": (FORM, form(65_536)), "empty": (FORM, b""),
    "other json": (JSON, json_text(LIMIT)), "other form": (FORM, form(1000)),
}


def turns():
    """(path, body, Location) of many requests."""
    for _ in range(4):
        yield "/file", None, None
        yield "/cgi/sum", "other form", None
        yield "/cgi/sum", "form", "/moved/form"
        yield "/cgi/sum", "other json", None
        yield "/cgi/sum", "json", "/moved/json"
        yield "/cgi/sum", "over", None
        yield "/proxy/cgi/sum", "over", None
        yield "/cgi/sum/later", "below", "/moved/later"
        yield "/cgi/sum/later", "over", "/moved/later"
        yield "/proxy/cgi/sum", "empty", None
    yield "/file", None, None


def test_pipelined_requests_are_answered_in_step(front):
    """By length and chunked in turn, so that each body follows each other kind."""
    requests, sent, wanted = [*turns(), *turns()], [], []
    for turn, (path, name, location) in enumerate(requests):
        if name is None:
            sent.append(head(path, method="GET"))
            wanted.append({"here"})
            continue
        kind, body = BODIES[name]
        framing, blocks = Http1(chunked=turn % 2 == 1).framed(body)
        sent += [head(path, f"Content-Type: {kind}", framing), *blocks]
        wanted.append(location or told(body))
    with Wire(front) as connection:
        connection.send(b"".join(sent))
        answers = [connection.read() for _ in wanted]
    assert [a.headers.get("Location") or heard(a.body) for a in answers] == wanted


@pytest.mark.parametrize("path, name, status", [
    ("/cgi/sum", "below", 200),
    ("/cgi/sum", "over", 200),
    ("/cgi/sum", "form", 307),
    ("/cgi/sum", "json", 307),
    ("/cgi/sum/later", "below", 307),
    ("/cgi/sum/later", "64K", 307),
])
def test_the_connection_is_kept(path, name, status, front):
    kind, body = BODIES[name]
    for way in [Http1(), Http1(chunked=True)]:
        with Wire(front) as connection:
            for _ in range(3):
                answer = way.send(connection, path, body, f"Content-Type: {kind}")
                assert answer.status == status, way
                assert answer.headers.get("Connection") != "close", way


def test_a_body_beyond_both_limits_is_left(front):
    """What the look has taken counts for TempRedirectDrain, too."""
    with Wire(front) as connection:
        connection.send(head("/cgi/sum/later", TYPE, "Transfer-Encoding: chunked"),
                        *chunks([form(65_537)]))
        answer = connection.read()
        assert (answer.status, answer.headers.get("Connection")) == (307, "close")
        assert connection.read() is None


@pytest.mark.parametrize("size, is_chunked, location", [
    (1000, False, "/by-body"), (999, True, "/by-body"),
    (1001, False, "/later"), (1001, True, "/later"),
    (5000, False, "/later"), (5000, True, "/later")])
def test_a_look_never_turns_a_later_redirect_into_a_413(size, is_chunked, location, server):
    httpd = server("LimitRequestBody 1000\nTempRedirectBodyLimit 4096\n"
                   "TempRedirect /old /by-body form.event=push\nTempRedirect /old /later")
    httpd.allow_log("TR0032")
    with Wire(httpd) as connection:
        answer = Http1(chunked=is_chunked).send(
            connection, "/old", b"event=push&" + bytes(size - 11), TYPE)
        assert (answer.status, answer.headers.get("Location")) == (307, location)
        assert (answer.headers.get("Connection") == "close") == (location == "/later")


# --- 100 Continue -----------------------------------------------------------------------

EXPECT = "Expect: 100-continue"


def statuses(connection):
    """Those of all answers up to a final one, `100 Continue` too."""
    while True:
        answer = connection.read()
        yield answer.status
        if answer.status >= 200:
            return


@pytest.mark.parametrize("path, name, status", [
    ("/cgi/sum", "below", 200),  # looked into, then read
    ("/cgi/sum", "over", 200),   # begun or not, then read
    ("/cgi/sum", "form", 307),
    ("/none/looked", "below", 410),
])
@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
def test_a_body_that_is_held_back_is_asked_for_once(is_chunked, path, name, status, front):
    kind, body = BODIES[name]
    framing, blocks = Http1(chunked=is_chunked).framed(body)
    with Wire(front) as connection:
        connection.send(head(path, f"Content-Type: {kind}", EXPECT, framing))
        assert connection.read().status == 100
        connection.send(*blocks)
        assert list(statuses(connection)) == [status]
        connection.send(head("/file", method="GET"))
        assert list(statuses(connection)) == [200]


@pytest.mark.parametrize("path, name, status", [
    ("/cgi/sum", "below", 200), ("/cgi/sum", "form", 307), ("/none/looked", "below", 410)])
@pytest.mark.parametrize("part", [0.5, 1])
@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
def test_a_body_that_has_begun_to_arrive_is_not_asked_for(is_chunked, part, path, name, status,
                                                          front):
    kind, body = BODIES[name]
    framing, blocks = Http1(chunked=is_chunked).framed(body)
    data = b"".join(blocks)
    size = int(part * len(data))
    with Wire(front) as connection:
        connection.send(head(path, f"Content-Type: {kind}", EXPECT, framing) + data[:size])
        if size < len(data):
            time.sleep(0.05)
            connection.send(data[size:])
        assert list(statuses(connection)) == [status]
        connection.send(head("/file", method="GET"))
        assert list(statuses(connection)) == [200]


UNASKED = [
    ("/none/earlier", 307), ("/none/stay", 410), ("/none/method", 410), ("/none/header", 410),
    ("/none/query", 410), ("/none/expr", 410), ("/none/window", 410), ("/none/target", 410),
    ("/none/type", 410), ("/none/coding", 410), ("/none/other", 410)]


def unasked_head(path, *fields):
    coding = ["Content-Encoding: gzip"] if path == "/none/coding" else []
    return head(path, TYPE, *coding, *fields)


@pytest.mark.parametrize("framing", ["Content-Length: 4", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path, status", UNASKED)
def test_a_request_that_is_decided_without_its_body_is_not_asked_for_it(path, status, framing,
                                                                        front):
    with Wire(front) as connection:
        connection.send(unasked_head(path, EXPECT, framing))
        assert list(statuses(connection)) == [status]
        assert connection.read() is None  # closed: the body may come or not


def test_a_body_over_the_limit_is_not_asked_for(front):
    with Wire(front) as connection:
        connection.send(head("/none/looked", TYPE, EXPECT, f"Content-Length: {LIMIT + 1}"))
        assert list(statuses(connection)) == [410]


def test_a_rule_before_answers_a_body_that_never_comes(server):
    """TempRedirectDrain 0: with a byte read it would wait."""
    httpd = server("TempRedirectDrain 0\nTempRedirect /old /moved\n"
                   "TempRedirect /old /other form.event=push")
    for framing in ["Content-Length: 4", "Transfer-Encoding: chunked"]:
        with Wire(httpd) as connection:
            connection.send(head("/old", TYPE, framing))
            assert connection.read().headers.get("Location") == "/moved"


def over_http2(url, body, *words):
    """The statuses of an answer to nghttp."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        done = subprocess.run(
            ["nghttp", "-nv", *words, "-H", TYPE, "-d", file.name, url],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=30)
    return [int(status) for status in re.findall(r":status: .*?(\d{3})", done.stdout)]


@pytest.mark.parametrize("tls", [False, True], ids=["h2c", "h2"])
def test_http2_asks_once_or_not_at_all(tls, event):
    def asked(path, *words):
        return over_http2(event.url(path, tls=tls), form(1000), "--expect-continue", *words)
    assert asked("/cgi/sum") == [100, 200]
    for path, status in UNASKED:
        words = ["-H", "Content-Encoding: gzip"] if path == "/none/coding" else []
        assert asked(path, *words) == [status], path


@pytest.mark.parametrize("words", [[], ["--no-content-length"]], ids=["length", "none"])
def test_http2_redirects_after_a_look_that_held_and_one_that_did_not(words, event):
    assert over_http2(event.url("/cgi/sum"), MATCH, *words) == [307]
    for size in [LIMIT, LIMIT + 1, 100_000]:
        assert over_http2(event.url("/cgi/sum/later"), form(size), *words) == [307]


# --- rules that match, and do not redirect ------------------------------------------------

STAYING = """
TempRedirectBodyLimit 4096
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
TempRedirect /cgi/stay ! form.event=push
TempRedirect /cgi/stay /moved form.event=push
TempRedirect /cgi/dry /moved form.event=push mode=dry
<Location /cgi/engine>
    TempRedirectEngine DryRun
    TempRedirect /cgi/engine /moved form.event=push
</Location>
"""


@pytest.mark.parametrize("name", ["stay", "dry", "engine"])
def test_the_body_of_a_match_that_does_not_redirect_arrives(name, server):
    httpd = server(STAYING, modules=["cgi"], files={f"cgi/{name}": SUM})
    for way in HTTP1:
        with Wire(httpd) as connection:
            assert heard(way.send(connection, f"/cgi/{name}", MATCH, TYPE).body) == told(MATCH)
    httpd.wait_log("TR0021" if name == "stay" else "TR0022")


# --- many at once -------------------------------------------------------------------------

def test_bodies_of_many_connections_are_not_mixed_up(front):
    def ask(turn):
        body = form(100 * turn + turn)
        with Wire(front) as connection:
            answer = HTTP1[turn % 2].send(connection, "/cgi/sum", body, TYPE)
            assert heard(answer.body) == told(body)
    with ThreadPoolExecutor(16) as pool:
        for asked in [pool.submit(ask, turn) for turn in range(160)]:
            asked.result()


# --- clients that go, servers that come -------------------------------------------------

@pytest.mark.parametrize("framing", ["Content-Length: 4000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("data", [b"", b"f0\r\nevent=pu"], ids=["nothing", "a part"])
def test_a_client_that_goes_meanwhile_does_no_harm(data, framing, front):
    lines = Lines(front)
    for _ in range(3):
        with Wire(front) as connection:
            connection.send(head("/cgi/sum", TYPE, framing), data)
            time.sleep(0.02)
    wait_until(lambda: lines.count("TR0035", "form") == 3, 5)
    with Wire(front) as connection:
        assert Http1().send(connection, "/cgi/sum", MATCH, TYPE).status == 307


def test_an_http2_client_that_goes_meanwhile_does_no_harm(event):
    for tls in [False, True]:
        client = subprocess.Popen(
            ["curl", "-sk", *(["--http2"] if tls else ["--http2-prior-knowledge"]), "-T", "-",
             "-X", "POST", "-H", TYPE, event.url("/cgi/sum", tls=tls)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        client.stdin.write(form(1000))
        client.stdin.flush()
        time.sleep(0.3)
        client.kill()
        client.communicate()
    with Wire(event) as connection:
        assert Http1().send(connection, "/cgi/sum", MATCH, TYPE).status == 307


def test_a_graceful_restart_meanwhile_loses_nothing(mpm, server):
    backend = start(server)
    httpd = start(server, f"{CONFIG}ProxyPass /far http://127.0.0.1:{backend.port}\n"
                          "TempRedirect /far /moved form.event=push id=far", mpm=mpm)
    over, below = form(100_000), form(LIMIT)
    with Wire(httpd) as late, Wire(httpd) as early:
        early.send(head("/far/cgi/sum", TYPE, f"Content-Length: {LIMIT}"), below[:-1])
        late.send(head("/far/cgi/sum", TYPE, "Transfer-Encoding: chunked"),
                  b"%x\r\n" % len(over), over[:50_000])
        httpd.wait_log("TR0032: rule far")
        httpd.graceful()
        early.send(below[-1:])
        late.send(over[50_000:], b"\r\n0\r\n\r\n")
        assert heard(early.read().body) == told(below)
        assert heard(late.read().body) == told(over)
    with Wire(httpd) as connection:
        assert Http1().send(connection, "/cgi/sum", MATCH, TYPE).status == 307
