"""A private Apache httpd for each test.

    httpd = server("TempRedirect /old https://new.example.com", mpm="worker")
    assert httpd.request("POST", "/old/x", body=b"...").location == "https://new.example.com/x"

A server has its own ServerRoot below the temporary directory, its own ports on
127.0.0.1 and its own session; it loads few modules and starts in milliseconds.
The test's configuration is the file test.conf, included at server level, so that
line numbers in messages count from the test's first line. It can use

    ${PORT} ${PORT2}   plain HTTP: two ports, the server listens on both
    ${TLS_PORT}        HTTPS, with tls=True
    ${ROOT} ${HTDOCS}  the ServerRoot and the DocumentRoot in it

Where the log of a server has a line at warn or above, or of a crash, its test fails,
unless it said expect_log() or allow_log(). The module itself logs at trace8, so that
every message is formatted at least once. A test's ErrorLog and ErrorLogFormat would
hide lines from all this: virtual hosts only.
"""

import contextlib
import functools
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
BUILD = REPO / "build"
MODULE = Path(os.environ.get("TEMPREDIRECT_SO", BUILD / "mod_tempredirect.so")).resolve()

MPMS = ["event", "worker", "prefork"]
BASE_MODULES = ["unixd", "authz_core", "log_config"]
START_SECONDS = 10
STOP_SECONDS = 20
SETTLE_SECONDS = 0.06
READY = "resuming normal operations"

# Few processes, so that a start is cheap; enough threads for a few slow requests.
MPM_LIMITS = {
    "prefork": "StartServers 4\nMinSpareServers 1\nMaxSpareServers 8\nMaxRequestWorkers 32",
    "threaded": "StartServers 1\nServerLimit 2\nThreadsPerChild 16\n"
                "MinSpareThreads 1\nMaxSpareThreads 32\nMaxRequestWorkers 32",
}

# A fault is a line at warn or above, the end of a crashed child, or a line that is
# none of httpd's own (what a sanitizer or the C library writes to stderr).
FAULT = re.compile(r":(?:warn|error|crit|alert|emerg)\] |exit signal |^(?!\[)")
HARMLESS = [
    r"AH01909: .* server certificate does NOT include an ID",  # ours is for localhost only
]


# --- the installed httpd ----------------------------------------------------------

