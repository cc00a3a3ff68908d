"""Other modules that read a body before a rule, or keep it."""

import os
import re
import subprocess

import pytest

from bodies import (FORM, HTTP1, JSON, LIMIT, SUM, Http1, Http2, Lines, Wire, form, head, heard,
                    told)
from harness import apxs

TYPE = f"Content-Type: {FORM}"
LIMITED = "TempRedirectBodyLimit 4096\n"
CGI = """
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
"""
WARNING = r"tempredirect:warn\].* (TR\d+): rule (\w+):"

# --- mod_security2 ----------------------------------------------------------------------

SECURITY = LIMITED + CGI + """
SecRuleEngine On
SecRequestBodyAccess On
SecAuditEngine Off
SecDataDir ${ROOT}
SecTmpDir ${ROOT}
SecRule REQUEST_BODY "@contains bad" "id:1,phase:2,deny,status:403"
"""
SECURITY_RULES = """
TempRedirect /cgi /moved form.event=push id=form
TempRedirect /cgi /moved !form.event=other id=negated
TempRedirect /cgi /moved/%{form.event} id=target
TempRedirect /cgi /moved json./event=push id=json
TempRedirect /cgi /moved !json./event=other id=jnegated
"""
# Reads so much of a body, and leaves the rest to whoever comes.
PARTIAL = """
SecRequestBodyLimit 100
SecRequestBodyLimitAction ProcessPartial
SecRequestBodyNoFilesLimit 1000000
"""
FORM_RULES = ["form", "negated", "target"]
JSON_RULES = ["json", "jnegated"]

needs_security = pytest.mark.skipif(
    not os.path.exists(f"{apxs('LIBEXECDIR')}/mod_security2.so"),
    reason="mod_security2 is not installed")


@pytest.fixture
def security(server):
    """One process, so that what is said once in each is said once."""
    def start(more=SECURITY_RULES, **options):
        httpd = server(SECURITY + more, modules=["unique_id", "security2", "cgi"],
                       files={"cgi/sum": SUM}, **options)
        httpd.allow_log("TR0034|ModSecurity")
        return httpd
    return start


def ways(httpd):
    return HTTP1 + ([Http2(), Http2("--no-content-length")] if httpd.http2 else [])


def ask(httpd, way, body, *fields):
    with Wire(httpd) as connection:
        return way.send(connection, "/cgi/sum", body, *fields)


@needs_security
@pytest.mark.parametrize("kind, body, rules", [
    (FORM, b"event=push", FORM_RULES),
    (JSON, b'{"event":"push"}', JSON_RULES)], ids=["form", "json"])
def test_no_rule_judges_a_body_that_mod_security_has_read(kind, body, rules, security):
    httpd = security(http2=True)
    for way in ways(httpd):
        lines = Lines(httpd)
        answer = ask(httpd, way, body, f"Content-Type: {kind}")
        assert heard(answer.body) == told(body), way
        assert [line for line in lines.all() if line[0] != "TR0030"] == [
            ("TR0034", rule) for rule in rules], way
    said = re.findall(WARNING, httpd.error_log())
    assert sorted(said) == sorted(("TR0034", rule) for rule in rules)


@needs_security
def test_mod_security_denies_what_rules_do_not_see(mpm, security):
    httpd = security(mpm=mpm)
    for way in HTTP1:
        assert ask(httpd, way, b"event=push&bad", TYPE).status == 403


@needs_security
@pytest.mark.parametrize("size", [100, 3000, LIMIT, 10_000])
def test_a_body_that_mod_security_has_read_in_part_arrives(size, security):
    httpd = security(f"{PARTIAL}TempRedirect / /moved form.event=push", http2=True)
    httpd.allow_log("TR0032")
    body = form(size)
    for way in ways(httpd):
        assert heard(ask(httpd, way, body, TYPE).body) == told(body), way
    with Wire(httpd) as connection:
        connection.send(head("/cgi/sum", TYPE, f"Content-Length: {size}"), body[:90])
        for byte in body[90:]:
            connection.send(bytes([byte]))
        assert heard(connection.read().body) == told(body)


@needs_security
def test_no_rule_judges_the_rest_of_a_body_that_mod_security_has_read_in_part(security):
    httpd = security(PARTIAL + SECURITY_RULES)
    body = b"a=b&" * 2500 + b"event=push"
    assert ask(httpd, Http1(chunked=True), body, TYPE).status == 200


# --- mod_request, mod_auth_form ---------------------------------------------------------

KEPT = CGI + """
<Location /cgi>
    KeptBodySize 30000
</Location>
<Location /cgi/login>
    AuthType form
    AuthName login
    AuthFormProvider file
    AuthUserFile ${ROOT}/users
    Session On
    SessionCookieName session path=/
    Require valid-user
</Location>
"""
KEPT_RULES = LIMITED + """
TempRedirect /cgi /moved form.event=push id=form
TempRedirect /cgi /moved !form.event=other id=negated
"""
KEPT_MODULES = ["cgi", "request", "auth_form", "authn_core", "authn_file", "authz_user",
                "session", "session_cookie"]


