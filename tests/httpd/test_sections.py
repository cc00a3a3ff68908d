"""Sections of the configuration: where rules may stand, and which of them come first."""

import re

import pytest


def locations(httpd, paths, headers=()):
    return {path: httpd.get(path, headers).location for path in paths}


# --- every section, in the order of its merging ---------------------------------------

# The rule of the layer with number n is for the paths /d/n.html to /d/99.html and
# sends them to a host of that number: each path gets the last layer that is for it.
SECTIONS = [
    ("server", "{rule}"),
    ("vhost", "{rule}"),
    ("server", "<Directory ${{HTDOCS}}>\n{rule}\n</Directory>"),
    ("vhost", "<Directory ${{HTDOCS}}>\n{rule}\n</Directory>"),
    ("server", "<Directory ${{HTDOCS}}/d>\n{rule}\n</Directory>"),
    ("htaccess", "{rule}"),
    ("server", '<DirectoryMatch "/d/">\n{rule}\n</DirectoryMatch>'),
    ("vhost", '<Directory ~ "/d/">\n{rule}\n</Directory>'),
    ("server", "<Files *.html>\n{rule}\n</Files>"),
    ("server", '<FilesMatch "html$">\n{rule}\n</FilesMatch>'),
    ("vhost", "<Files *.html>\n{rule}\n</Files>"),
    ("server", "<Location /d>\n{rule}\n</Location>"),
    ("server", '<LocationMatch "^/d/">\n{rule}\n</LocationMatch>'),
    ("vhost", "<Location />\n{rule}\n</Location>"),
    ("vhost", '<Location ~ "/d/">\n{rule}\n</Location>'),
    ("server", '<If "true">\n{rule}\n</If>'),
    ("vhost", '<If "%{{REQUEST_URI}} =~ m#^/d/#">\n{rule}\n</If>'),
]


def layered():
    """The configuration of SECTIONS, and what .htaccess holds."""
    places = {"server": [], "vhost": [], "htaccess": []}
    for n, (place, section) in enumerate(SECTIONS):
        later = "|".join(str(m) for m in range(n, len(SECTIONS)))
        rule = rf"TempRedirectMatch ^/d/({later})\.html$ https://layer{n}.example/"
        places[place].append(section.format(rule=rule))
    vhost = ["<VirtualHost *:${PORT}>", *places["vhost"], "</VirtualHost>"]
    return "\n".join(places["server"] + vhost), "\n".join(places["htaccess"])


def test_the_section_that_is_merged_last_comes_first(server, mpm):
    config, htaccess = layered()
    names = [f"d/{n}.html" for n in range(len(SECTIONS))]
    httpd = server(config, mpm=mpm,
                   files={"d/.htaccess": htaccess, **dict.fromkeys(names, "here\n")})
    expected = {f"/{name}": f"https://layer{n}.example/" for n, name in enumerate(names)}
    assert locations(httpd, expected) == expected
    assert httpd.get("/d/99.html").location is None


def test_sections_are_left_alone_by_requests_outside(server):
    httpd = server("""
        <Directory ${HTDOCS}/a>
            TempRedirect https://directory.example/
        </Directory>
        <Files "x.txt">
            TempRedirect https://files.example/
        </Files>
        <Location /loc>
            TempRedirect https://location.example/
        </Location>
        <If "%{QUERY_STRING} == 'on'">
            TempRedirect https://if.example/ args=drop
        </If>
        """, files={"a/f": "", "b/x.txt": "", "b/y.txt": ""})
    expected = {
        "/a/f": "https://directory.example/",
        "/b/x.txt": "https://files.example/",
        "/b/y.txt": None,
        "/b/y.txt?on": "https://if.example/",
        "/loc": "https://location.example/",
        "/loc/x": "https://location.example/x",
        "/local": None,
    }
    assert locations(httpd, expected) == expected


def test_within_a_section_the_order_written_holds_over_many_blocks_of_it(server):
    httpd = server("""
        TempRedirect /x /first
        <Location /y>
            TempRedirect /y /location-first
        </Location>
        TempRedirect /x /second
        <Location /y>
            TempRedirect /y /location-second
            TempRedirect /y /location-third
        </Location>
        """)
    # Two sections are two, though they look alike: the later one comes first.
    expected = {"/x": "/first", "/y": "/location-second"}
    assert locations(httpd, expected) == expected


