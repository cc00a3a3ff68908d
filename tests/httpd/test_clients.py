"""Real clients follow a 307 to another server: method and body arrive as they were sent.

Every client sends POST, PUT, PATCH and DELETE with a short JSON body and with a binary
one of 300 000 bytes. The other server (the sink) says what it received. Clients that are
known to lose a body they cannot send twice have their tests at the end.
"""

import fcntl
import hashlib
import json
import os
import random
import re
import shlex
import subprocess
import sys
from urllib.parse import urlencode

import pytest

from harness import BUILD, CORS, HERE, Sink

CLIENTS = HERE / "clients"
METHODS = ["POST", "PUT", "PATCH", "DELETE"]
JSON_DATA = '{"name": "Müller", "n": [1, 2, 3]}\n'.encode()
BINARY_DATA = random.Random(307).randbytes(300_000)
CHROMIUM = [
    "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=20000", "--dump-dom"]


class Body:
    """A body as data and as file, and what the sink must say of it."""

    def __init__(self, folder, content_type, data):
        self.type = content_type
        self.data = data
        self.path = folder / "body"
        self.path.write_bytes(data)

    def arrived(self, method, **differences):
        return {"method": method, "path": "/cgi-bin/sink/a%20b", "query": "x=1",
                "type": self.type, "length": len(self.data),
                "sha256": sha256(self.data), **differences}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- running clients ------------------------------------------------------------------

def run(command, timeout=60, **options):
    """Run a client without proxies: (exit status, stdout, stderr)."""
    env = {name: value for name, value in os.environ.items()
           if not name.lower().endswith("_proxy")}
    env.update(options.pop("env", {}))
    done = subprocess.run([str(word) for word in command], env=env, timeout=timeout,
                          stdin=options.pop("stdin", subprocess.DEVNULL),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def output(command, **options):
    """What a client that must succeed writes to stdout."""
    status, out, err = run(command, **options)
    assert status == 0, f"{shlex.join(map(str, command))}: exit status {status}\n{out}{err}"
    return out


def answers(out):
    return [json.loads(line) for line in out.splitlines()]


def build(target, command, sources, **options):
    """Make build/clients/TARGET unless it is newer than its sources; one process at a time."""
    folder = BUILD / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / target
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(source.stat().st_mtime for source in sources)
        if not path.exists() or path.stat().st_mtime < newest:
            done = subprocess.run([str(word) for word in command], timeout=300,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, **options)
            assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}"
            os.utime(path)
    return path


# --- the clients: each returns what the sink said, one line for each method -----------

def curl(url, body, *options):
    return "".join(
        output(["curl", "-q", "-sS", "-L", "-X", method, "-H", f"Content-Type: {body.type}",
                "--data-binary", f"@{body.path}", "--max-time", "30", *options, url])
        for method in METHODS)


def curl_http1(front, body):
    return curl(front.url(PATH), body, "--http1.1")


def curl_chunked(front, body):
    return curl(front.url(PATH), body, "--http1.1", "-H", "Transfer-Encoding: chunked")


def curl_h2c(front, body):
    return curl(front.url(PATH), body, "--http2-prior-knowledge")


def curl_h2_tls(front, body):
    return curl(front.url(PATH, tls=True), body, "--http2", "--insecure")


def wget(front, body):
    return "".join(
        output(["wget", "--no-config", "-nv", "-O", "-", "--tries=1", "--timeout=30",
                f"--method={method}", f"--body-file={body.path}",
                f"--header=Content-Type: {body.type}", front.url(PATH)])
        for method in METHODS)


def requests_command(kind, front, body):
    return [sys.executable, CLIENTS / "requests_client.py", kind, front.url(PATH),
            body.type, body.path]


def requests_bytes(front, body):
    return output([*requests_command("bytes", front, body), *METHODS])


def requests_file(front, body):
    return output([*requests_command("file", front, body), *METHODS])


def php_command(kind, front, body):
    return ["php", CLIENTS / "client.php", kind, front.url(PATH), body.type, body.path]


def php_curl(front, body):
    return output([*php_command("fields", front, body), *METHODS])


def php_stream(front, body):
    return output([*php_command("stream", front, body), *METHODS])


def fetch_command(kind, front, body):
    return ["node", CLIENTS / "fetch.mjs", kind, front.url(PATH), body.type, body.path]


def node_fetch_blob(front, body):
    return output([*fetch_command("blob", front, body), *METHODS])


def node_axios(front, body):
    return output(["node", CLIENTS / "axios.cjs", front.url(PATH), body.type, body.path,
                   *METHODS], env={"NODE_PATH": "/usr/share/nodejs"})


def go_command(kind, front, body):
    source = CLIENTS / "client.go"
    program = build("go-client", ["go", "build", "-o", BUILD / "clients/go-client", source],
                    [source], env={**os.environ, "GOCACHE": str(BUILD / "clients/go-cache")})
    return [program, kind, front.url(PATH), body.type, body.path]