@functools.lru_cache(maxsize=None)
def apxs(name):
    """Ask apxs for one of its variables."""
    command = [os.environ.get("APXS", "apxs"), "-q", name]
    return subprocess.run(command, check=True, timeout=20, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


@functools.lru_cache(maxsize=None)
def program():
    return f"{apxs('SBINDIR')}/{apxs('PROGNAME')}"


@functools.lru_cache(maxsize=None)
def static_modules():
    """The modules compiled into httpd, e.g. {'core', 'so', 'unixd'}."""
    listing = subprocess.run([program(), "-l"], check=True, timeout=20, text=True,
                             stdout=subprocess.PIPE).stdout
    return set(re.findall(r"^\s+(?:mod_)?(\w+)\.c$", listing, re.M))


def load_lines(mpm, names, module):
    """LoadModule lines for the MPM, the modules named and, at the end, ours.

    The module 'cgi' stands for mod_cgi or mod_cgid, whichever fits the MPM.
    """
    static = static_modules()
    built_in = static & set(MPMS)
    if built_in and mpm not in built_in:
        raise RuntimeError(f"this httpd has the MPM {built_in.pop()} compiled in, not {mpm}")
    wanted = [] if built_in else [f"mpm_{mpm}"]
    for name in [*BASE_MODULES, *names]:
        if name == "cgi" and mpm != "prefork":
            name = "cgid"
        if name not in static and name not in wanted:
            wanted.append(name)
    folder = apxs("LIBEXECDIR")
    lines = [f"LoadModule {name}_module {folder}/mod_{name}.so" for name in wanted]
    if module:
        lines.append(f"LoadModule tempredirect_module {MODULE}")
    return "\n".join(lines)


def free_ports(count):
    """Ports that nobody had a moment ago; whoever binds them must be able to retry."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@functools.lru_cache(maxsize=None)
def certificate():
    """One self-made certificate for localhost and 127.0.0.1, good for this process."""
    folder = Path(tempfile.mkdtemp(prefix="tempredirect-tls-"))
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", key, "-out", cert,
         "-addext", "basicConstraints=critical,CA:FALSE",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, timeout=60, stderr=subprocess.PIPE)
    texts = cert.read_text(), key.read_text()
    shutil.rmtree(folder)
    return texts


# --- answers ----------------------------------------------------------------------

class Headers(list):
    """(name, value) pairs in the order of the wire."""

    def get_all(self, name):
        return [value for key, value in self if key.lower() == name.lower()]

    def get(self, name, default=None):
        return next(iter(self.get_all(name)), default)


class Response:
    """status, reason, headers, body (bytes) of one answer."""

    def __init__(self, answer):
        self.status = answer.status
        self.reason = answer.reason
        self.headers = Headers(answer.getheaders())
        self.body = answer.read()

    @property
    def location(self):
        return self.headers.get("Location")

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<Response {self.status} {list(self.headers)} {self.body[:200]!r}>"


class AccessEntry:
    """One line of the access log: status, request (its first line), id (None for '-')."""

    def __init__(self, line):
        fields = line.split("\t")
        self.status = int(fields[0])
        self.request = fields[1]
        self.id = None if fields[2] == "-" else fields[2]

    def __repr__(self):
        return f"<AccessEntry {self.status} {self.request!r} id={self.id}>"


def latin(text):
    """What goes on the wire: bytes as they are, characters as the byte of that number."""
    return text if isinstance(text, bytes) else text.encode("latin-1")


def pairs(headers):
    return list(headers.items()) if isinstance(headers, dict) else list(headers)


def raw(port, data, timeout=10):
    """Send bytes, return all bytes received until the server closes or time is up."""
    received = b""
    deadline = time.monotonic() + timeout
    with socket.create_connection(("127.0.0.1", port), timeout) as sock:
        with contextlib.suppress(TimeoutError, ConnectionError):
            sock.sendall(latin(data))
        with contextlib.suppress(TimeoutError, ConnectionError):
            while True:
                sock.settimeout(max(0.001, deadline - time.monotonic()))
                block = sock.recv(65536)
                if not block:
                    break
                received += block
    return received


# --- the server -------------------------------------------------------------------

class Client:
    """Asks a server on self.port, and self.tls_port if it has one."""

    def url(self, path="/", tls=False):
        if tls:
            return f"https://127.0.0.1:{self.tls_port}{path}"
        return f"http://127.0.0.1:{self.port}{path}"

    def connect(self, tls=False, port=None, timeout=10, source=None):
        """A connected socket, for tests that send bit by bit; source is its own address."""
        port = port or (self.tls_port if tls else self.port)
        sock = socket.create_connection(("127.0.0.1", port), timeout, source and (source, 0))
        if tls:
            context = ssl._create_unverified_context()
            sock = context.wrap_socket(sock, server_hostname="localhost")
        return sock

    def request(self, method, path, headers=(), body=None, *, tls=False, port=None, timeout=10,
                source=None):
        """One HTTP/1.1 request on a connection of its own; redirects are not followed.

        method, path and headers go out byte for byte (str is taken as Latin-1).
        headers is a dict or a list of pairs. Host, Content-Length and `Connection:
        close` are added where missing. A list or generator as body is sent chunked.
        """
        head, blocks = self.prepare(method, path, pairs(headers), body, tls, port)
        with self.connect(tls, port, timeout, source) as sock:
            # A server that answers early and closes does not read the rest.
            with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
                sock.sendall(head)
                for block in blocks:
                    sock.sendall(block)
            return read_response(sock, method)

    def prepare(self, method, path, headers, body, tls=False, port=None):
        """The head of a request and the blocks of its body, as bytes."""
        names = {name.lower() for name, _ in headers}
        port = port or (self.tls_port if tls else self.port)
        if "host" not in names:
            headers = [("Host", f"127.0.0.1:{port}"), *headers]
        if "connection" not in names:
            headers.append(("Connection", "close"))
        if body is None:
            blocks = []
        elif isinstance(body, (bytes, str)):
            blocks = [latin(body)]
            if not names & {"content-length", "transfer-encoding"}:
                headers.append(("Content-Length", str(len(blocks[0]))))
        else:
            blocks = chunks(body)
            headers.append(("Transfer-Encoding", "chunked"))
        head = b"%s %s HTTP/1.1\r\n" % (latin(method), latin(path))
        for name, value in headers:
            head += b"%s: %s\r\n" % (latin(name), latin(value))
        return head + b"\r\n", blocks

    def get(self, path, headers=(), **options):
        return self.request("GET", path, headers, **options)


class Httpd(Client):
    """One httpd. Tests get it, started, from the fixture `server`.

    config   text for test.conf, at server level (virtual hosts too)
    mpm      event, worker or prefork
    modules  httpd's modules beyond the base: ["headers", "rewrite", "cgi"]
    files    what DocumentRoot holds: {"a/.htaccess": "..."}; a text that begins
             with #! becomes executable. AllowOverride is FileInfo there
    http2    h2c on the plain ports, h2 on the TLS port (not with prefork)
    tls      listen on ${TLS_PORT} too; a virtual host of one's own there needs
             no more than `SSLEngine on`
    module   False: do not load mod_tempredirect
    env      environment variables for httpd, beyond the test's own (see Clock.env)
    """

    def __init__(self, config="", *, mpm="event", modules=(), files=None,
                 http2=False, tls=False, module=True, env=None):
        self.config = config
        self.mpm = mpm
        self.lines_at_stop = None
        self.modules = [*modules, *(["http2"] if http2 else []),
                        *(["ssl", "socache_shmcb"] if tls else [])]
        self.http2 = http2
        self.tls = tls
        self.module = module
        self.env = {**os.environ, **(env or {})}
        self.process = None
        self.expected = []
        self.allowed = []
        self.root = Path(tempfile.mkdtemp(prefix="tempredirect-"))
        self.root.chmod(0o755)  # where root starts httpd, its children are nobody
        self.htdocs = self.root / "htdocs"
        self.htdocs.mkdir()
        for name, content in (files or {}).items():
            self.write(name, content)
        self.port, self.port2, self.tls_port = free_ports(3)

    # -- files --

    def write(self, name, content):
        """Write a file below DocumentRoot; str as UTF-8."""
        path = self.htdocs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        path.chmod(0o755 if data.startswith(b"#!") else 0o644)

    def plain(self, text):
        """The text without this server's folder: `test.conf`, `htdocs/.htaccess`."""
        return text.replace(f"{self.root}/", "")

    def write_config(self):
        (self.root / "test.conf").write_text(self.config, "utf-8")
        (self.root / "httpd.conf").write_text("\n".join(self.config_lines()) + "\n")

    def config_lines(self):
        limits = MPM_LIMITS["prefork" if self.mpm == "prefork" else "threaded"]
        yield load_lines(self.mpm, self.modules, self.module)
        yield limits
        yield f"""
Define PORT {self.port}
Define PORT2 {self.port2}
Define TLS_PORT {self.tls_port}
Define ROOT {self.root}
Define HTDOCS {self.htdocs}
Listen 127.0.0.1:{self.port}
Listen 127.0.0.1:{self.port2}
ServerRoot {self.root}
ServerName localhost
DefaultRuntimeDir {self.root}
PidFile httpd.pid
ErrorLog error.log
LogLevel warn{' tempredirect:trace8' if self.module else ''}
LogFormat "%>s\\t%r\\t%{{TEMPREDIRECT_ID}}e" test
CustomLog access.log test
DocumentRoot {self.htdocs}
<Directory {self.htdocs}>
    AllowOverride FileInfo
    Require all granted
</Directory>"""
        if os.geteuid() == 0:
            yield "User #65534\nGroup #65534"
        if "cgi" in self.modules and self.mpm != "prefork":
            yield "ScriptSock cgid.sock"
        if self.http2:
            yield "Protocols h2 h2c http/1.1"
        if self.tls:
            yield from self.tls_lines()
        yield "Include test.conf"
        if self.tls:  # last, so that a virtual host of the test is the default one
            yield f"<VirtualHost 127.0.0.1:{self.tls_port}>\nSSLEngine on\n</VirtualHost>"

    def tls_lines(self):
        for name, text in zip(("cert.pem", "key.pem"), certificate()):
            (self.root / name).write_text(text)
        yield f"Listen 127.0.0.1:{self.tls_port} https"
        yield "SSLCertificateFile cert.pem\nSSLCertificateKeyFile key.pem"
        yield "SSLSessionCache shmcb:tls"

    # -- life --

    def start(self, attempts=5):
        """Start, with other ports where somebody took ours in the meantime."""
        for attempt in range(attempts):
            self.write_config()
            if self.launch():
                return self
            self.stop()
            output = self.startup_output()
            if "could not bind to address" not in output or attempt == attempts - 1:
                raise RuntimeError(f"httpd did not start:\n{output}")
            (self.root / "error.log").unlink(missing_ok=True)
            self.port, self.port2, self.tls_port = free_ports(3)

    def launch(self):
        """Run httpd until it says that it serves (and heeds signals); False: it ended."""
        with open(self.root / "startup.log", "wb") as output:
            self.process = subprocess.Popen(
                [program(), "-f", self.root / "httpd.conf", "-DFOREGROUND"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.env,
                start_new_session=True)  # prefork signals its whole process group
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if READY in self.error_log() and self.has_cgi():
                return True
            time.sleep(0.002)
        return False

    def has_cgi(self):
        """Whether mod_cgid's daemon, if there is one, lets the children in to its socket."""
        if "cgi" not in self.modules or self.mpm == "prefork":
            return True
        owner = 65534 if os.geteuid() == 0 else os.geteuid()
        return any(path.stat().st_uid == owner for path in self.root.glob("cgid.sock*"))

    def startup_output(self):
        return self.plain((self.root / "startup.log").read_text("utf-8", "replace") +
                          self.error_log())

    def children(self):
        """Process ids of the server's children (mod_cgid's daemon too), without zombies."""
        stats = {pid: process_stat(pid) for pid in os.listdir("/proc") if pid.isdigit()}
        return {pid for pid, stat in stats.items()
                if stat and stat[0] != "Z" and stat[1] == str(self.process.pid)}

    def graceful(self, config=None, timeout=10):
        """Restart gracefully, with another test.conf if one is given.

        Returns when the new generation is up and the old one is gone, or 2 s
        later where an open request keeps the old one alive.
        """
        if config is not None:
            self.config = config
            self.write_config()
        before = self.error_log().count(READY)
        old = self.children()
        self.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: self.error_log().count(READY) > before, timeout,
                   "httpd did not come back from its graceful restart")
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not old & self.children(), 2)

    def wait(self, timeout):
        """Wait for the end of httpd; kill its session if that takes too long."""
        try:
            self.process.wait(timeout)
            return True
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
            return False

    def stop(self):
        """Stop; what is on disk stays until cleanup(). Stopping twice is harmless."""
        if self.process and self.process.poll() is None:
            self.settle()
            self.lines_at_stop = len(self.error_log().splitlines())
            self.process.terminate()
            if not self.wait(STOP_SECONDS):
                raise RuntimeError(f"httpd did not stop within {STOP_SECONDS} s")

    def settle(self):
        """Let young children finish their start.

        httpd 2.4.71's event MPM crashes now and then, without any module of ours, when
        it is stopped while a child still creates its threads. On a busy machine the wait
        is not always enough: see log_faults().
        """
        young = max((started(pid) for pid in self.children()), default=0) + SETTLE_SECONDS
        time.sleep(max(0, young - time.clock_gettime(time.CLOCK_BOOTTIME)))

    def cleanup(self):
        shutil.rmtree(self.root, ignore_errors=True)

    # -- logs --

    def error_log(self):
        path = self.root / "error.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def expect_log(self, pattern):
        """The log must have a line that matches, at any level; it is no fault."""
        self.expected.append(pattern)

    def allow_log(self, pattern):
        """The log may have lines that match; they are no fault."""
        self.allowed.append(pattern)

    def wait_log(self, pattern, timeout=5):
        """Wait for a line of the error log that matches, and return it."""
        def find():
            return next((line for line in self.error_log().splitlines()
                         if re.search(pattern, line)), None)
        return self.plain(wait_until(find, timeout, f"no line {pattern!r} in the error log"))

    def log_faults(self):
        """What a test did not ask for, and what it asked for in vain."""
        lines = self.error_log().splitlines()
        known = self.expected + self.allowed + HARMLESS
        faults = [self.plain(line) for number, line in enumerate(lines)
                  if FAULT.search(line)
                  and not any(re.search(pattern, line) for pattern in known)
                  and not self.is_mpms_own(line, number)]
        missing = [f"no line matches {pattern!r}" for pattern in self.expected
                   if not any(re.search(pattern, line) for line in lines)]
        return faults + missing

    def is_mpms_own(self, line, number):
        """Whether it is that crash of a threaded MPM at the very end. (One of ours would
        show with prefork, too, which frees the same in the same order.)
        """
        return (self.mpm != "prefork" and self.lines_at_stop is not None
                and number >= self.lines_at_stop
                and "exit signal Segmentation fault" in line)

    def access_log(self, count=1, timeout=5):
        """Entries of the access log, at least count (httpd writes after it answers)."""
        path = self.root / "access.log"

        def read():
            lines = self.plain(path.read_text("utf-8", "replace")).splitlines()
            return lines if len(lines) >= count else None
        lines = wait_until(read, timeout, f"fewer than {count} lines in the access log")
        return [AccessEntry(line) for line in lines]