# --- the URL-path of a Location ---------------------------------------------------------

def test_a_literal_location_gives_its_path_to_a_rule_without_one(server):
    httpd = server("""
        <Location /loc>
            TempRedirect /to
        </Location>
        <Location "/quo ted/">
            TempRedirect /to
        </Location>
        <Location /if>
            <If "%{QUERY_STRING} == 'on'">
                TempRedirect /to
            </If>
            <ElseIf "%{QUERY_STRING} == 'maybe'">
                TempRedirect /maybe
            </ElseIf>
            <Else>
                TempRedirect /else
            </Else>
        </Location>
        <Location /module>
            <IfModule core.c>
                TempRedirect /to match=exact
            </IfModule>
        </Location>
        <Location /included>
            Include ${HTDOCS}/rule.inc
        </Location>
        <Location /own>
            TempRedirect /own/path /to
        </Location>
        <Location /foreign>
            TempRedirect /elsewhere /to
        </Location>
        <LocationMatch ^/match/>
            TempRedirect /to
        </LocationMatch>
        <Location ~ ^/tilde/>
            TempRedirect /to
        </Location>
        <Location /wild/*>
            TempRedirect /to
        </Location>
        <Files any>
            TempRedirect /to
        </Files>
        <Location /case>
            TempRedirect /to case=ignore
        </Location>
        """, files={"rule.inc": "TempRedirect /to\n", "any": ""})
    expected = {
        "/loc": "/to",
        "/loc/x": "/to/x",
        "/location": None,
        "/quo%20ted/x%20y": "/to/x%20y",
        "/if/x?on": "/to/x?on",
        "/if/x?maybe": "/maybe/x?maybe",
        "/if/x": "/else/x",
        "/module": "/to",
        "/module/x": None,
        "/included/x": "/to/x",
        "/own/path/x": "/to/x",
        "/own/x": None,
        "/foreign/x": None,
        "/elsewhere": None,
        "/match/x": "/to",
        "/tilde/x": "/to",
        "/wild/x": "/to",
        "/any": "/to",
        "/case/X": "/to/X",
    }
    httpd.expect_log("TR0001: .*/elsewhere: is not below the Location '/foreign'")
    assert locations(httpd, expected) == expected


def test_a_url_path_counts_from_the_root_in_every_section(server):
    rule = "TempRedirect /d/f /to\nTempRedirect /f /never"
    httpd = server(f"<Directory ${{HTDOCS}}/e>\nTempRedirect /e/f /to\n</Directory>",
                   files={"d/.htaccess": rule, "d/f": "", "e/f": ""})
    expected = {"/d/f": "/to", "/e/f": "/to", "/f": None}
    assert locations(httpd, expected) == expected


# --- Engine, Inherit, AllowHosts ------------------------------------------------------

def test_the_engine_is_switched_by_the_section_merged_last(server):
    httpd = server("""
        TempRedirect / https://server.example
        <Location /off>
            TempRedirectEngine Off
        </Location>
        <Location /off/on>
            TempRedirectEngine on
        </Location>
        <If "%{QUERY_STRING} == 'off'">
            TempRedirectEngine OFF
        </If>
        """, files={"ht/.htaccess": "TempRedirectEngine Off\n", "ht/x": ""})
    expected = {
        "/x": "https://server.example/x",
        "/x?off": None,
        "/off/x": None,
        "/off/on/x": "https://server.example/off/on/x",
        "/ht/x": None,
        "/htx": "https://server.example/htx",
    }
    assert locations(httpd, expected) == expected


def test_dry_run_is_a_third_state_of_the_engine_and_merged_as_the_others(server):
    httpd = server("""
        TempRedirectEngine DryRun
        TempRedirect / https://server.example
        <Location /on>
            TempRedirectEngine On
        </Location>
        <Location /on/off>
            TempRedirectEngine Off
        </Location>
        <Location /on/off/dry>
            TempRedirectEngine DryRun
        </Location>
        <Location /rules>
            TempRedirect /rules https://location.example
        </Location>
        <If "%{QUERY_STRING} == 'on'">
            TempRedirectEngine On
        </If>
        """, files={"ht/.htaccess": "TempRedirectEngine On\nTempRedirect /ht https://ht.example",
                    "ht/x": ""})
    expected = {
        "/x": None,
        "/x?on": "https://server.example/x?on",
        "/on/x": "https://server.example/on/x",
        "/on/off/x": None,
        "/on/off/dry/x": None,
        "/rules/x": None,
        "/rules/x?on": "https://location.example/x?on",
        "/ht/x": "https://ht.example/x",
    }
    assert locations(httpd, expected) == expected
    told = re.findall(r"TR0022: .* to (\S+)", httpd.error_log())
    assert told == ["https://server.example/x", "https://server.example/on/off/dry/x",
                    "https://location.example/x"]


