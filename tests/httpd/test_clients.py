"""Real clients follow a 307 to another server: method and body arrive as they were sent.

Every client sends POST, PUT, PATCH and DELETE with a short JSON body and with a binary
one of 300 000 bytes, and POST with one of 10 MB. The other server (the sink) says what it
received. Clients that are known to lose a body they cannot send twice have their tests
at the end. `make clients` prints all of it as a table.
"""

import json
import random
import re

import pytest

from harness import CORS, Sink
from runners import (CHROMIUM, CLIENTS, SENDERS, Body, answers, chromium_text, output, page_url,
                     run, sha256, version)

METHODS = ["POST", "PUT", "PATCH", "DELETE"]
JSON_DATA = '{"name": "Müller", "n": [1, 2, 3]}\n'.encode()
BINARY_DATA = random.Random(307).randbytes(300_000)
LARGE_DATA = random.Random(308).randbytes(5_000_000).hex().encode()
PATH = "/old/a%20b?x=1"

PAGES = [name for name in SENDERS if name.startswith("chromium")]  # send what a server has
TEXTS = ["node_fetch_string"]  # send text only
AGAIN = [name for name, sender in SENDERS.items() if sender.again and name not in PAGES]


def send(name, front, body, *methods):
    """(exit status, stdout, stderr) of a sender."""
    sender = SENDERS[name]
    return sender.send(front.url(PATH, sender.tls), body, *methods)


def sent(name, front, body, *methods):
    """What the sink says to a sender that must succeed, for each method."""
    status, out, err = send(name, front, body, *methods)
    assert status == 0, f"exit status {status}\n{out}{err}"
    return answers(out)


# --- tests ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def sink(module_server):
    return Sink(module_server, tls=True, **{"page.html": (CLIENTS / "page.html").read_text()})


@pytest.fixture(scope="module")
def front(module_server, sink):
    """The server that redirects; its own files are not redirected."""
    return module_server(
        f"{sink.rules('/old')}{CORS}", modules=["headers"], http2=True, tls=True,
        files={"page.html": (CLIENTS / "page.html").read_text(), "body": LARGE_DATA})


@pytest.fixture
def json_body(tmp_path):
    return Body(tmp_path, "application/json", JSON_DATA)


@pytest.fixture
def binary_body(tmp_path):
    return Body(tmp_path, "application/octet-stream", BINARY_DATA)


@pytest.fixture
def large_body(tmp_path):
    return Body(tmp_path, "text/plain", LARGE_DATA)


@pytest.mark.parametrize("client", AGAIN)
def test_a_json_body_arrives(client, front, json_body):
    assert sent(client, front, json_body, *METHODS) == [json_body.arrived(m) for m in METHODS]


@pytest.mark.parametrize("client", [name for name in AGAIN if name not in TEXTS])
def test_a_binary_body_arrives(client, front, binary_body):
    assert sent(client, front, binary_body, *METHODS) == [
        binary_body.arrived(m) for m in METHODS]


@pytest.mark.parametrize("client", [*AGAIN, *PAGES])
def test_a_large_body_arrives(client, front, large_body):
    """On HTTP/1 the redirect comes before the upload has ended, on HTTP/2 after it."""
    assert sent(client, front, large_body, "POST") == [large_body.arrived("POST")]


def test_a_json_body_arrives_on_every_mpm(mpm, server, sink, json_body):
    front = server(f"TempRedirect /old {sink.url()}", mpm=mpm)
    assert sent("curl_http1", front, json_body, *METHODS) == [
        json_body.arrived(m) for m in METHODS]


@pytest.mark.parametrize("client", ["curl_http1", "curl_chunked", "wget", "requests_file",
                                    "node_axios", "go_bytes", "java_file"])
def test_a_large_body_arrives_where_it_is_drained(client, server, sink, large_body):
    front = server(f"TempRedirectDrain all\n{sink.rules('/old')}")
    assert sent(client, front, large_body, "POST") == [large_body.arrived("POST")]


@pytest.mark.parametrize("client", ["go_bytes_h2_tls", "chromium_h2_tls"])
def test_a_large_body_arrives_where_http2_does_not_drain(client, server, sink, large_body):
    """Of clients that heed an answer before their upload has ended (RFC 9113 section 8.1)."""
    front = server(f"TempRedirectDrain 64K h2=64K\n{sink.rules('/old')}{CORS}",
                   modules=["headers"], http2=True, tls=True,
                   files={"page.html": (CLIENTS / "page.html").read_text(), "body": LARGE_DATA})
    assert sent(client, front, large_body, "POST") == [large_body.arrived("POST")]


