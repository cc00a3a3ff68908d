"""Real clients, each a command that sends a body and follows redirects.

    status, out, err = SENDERS["curl_http1"].send(url, body, "POST", "PUT")

Each prints what the last server answered. Where it cannot send the body again it ends
with an error, or prints the redirect. What a client is told to do stands in clients/.
"""

import dataclasses
import fcntl
import functools
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from urllib.parse import urlencode, urljoin

from harness import BUILD, HERE

CLIENTS = HERE / "clients"
SECONDS = "120"  # clients that can do so give up by then
CHROMIUM = [
    "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--ignore-certificate-errors",
    "--virtual-time-budget=20000", "--dump-dom"]


class Body:
    """A body as data and as file, and what the sink must say of it."""

    def __init__(self, folder, content_type, data, name="body"):
        self.type = content_type
        self.data = data
        self.path = folder / name
        self.path.write_bytes(data)

    def arrived(self, method, **differences):
        return {"method": method, "path": "/cgi-bin/sink/a%20b", "query": "x=1",
                "type": self.type, "length": len(self.data),
                "sha256": sha256(self.data), **differences}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- running commands -----------------------------------------------------------------

def run(command, timeout=60, env=(), stdin=subprocess.DEVNULL):
    """Run a command without proxies: (exit status, stdout, stderr)."""
    clean = {name: value for name, value in os.environ.items()
             if not name.lower().endswith("_proxy")}
    done = subprocess.run([str(word) for word in command], env={**clean, **dict(env)},
                          timeout=timeout, stdin=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def output(command, **options):
    """What a command that must succeed writes to stdout."""
    status, out, err = run(command, **options)
    assert status == 0, f"{shlex.join(map(str, command))}: exit status {status}\n{out}{err}"
    return out


def answers(out):
    return [json.loads(line) for line in out.splitlines()]


def build(target, command, source, env=()):
    """Make build/clients/TARGET unless it is newer than its source; one process at a time."""
    folder = BUILD / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / target
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists() or path.stat().st_mtime < source.stat().st_mtime:
            output(command, timeout=300, env=env)
            os.utime(path)
    return path


# --- a client ---------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Sender:
    """One way of a client to send a body.

    client    a key of VERSIONS
    given     what the body is given as, for people
    command   takes URL, Body and methods, returns the command
    protocol  HTTP/1.1, h2c (HTTP/2 without TLS) or h2 (over TLS)
    single    one request is all that a command sends
    piped     the body stands on stdin, a pipe
    again     False: it is known that it cannot send such a body a second time
    """
    client: str
    given: str
    command: Callable
    protocol: str = "HTTP/1.1"
    single: bool = False
    piped: bool = False
    again: bool = True
    env: tuple = ()

    @property
    def tls(self):
        return self.protocol == "h2"

    def send(self, url, body, *methods, timeout=60):
        """Send the body with each method: (exit status, stdout, stderr)."""
        out = ""
        for some in [[method] for method in methods] if self.single else [methods]:
            status, text, err = self.run(self.command(url, body, *some), body, timeout)
            out += text
            if status:
                break
        return status, out, err

    def run(self, command, body, timeout):
        if not self.piped:
            return run(command, timeout, self.env)
        with subprocess.Popen(["cat", body.path], stdout=subprocess.PIPE) as cat:
            done = run(command, timeout, self.env, stdin=cat.stdout)
            cat.stdout.close()
            return done


class Page(Sender):
    """Chromium: a page of the server itself sends a file of that server as a string."""

    def run(self, command, body, timeout):
        status, text, err = browse(command, timeout)
        return (0, f"{text}\n", "") if text.startswith("{") else (status or 1, "", text or err)


def browse(url, timeout=60):
    """Open a page in a Chromium that knows nothing yet: (status, its <pre>, stderr)."""
    with tempfile.TemporaryDirectory(prefix="tempredirect-chromium-") as home:
        options = [f"--user-data-dir={home}/profile", url]
        status, dom, err = run([*CHROMIUM, *options], timeout, {"HOME": home})
    return status, chromium_text(dom), err


def chromium_text(dom):
    """What stands in the <pre> of a page."""
    found = re.search(r"<pre[^>]*>(.*)</pre>", dom, re.S)
    return found[1].strip() if found else ""


def page_url(page, **query):
    return f"{page}?{urlencode(query)}"


def chromium_command(url, body, _):
    return page_url(urljoin(url, "/page.html"), how="fetch", url=url, type=body.type,
                    **{"from": f"/{body.path.name}"})


def curl(*options):
    def command(url, body, method):
        return ["curl", "-q", "-sS", "-L", "-X", method, "-H", f"Content-Type: {body.type}",
                "--max-time", SECONDS,
                *(str(body.path).join(word.split("FILE")) for word in options), url]
    return command


def wget(url, body, method):
    return ["wget", "--no-config", "-nv", "-O", "-", "--tries=1", f"--timeout={SECONDS}",
            f"--method={method}", f"--body-file={body.path}",
            f"--header=Content-Type: {body.type}", url]


def script(*words):
    """A program of clients/: KIND URL TYPE FILE METHOD..."""
    def command(url, body, *methods):
        return [*words, url, body.type, body.path, *methods]
    return command


def requests(kind):
    return script(sys.executable, CLIENTS / "requests_client.py", kind)


def php(kind):
    return script("php", CLIENTS / "client.php", kind)


def fetch(kind):
    return script("node", CLIENTS / "fetch.mjs", kind)


def go(kind):
    def command(url, body, *methods):
        source = CLIENTS / "client.go"
        program = build("go-client", ["go", "build", "-o", BUILD / "clients/go-client", source],
                        source, {"GOCACHE": str(BUILD / "clients/go-cache")})
        return [program, kind, url, body.type, body.path, *methods]
    return command


def java(kind, version):
    def command(url, body, *methods):
        source = CLIENTS / "Client.java"
        program = build("Client.class", ["javac", "-d", BUILD / "clients", source], source)
        return ["java", "-cp", program.parent, "Client", kind, version, url, body.type,
                body.path, *methods]
    return command


# --- all of them ------------------------------------------------------------------------

DATA = ["--data-binary", "@FILE"]
EXPECT = ["-H", "Expect: 100-continue"]
NO_EXPECT = ["-H", "Expect:"]
PIPE = ["--http1.1", "-T", "-"]
NODE_PATH = (("NODE_PATH", "/usr/share/nodejs"),)  # Debian's

curl_sender = functools.partial(Sender, "curl", single=True)
requests_sender = functools.partial(Sender, "Python requests")
php_sender = functools.partial(Sender, "PHP cURL")
node_sender = functools.partial(Sender, "Node fetch")
go_sender = functools.partial(Sender, "Go net/http")


JAVA_KINDS = {
    "bytes": "`ofByteArray`",
    "file": "`ofFile`",
    "stream": "`ofInputStream`, a new one each time",
    "once": "`ofInputStream`, always the same one",
}


def java_senders():
    """Over TLS the default of the client is HTTP/2; without it, to ask for h2c in vain."""
    java_sender = functools.partial(Sender, "Java HttpClient")
    for kind, given in JAVA_KINDS.items():
        again = kind != "once"
        yield f"java_{kind}", java_sender(given, java(kind, "HTTP_1_1"), again=again)
        yield f"java_{kind}_h2_tls", java_sender(given, java(kind, "HTTP_2"), "h2", again=again)
    yield "java_upgrade", java_sender("`ofFile`, `Upgrade: h2c`", java("file", "HTTP_2"))


SENDERS = {
    "curl_http1": curl_sender("`--data-binary`, no Expect", curl("--http1.1", *DATA, *NO_EXPECT)),
    "curl_expect": curl_sender("`--data-binary`, Expect", curl("--http1.1", *DATA, *EXPECT)),
    "curl_chunked": curl_sender(
        "`-T file`, chunked, no Expect",
        curl("--http1.1", "-T", "FILE", "-H", "Transfer-Encoding: chunked", *NO_EXPECT)),
    "curl_pipe": curl_sender("`-T -` from a pipe, no Expect", curl(*PIPE, *NO_EXPECT),
                             piped=True, again=False),
    "curl_pipe_expect": curl_sender("`-T -` from a pipe, Expect", curl(*PIPE, *EXPECT), piped=True),
    "curl_h2c": curl_sender("`--data-binary`", curl("--http2-prior-knowledge", *DATA), "h2c"),
    "curl_h2_tls": curl_sender("`--data-binary`", curl("--http2", "--insecure", *DATA), "h2"),
    "wget": Sender("wget", "`--body-file`", wget, single=True),
    "requests_bytes": requests_sender("bytes", requests("bytes")),
    "requests_file": requests_sender("an open file", requests("file")),
    "requests_generator": requests_sender("a generator", requests("generator"), again=False),
    "php_curl": php_sender("`POSTFIELDS`, no Expect", php("fields")),
    "php_curl_expect": php_sender("`POSTFIELDS`, Expect", php("fields+expect")),
    "php_infile": php_sender("`INFILE`, no Expect", php("infile"), again=False),
    "php_infile_expect": php_sender("`INFILE`, Expect", php("infile+expect")),
    "php_stream": Sender("PHP streams", "`content`", php("stream")),
    "node_fetch_string": node_sender("string", fetch("string")),
    "node_fetch_blob": node_sender("Blob", fetch("blob")),
    "node_fetch_buffer": node_sender("Buffer", fetch("buffer"), again=False),
    "node_fetch_stream": node_sender("stream", fetch("stream"), again=False),
    "node_axios": Sender("axios", "Buffer", script("node", CLIENTS / "axios.cjs"),
                         env=NODE_PATH),
    "go_bytes": go_sender("`bytes.Reader`", go("bytes")),
    "go_file": go_sender("`os.File`, no `GetBody`", go("file"), again=False),
    "go_bytes_h2_tls": go_sender("`bytes.Reader`", go("bytes"), "h2"),
    "go_file_h2_tls": go_sender("`os.File`, no `GetBody`", go("file"), "h2", again=False),
    **dict(java_senders()),
    "chromium_http1": Page("Chromium", "`fetch()` of a string", chromium_command, single=True),
    "chromium_h2_tls": Page("Chromium", "`fetch()` of a string", chromium_command, "h2",
                            single=True),
}

VERSIONS = {
    "curl": ["curl", "--version"],
    "wget": ["wget", "--version"],
    "Python requests": [sys.executable, "-c", "import requests as r; print(r.__version__)"],
    "PHP cURL": ["php", "-r", "echo PHP_VERSION, ' ', curl_version()['version'];"],
    "PHP streams": ["php", "-r", "echo PHP_VERSION;"],
    "Node fetch": ["node", "--version"],
    "axios": ["node", "-p", "require('axios').VERSION"],
    "Go net/http": ["go", "version"],
    "Java HttpClient": ["java", "--version"],
    "Chromium": ["chromium", "--version"],
}

@functools.lru_cache(maxsize=None)
def version(client):
    """The version of a client as it says it; None: it is not installed."""
    command = VERSIONS[client]
    if shutil.which(command[0]) is None:
        return None
    status, out, _ = run(command, env=NODE_PATH)
    found = re.search(r"\d+(\.\d+)+", out)
    return found[0] if status == 0 and found else None