def test_conditions_stand_beside_rules_of_other_sections(server):
    """A rule whose conditions do not hold leaves the request to the section before."""
    httpd = server("""
        TempRedirect /a https://server.example
        <VirtualHost *:${PORT}>
            TempRedirect /a https://vhost.example header.X-V
        </VirtualHost>
        <Directory ${HTDOCS}>
            TempRedirect /a https://directory.example header.X-D
            TempRedirect /a ! header.X-Stay
        </Directory>
        <Location /a>
            TempRedirect https://location.example "expr=-n %{HTTP:X-L}"
        </Location>
        """, files={".htaccess": "TempRedirect /a https://ht.example header.X-H", "a": ""})

    def location(*names):
        return httpd.get("/a", [(name, "1") for name in names]).location

    assert location() == "https://server.example/"
    assert location("X-V") == "https://vhost.example/"
    assert location("X-V", "X-D") == "https://directory.example/"
    assert location("X-V", "X-Stay") is None
    assert location("X-D", "X-Stay") == "https://directory.example/"
    assert location("X-D", "X-Stay", "X-H") == "https://ht.example/"
    assert location("X-D", "X-Stay", "X-H", "X-L") == "https://location.example/"


def test_a_virtual_host_has_the_engine_and_rules_of_its_own(server):
    httpd = server("""
        TempRedirectEngine Off
        TempRedirect /s https://server.example/
        <VirtualHost *:${PORT}>
            TempRedirectEngine On
            TempRedirect /v https://vhost.example/
        </VirtualHost>
        <VirtualHost *:${PORT2}>
            TempRedirect /v https://other.example/
        </VirtualHost>
        """)
    assert locations(httpd, ["/s", "/v"]) == {
        "/s": "https://server.example/", "/v": "https://vhost.example/"}
    assert httpd.get("/v", port=httpd.port2).location is None


def test_inherit_off_stops_the_rules_of_all_sections_merged_before(server):
    httpd = server("""
        TempRedirect /d https://server.example
        TempRedirect /loc https://server.example
        TempRedirect /v https://server.example
        <VirtualHost *:${PORT}>
            TempRedirectInherit Off
            TempRedirect /d https://vhost.example
            TempRedirect /loc/x https://vhost.example
        </VirtualHost>
        <Directory ${HTDOCS}/d>
            TempRedirectInherit Off
            TempRedirect /d/x https://directory.example
        </Directory>
        <Directory ${HTDOCS}/d/on>
            TempRedirectInherit On
            TempRedirect /d/on/x https://on.example
        </Directory>
        <Location /loc>
            TempRedirectInherit off
        </Location>
        <Location /d/loc>
            TempRedirect /d/loc/x https://location.example
        </Location>
        """, files={"d/x": "", "d/y": "", "d/on/x": "", "d/on/y": "", "d/loc/x": "",
                    "d/ht/.htaccess": "TempRedirectInherit Off\n", "d/ht/x": ""})
    expected = {
        "/v": None,
        "/loc/x": None,
        "/d/x": "https://directory.example/",
        "/d/y": None,
        "/d/on/x": "https://on.example/",
        "/d/on/y": None,
        "/d/x/on": "https://directory.example/on",
        "/d/ht/x": None,
        "/d/loc/x": "https://location.example/",
        "/de": None,
        "/d": None,
    }
    assert locations(httpd, expected) == expected
    assert httpd.get("/v", port=httpd.port2).location == "https://server.example/"


def test_an_inherited_rule_is_asked_where_no_own_one_holds(server):
    httpd = server("""
        TempRedirect / https://server.example
        <Location /a>
            TempRedirect /a/x https://location.example
            TempRedirect /a/stay !
        </Location>
        """)
    expected = {
        "/a/x": "https://location.example/",
        "/a/y": "https://server.example/a/y",
        "/a/stay": None,
    }
    assert locations(httpd, expected) == expected