def go(front, body):
    return output([*go_command("bytes", front, body), *METHODS])


def java(version, front, body):
    source = CLIENTS / "Client.java"
    program = build("Client.class", ["javac", "-d", BUILD / "clients", source], [source])
    return output(["java", "-cp", program.parent, "Client", version, front.url(PATH),
                   body.type, body.path, *METHODS])


def java_http1(front, body):
    return java("HTTP_1_1", front, body)


def java_h2c(front, body):
    return java("HTTP_2", front, body)


PATH = "/old/a%20b?x=1"
ALL = [curl_http1, curl_chunked, curl_h2c, curl_h2_tls, wget, requests_bytes, requests_file,
       php_curl, php_stream, node_fetch_blob, node_axios, go, java_http1, java_h2c]


# --- tests ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def sink(module_server):
    return Sink(module_server, **{"page.html": (CLIENTS / "page.html").read_text()})


@pytest.fixture(scope="module")
def front(module_server, sink):
    """The server that redirects; its own page.html is not redirected."""
    return module_server(
        f"TempRedirect /old {sink.url()}\n{CORS}", modules=["headers"], http2=True, tls=True,
        files={"page.html": (CLIENTS / "page.html").read_text()})


@pytest.fixture
def json_body(tmp_path):
    return Body(tmp_path, "application/json", JSON_DATA)


@pytest.fixture
def binary_body(tmp_path):
    return Body(tmp_path, "application/octet-stream", BINARY_DATA)


@pytest.mark.parametrize("client", ALL, ids=lambda client: client.__name__)
def test_a_json_body_arrives(client, front, json_body):
    assert answers(client(front, json_body)) == [json_body.arrived(m) for m in METHODS]


@pytest.mark.parametrize("client", ALL, ids=lambda client: client.__name__)
def test_a_binary_body_arrives(client, front, binary_body):
    assert answers(client(front, binary_body)) == [binary_body.arrived(m) for m in METHODS]


def test_a_json_body_arrives_on_every_mpm(mpm, server, sink, json_body):
    front = server(f"TempRedirect /old {sink.url()}", mpm=mpm)
    assert answers(curl_http1(front, json_body)) == [json_body.arrived(m) for m in METHODS]


def test_node_fetch_of_a_string_arrives(front, json_body):
    out = output([*fetch_command("string", front, json_body), *METHODS])
    assert answers(out) == [json_body.arrived(m) for m in METHODS]


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
    query = urlencode({"how": how, "url": url})
    dom = output([*CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}", f"{page}?{query}"],
                 env={"HOME": str(tmp_path)})
    found = re.search(r"<pre[^>]*>(\{.*\})\s*</pre>", dom)
    assert found, dom
    return json.loads(found[1])


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

def test_requests_loses_a_generator_silently(front, json_body):
    [answer] = answers(output([*requests_command("generator", front, json_body), "POST"]))
    assert answer == json_body.arrived("POST", length=0, sha256=sha256(b""))


def test_node_fetch_cannot_send_a_stream_again(front, json_body):
    status, out, err = run([*fetch_command("stream", front, json_body), "POST"])
    assert status != 0 and out == ""
    assert "TypeError" in err


def test_go_hands_over_the_307_where_it_cannot_ask_for_the_body_again(front, json_body):
    out = output([*go_command("reader", front, json_body), "POST"])
    assert "<title>307 Temporary Redirect</title>" in out


def test_php_curl_cannot_rewind_an_infile(front, json_body):
    """cURL error 65 is CURLE_SEND_FAIL_REWIND."""
    status, out, err = run([*php_command("infile", front, json_body), "PUT"])
    assert (status, out) == (1, "")
    assert err.startswith("65 ")


def curl_from_a_pipe(front, body, *options):
    """cat FILE | curl -T - URL"""
    with subprocess.Popen(["cat", body.path], stdout=subprocess.PIPE) as cat:
        return run(["curl", "-q", "-sS", "-L", "--http1.1", "--max-time", "30",
                    "-H", f"Content-Type: {body.type}", *options, "-T", "-",
                    front.url(PATH)], stdin=cat.stdout)


def test_curl_sends_a_pipe_once_thanks_to_its_expect(front, binary_body):
    status, out, err = curl_from_a_pipe(front, binary_body)
    assert status == 0, err
    assert answers(out) == [binary_body.arrived("PUT")]


def test_curl_cannot_rewind_a_pipe_without_expect(front, binary_body):
    """Exit status 65 is CURLE_SEND_FAIL_REWIND."""
    status, out, err = curl_from_a_pipe(front, binary_body, "-H", "Expect:")
    assert (status, out) == (65, ""), err
