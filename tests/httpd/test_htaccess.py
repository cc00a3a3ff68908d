"""Rules in .htaccess: who may write them, what they see, what happens to wrong ones."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import check_htaccess


def locations(httpd, paths, headers=()):
    return {path: httpd.get(path, headers).location for path in paths}


def test_rules_of_deeper_folders_come_first(server, mpm):
    httpd = server("TempRedirect / https://server.example", mpm=mpm, files={
        ".htaccess": "TempRedirect /a https://root.example\n",
        "a/b/.htaccess": "TempRedirectMatch ^/a/b/(?<n>\\d+)(.*)$ /n/%{group.n}$2\n"
                         "TempRedirect /a/b/stay !\n"
                         "TempRedirect /a/b/c https://deep.example\n"
                         "TempRedirect /a/b/file https://file.example match=exact\n",
        "a/b/file": "", "a/b/stay": "", "a/b/7": "", "a/f": ""})
    expected = {
        "/a/b/7/x?q": "/n/7/x?q",
        "/a/b/stay": None,
        "/a/b/c/d": "https://deep.example/d",
        "/a/b/file": "https://file.example/",
        "/a/b/other": "https://root.example/b/other",
        "/a/f": "https://root.example/f",
        "/other": "https://server.example/other",
    }
    assert locations(httpd, expected) == expected


def test_sections_within_htaccess_hold(server):
    httpd = server("", files={
        "d/.htaccess": """
            <Files "x*">
                TempRedirect /files
            </Files>
            <FilesMatch "^y">
                TempRedirect /filesmatch
            </FilesMatch>
            <If "%{QUERY_STRING} == 'on'">
                TempRedirect /d /if args=drop
            </If>
            <IfModule mod_tempredirect.c>
                TempRedirect /d/z /ifmodule
            </IfModule>
            """, "d/x1": "", "d/y1": "", "d/z": ""})
    expected = {
        "/d/x1": "/files",
        "/d/y1": "/filesmatch",
        "/d/z": "/ifmodule",
        "/d/z?on": "/if/z",
        "/d/none": None,
    }
    assert locations(httpd, expected) == expected


def test_a_changed_file_holds_from_the_next_request_on(server):
    httpd = server("", files={"f": ""})
    for n in range(3):
        httpd.write(".htaccess", f"TempRedirect /f /new{n}\n")
        assert httpd.get("/f").location == f"/new{n}"
    (httpd.htdocs / ".htaccess").unlink()
    assert httpd.get("/f").status == 200


def test_the_administrator_decides_whether_rules_are_read(server):
    httpd = server("""
        <Directory ${HTDOCS}/none>
            AllowOverride None
        </Directory>
        <Directory ${HTDOCS}/limit>
            AllowOverride Limit
        </Directory>
        <Directory ${HTDOCS}/list>
            AllowOverride None
            AllowOverrideList TempRedirect
        </Directory>
        """, files={f"{folder}/.htaccess": f"TempRedirect /{folder}/f /new\n"
                    for folder in ("none", "limit", "list")})
    httpd.expect_log("/limit/.htaccess: TempRedirect not allowed here")
    answers = {folder: httpd.get(f"/{folder}/f") for folder in ("none", "limit", "list")}
    assert {f: (a.status, a.location) for f, a in answers.items()} == {
        "none": (404, None), "limit": (500, None), "list": (307, "/new")}


def test_hosts_are_allowed_by_the_administrator_alone(server):
    rules = "TempRedirect /f https://%{header.X-Host}/\nTempRedirect /up https:\n"
    httpd = server("""
        <Directory ${HTDOCS}>
            TempRedirectAllowHosts *.example.com
        </Directory>
        """, files={".htaccess": rules})
    for host, location in (("a.example.com", "https://a.example.com/"),
                           ("evil.example", None)):
        assert httpd.get("/f", {"X-Host": host}).location == location
    assert httpd.get("/up", {"Host": "localhost"}).location == "https://localhost/up"
    # Each request would log it again; so nothing at warn.
    assert httpd.get("/up", {"Host": "evil.example"}).location is None
    assert "TR0011" in httpd.error_log()


WRONG = [
    ("TempRedirect /file.txt", None),  # a target alone is right
    ("TempRedirect /old /new statsu=303",
     "TempRedirect: statsu=303: unknown word; did you mean 'status'?"),
    ("TempRedirectMatch ^/(a /new",
     "TempRedirectMatch: ^/(a: missing closing parenthesis at offset 4"),
    ("TempRedirect /old https://user@new.example/",
     "TempRedirect: https://user@new.example/: user info in a target would be shown to "
     "every client; leave out what stands before '@'"),
    ("TempRedirect /old https://%{header.X-Host}/",
     "TempRedirect: https://%{header.X-Host}/: the client could choose the host; name the "
     "hosts that it may be with TempRedirectAllowHosts"),
    ("TempRedirectEngine Maybe",
     "TempRedirectEngine: Maybe: unknown value; write On, Off or DryRun"),
    ("TempRedirectEngine DryRun\nTempRedirectLanguages en de", None),
    ("TempRedirectLanguages en de_DE",
     "TempRedirectLanguages: de_DE: write '-' between subtags, not '_', as in 'de-DE'"),
    ("TempRedirect /a /b method=get",
     "TempRedirect: method=get: 'get': methods are compared with regard to case; write "
     "capital letters, as in 'POST'"),
    ("TempRedirect /a /b heeder.X",
     "TempRedirect: heeder.X: neither a target nor a word; a target is an absolute URL, a "
     "path beginning with '/', 'https:', 'http:', 'pool:NAME' or '!'"),
    ("TempRedirect /a /b !header.X=~(",
     "TempRedirect: !header.X=~(: missing closing parenthesis at offset 1"),
    ("TempRedirect /a /b client=10.0.0.1/8",
     "TempRedirect: client=10.0.0.1/8: '10.0.0.1/8': has bits set behind the prefix; write "
     "'10.0.0.0/8', or '10.0.0.1' alone"),
    ("TempRedirect /a /b phase=early",
     "TempRedirect: phase=early: stands in server, virtual host, <Location> and <If> only, "
     "as no other section is known before access control; write the rule there, or leave "
     "the word out"),
    ("TempRedirect /a /b mode=drye",
     "TempRedirect: mode=drye: unknown value; did you mean 'dry'?"),
    ("TempRedirect /a /b hours=Mo",
     "TempRedirect: hours=Mo: 'Mo' is no day; known are 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', "
     "'Sat', 'Sun'"),
    ("TempRedirect /a /b \"expr='x' ==\"",
     "TempRedirect: expr='x' ==: syntax error, unexpected $end"),
    ("TempRedirect /a /b \"!expr=file('/etc/hostname') != ''\"",
     "TempRedirect: !expr=file('/etc/hostname') != '': file not available in restricted "
     "context"),
    ("TempRedirect /a /b \"expr=filesize('/etc/hostname') -gt 1\"",
     "TempRedirect: expr=filesize('/etc/hostname') -gt 1: filesize not available in "
     "restricted context"),
    ("TempRedirect /old https://%{group.h}/ header.X=~(?<h>.*)",
     "TempRedirect: https://%{group.h}/: the client could choose the host; name the hosts "
     "that it may be with TempRedirectAllowHosts"),
    ("TempRedirectAllowHosts a.example", "TempRedirectAllowHosts not allowed here"),
    ("<Limit POST>\nTempRedirect /a /b\n</Limit>",
     "TempRedirect cannot occur within <Limit> or <LimitExcept> section"),
]


@pytest.mark.parametrize("text, said", WRONG, ids=[text for text, _ in WRONG])
def test_a_wrong_line_is_a_500_and_a_line_in_the_log(text, said):
    everything = "<Directory ${HTDOCS}>\nAllowOverride All\n</Directory>"
    if said and ": " in said:
        said += " (line 1)"
    status, message = check_htaccess(text, everything)
    assert (status, message) == (200 if said is None else 500, said)


def test_a_url_path_that_is_hardly_meant_is_no_warning_for_each_request(server):
    httpd = server("", files={".htaccess": "TempRedirect /a%20b /new\n", "f": ""})
    assert httpd.get("/f").status == 200
    line = httpd.wait_log("TR0001")
    assert "tempredirect:debug" in line
    assert "htdocs/.htaccess:1: TempRedirect: /a%20b: " in line


@pytest.mark.parametrize("words", [
    "method", "client", "until=2020-01-01T00:00Z", "status=308 hours=Mon-Sun"])
def test_what_is_hardly_meant_of_a_condition_is_no_warning_either(server, words):
    httpd = server("", files={".htaccess": f"\nTempRedirect /a /new {words}\n", "f": ""})
    assert httpd.get("/f").status == 200
    line = httpd.wait_log("TR0001")
    assert "tempredirect:debug" in line
    assert "htdocs/.htaccess:2: TempRedirect: " in line


def test_conditions_of_htaccess_are_compiled_for_each_request_anew(server, mpm):
    rules = ("TempRedirectLanguages en de\n"
             "TempRedirect /d/a /to/%{lang}/%{group.v} query.v=~^(?<v>\\d+)$ args=drop\n"
             "TempRedirect /d/a /expr \"expr=%{HTTP:X-N} =~ /^(.)$/ && $1 == 'x'\" tail=drop\n"
             "TempRedirect /d/a ! client=10.0.0.0/8\n"
             "TempRedirect /d/a /last args=drop")
    httpd = server("", mpm=mpm, files={"d/.htaccess": rules})

    def ask(n):
        path, headers, location = [
            (f"/d/a?v={n}", {"Accept-Language": "de"}, f"/to/de/{n}"),
            (f"/d/a?v=v{n}", {"X-N": "x"}, f"/expr?v=v{n}"),
            (f"/d/a?v=v{n}", {"X-N": "y"}, "/last")][n % 3]
        return httpd.get(path, headers).location == location

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(150)))


def test_many_clients_at_once_get_the_answers_of_their_own(server, mpm):
    rules = [rf"TempRedirectMatch ^/d/(\w*?)-{n}$ /new{n}/$1" for n in range(50)]
    httpd = server("TempRedirectMatch ^/d/(.*)-x$ /x/$1", mpm=mpm,
                   files={"d/.htaccess": "\n".join(rules)})

    def ask(n):
        path, location = ((f"/d/{n}-x", f"/x/{n}") if n % 7 == 0 else
                          (f"/d/{n}-{n % 50}", f"/new{n % 50}/{n}"))
        return httpd.get(path).location == location

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