def process_stat(pid):
    """The fields of /proc/PID/stat from the state (and the parent) on; None: no process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def started(pid):
    """When a process started, in seconds after boot."""
    stat = process_stat(pid)
    return int(stat[19]) / os.sysconf("SC_CLK_TCK") if stat else 0


def chunks(parts):
    """The parts of a body in chunked coding, an empty part left out."""
    for part in map(latin, parts):
        if part:
            yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


def read_response(sock, method="GET"):
    """Read one final response from a socket (any `100 Continue` is skipped)."""
    answer = http.client.HTTPResponse(sock, method=method if isinstance(method, str)
                                      else method.decode("latin-1"))
    answer.begin()
    return Response(answer)


def wait_until(find, timeout, failure="time is up"):
    """Ask find() until it returns something true, and return that."""
    deadline = time.monotonic() + timeout
    while True:
        found = find()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(failure)
        time.sleep(0.005)


# --- groups of servers, checks of configuration ---------------------------------------

class Servers:
    """Starts servers for a test and ends them with it."""

    def __init__(self):
        self.all = []

    def __call__(self, config="", **options):
        httpd = Httpd(config, **options)
        self.all.append(httpd)
        return httpd.start()

    def close(self):
        """Stop all; return the faults of their logs. The logs are printed for pytest."""
        faults = []
        for httpd in reversed(self.all):
            try:
                httpd.stop()
            except RuntimeError as error:
                faults.append(str(error))
            faults += httpd.log_faults()
            print(f"--- error.log of {httpd.root.name} ({httpd.mpm})")
            print(httpd.plain(httpd.error_log()))
            httpd.cleanup()
        return faults


@contextlib.contextmanager
def servers_of_script():
    """Servers for a script: they end with it, at Ctrl-C and SIGTERM, too.

    What their logs have and should not is said on stderr.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    servers = Servers()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield servers
    finally:
        before = [signal.signal(number, signal.SIG_IGN) for number in signals]
        with contextlib.redirect_stdout(io.StringIO()):
            faults = servers.close()
        for number, handler in zip(signals, before):
            signal.signal(number, handler)
        for fault in faults:
            print(fault, file=sys.stderr)