@pytest.fixture
def kept(server):
    """With the module, and without it."""
    servers = [server(KEPT + rules, module=bool(rules), modules=KEPT_MODULES,
                      files={"cgi/sum": SUM, "cgi/login": SUM}) for rules in (KEPT_RULES, "")]
    for httpd in servers:
        (httpd.root / "users").write_text("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    servers[0].allow_log("TR0032|TR0034")
    return servers


def test_a_body_that_is_kept_arrives(kept):
    """mod_request keeps it as the handler reads it: behind the look."""
    httpd, _ = kept
    for size in [1, LIMIT + 1, 20_000]:
        body = b"event=other&" + form(size)
        for way in HTTP1:
            assert heard(ask(httpd, way, body, TYPE).body) == told(body), f"{way}, {size}"
    assert ask(httpd, Http1(), b"event=push", TYPE).status == 307


def test_no_rule_judges_a_body_that_a_login_has_read(kept):
    login = b"httpd_username=ann&httpd_password=secret&event=push"
    answers = []
    for httpd in kept:
        for way in HTTP1:
            with Wire(httpd) as connection:
                answer = way.send(connection, "/cgi/login", login, TYPE)
                answers.append((answer.status, answer.body))
    assert answers[0][0] == 200 and len(set(answers)) == 1
    said = re.findall(WARNING, kept[0].error_log())
    assert sorted(said) == [("TR0034", "form"), ("TR0034", "negated")]


# --- mod_lua -----------------------------------------------------------------------------

def test_no_rule_judges_a_body_that_lua_has_read(server):
    httpd = server("""
        TempRedirect / /moved !form.x
        LuaHookAccessChecker ${HTDOCS}/read.lua read
        """, modules=["lua"], files={"f": "here\n", "read.lua":
            "function read(r)\n r:parsebody()\n return apache2.DECLINED\nend\n"})
    httpd.expect_log("TR0034")
    for way in HTTP1[:2]:
        for body in [b"x=1", b"y=1"]:
            with Wire(httpd) as connection:
                assert way.send(connection, "/f", body, TYPE).status == 200


# --- mod_ssl ----------------------------------------------------------------------------

RENEGOTIATED = LIMITED + CGI + """
SSLProtocol TLSv1.2
<Location /cgi>
    SSLVerifyClient optional_no_ca
</Location>
TempRedirect /cgi /moved form.event=push id=form
"""


@pytest.mark.parametrize("words", [[], ["-H", "Transfer-Encoding: chunked"]],
                         ids=["length", "chunked"])
def test_a_body_that_mod_ssl_keeps_for_a_renegotiation_arrives(words, server, tmp_path):
    httpd = server(RENEGOTIATED, tls=True, modules=["cgi"], files={"cgi/sum": SUM})
    httpd.allow_log("TR0032")

    def curl(body):
        (tmp_path / "body").write_bytes(body)
        return subprocess.run(
            ["curl", "-qsk", "--http1.1", *words, "--cert", httpd.root / "cert.pem", "--key",
             httpd.root / "key.pem", "-H", TYPE, "--data-binary", f"@{tmp_path / 'body'}",
             "-w", "%{redirect_url}", httpd.url("/cgi/sum", tls=True)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30).stdout
    for size in [1, LIMIT, LIMIT + 1, 100_000]:
        lines = Lines(httpd)
        assert heard(curl(form(size))) == told(form(size)), size
        assert lines.count("TR0032" if size > LIMIT else "TR0023", "form") == 1
    assert curl(b"event=push").endswith(b"/moved/sum")


# --- httpd ------------------------------------------------------------------------------

@pytest.mark.parametrize("rule", ["", "TempRedirect / /moved form.event=push"])
def test_our_filter_by_its_name_does_nothing(rule, mpm, server):
    """Who may write .htaccess files can name any filter."""
    httpd = server(CGI + rule, mpm=mpm, modules=["cgi"],
                   files={"cgi/sum": SUM, "cgi/.htaccess": "SetInputFilter TEMPREDIRECT_REPLAY"})
    for way in HTTP1:
        for body in [b"", b"a=b", form(20_000)]:
            assert heard(ask(httpd, way, body, TYPE).body) == told(body), way


def test_a_body_of_head_is_looked_into_as_any_other(server):
    """httpd reads it, and shows it to no handler."""
    httpd = server("TempRedirect / /with form.a=1 tail=drop\nTempRedirect / /without !form.a")
    for body, location in [(b"a=1", "/with"), (b"b=1", "/without")]:
        for way in HTTP1[:2]:
            with Wire(httpd) as connection:
                framing, blocks = way.framed(body)
                connection.send(head("/", TYPE, framing, method="HEAD"), b"".join(blocks))
                assert connection.read("HEAD").headers.get("Location") == location, way


def test_an_empty_body_that_was_held_back_and_came_keeps_the_connection(server):
    httpd = server("TempRedirect /f /moved form.x", files={"f": "here\n"})
    with Wire(httpd) as connection:
        for _ in range(2):
            connection.send(head("/f", TYPE, "Transfer-Encoding: chunked",
                                 "Expect: 100-continue"), b"0\r\n\r\n")
            answer = connection.read()
            answer = connection.read() if answer.status == 100 else answer
            assert answer.status == 200


def test_a_dry_run_says_nothing_of_a_request_that_gets_its_error(server):
    httpd = server("TempRedirect / /a form.a=1\nTempRedirect / /b mode=dry")
    with Wire(httpd) as connection:
        connection.send(head("/", TYPE, "Transfer-Encoding: chunked"), b"no number\r\n")
        assert connection.read().status == 400
    httpd.wait_log("TR0035")
    assert "TR0022" not in httpd.error_log()