def test_allowed_hosts_replace_those_of_the_sections_before(server):
    rule = "TempRedirect /to https://%{header.X-Host}/"
    httpd = server(f"""
        TempRedirectAllowHosts server.example
        {rule}
        <Location /to/location>
            TempRedirectAllowHosts location.example
        </Location>
        <VirtualHost *:${{PORT2}}>
            TempRedirectAllowHosts vhost.example
        </VirtualHost>
        """)
    httpd.expect_log("TR0012")

    def allowed(path, port):
        hosts = ["server.example", "location.example", "vhost.example"]
        return [host for host in hosts
                if httpd.get(path, {"X-Host": host}, port=port).location]

    assert allowed("/to", httpd.port) == ["server.example"]
    assert allowed("/to/location", httpd.port) == ["location.example"]
    assert allowed("/to", httpd.port2) == ["vhost.example"]


# --- sizes ------------------------------------------------------------------------------

MANY = 10000


def many(path):
    lines = [f"TempRedirect {path}/{n} https://new.example.com/{n}" for n in range(MANY)]
    lines[MANY // 2:MANY // 2] = [
        rf"TempRedirectMatch ^{path}/(\d+)/re$ https://re.example.com/$1",
        f"TempRedirect {path}/stays !"]
    return "\n".join([*lines, f"TempRedirect {path} https://last.example.com"])


@pytest.mark.parametrize("section", [
    "{}", "<Location /many>\n{}\n</Location>", "<Directory ${{HTDOCS}}>\n{}\n</Directory>"],
    ids=["server", "Location", "Directory"])
def test_ten_thousand_rules_are_asked_in_their_order(server, section):
    httpd = server(section.format(many("/many")))
    expected = {
        "/many/0": "https://new.example.com/0",
        "/many/4999/x": "https://new.example.com/4999/x",
        "/many/4999/re": "https://new.example.com/4999/re",
        "/many/9999/re": "https://re.example.com/9999",
        "/many/9999/rest": "https://new.example.com/9999/rest",
        "/many/10000": "https://last.example.com/10000",
        "/many/10000/re": "https://re.example.com/10000",
        "/many/stays": None,
        "/many/stays/0": None,
        "/many": "https://last.example.com/",
        "/other": None,
    }
    assert locations(httpd, expected) == expected


# --- restarts -----------------------------------------------------------------------------

def test_a_graceful_restart_changes_the_rules(server, mpm):
    httpd = server("TempRedirect /a /old\nTempRedirect /b /gone\n"
                   "<Location /l>\nTempRedirect /old\n</Location>", mpm=mpm)
    assert locations(httpd, ["/a", "/b", "/l"]) == {"/a": "/old", "/b": "/gone", "/l": "/old"}
    for n in range(3):
        httpd.graceful(f"TempRedirect /a /new{n}\n"
                       f"<Location /l>\nTempRedirect /l{n}\n</Location>")
        expected = {"/a": f"/new{n}", "/b": None, "/l": f"/l{n}"}
        assert locations(httpd, expected) == expected
    httpd.graceful("")
    assert httpd.get("/a").location is None


def test_the_names_of_the_server_follow_a_graceful_restart(server):
    httpd = server("ServerName one.example\nTempRedirect https:")
    httpd.expect_log("TR0011")
    one, two = {"Host": "one.example"}, {"Host": "two.example"}
    assert httpd.get("/x", one).location == "https://one.example/x"
    assert httpd.get("/x", two).location is None
    httpd.graceful("ServerName two.example\nTempRedirect https:")
    assert httpd.get("/x", one).location is None
    assert httpd.get("/x", two).location == "https://two.example/x"


def test_what_an_included_file_says_holds_in_every_virtual_host(server):
    include = "Include ${HTDOCS}/common.inc"
    httpd = server(f"""
        <VirtualHost *:${{PORT}}>
            {include}
        </VirtualHost>
        <VirtualHost *:${{PORT2}}>
            {include}
            TempRedirect /a /never
        </VirtualHost>
        """, files={"common.inc": "\nTempRedirect /a https://new.example.com/\n"})
    for port in (httpd.port, httpd.port2):
        assert httpd.get("/a/x", port=port).location == "https://new.example.com/x"
    assert {entry.id for entry in httpd.access_log(1)} == {"htdocs/common.inc:2"}
    assert re.search(r"rule \S+common\.inc:2: 307 to https", httpd.error_log())