# The time, and the process and thread: "[Thu Nov 20 09:24:01.1 2026] ... [pid 1:tid 2] ".
STAMP = re.compile(r"^\[\w{3} \w{3} .*?\] |\[pid \d+(?::tid \d+)?\] ", re.M)


def check_config(text, **options):
    """Run `httpd -t` on a configuration: (exit status, what it said).

    The test's file is called test.conf in the answer, log lines are without time and
    process: "AH00526: Syntax error on line 1 of test.conf:\\n..." or "Syntax OK\\n".
    """
    httpd = Httpd(text, **options)
    try:
        httpd.write_config()
        run = subprocess.run([program(), "-t", "-f", httpd.root / "httpd.conf"],
                             env=httpd.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=60)
        output = httpd.plain(run.stdout.decode("utf-8", "replace"))
        return run.returncode, STAMP.sub("", output)
    finally:
        httpd.cleanup()


def check_htaccess(text, config="", **options):
    """Ask for a file under an .htaccess: (HTTP status, the message or None).

    The message is what stands in the log behind "htdocs/.htaccess: ".
    """
    httpd = Httpd(config, files={".htaccess": text, "file.txt": "here\n"}, **options)
    try:
        status = httpd.start().get("/file.txt").status
        httpd.stop()
        found = re.search(r"/\.htaccess: (.*)", httpd.error_log())
        return status, found and httpd.plain(found[1])
    finally:
        httpd.stop()
        httpd.cleanup()


