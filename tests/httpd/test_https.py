"""`TempRedirect https: phase=early`: upgrades to HTTPS before anybody is asked for a password.

In a server with TLS of its own, behind a proxy that ends TLS, and beside the tools that
fetch certificates. The names are real, the ports are not: curl connects every port 80 and
443 to those of the test.
"""

import json
import subprocess

import pytest

from harness import read_response

AUTH = """
    AuthType Basic
    AuthName private
    AuthBasicProvider file
    AuthUserFile ${ROOT}/users
    Require valid-user
"""
AUTH_MODULES = ["auth_basic", "authn_core", "authn_file", "authz_user"]
ANN = {"Authorization": "Basic YW5uOnNlY3JldA=="}  # ann:secret
HOST = {"Host": "www.example.com"}
LOGIN = ["-u", "ann:secret", "--location-trusted"]  # also where another scheme asks


def add_users(httpd):
    (httpd.root / "users").write_text("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    httpd.allow_log("AH01617|AH01618|AH01630")
    return httpd


def browse(httpd, url, *words):
    """Follow all redirects with curl: (status, URL at the end, redirects, body)."""
    done = subprocess.run(
        ["curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20", "-L", "--max-redirs", "5",
         "--insecure", "--connect-to", f":443:127.0.0.1:{httpd.tls_port}",
         "--connect-to", f":80:127.0.0.1:{httpd.port}",
         "-w", "\n%{http_code} %{url_effective} %{num_redirects}", *words, url],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
    body, _, told = done.stdout.rpartition("\n")
    assert done.returncode == 0, done.stdout
    status, effective, redirects = told.split()
    return int(status), effective, int(redirects), body


# --- TLS in httpd -----------------------------------------------------------------------

OWN = """
<VirtualHost *:${PORT}>
    ServerName www.example.com
    ServerAlias example.com *.shop.example.com
    TempRedirect https: phase=early
    TempRedirect / https://www.example.com phase=early
</VirtualHost>
<VirtualHost 127.0.0.1:${TLS_PORT}>
    ServerName www.example.com
    ServerAlias example.com *.shop.example.com
    SSLEngine on
    Header always set Strict-Transport-Security max-age=31536000
</VirtualHost>
<Location /in-location>
    SSLRequireSSL
""" + AUTH + """
</Location>
<Directory ${HTDOCS}/in-directory>
    SSLRequireSSL
""" + AUTH + """
</Directory>
<Location /require-ssl>
""" + AUTH.replace("Require valid-user", """<RequireAll>
        Require ssl
        Require valid-user
    </RequireAll>""") + """
</Location>
<Location /asks>
""" + AUTH + """
</Location>
<Directory ${HTDOCS}/ssl-only>
    SSLRequireSSL
</Directory>
"""
OWN_FILES = {"in-location/x": "here", "in-directory/x": "here", "ssl-only/x": "here",
             "require-ssl/x": "here", "asks/x": "here", "open/x": "here"}


@pytest.fixture(scope="module")
def own(module_server):
    return add_users(module_server(OWN, modules=[*AUTH_MODULES, "headers"], files=OWN_FILES,
                                   tls=True, http2=True))


@pytest.mark.parametrize("place", ["in-location", "in-directory"])
def test_nobody_is_asked_for_a_password_over_plain_http(server, mpm, place):
    httpd = add_users(server(OWN, modules=[*AUTH_MODULES, "headers"], files=OWN_FILES, tls=True,
                             mpm=mpm))
    for headers in (HOST, {**HOST, **ANN}, {**HOST, "Authorization": "Basic bad"}):
        answer = httpd.get(f"/{place}/x?a=1", headers)
        assert (answer.status, answer.location, answer.headers.get("WWW-Authenticate")) == (
            307, f"https://www.example.com/{place}/x?a=1", None)
    assert httpd.get(f"/{place}/x", HOST, tls=True).status == 401
    assert httpd.get(f"/{place}/x", {**HOST, **ANN}, tls=True).text == "here"


PREFLIGHT = {**HOST, "Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}
GUARDED = ["in-location", "in-directory", "require-ssl"]


def asks(answer):
    """Whether an answer, of whatever status, asks for a password."""
    return answer.headers.get("WWW-Authenticate") is not None


@pytest.mark.parametrize("place", GUARDED)
@pytest.mark.parametrize("method, target, headers, status", [
    ("GET", "%s", {"Host": "attacker.example"}, 307),
    ("GET", "%s", {"Host": "127.0.0.1"}, 307),
    ("POST", "%s", {"Host": "attacker.example", **ANN}, 307),
    ("GET", "http://attacker.example%s", HOST, 307),
    ("OPTIONS", "%s", PREFLIGHT, 403),
    ("OPTIONS", "%s", {**PREFLIGHT, **ANN}, 403),
])
def test_with_the_whole_recipe_nobody_at_all_is_asked(own, place, method, target, headers, status):
    """The second rule takes unknown hosts, SSLRequireSSL or Require ssl what no rule is for."""
    own.allow_log("TR0011|AH02219")
    answer = own.request(method, target % f"/{place}/x", headers)
    location = f"https://www.example.com/{place}/x" if status == 307 else None
    assert (answer.status, answer.location, asks(answer)) == (status, location, False)


def test_connect_is_refused_and_not_asked(server):
    for guard, status in (("", 401), ("SSLRequireSSL", 403)):
        httpd = add_users(server(f"<Location />\n{guard}\n{AUTH}</Location>\n"
                                 "TempRedirect https: phase=early", modules=AUTH_MODULES, tls=True))
        httpd.allow_log("AH02219")
        with httpd.connect() as sock:
            sock.sendall(b"CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
            answer = read_response(sock)
        assert (answer.status, asks(answer)) == (status, status == 401)


def test_without_the_guard_a_preflight_is_asked(own):
    """What the recipe's third line is for."""
    assert own.get("/asks/x", HOST).status == 307
    answer = own.request("OPTIONS", "/asks/x", PREFLIGHT)
    assert (answer.status, asks(answer)) == (401, True)


@pytest.mark.parametrize("guard, asked", [("", True), ("SSLRequireSSL", False)])
def test_an_error_document_under_a_password_does_not_ask(server, guard, asked):
    """httpd asks access control for the document; its challenge would go with the 307."""
    httpd = add_users(server(f"""
        ErrorDocument 307 /moved.html
        <VirtualHost *:${{PORT}}>
            ServerName www.example.com
            TempRedirect https: phase=early
            TempRedirect / https://www.example.com phase=early
        </VirtualHost>
        <Location />
            {guard}
            {AUTH}
        </Location>
        """, modules=AUTH_MODULES, files={"moved.html": "moved"}, tls=True))
    httpd.allow_log("TR0011|AH02219")
    for host in ("www.example.com", "attacker.example"):
        answer = httpd.get("/x", {"Host": host})
        assert (answer.status, answer.location, asks(answer)) == (
            307, "https://www.example.com/x", asked)


@pytest.mark.parametrize("guard, status", [
    ("SSLRequireSSL\nRequire valid-user", 403),
    ("<RequireAll>\nRequire ssl\nRequire valid-user\n</RequireAll>", 200)])
def test_under_a_password_on_all_challenges_need_require_ssl(server, guard, status):
    """No section takes SSLRequireSSL back; Require is replaced."""
    token = ".well-known/acme-challenge/token"
    httpd = add_users(server(f"""
        TempRedirect https: phase=early
        <Location />
            {AUTH.replace("Require valid-user", guard)}
        </Location>
        <Location /.well-known/acme-challenge/>
            Require all granted
        </Location>
        """, modules=AUTH_MODULES, files={token: "token.key", "x": "here"}, tls=True))
    httpd.allow_log("AH02219")
    assert httpd.get(f"/{token}", {"Host": "localhost"}).status == status
    assert httpd.get("/x", {"Host": "localhost"}).status == 307


def test_a_browser_arrives_in_one_step(own):
    assert browse(own, "http://www.example.com/in-directory/x?a=%2F", *LOGIN) == (
        200, "https://www.example.com/in-directory/x?a=%2F", 1, "here")
    assert browse(own, "http://www.example.com/in-location/x")[:3] == (
        401, "https://www.example.com/in-location/x", 1)
    assert browse(own, "http://www.example.com/ssl-only/x")[3] == "here"


def test_an_offer_of_http2_upgrade_is_redirected_too(own):
    status, url, redirects, body = browse(own, "http://www.example.com/open/x", "--http2")
    assert (status, url, redirects, body) == (200, "https://www.example.com/open/x", 1, "here")


def test_hsts_of_the_tls_host_is_not_sent_over_plain_http(own):
    """RFC 6797 section 7.2."""
    field = "Strict-Transport-Security"
    assert own.get("/open/x", HOST).headers.get(field) is None
    assert own.get("/open/x", HOST, tls=True).headers.get(field) == "max-age=31536000"


def test_hsts_for_the_whole_server_needs_a_condition(server):
    httpd = server("""
        TempRedirect / https: phase=early
        Header always set Strict-Transport-Security max-age=9 "expr=%{HTTPS} == 'on'"
        Header always set X-Always 1
        """, modules=["headers"], files={"x": "here"}, tls=True)
    names = ["X-Always", "Strict-Transport-Security"]
    plain, tls = [httpd.get("/x", {"Host": "localhost"}, tls=tls) for tls in (False, True)]
    assert (plain.status, tls.status) == (307, 200)
    assert [plain.headers.get(name) for name in names] == ["1", None]
    assert [tls.headers.get(name) for name in names] == ["1", "max-age=9"]


def test_a_rule_for_the_whole_server_leaves_https_alone(server):
    httpd = server("TempRedirect / https: phase=early", files={"x": "here"}, tls=True)
    assert browse(httpd, "http://localhost/x") == (200, "https://localhost/x", 1, "here")
    assert browse(httpd, "https://localhost/x") == (200, "https://localhost/x", 0, "here")


def test_a_post_arrives_with_its_body(server, sink):
    httpd = server("TempRedirect / https: phase=early\n"
                   f"ProxyPass /cgi-bin/sink {sink.url()}", modules=["proxy", "proxy_http"],
                   tls=True)
    told = json.loads(browse(httpd, "http://localhost/cgi-bin/sink/a?b=c", "-d", "x" * 99_999)[3])
    assert (told["method"], told["path"], told["query"], told["length"]) == (
        "POST", "/cgi-bin/sink/a", "b=c", 99_999)


# --- which host, and which port ----------------------------------------------------------

HOSTS = """
<VirtualHost *:${PORT}>
    ServerName default.example.com
    TempRedirect / https: phase=early
    <Location />
    """ + AUTH + """
    </Location>
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName www.example.com:8080
    ServerAlias example.com *.shop.example.com
    TempRedirect / https: phase=early
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName canonical.example.com
    ServerAlias other.example.com
    UseCanonicalName On
    TempRedirect / https: phase=early
</VirtualHost>
<VirtualHost *:${PORT}>
    ServerName port.example.com
    TempRedirect / https://%{host}:8443 phase=early
</VirtualHost>
<VirtualHost *:${PORT2}>
    ServerName catch.example.com
    TempRedirect / https: phase=early
    TempRedirect / https://www.example.com phase=early
</VirtualHost>
"""


@pytest.fixture(scope="module")
def hosts(module_server):
    httpd = add_users(module_server(HOSTS, modules=AUTH_MODULES, files={"x": "here"}))
    httpd.allow_log("TR0011")
    return httpd


@pytest.mark.parametrize("host, target, location", [
    ("www.example.com", "/x", "https://www.example.com/x"),
    ("WWW.Example.COM", "/x", "https://www.example.com/x"),
    ("www.example.com:80", "/x", "https://www.example.com/x"),
    ("www.example.com:8080", "/x", "https://www.example.com/x"),
    ("www.example.com.", "/x", "https://www.example.com/x"),
    ("example.com", "/x", "https://example.com/x"),
    ("a.shop.example.com", "/x", "https://a.shop.example.com/x"),
    ("other.example.com", "/x", "https://canonical.example.com/x"),
    ("other.example.com:99", "/x", "https://canonical.example.com/x"),
    ("port.example.com:80", "/x?a", "https://port.example.com:8443/x?a"),
    ("ignored.example.net", "http://example.com:99/x", "https://example.com/x"),
    ("ignored.example.net", "http://example.com", "https://example.com/"),
    ("www.example.com", "/a%20b/%C3%A4//c/./d?e=%2F&f",
     "https://www.example.com/a%20b/%C3%A4/c/d?e=%2F&f"),
])
def test_the_host_is_the_clients_own_and_the_port_is_left_out(hosts, host, target, location):
    assert hosts.get(target, {"Host": host}).location == location


def test_an_unknown_host_is_not_redirected_and_so_is_asked(hosts):
    """The default virtual host answers whoever comes: a rule of its own is for them."""
    answer = hosts.get("/x", {"Host": "evil.example.net"})
    assert (answer.status, answer.location) == (401, None)
    assert hosts.get("/x", {"Host": "default.example.com"}).status == 307


def test_a_second_rule_catches_unknown_hosts(hosts):
    catch = [hosts.get("/x", {"Host": host}, port=hosts.port2).location
             for host in ("catch.example.com", "evil.example.net", "127.0.0.1")]
    assert catch == ["https://catch.example.com/x", *["https://www.example.com/x"] * 2]


def test_without_host_it_is_the_servers_name(hosts):
    for line, location in [("GET /x HTTP/1.0", "https://default.example.com/x"),
                           ("GET /x HTTP/1.0\r\nHost: example.com", "https://example.com/x")]:
        with hosts.connect() as sock:
            sock.sendall(f"{line}\r\n\r\n".encode())
            answer = read_response(sock)
        assert (answer.status, answer.location) == (307, location)


# --- behind a proxy that ends TLS ---------------------------------------------------------

FRONT = """
ProxyPass / http://127.0.0.1:%d/
ProxyPreserveHost On
RequestHeader %s X-Forwarded-Proto expr=%%{REQUEST_SCHEME}
"""
BACK = """
<VirtualHost *:${PORT}>
    ServerName %s
    ServerAlias example.com
    %s
    TempRedirect / https: phase=early %s
    <Location /private>
    """ + AUTH + """
    </Location>
</VirtualHost>
"""
REMOTEIP = "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 127.0.0.1"
PLAIN = "header.X-Forwarded-Proto=http"
STRICT = "header.X-Forwarded-Proto=http !header.X-Forwarded-Proto=https"


@pytest.fixture
def behind(server):
    """Start a back end and the proxy in front: (front, back)."""
    def start(conditions, name="www.example.com", extra="", how="set", modules=()):
        back = add_users(server(BACK % (name, extra, conditions),
                                modules=[*AUTH_MODULES, *modules],
                                files={"x": "here", "private/x": "here"}))
        return server(FRONT % (back.port, how), modules=["proxy", "proxy_http", "headers"],
                      tls=True, module=False), back
    return start


@pytest.mark.parametrize("conditions", [PLAIN, STRICT])
@pytest.mark.parametrize("extra, modules", [("", []), (REMOTEIP, ["remoteip"])])
def test_a_proxy_in_front_says_how_the_client_came(behind, conditions, extra, modules):
    front, back = behind(conditions, extra=extra, modules=modules)
    assert browse(front, "http://www.example.com/x?a") == (
        200, "https://www.example.com/x?a", 1, "here")
    assert browse(front, "http://example.com/private/x", *LOGIN) == (
        200, "https://example.com/private/x", 1, "here")
    assert browse(front, "https://www.example.com/x")[2:] == (0, "here")
    assert front.get("/private/x", HOST).status == 307
    assert front.get("/private/x", HOST, tls=True).status == 401
    assert back.get("/x", HOST).text == "here"  # a health check
    assert front.get("/x", HOST, tls=True).headers.get("Vary") == "X-Forwarded-Proto"


def test_a_proxy_behind_another_does_not_make_a_loop(behind):
    """"https, http" is what comes of a first hop with TLS and a second without."""
    front, _ = behind(STRICT, how="append")
    https = {**HOST, "X-Forwarded-Proto": "https"}
    http = {**HOST, "X-Forwarded-Proto": "http"}
    assert front.get("/x", https).text == "here"
    assert front.get("/x", http, tls=True).text == "here"
    assert front.get("/x", http).location == "https://www.example.com/x"


def test_where_the_server_says_it_is_https_nothing_is_upgraded(behind):
    """httpd then takes every request for HTTPS: leave the scheme out of ServerName."""
    front, back = behind(PLAIN, name="https://www.example.com")
    back.expect_log("TR0004")
    assert browse(front, "http://www.example.com/x") == (
        200, "http://www.example.com/x", 0, "here")
    assert browse(front, "https://www.example.com/x")[2:] == (0, "here")


def test_a_port_of_its_own_for_plain_http_needs_no_header(server):
    """The proxy sends what came over HTTP to a virtual host that knows nothing else."""
    back = server("""
        <VirtualHost *:${PORT}>
            ServerName https://www.example.com
        </VirtualHost>
        <VirtualHost *:${PORT2}>
            ServerName www.example.com
            TempRedirect / https: phase=early
        </VirtualHost>
        """, files={"x": "here", "folder/x": "here"}, modules=["dir"])
    front = server(f"""
        ProxyPreserveHost On
        <VirtualHost *:${{PORT}}>
            ProxyPass / http://127.0.0.1:{back.port2}/
        </VirtualHost>
        <VirtualHost 127.0.0.1:${{TLS_PORT}}>
            SSLEngine on
            ProxyPass / http://127.0.0.1:{back.port}/
        </VirtualHost>
        """, modules=["proxy", "proxy_http"], tls=True, module=False)
    assert browse(front, "http://www.example.com/x") == (
        200, "https://www.example.com/x", 1, "here")
    assert front.get("/folder", HOST, tls=True).location == "https://www.example.com/folder/"


# --- beside what fetches certificates -----------------------------------------------------

MD = """
MDStoreDir ${ROOT}/md
MDRenewMode manual
MDCertificateAuthority http://127.0.0.1:1/
MDPortMap 80:${PORT} 443:${TLS_PORT}
MDomain www.example.com manual
%s
<VirtualHost *:${PORT}>
    ServerName www.example.com
    TempRedirect / https: phase=early
</VirtualHost>
<VirtualHost 127.0.0.1:${TLS_PORT}>
    ServerName www.example.com
    SSLEngine on
</VirtualHost>
"""


@pytest.fixture
def md(server):
    """mod_md with a challenge in its store, as if a renewal were under way."""
    def start(extra=""):
        httpd = server(MD % extra, modules=["md"], tls=True, files={"x": "here"})
        httpd.allow_log("AH10[0-9]+:")
        challenge = httpd.root / "md/challenges/www.example.com"
        challenge.mkdir(parents=True, exist_ok=True)
        (challenge / "acme-http-01.txt").write_text("token.key")
        for path in (challenge, challenge.parent, challenge.parent.parent):
            path.chmod(0o755)
        (challenge / "acme-http-01.txt").chmod(0o644)
        return httpd
    return start


def test_mod_md_answers_its_challenges_before_any_rule(md):
    httpd = md()
    answer = httpd.get("/.well-known/acme-challenge/token", HOST)
    assert (answer.status, answer.text) == (200, "token.key")
    assert httpd.get("/x", HOST).location == "https://www.example.com/x"


def test_mod_md_redirects_first_where_it_requires_https(md):
    """Its answer is the one for old clients: a POST keeps its method, a GET gets 302."""
    httpd = md("MDRequireHttps temporary")
    got, posted = httpd.get("/x", HOST), httpd.request("POST", "/x", HOST, b"body")
    assert (got.status, got.location) == (302, "https://www.example.com/x")
    assert (posted.status, posted.location) == (307, "https://www.example.com/x")
    assert httpd.get("/.well-known/acme-challenge/token", HOST).text == "token.key"
    assert httpd.get("/.well-known/y", HOST).location == "https://www.example.com/.well-known/y"


def test_challenges_that_lie_in_files_are_found(server):
    httpd = server("Alias /.well-known/acme-challenge/ ${HTDOCS}/acme/\n"
                   "TempRedirect / https: phase=early", modules=["alias"],
                   files={"acme/token": "token.key"})
    host = {"Host": "localhost"}
    assert httpd.get("/.well-known/acme-challenge/token", host).text == "token.key"
    assert httpd.get("/.well-known/acme-challenge/none", host).status == 404
    assert httpd.get("/.well-known/x", host).location == "https://localhost/.well-known/x"


# --- restarts ---------------------------------------------------------------------------

def test_an_upgrade_survives_a_graceful_restart(own):
    own.graceful()
    assert browse(own, "http://www.example.com/open/x")[2:] == (1, "here")
