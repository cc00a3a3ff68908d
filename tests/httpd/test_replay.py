"""A body that rules looked into reaches every kind of handler byte for byte.

Each test sends bodies of all sizes, in all ways, to one kind of handler. Two rules
look into them, one of the content type, and match nothing.
"""

import pytest

from bodies import (FORM, HTTP1, HTTP2, JSON, LIMIT, SIZES, SUM, FastCgi, Lines, Wire, form,
                    gzipped, heard, json_text, told)
from harness import MPMS

TARGETS = {
    "cgi": "/cgi/sum",
    "proxy": "/proxy/cgi/sum",
    "proxy-by-length": "/proxy-by-length/cgi/sum",
    "fcgi": "/fcgi/x",
    "handler": "/handler/x",
    "action": "/action/x",
    "rewrite": "/rewrite/x",
    "index": "/index/",
    "negotiated": "/negotiated/sum",
    "buffer": "/buffer/sum",
}

CONFIG = """
TypesConfig /dev/null
TempRedirectBodyLimit 4096
<Directory ${HTDOCS}/cgi>
    Options +ExecCGI
    SetHandler cgi-script
</Directory>
ProxyPass /proxy http://127.0.0.1:%(backend)d
ProxyPass /proxy-by-length http://127.0.0.1:%(backend)d
<Location /proxy-by-length>
    SetEnv proxy-sendcl 1
</Location>
ProxyPass /fcgi fcgi://127.0.0.1:%(fcgi)d/
<Location /handler>
    SetHandler "proxy:fcgi://127.0.0.1:%(fcgi)d/"
</Location>
<Location /dav>
    Dav On
</Location>
DavLockDB ${ROOT}/locks/db
Action sum /cgi/sum virtual
<Location /action>
    SetHandler sum
</Location>
<Directory ${HTDOCS}/rewrite>
    RewriteEngine On
    RewriteRule ^ /cgi/sum [L]
</Directory>
<Directory ${HTDOCS}/index>
    DirectoryIndex /cgi/sum
</Directory>
<Directory ${HTDOCS}/negotiated>
    Options +ExecCGI +MultiViews
    MultiviewsMatch Handlers
    AddHandler cgi-script .cgi
</Directory>
Alias /buffer ${HTDOCS}/cgi
<Location /buffer>
    SetInputFilter BUFFER
</Location>
Alias /inflated-late ${HTDOCS}/cgi
Alias /inflated ${HTDOCS}/cgi
<LocationMatch ^/inflated>
    SetInputFilter DEFLATE
</LocationMatch>
<Location /inflated-late>
    RequestHeader set Content-Encoding gzip
</Location>
"""
BODIES = {"form": form, "json": json_text}
TYPES = {"form": FORM, "json": JSON}
MODULES = ["cgi", "proxy", "proxy_http", "proxy_fcgi", "env", "dav", "dav_fs", "actions",
           "rewrite", "dir", "alias", "buffer", "deflate", "headers", "filter",
           "mime", "negotiation"]
RULES = """
TempRedirect /%(name)s /moved form.event=push id=%(name)s-form
TempRedirect /%(name)s /moved json./0/type=push id=%(name)s-json
"""


@pytest.fixture(scope="module")
def backend(module_server):
    return module_server("""
        <Directory ${HTDOCS}/cgi>
            Options +ExecCGI
            SetHandler cgi-script
        </Directory>
        """, modules=["cgi"], module=False, files={"cgi/sum": SUM})


@pytest.fixture(scope="module")
def fcgi():
    responder = FastCgi()
    yield responder
    responder.close()


@pytest.fixture(scope="module", params=MPMS)
def front(request, module_server, backend, fcgi):
    """A server with a place for every kind of handler, and two rules for each."""
    names = [*TARGETS, "dav", "inflated", "inflated-late"]
    config = CONFIG % {"backend": backend.port, "fcgi": fcgi.port}
    httpd = module_server(
        config + "".join(RULES % {"name": name} for name in names), mpm=request.param,
        modules=MODULES, http2=request.param != "prefork", tls=True,
        files={"cgi/sum": SUM, "negotiated/sum.cgi": SUM, "rewrite/x": "", "index/x": "",
               "dav/y": ""})
    (httpd.root / "locks").mkdir()
    for folder in (httpd.root / "locks", httpd.htdocs / "dav"):
        folder.chmod(0o777)  # for children of root, who are nobody
    httpd.allow_log("TR0032")  # once for each rule
    return httpd


def cases(front, sizes):
    """(way, kind, size): each way with each size, with one kind of body or the other.

    On event it is the other kind than on worker.
    """
    ways = HTTP1 + (HTTP2 if front.http2 else [])
    turn = MPMS.index(front.mpm)
    for row, way in enumerate(ways):
        for column, size in enumerate(sizes):
            yield way, ["form", "json"][(row + column + turn) % 2], size