# --- the other server ----------------------------------------------------------------

class Sink:
    """Another httpd whose CGI at /cgi-bin/sink says in JSON what it received.

    {"method", "path", "query", "type", "length", "sha256"}; path and query are as
    sent, anything below /cgi-bin/sink/ is answered too. It speaks HTTP/1.1 and h2c,
    with tls=True HTTPS and h2 as well, allows every origin (CORS), and serves files.
    """

    def __init__(self, servers, tls=False, **files):
        script = (HERE / "clients" / "sink.py").read_text()
        self.httpd = servers(
            """
            <Directory ${HTDOCS}/cgi-bin>
                Options +ExecCGI
                SetHandler cgi-script
            </Directory>
            """ + CORS,
            modules=["cgi", "headers"], http2=True, tls=tls, module=False,
            files={"cgi-bin/sink": f"#!{sys.executable} -IS\n{script}", **files})

    def url(self, path="", tls=False):
        return self.httpd.url(f"/cgi-bin/sink{path}", tls)

    def rules(self, path):
        """Redirect a path here, under the scheme of the request."""
        rules = f"TempRedirect {path} {self.url()} scheme=http\n"
        if self.httpd.tls:
            rules += f"TempRedirect {path} {self.url(tls=True)} scheme=https\n"
        return rules


CORS = """
Header always set Access-Control-Allow-Origin *
Header always set Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE"
Header always set Access-Control-Allow-Headers content-type
"""
