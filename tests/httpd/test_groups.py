"""Named groups of conditions in targets, and regexes that take too long."""

import time

import pytest


# The value of query.v, decoded, and the Location that the rule at the path makes of it.
GROUPS = [
    ("TempRedirect {} /to/%{{group.v}} query.v=~(?s)^(?<v>.*)$ tail=drop args=drop", {
        "a": "/to/a", "a/b": "/to/a%2Fb", "..": None, ".": None, "...": "/to/...",
        "../x": "/to/..%2Fx", "%2e%2e": "/to/%252e%252e", "a?b#c": "/to/a%3Fb%23c",
        "\r\nSet-Cookie: x=1": "/to/%0D%0ASet-Cookie:%20x=1", "\0": "/to/%00",
        "ü": "/to/%C3%BC", "\\": "/to/%5C", '"<>': "/to/%22%3C%3E", "": None,
        "\x7f\t": "/to/%7F%09", "//evil.example": "/to/%2F%2Fevil.example"}),
    ("TempRedirect {} /%{{group.v}} query.v=~(?<v>.*) tail=drop args=drop", {
        "a": "/a", "/evil.example": "/%2Fevil.example", "\\evil.example": "/%5Cevil.example",
        "..": None, "": None}),
    ("TempRedirect {} https://new.example.com/%{{group.v}}/x query.v=~(?<v>.*) tail=drop "
     "args=drop", {
         "a": "https://new.example.com/a/x", "..": None,
         "@evil.example": "https://new.example.com/@evil.example/x"}),
    ("TempRedirect {} https://new.example.com%{{group.v}} query.v=~(?<v>.*) tail=drop "
     "args=drop", {
         "a": "https://new.example.com/a", ".evil.example": "https://new.example.com/.evil.example",
         ":80": "https://new.example.com/:80", "@evil": "https://new.example.com/@evil"}),
    ("TempRedirect {} /to?w=%{{group.v}}&x=1 query.v=~(?s)(?<v>.*) tail=drop", {
        "a&b=c": "/to?w=a%26b%3Dc&x=1", "#f": "/to?w=%23f&x=1", "a b+c": "/to?w=a%20b%2Bc&x=1",
        "\r\n": "/to?w=%0D%0A&x=1", "..": "/to?w=..&x=1"}),
    ("TempRedirect {} /to#%{{group.v}} query.v=~(?<v>.*) tail=drop args=drop", {
        "a#b": "/to#a%23b", "\u2028": "/to#%E2%80%A8"}),
    ("TempRedirect {} https://%{{group.t}}.tenants.example/ query.v=~^(?<t>.*)$ tail=drop "
     "args=drop", {
         "a": "https://a.tenants.example/", "a.b": "https://a.b.tenants.example/",
         "": None, ".": None, "a.": None, ".a": None, "-a": None, "a..b": None,
         "evil.example/": None, "evil.example#": None, "x@evil.example": None, "a:80": None,
         "evil.example\\": None, "evil.example?": None, "a\r\nX: 1": None, "ü": None, " a": None,
         "%61": None, "a" * 64: None, "a_b": None}),
    ("TempRedirect {} https://%{{group.h}}/x query.v=~^(?<h>.*)$ tail=drop args=drop", {
        "a.tenants.example": "https://a.tenants.example/x", "tenants.example": None,
        "evil.example": None, "a.tenants.example.evil.example": None,
        "a.tenants.example:99": None, "evil.example/a.tenants.example": None,
        "a@a.tenants.example": None, "*.tenants.example": None, "[::1]": None}),
    ("TempRedirect {} /to/%{{group.v}} query.v=~^x(?<v>y)?$ tail=drop args=drop", {
        "x": None, "xy": "/to/y"}),
    (r"TempRedirectMatch ^{}/(?<a>\w+)$ /%{{group.a}}/$1/%{{group.v}} query.v=~(?<v>\d+) "
     "args=drop", {"1": None}),
    ("TempRedirect {} /to/%{{group.y}}/%{{group.x}} query.v=~^(?<x>.)(?<z>.) "
     "query.v=~(?<y>.)$ tail=drop args=drop", {"abc": "/to/c/a"}),
    ("TempRedirect {} /to/%{{group.v}} !query.w query.v=~^(?<v>[^-]*)-$ tail=drop args=drop", {
        "a-": "/to/a", "a": None}),
]


@pytest.fixture(scope="module")
def grouped(module_server):
    httpd = module_server("\n".join(
        ["TempRedirectAllowHosts *.tenants.example",
         *(rule.format(f"/g{n}") for n, (rule, _) in enumerate(GROUPS))]))
    httpd.allow_log("TR0012")
    return httpd


@pytest.mark.parametrize("n", range(len(GROUPS)), ids=[rule for rule, _ in GROUPS])
def test_a_group_of_a_condition_never_leaves_its_component(grouped, n):
    expected = GROUPS[n][1]

    def location(value):
        sent = "".join(f"%{byte:02x}" for byte in value.encode())
        answer = grouped.get(f"/g{n}?v={sent}")
        assert answer.status in (307, 404)
        return answer.location

    assert {value: location(value) for value in expected} == expected


def test_groups_of_pattern_and_conditions_stand_side_by_side(server):
    httpd = server(
        r"TempRedirectMatch ^/p/(?<a>\w+)/(\w+)$ /%{group.a}/$2/%{group.h}/%{group.c} "
        r"header.X-A=~(?<h>b.) cookie.c=~^(?<c>\w+) method=GET args=drop")
    found = httpd.get("/p/x/y", [("X-A", "a1, b2"), ("Cookie", "c=-; c=z")]).location
    assert found == "/x/y/b2/z"
    assert httpd.get("/p/x/y", [("X-A", "a1"), ("Cookie", "c=z")]).location is None


def test_of_groups_with_one_name_the_first_that_is_written_counts(server):
    """Whichever condition is the cheaper one to ask; the pattern stands before all."""
    conditions = ["header.X-A=~^(?<g>.*)$", "cookie.c=~^(?<g>.*)$", "query.q=~^(?<g>.*)$"]
    httpd = server("\n".join([
        *(f"TempRedirect /{n} /to/%{{group.g}} tail=drop args=drop "
          f"{' '.join(conditions[n:] + conditions[:n])}" for n in range(3)),
        f"TempRedirectMatch ^/(?<g>path) /to/%{{group.g}} args=drop {' '.join(conditions)}"]))
    sent = [("X-A", "header"), ("Cookie", "c=cookie")]
    assert [httpd.get(f"/{path}?q=query", sent).location for path in (0, 1, 2, "path")] == [
        "/to/header", "/to/cookie", "/to/query", "/to/path"]


# --- a regex over its limit ---------------------------------------------------------------

def test_where_a_regex_goes_over_its_limit_the_rule_does_not_hold_negated_or_not(server):
    httpd = server("TempRedirect /a /yes header.X-A=~^(a|aa)+$ id=plain\n"
                   "TempRedirect /a /no !header.X-A=~^(a|a?)+$ id=negated\n"
                   "TempRedirect /a /last id=last")
    httpd.expect_log("warn.*TR0015: rule plain: ")
    httpd.expect_log("warn.*TR0015: rule negated: ")
    began = time.monotonic()
    for _ in range(3):
        assert httpd.get("/a", {"X-A": "a" * 5000 + "!"}).location == "/last"
    assert time.monotonic() - began < 5
    assert httpd.get("/a", {"X-A": "aa"}).location == "/yes"
    loud = [line for line in httpd.error_log().splitlines() if ":warn] " in line]
    assert len(loud) <= 2 * len(httpd.children())