class Trial:
    """Sends bodies to one server, and sees what the module logs about each."""

    def __init__(self, front, name):
        self.front, self.name = front, name
        self.connection = Wire(front)

    def send(self, way, path, kind, body, *fields, method="POST", line=None):
        """One request; its rule must log that line, by default that it looked, once."""
        lines = Lines(self.front)
        fields = [f"Content-Type: {TYPES[kind]}", *fields]
        answer = way.send(self.connection, path, body, *fields, method=method)
        line = line or ("TR0032" if len(body) > LIMIT else "TR0023")
        if body:
            assert lines.count(line, f"{self.name}-{kind}") == 1, f"{way}, {len(body)}"
        return answer


@pytest.mark.parametrize("name", TARGETS)
def test_every_body_arrives_as_it_was_sent(name, front):
    trial = Trial(front, name)
    for way, kind, size in cases(front, SIZES):
        body = BODIES[kind](size)
        answer = trial.send(way, TARGETS[name], kind, body)
        assert heard(answer.body) == told(body), f"{way}, {kind}, {size}"


def test_every_body_is_put_as_it_was_sent(front):
    trial, file = Trial(front, "dav"), front.htdocs / "dav" / "x"
    for way, kind, size in cases(front, SIZES):
        body = BODIES[kind](size)
        file.unlink(missing_ok=True)
        trial.send(way, "/dav/x", kind, body, method="PUT")
        assert file.read_bytes() == body, f"{way}, {kind}, {size}"


PACKED_SIZES = [30, *SIZES[2:]]


def test_every_body_is_inflated_behind_the_look(front):
    """The module sees no Content-Encoding, which comes later, and looks into gzip."""
    trial = Trial(front, "inflated-late")
    for way, _, size in cases(front, PACKED_SIZES):
        text, packed = gzipped(size)
        answer = trial.send(way, "/inflated-late/sum", "form", packed)
        assert heard(answer.body) == told(text), f"{way}, {size}"


def test_every_body_with_a_content_encoding_is_inflated(front):
    trial = Trial(front, "inflated")
    for way, kind, size in cases(front, PACKED_SIZES):
        text, packed = gzipped(size)
        answer = trial.send(way, "/inflated/sum", kind, packed, "Content-Encoding: gzip",
                            line="TR0031")
        assert heard(answer.body) == told(text), f"{way}, {kind}, {size}"


# --- limits -----------------------------------------------------------------------------

LIMITS = [1, 8191, 8192, 8193, 20_000, 65_536]


@pytest.fixture(scope="module")
def limits(module_server):
    """A place for each TempRedirectBodyLimit; "/" has the default one, 64K."""
    places = "".join(f"Alias /{limit}/ ${{HTDOCS}}/cgi/\n<Location /{limit}>\n"
                     f"TempRedirectBodyLimit {limit}\n</Location>\n" for limit in LIMITS[:-1])
    httpd = module_server(
        f"""
        <Directory ${{HTDOCS}}/cgi>
            Options +ExecCGI
            SetHandler cgi-script
        </Directory>
        Alias /65536/ ${{HTDOCS}}/cgi/
        {places}
        TempRedirect / /moved form.e=x tail=drop id=form
        """, modules=["alias", "cgi"], http2=True, files={"cgi/sum": SUM})
    httpd.allow_log("TR0032")
    return httpd


@pytest.mark.parametrize("limit", LIMITS)
def test_a_body_is_looked_into_up_to_its_limit_and_arrives(limit, limits):
    """Reading begins with 8 KB where the length is not known, and doubles that."""
    sizes = {limit - 1, limit, limit + 1, 8191, 8192, 8193, 16_384, 16_385} - {0}
    with Wire(limits) as connection:
        for way in [HTTP1[0], HTTP1[1], HTTP2[1]]:
            for size in sorted(sizes):
                lines = Lines(limits)
                answer = way.send(connection, f"/{limit}/sum", form(size), f"Content-Type: {FORM}")
                assert heard(answer.body) == told(form(size)), f"{way}, {size}"
                assert lines.all() == [("TR0032" if size > limit else "TR0023", "form")]


@pytest.mark.parametrize("limit", LIMITS[1:])
def test_a_match_at_the_very_end_of_a_body_counts(limit, limits):
    for way in HTTP1:
        for size, status in [(limit - 1, 307), (limit, 307), (limit + 1, 200)]:
            body = b"a=" + b"b" * (size - 6) + b"&e=x"
            with Wire(limits) as connection:
                answer = way.send(connection, f"/{limit}/sum", body, f"Content-Type: {FORM}")
                assert answer.status == status, f"{way}, {size}"