@pytest.mark.parametrize("version", ["--http1.1", "--http2-prior-knowledge"])
def test_curl_sends_a_multipart_form_again(version, front, binary_body):
    out = output(["curl", "-q", "-sS", "-L", version, "--max-time", "30", "-F", "name=Müller",
                  "-F", f"file=@{binary_body.path}", front.url(PATH)])
    [answer] = answers(out)
    assert answer["method"] == "POST"
    assert answer["parts"] == {"name": sha256("Müller".encode()), "file": sha256(BINARY_DATA)}


def test_curl_with_expect_gets_its_100_from_the_other_server_only(front, binary_body):
    status, out, err = run(
        ["curl", "-q", "-sS", "-v", "-L", "--http1.1", "--max-time", "30",
         "-H", "Expect: 100-continue", "-H", f"Content-Type: {binary_body.type}",
         "--data-binary", f"@{binary_body.path}", front.url(PATH)])
    assert status == 0, err
    assert re.findall(r"^< HTTP/1\.1 (\d+)", err, re.M) == ["307", "100", "200"]
    assert answers(out) == [binary_body.arrived("POST")]


# --- Chromium ---------------------------------------------------------------------------

def chromium(tmp_path, page, how, url):
    """The sink's answer as it stands in the page after the redirect."""
    dom = output([*CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}",
                  page_url(page, how=how, url=url)], env={"HOME": str(tmp_path)})
    return json.loads(chromium_text(dom))


@pytest.mark.parametrize("origin", ["front", "sink"])
def test_chromium_fetch_crosses_origins(origin, front, sink, tmp_path):
    """A page of the redirecting server, and one for which that is a foreign origin.

    A JSON body makes a preflight; the rule must not answer it.
    """
    page = {"front": front, "sink": sink.httpd}[origin].url("/page.html")
    expected = Body(tmp_path, "application/json", '{"a":"ä"}'.encode())
    assert chromium(tmp_path, page, "fetch", front.url(PATH)) == expected.arrived("POST")


def test_chromium_submits_a_form_again(front, sink, tmp_path):
    expected = Body(tmp_path, "application/x-www-form-urlencoded", b"a=%C3%A4+%26+b")
    answer = chromium(tmp_path, front.url("/page.html"), "form", front.url(PATH))
    assert answer == expected.arrived("POST")


# --- what clients cannot do (docs/operations.md) ----------------------------------------

@pytest.fixture(params=["short", "large"])
def any_body(request, tmp_path):
    """One that httpd reads, and one that it leaves (on HTTP/1)."""
    data = {"short": JSON_DATA, "large": LARGE_DATA}[request.param]
    return Body(tmp_path, "text/plain", data)


@pytest.mark.parametrize("client", ["requests_generator", "java_once", "java_once_h2_tls"])
def test_what_can_be_read_once_is_lost_silently(client, front, any_body):
    [answer] = sent(client, front, any_body, "POST")
    assert answer == any_body.arrived("POST", length=0, sha256=sha256(b""))


def test_node_fetch_cannot_send_a_stream_again(front, any_body):
    status, out, err = send("node_fetch_stream", front, any_body, "POST")
    assert status != 0 and out == ""
    assert "TypeError" in err


def test_node_fetch_sends_a_buffer_again_up_to_node_18(front, any_body):
    status, out, err = send("node_fetch_buffer", front, any_body, "POST")
    if int(version("Node fetch").split(".")[0]) < 20:
        assert answers(out) == [any_body.arrived("POST")], err
    else:
        assert status != 0 and "TypeError" in err


@pytest.mark.parametrize("client", ["go_file", "go_file_h2_tls"])
def test_go_hands_over_the_307_where_it_cannot_ask_for_the_body_again(client, front, any_body):
    status, out, err = send(client, front, any_body, "POST")
    assert status == 0, err
    assert "<title>307 Temporary Redirect</title>" in out


@pytest.mark.parametrize("client, code", [("php_infile", 1), ("curl_pipe", 65)])
def test_curl_cannot_rewind_without_expect(client, code, front, json_body):
    """cURL error 65 is CURLE_SEND_FAIL_REWIND."""
    status, out, err = send(client, front, json_body, "PUT")
    assert (status, out) == (code, "")
    assert "65" in err


@pytest.mark.parametrize("client", ["php_infile", "curl_pipe"])
def test_curl_need_not_rewind_what_it_has_not_begun_to_send(client, front, large_body):
    """The redirect may come so early; else it cannot."""
    status, out, err = send(client, front, large_body, "PUT")
    assert "65" in err if status else answers(out) == [large_body.arrived("PUT")]
