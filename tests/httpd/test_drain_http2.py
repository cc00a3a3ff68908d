"""Bodies that are not needed, on HTTP/2: drained to the end, or with h2= answered at once.

What clients make of an early answer is in docs/operations.md; nghttp and h2load keep to RFC
9113 section 8.1, and show that the server does.
"""

import hashlib
import json
import re
import subprocess

import pytest

from harness import wait_until

TO_END = "TempRedirectDrain 64K\n"
EARLY = "TempRedirectDrain 64K h2=1K\n"
CONFIG = """
TempRedirect /old https://new.example.com id=old {phase}
TempRedirect /sink {sink}
<Location /old/limited>
    LimitRequestBody 1000
</Location>
<Location /old/none>
    TempRedirectDrain 64K h2=0
</Location>
{drain}
"""
VERSIONS = {"h2c": ["--http2-prior-knowledge"], "h2": ["--http2", "--insecure"]}


@pytest.fixture(scope="module", params=["event", "worker"])
def front(request, module_server, sink):
    return module_server(CONFIG.format(phase="", sink=sink.url(), drain=TO_END),
                         mpm=request.param, http2=True, tls=True)


@pytest.fixture(scope="module", params=["fixups", "early"])
def early(request, module_server, sink):
    phase = "phase=early" if request.param == "early" else ""
    return module_server(CONFIG.format(phase=phase, sink=sink.url(), drain=EARLY),
                         http2=True, tls=True)


def run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60)
    return done.stdout


class Stream:
    """What nghttp sent and received: statuses, bytes of body, how the stream ended."""

    def __init__(self, url, path, *words):
        output = run("nghttp", "-nv", *words, "-d", path, url)
        self.statuses = re.findall(r":status: .*?(\d{3})", output)
        self.location = re.search(r"location: .*?(https://\S+?)\x1b?(?:\[|\n)", output)
        self.sent = sum(map(int, re.findall(r"send DATA frame <length=(\d+)", output)))
        self.resets = re.findall(r"recv RST_STREAM.*\n\s*\(error_code=(\w+)", output)


@pytest.mark.parametrize("size", [10_240, 102_400, 1_048_576])
@pytest.mark.parametrize("version", VERSIONS)
def test_curl_follows_with_its_upload_every_time(version, size, front, body_file):
    """curl 7.88 hangs, or fails with error 92, where the answer precedes its upload's end."""
    path = body_file(size)
    told = hashlib.sha256(path.read_bytes()).hexdigest()
    for turn in range(10):
        out = run("curl", "-q", "-sS", "--noproxy", "*", "--max-time", 20, "-L",
                  *VERSIONS[version], "--data-binary", f"@{path}",
                  front.url(f"/sink/{turn}", tls=version == "h2"))
        answer = json.loads(out)
        assert (answer["length"], answer["sha256"]) == (size, told), turn


@pytest.mark.parametrize("size", [1, 65_536, 1_048_576])
@pytest.mark.parametrize("words", [(), ("--no-content-length",)], ids=["length", "unknown"])
def test_the_whole_body_is_read_first(words, size, front, body_file):
    stream = Stream(front.url("/old/x"), body_file(size), *words)
    assert (stream.statuses, stream.sent, stream.resets) == (["307"], size, [])


@pytest.mark.parametrize("size", [1000, 1001, 20_000])
@pytest.mark.parametrize("words", [(), ("--no-content-length",)], ids=["length", "unknown"])
def test_a_body_over_limitrequestbody_is_redirected_all_the_same(words, size, front, body_file):
    stream = Stream(front.url("/old/limited"), body_file(size), *words)
    assert stream.statuses == ["307"]
    assert stream.resets in ([], ["NO_ERROR"])


def test_no_body_is_asked_for_that_the_client_holds_back(front, early, body_file):
    for httpd in front, early:
        stream = Stream(httpd.url("/old/x"), body_file(1000), "--expect-continue")
        assert stream.statuses == ["307"]


def load(httpd, path, body, requests):
    """What h2load made of requests on one connection, five at a time."""
    output = run("h2load", "-n", requests, "-c", 1, "-m", 5, "-d", body, httpd.url(path))
    assert f"{requests} succeeded, 0 failed, 0 errored" in output, output
    return int(re.search(r"(\d+) 3xx", output)[1])


@pytest.mark.parametrize("size", [65_536, 300_000])
def test_streams_of_one_connection_do_not_disturb_each_other(size, front, early, body_file):
    assert load(front, "/old/x", body_file(size), 50) == 50
    assert load(early, "/old/x", body_file(size), 50) == 50


@pytest.mark.parametrize("path", ["/old/x", "/old/none"])
@pytest.mark.parametrize("words", [(), ("--no-content-length",)], ids=["length", "unknown"])
def test_with_h2_a_larger_body_is_answered_before_its_end(words, path, early, body_file):
    """Complete, and the stream ends with NO_ERROR. HTTP/2 lets a client send 64 KB or so
    before it is asked for more."""
    stream = Stream(early.url(path), body_file(1_048_576), *words)
    assert (stream.statuses, stream.resets) == (["307"], ["NO_ERROR"])
    assert stream.sent <= 200_000


@pytest.mark.parametrize("words", [(), ("--no-content-length",)], ids=["length", "unknown"])
def test_with_h2_a_smaller_body_is_read_to_its_end(words, early, body_file):
    stream = Stream(early.url("/old/x"), body_file(1024), *words)
    assert (stream.statuses, stream.sent, stream.resets) == (["307"], 1024, [])


def test_an_early_answer_is_complete(early, body_file):
    url = early.url("/old/none")
    note = run("nghttp", "-d", body_file(1024), url)
    head = run("nghttp", "-nv", "-d", body_file(1024), url)
    for field in ["status: 307", "location: https://new.example.com/none",
                  "cache-control: no-store", f"content-length: {len(note)}"]:
        assert field in head, head
    assert '<a href="https://new.example.com/none">here</a>' in note


def test_the_access_log_has_early_answers(early, body_file):
    Stream(early.url("/old/none/logged"), body_file(1_048_576))
    wait_until(lambda: any("/old/none/logged" in e.request for e in early.access_log(1)), 5)
    [entry] = [e for e in early.access_log(1) if "/old/none/logged" in e.request]
    assert (entry.status, entry.id) == (307, "old")


def test_http1_has_its_own_limit_on_the_same_server(early):
    assert early.request("POST", "/old/x", {"Connection": "keep-alive"},
                         bytes(65_536)).headers.get("Connection") == "Keep-Alive"
    assert early.request("POST", "/old/x", {"Connection": "keep-alive"},
                         bytes(65_537)).headers.get("Connection") == "close"


def test_an_error_document_is_sent_early_too(server, body_file):
    front = server(CONFIG.format(phase="", sink="/x", drain=EARLY)
                   + "ErrorDocument 307 /sorry.txt", http2=True, files={"sorry.txt": "sorry\n"})
    assert run("nghttp", "-d", body_file(10_240), front.url("/old/x")) == "sorry\n"
    assert Stream(front.url("/old/x"), body_file(10_240)).statuses == ["307"]
