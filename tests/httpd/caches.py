"""Caches in front of a server: Varnish, nginx, and httpd's own mod_cache.

    cache = caches("varnish", origin)
    answer = cache.get("/old", {"X-Beta": "1"})     # as any server of harness.py
    was_hit(answer)

Each is private: its own folder, port and process. To the server behind, they send the
client's Host and, in X-Forwarded-For, its address.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from harness import STOP_SECONDS, Client, free_ports

START_SECONDS = 20


def was_hit(answer):
    """Whether the cache answered by itself. (mod_cache writes "HIT from localhost".)"""
    return (answer.headers.get("X-Cache") or "").lower().startswith("hit")


class Cache(Client):
    """A cache that is a program of its own; see Varnish and Nginx."""

    def __init__(self, origin, env=None):
        self.origin = origin
        self.env = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", **(env or {})}
        self.root = Path(tempfile.mkdtemp(prefix="tempredirect-cache-"))
        self.process = None

    def start(self, attempts=5):
        """Start, with another port where somebody took ours in the meantime."""
        for _ in range(attempts):
            self.port, = free_ports(1)
            self.launch()
            if self.is_up():
                return self
            self.stop()
        raise RuntimeError(f"it did not start:\n{self.log()}")

    def launch(self):
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen(self.command(), env=self.env, cwd=self.root,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)

    def is_up(self):
        """Wait until it serves; False where it ended. Others may be on that port."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return self.get("/cache-is-up").headers.get("X-Root") == str(self.root)
            except OSError:
                time.sleep(0.01)
        return False

    def log(self):
        return (self.root / "log").read_text("utf-8", "replace")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(STOP_SECONDS)

    def cleanup(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Varnish(Cache):
    """Without more, as it comes: requests with a Cookie or Authorization pass by.

    vcl     what its sub vcl_recv says before that
    grace   seconds in which it answers with what is over (10, as it comes)

    It does not start with a moved clock: libfaketime does not bear its malloc.
    """

    def __init__(self, origin, env=None, vcl="", grace=None):
        super().__init__(origin, env)
        self.grace = grace
        (self.root / "test.vcl").write_text(f"""
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{origin.port}"; }}
sub vcl_recv {{
    if (req.url == "/cache-is-up") {{ return (synth(200)); }}
    {vcl}
}}
sub vcl_deliver {{
    if (obj.hits > 0) {{ set resp.http.X-Cache = "hit"; }}
}}
sub vcl_synth {{ set resp.http.X-Root = "{self.root}"; }}
""")

    def command(self):
        # cc_command: as it comes, with less work for the compiler.
        command = ["varnishd", "-F", "-j", "none", "-n", self.root / "work", "-T", "none",
                   "-a", f"127.0.0.1:{self.port}", "-f", self.root / "test.vcl",
                   "-s", "malloc,16m", "-p", "thread_pool_min=10", "-p", "thread_pools=1",
                   "-p", "cc_command=exec cc -O0 -fpic -shared -o %o %s"]
        return command if self.grace is None else [*command, "-p", f"default_grace={self.grace}"]


# Sites that keep pages for clients with cookies write this.
COOKIES_TOO = """
    if ((req.method == "GET" || req.method == "HEAD") && !req.http.Authorization) {
        return (hash);
    }
"""


class Nginx(Cache):
    """proxy_cache. Its key has no Host by default; who sends Host on must put it there."""

    def command(self):
        places = "\n".join(f"{name}_temp_path {self.root}/{name};"
                           for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        env = "\n".join(f"env {name};" for name in self.env if "FAKETIME" in name)
        (self.root / "nginx.conf").write_text(f"""
daemon off;
master_process off;
{env}
pid {self.root}/pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    {places}
    proxy_cache_path {self.root}/store keys_zone=store:1m;
    server {{
        listen 127.0.0.1:{self.port};
        location = /cache-is-up {{ add_header X-Root {self.root}; return 200; }}
        location / {{
            proxy_pass http://127.0.0.1:{self.origin.port};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_cache store;
            proxy_cache_key $scheme$http_host$request_uri;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
""")
        return ["nginx", "-p", self.root, "-e", "stderr", "-c", self.root / "nginx.conf"]


MOD_CACHE = """
CacheRoot ${ROOT}/store
CacheEnable disk /
CacheHeader On
"""
MOD_CACHE_MODULES = ["cache", "cache_disk"]


def mod_cache(servers, origin, env=None, quick="On"):
    """Another httpd in front, with mod_cache and mod_proxy."""
    return with_store(servers(f"""
        {MOD_CACHE}
        CacheQuickHandler {quick}
        ProxyPass / http://127.0.0.1:{origin.port}/
        ProxyPreserveHost On
        """, modules=[*MOD_CACHE_MODULES, "proxy", "proxy_http"], module=False, env=env))


def with_store(httpd):
    """Make the folder that MOD_CACHE names; httpd's children write there.

    After a POST, mod_cache_disk 2.4.71 cannot read what it has of pages with a Vary any
    more. It says so, and asks for them again.
    """
    httpd.allow_log("AH00717: Premature end of cache headers")
    store = httpd.root / "store"
    store.mkdir()
    store.chmod(0o777)
    return httpd
