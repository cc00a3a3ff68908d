"""from=, until=, hours= and tz= on a real httpd, whose clock is moved (see clock.py)."""

import contextlib
import email.utils
import random
import re
import time
from datetime import timedelta

import pytest

from clock import MICROSECOND, SECOND, Clock, instant
from harness import check_config, read_response


@pytest.fixture(scope="module")
def zones(module_server):
    """zones(zone, rules) -> clock, httpd: one server for each set of rules and zone."""
    known = {}
    with contextlib.ExitStack() as stack:
        def find(zone, rules, **options):
            if (zone, rules) not in known:
                clock = stack.enter_context(contextlib.closing(Clock(zone)))
                known[zone, rules] = clock, module_server(rules, env=clock.env, **options)
            return known[zone, rules]
        yield find


@pytest.fixture
def clock():
    """A clock in Berlin, for one test."""
    with contextlib.closing(Clock("Europe/Berlin")) as made:
        yield made


# --- edges, to the microsecond ----------------------------------------------------------

# zone, words of the rule, and when it opens (+) and closes (-), in UTC, in order.
EDGES = [
    # from= and until=
    ("UTC", "from=2026-12-01T22:00Z", "+2026-12-01T22:00:00"),
    ("UTC", "until=2026-12-01T22:00:30Z", "-2026-12-01T22:00:30"),
    ("UTC", "from=2026-12-01T22:00+01:00 until=2026-12-01T21:00:01Z",
     "+2026-12-01T21:00:00 -2026-12-01T21:00:01"),
    ("UTC", "until=2026-12-01T22:00:00.25-09:30", "-2026-12-02T07:30:00.250000"),
    ("UTC", "from=2016-12-31T23:59:60Z", "+2017-01-01T00:00:00"),  # a leap second
    ("Europe/Berlin", "from=2026-12-01T22:00", "+2026-12-01T21:00:00"),
    ("Europe/Berlin", "from=2026-07-01T22:00", "+2026-07-01T20:00:00"),
    ("Europe/Berlin", "from=2026-07-01T22:00 tz=UTC", "+2026-07-01T22:00:00"),
    ("Europe/Berlin", "from=2026-07-01T22:00Z tz=local", "+2026-07-01T22:00:00"),
    ("America/New_York", "from=2026-12-01T22:00", "+2026-12-02T03:00:00"),
    ("Asia/Kathmandu", "from=2026-12-01T22:00", "+2026-12-01T16:15:00"),
    # leap days, far years
    ("UTC", "from=2028-02-29T00:00 until=2028-03-01T00:00",
     "+2028-02-29T00:00:00 -2028-03-01T00:00:00"),
    ("Europe/Berlin", "from=2028-02-29T23:59:59", "+2028-02-29T22:59:59"),
    ("Europe/Berlin", "from=2099-07-01T00:00 until=2099-12-31T23:59:59",
     "+2099-06-30T22:00:00 -2099-12-31T22:59:59"),
    ("UTC", "until=2100-03-01T00:00", "-2100-03-01T00:00:00"),
    # the spring's skipped hour: what it has opens at the jump
    ("Europe/Berlin", "from=2026-03-29T01:59:59", "+2026-03-29T00:59:59"),
    ("Europe/Berlin", "from=2026-03-29T02:30", "+2026-03-29T01:00:00"),
    ("Europe/Berlin", "until=2026-03-29T02:30", "-2026-03-29T01:00:00"),
    ("Europe/Berlin", "from=2026-03-29T03:00", "+2026-03-29T01:00:00"),
    ("Europe/Berlin", "hours=02:30-04:00 from=2026-03-29T00:00 until=2026-03-30T00:00",
     "+2026-03-29T01:00:00 -2026-03-29T02:00:00"),
    ("Europe/Berlin", "hours=01:00-02:30 from=2026-03-29T00:00 until=2026-03-30T00:00",
     "+2026-03-29T00:00:00 -2026-03-29T01:00:00"),
    ("Europe/Berlin", "hours=02:10-02:50 from=2026-03-28T12:00 until=2026-03-30T12:00",
     "+2026-03-30T00:10:00 -2026-03-30T00:50:00"),
    ("America/New_York", "hours=Sun@02:30-05:00 from=2026-03-08T00:00 until=2026-03-09T00:00",
     "+2026-03-08T07:00:00 -2026-03-08T09:00:00"),
    # the autumn's repeated hour counts once: the first time
    ("Europe/Berlin", "from=2026-10-25T02:30", "+2026-10-25T00:30:00"),
    ("Europe/Berlin", "until=2026-10-25T02:30", "-2026-10-25T00:30:00"),
    ("Europe/Berlin", "from=2026-10-25T02:30+01:00", "+2026-10-25T01:30:00"),
    ("Europe/Berlin", "until=2026-10-25T03:00", "-2026-10-25T02:00:00"),
    ("Europe/Berlin", "hours=02:15-02:30 from=2026-10-25T00:00 until=2026-10-26T00:00",
     "+2026-10-25T00:15:00 -2026-10-25T00:30:00"),
    ("Europe/Berlin", "hours=02:30-03:30 from=2026-10-25T00:00 until=2026-10-26T00:00",
     "+2026-10-25T00:30:00 -2026-10-25T02:30:00"),
    ("Europe/Berlin", "hours=22:00-06:00 from=2026-10-24T12:00 until=2026-10-25T12:00",
     "+2026-10-24T20:00:00 -2026-10-25T05:00:00"),
    ("Europe/Berlin", "hours=02:15-02:30 tz=UTC from=2026-10-25T00:00 until=2026-10-26T00:00",
     "+2026-10-25T02:15:00 -2026-10-25T02:30:00"),
    # half an hour; at midnight; a day that a zone left out
    ("Australia/Lord_Howe", "from=2026-10-04T02:15", "+2026-10-03T15:30:00"),
    ("Australia/Lord_Howe", "hours=01:45-02:15 from=2026-04-05T00:00 until=2026-04-06T00:00",
     "+2026-04-04T14:45:00 -2026-04-04T15:45:00"),
    ("America/Sao_Paulo", "from=2018-11-04T00:00", "+2018-11-04T03:00:00"),
    ("America/Sao_Paulo", "hours=Sun from=2018-11-03T12:00 until=2018-11-06T00:00",
     "+2018-11-04T03:00:00 -2018-11-05T02:00:00"),
    ("Pacific/Apia", "from=2011-12-30T12:00", "+2011-12-30T10:00:00"),
    # hours over midnight, days, several, over the end of the week
    ("UTC", "hours=22:00-06:00 from=2026-12-01T12:00 until=2026-12-02T12:00",
     "+2026-12-01T22:00:00 -2026-12-02T06:00:00"),
    ("UTC", "hours=Fri@22:00-06:00 from=2026-12-01T00:00 until=2026-12-08T00:00",
     "+2026-12-04T22:00:00 -2026-12-05T06:00:00"),
    ("UTC", "hours=Sun@22:00-06:00 from=2026-12-01T00:00 until=2026-12-08T00:00",
     "+2026-12-06T22:00:00 -2026-12-07T06:00:00"),
    ("Asia/Kathmandu", "hours=Sat-Sun from=2026-12-01T00:00 until=2026-12-08T00:00",
     "+2026-12-04T18:15:00 -2026-12-06T18:15:00"),
    ("UTC", "hours=Fri-Mon from=2026-12-02T00:00 until=2026-12-09T00:00",
     "+2026-12-04T00:00:00 -2026-12-08T00:00:00"),
    ("UTC", "hours=Mon-Fri@09:00-17:00,Sat@10:00-14:00 "
     "from=2026-12-04T00:00 until=2026-12-07T10:00",
     "+2026-12-04T09:00:00 -2026-12-04T17:00:00 +2026-12-05T10:00:00 -2026-12-05T14:00:00 "
     "+2026-12-07T09:00:00 -2026-12-07T10:00:00"),
    ("UTC", "hours=09:00-12:00,12:00-24:00 from=2026-12-04T00:00 until=2026-12-05T06:00",
     "+2026-12-04T09:00:00 -2026-12-05T00:00:00"),
    ("UTC", "hours=Tue@10:00-12:00 from=2026-12-01T11:00 until=2026-12-08T10:30",
     "+2026-12-01T11:00:00 -2026-12-01T12:00:00 +2026-12-08T10:00:00 -2026-12-08T10:30:00"),
]


def rules_of(zone):
    """All rules of a zone, and below /pass/N the same windows of a '!'."""
    return "\n".join(
        f"TempRedirect /window/{i} /open {words}\n"
        f"TempRedirect /pass/{i} ! {words}\nTempRedirect /pass/{i} /open"
        for i, (its_zone, words, _) in enumerate(EDGES) if its_zone == zone)


@pytest.mark.parametrize("number", range(len(EDGES)),
                         ids=[f"{zone} {words}" for zone, words, _ in EDGES])
def test_a_window_opens_and_closes_to_the_microsecond(number, zones):
    zone, _, edges = EDGES[number]
    clock, httpd = zones(zone, rules_of(zone))
    for edge in edges.split():
        for at, is_open in [(instant(f"{edge[1:]}Z") - MICROSECOND, edge[0] == "-"),
                            (instant(f"{edge[1:]}Z"), edge[0] == "+")]:
            clock.stop_at(at)
            assert httpd.get(f"/window/{number}").status == (307 if is_open else 404), at
            assert httpd.get(f"/pass/{number}").status == (404 if is_open else 307), at


@pytest.mark.parametrize("number", [
    number for number, (zone, _, edges) in enumerate(EDGES)
    if zone in ("Europe/Berlin", "Australia/Lord_Howe") and ("-03-29T" in edges or "-10-" in edges
                                                             or "-04-0" in edges)])
def test_a_window_opens_and_closes_once_while_clocks_are_set(number, zones):
    """Every ten minutes around the edges, and so through hours that repeat."""
    zone, _, edges = EDGES[number]
    clock, httpd = zones(zone, rules_of(zone))
    known = [(edge[0] == "+", instant(f"{edge[1:]}Z")) for edge in edges.split()]
    for _, edge in known:
        for minutes in range(-120, 121, 10):
            now = edge + timedelta(minutes=minutes)
            passed = [opens for opens, at in known if at <= now]
            is_open = passed[-1] if passed else not known[0][0]
            clock.stop_at(now)
            assert (httpd.get(f"/window/{number}").status == 307) == is_open, now


# --- sections ----------------------------------------------------------------------------

SECTIONS = """
TempRedirect / /server hours=08:00-18:00
<Location /inner>
    TempRedirect /location hours=12:00-14:00
    TempRedirect ! hours=10:00-11:00
</Location>
<Directory ${HTDOCS}/inner>
    TempRedirect /inner /directory hours=13:00-20:00
</Directory>
<If "%{QUERY_STRING} == 'if'">
    TempRedirect /inner /if hours=19:00-21:00
</If>
"""


@pytest.mark.parametrize("hour, path, target", [
    (7, "/inner", None), (8, "/inner", "/server/inner"), (10, "/inner", None),
    (11, "/inner", "/server/inner"), (12, "/inner", "/location"), (13, "/inner", "/location"),
    (14, "/inner", "/directory"), (17, "/inner", "/directory"), (19, "/inner", "/directory"),
    (20, "/inner", None), (19, "/inner?if", "/if?if"), (20, "/inner?if", "/if?if"),
    (21, "/inner?if", None), (10, "/outer", "/server/outer"), (18, "/outer", None),
])
def test_each_section_has_its_own_windows(hour, path, target, zones):
    clock, httpd = zones("Europe/Berlin", SECTIONS, files={"inner/file.txt": ""})
    clock.stop_at(f"2026-12-01T{hour:02}:00:00+01:00")
    assert httpd.get(path).location == target or (
        target is None and httpd.get(path).location.endswith("/inner/"))  # mod_dir's


HTACCESS = """
TempRedirect /ht ! header.X-Stay until=2026-10-25T02:30+01:00
TempRedirect /ht /first from=2026-10-25T02:00 until=2026-10-25T02:30 cache=600
TempRedirect /ht /second hours=Sun@02:00-03:00 retry-after=window
"""


@pytest.mark.parametrize("now, target", [
    ("2026-10-24T23:59:59.999999Z", None), ("2026-10-25T00:00:00Z", "/first"),
    ("2026-10-25T00:29:59.999999Z", "/first"), ("2026-10-25T00:30:00Z", "/second"),
    ("2026-10-25T01:59:59.999999Z", "/second"), ("2026-10-25T02:00:00Z", None),
])
def test_htaccess_has_windows(now, target, server, clock, mpm):
    httpd = server(files={"ht/.htaccess": HTACCESS, "ht/file.txt": "here"}, env=clock.env, mpm=mpm)
    clock.stop_at(now)
    assert httpd.get("/ht/file.txt").location == (target and f"{target}/file.txt")
    stays = instant(now) < instant("2026-10-25T02:30+01:00")
    if target == "/second":
        stay = httpd.get("/ht/file.txt", {"X-Stay": "1"}).status
        assert stay == (200 if stays else 307)


def test_phase_early_has_windows(zones):
    clock, httpd = zones("UTC", """
        TempRedirect /old /new phase=early until=2026-12-01T22:00Z
        TempRedirect /old /later
        <Location /old>
            Require all denied
        </Location>""")
    httpd.allow_log("AH01630: client denied")
    clock.stop_at("2026-12-01T21:59:59.999999Z")
    assert httpd.get("/old").location == "/new"
    clock.stop_at("2026-12-01T22:00:00Z")
    assert httpd.get("/old").status == 403


# --- requests at the edge -------------------------------------------------------------------

UNTIL = "TempRedirect /old /new until=2026-12-01T22:00Z retry-after=window\n"


def test_a_connection_goes_over_an_edge(server, clock, mpm):
    httpd = server(UNTIL, env=clock.env, mpm=mpm)
    head, _ = httpd.prepare("GET", "/old", [("Connection", "keep-alive")], None)
    clock.run_from("2026-12-01T21:59:58Z")
    with httpd.connect() as sock:
        sock.sendall(head)
        assert read_response(sock).status == 307
        clock.run_from("2026-12-01T22:00:00Z")
        sock.sendall(head)
        assert read_response(sock).status == 404


def test_a_request_that_came_before_the_edge_is_of_then(server, clock, mpm):
    """Its body takes until after the edge; the request was decided before."""
    httpd = server(UNTIL, env=clock.env, mpm=mpm)
    clock.stop_at("2026-12-01T21:59:59.5Z")
    head, _ = httpd.prepare("POST", "/old", [("Content-Length", "4")], None)
    with httpd.connect() as sock:
        sock.sendall(head)
        httpd.wait_log("TR0020")
        clock.stop_at("2026-12-01T22:00:03Z")
        sock.sendall(b"body")
        answer = read_response(sock)
    assert (answer.status, answer.headers.get("Retry-After")) == (307, "1")
    assert httpd.get("/old").status == 404


def test_the_time_of_a_request_is_that_of_its_first_line(server, clock, mpm):
    """Its headers take until after the edge."""
    httpd = server(UNTIL, env=clock.env, mpm=mpm)
    for before, after, status in [("2026-12-01T21:59:59.5Z", "2026-12-01T22:00:03Z", 307),
                                  ("2026-12-01T22:00:00Z", "2026-12-01T22:00:03Z", 404)]:
        clock.stop_at(before)
        first, rest = httpd.prepare("GET", "/old", [], None)[0].split(b"\r\n", 1)
        with httpd.connect() as sock:
            sock.sendall(first + b"\r\n")
            time.sleep(0.2)  # nothing tells that httpd has read it
            clock.stop_at(after)
            sock.sendall(rest)
            assert read_response(sock).status == status


def test_a_clock_that_runs_closes_a_window_by_itself(server, clock, mpm):
    httpd = server(UNTIL, env=clock.env, mpm=mpm)
    clock.run_from("2026-12-01T21:59:59Z")
    seen = []
    while not seen or seen[-1][0] == 307:
        answer = httpd.get("/old")
        date = email.utils.parsedate_to_datetime(answer.headers.get("Date"))
        seen.append((answer.status, date.second))
    assert all((status == 307) == (second == 59) for status, second in seen), seen


# --- Retry-After and max-age -------------------------------------------------------------------

def seconds_of(answer):
    """max-age of an answer; it has the same Expires, and nothing for what is stale."""
    control = answer.headers.get("Cache-Control")
    seconds = int(re.fullmatch(r"(?:private, )?max-age=(\d+)(?:, stale-while-revalidate=0)?", control)[1])
    date, expires = (email.utils.parsedate_to_datetime(answer.headers.get(name))
                     for name in ("Date", "Expires"))
    assert expires - date == timedelta(seconds=seconds)
    return seconds


@pytest.mark.parametrize("left, seconds", [
    (timedelta(days=30), 2_592_000), (timedelta(seconds=10), 10),
    (timedelta(seconds=9, microseconds=1), 10), (timedelta(seconds=1), 1), (MICROSECOND, 1)])
@pytest.mark.parametrize("path", ["/old", "/hours"])
def test_retry_after_counts_down_to_the_close(path, left, seconds, zones):
    clock, httpd = zones("UTC", UNTIL + "TempRedirect /hours /new hours=Tue@10:00-22:00 "
                         "retry-after=window status=303")
    clock.stop_at(instant("2026-12-01T22:00Z") - left)
    wanted = None if path == "/hours" and left > timedelta(days=1) else str(seconds)
    assert httpd.get(path).headers.get("Retry-After") == wanted


# The rules of one path, the time left to the edge at 22:00Z of Tuesday 2026-12-01,
# and max-age.
CACHED = [
    ("TempRedirect {path} /new cache=60", [(0, 60), (30, 60)]),
    ("TempRedirect {path} /new cache=60 until=2026-12-01T22:00Z",
     [(3600, 60), (60.9, 60), (60, 60), (59.999999, 59), (1, 1), (0.999999, 0)]),
    ("TempRedirect {path} /new cache=60 hours=10:00-22:00", [(3600, 60), (30.5, 30)]),
    ("TempRedirect {path} /new cache=60 until=2026-12-01T22:00:00.5Z", [(0, 0), (1, 1)]),
    # rules that were asked before, and not open
    ("TempRedirect {path} /other from=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60", [(3600, 60), (30.5, 30), (0.1, 0)]),
    ("TempRedirect {path} /other hours=22:00-23:00\n"
     "TempRedirect {path} /new cache=60", [(3600, 60), (30.5, 30), (1, 1)]),
    ("TempRedirect {path} ! from=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60", [(30.5, 30)]),
    ("TempRedirectMatch ^{path} /other from=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60 until=2026-12-01T22:00:10Z", [(30, 30)]),
    # another condition does not hold anyway: the window is not asked
    ("TempRedirect {path} ! header.X hours=22:00-23:00\n"
     "TempRedirect {path} /new cache=60", [(30.5, 60)]),
    ("TempRedirect {path} /other method=POST until=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60", [(30, 60)]),
    # open, and of no effect for another reason
    ("TempRedirect {path} /other/%{{query.x}} until=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60", [(30, 30)]),
    # asked later, or dry, or over, or of another path: of no matter
    ("TempRedirect {path} /new cache=60\n"
     "TempRedirect {path} /other until=2026-12-01T22:00Z", [(30, 60)]),
    ("TempRedirect {path} /other from=2026-12-01T22:00Z mode=dry\n"
     "TempRedirect {path} /new cache=60", [(30, 60)]),
    ("TempRedirect {path} /new cache=60\n"
     "TempRedirect {path}/x /other until=2026-12-01T22:00Z", [(30, 60)]),
    # two edges: the first
    ("TempRedirect {path} /other from=2026-12-01T22:00:20Z\n"
     "TempRedirect {path} /new cache=60 until=2026-12-01T22:00Z", [(30, 30), (70, 60)]),
    ("TempRedirect {path} /other from=2026-12-01T22:00Z\n"
     "TempRedirect {path} /new cache=60 until=2026-12-01T22:00:20Z", [(30, 30)]),
    # of several sections
    ("<Location {path}>\nTempRedirect /other from=2026-12-01T22:00Z\n</Location>\n"
     "TempRedirect {path} /new cache=60", [(30, 30)]),
    ("<If \"true\">\nTempRedirect {path} ! hours=22:00-23:00\n</If>\n"
     "TempRedirect {path} /new cache=60 until=2026-12-01T23:00Z", [(30, 30)]),
    # with other statuses, and early
    ("TempRedirect {path} /new cache=60 status=303 hours=10:00-22:00", [(30, 30)]),
    ("TempRedirect {path} /other from=2026-12-01T22:00Z phase=early\n"
     "TempRedirect {path} /new cache=60 phase=early", [(30, 30)]),
    ("TempRedirect {path} /new cache=0", [(30, 0)]),
    # an early rule that is not open yet was asked on the way to one of fixups
    ("TempRedirect {path} /other from=2026-12-01T22:00Z phase=early\n"
     "TempRedirect {path} /new cache=60", [(30, 30)]),
]


@pytest.mark.parametrize("number", range(len(CACHED)), ids=[rules for rules, _ in CACHED])
def test_max_age_ends_with_the_first_edge_that_was_consulted(number, zones):
    clock, httpd = zones("UTC", "\n".join(rules.format(path=f"/cached/{i}")
                                          for i, (rules, _) in enumerate(CACHED)))
    for left, seconds in CACHED[number][1]:
        clock.stop_at(instant("2026-12-01T22:00Z") - timedelta(seconds=left))
        answer = httpd.get(f"/cached/{number}")
        assert (answer.location, seconds_of(answer)) == ("/new", seconds), left


DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
RANDOM_ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]
TURNS = {"Europe/Berlin": ["2026-03-29T01:00Z", "2026-10-25T01:00Z"],
         "Australia/Lord_Howe": ["2026-04-04T15:00Z", "2026-10-03T15:30Z"],
         "America/New_York": ["2026-03-08T07:00Z", "2026-11-01T06:00Z"]}


def random_window(dice, around):
    """Words of a window with edges near a time."""
    def near():
        return around + timedelta(minutes=dice.randrange(-240, 241))

    def clock_time():
        return f"{dice.randrange(24):02}:{dice.choice([0, 15, 30, 45]):02}"
    opens, closes = sorted([near(), near() + SECOND])
    kind = dice.randrange(4)
    if kind == 0:
        return f"from={opens:%Y-%m-%dT%H:%M}Z until={closes:%Y-%m-%dT%H:%M:%S}Z"
    if kind == 1:
        return f"{dice.choice(['from', 'until'])}={opens:%Y-%m-%dT%H:%M:%S}"
    first, second = clock_time(), clock_time()
    if first == second:
        return "hours=Sat-Sun"
    days = f"{dice.choice(DAYS)}-{dice.choice(DAYS)}@" if kind == 2 else ""
    return f"hours={days}{first}-{second}"


@pytest.mark.parametrize("zone", RANDOM_ZONES)
def test_the_answer_stays_the_same_for_as_long_as_a_cache_may_keep_it(zone, zones):
    """Random windows of three rules around the days when the clocks are set."""
    dice = random.Random(f"windows {zone}")
    sets = []
    for number in range(40):
        around = instant(dice.choice(TURNS[zone]))
        windows = [random_window(dice, around) for _ in range(2)]
        second = dice.choice(["/b cache=20000", "!"])
        sets.append((around, f"TempRedirect /random/{number} /a cache=20000 {windows[0]}\n"
                             f"TempRedirect /random/{number} {second} {windows[1]}\n"
                             f"TempRedirect /random/{number} /c cache=20000\n"))
    clock, httpd = zones(zone, "".join(text for _, text in sets))
    for number, (around, text) in enumerate(sets):
        for _ in range(4):
            now = around + timedelta(seconds=dice.randrange(-20_000, 20_000))
            clock.stop_at(now)
            answer = httpd.get(f"/random/{number}")
            if answer.status != 307:
                continue
            seconds = seconds_of(answer)
            for later in {1, seconds // 3, seconds // 2, seconds - 1}:
                if 0 < later < seconds:
                    clock.stop_at(now + later * SECOND)
                    assert httpd.get(f"/random/{number}").location == answer.location, (
                        f"{text}\nat {now}, {later} s later, max-age={seconds}")
            clock.stop_at(now + seconds * SECOND - MICROSECOND)
            assert httpd.get(f"/random/{number}").location == answer.location, (
                f"{text}\nat {now}, max-age={seconds}")


# --- at start -------------------------------------------------------------------------------

def checked(clock, now, config):
    clock.stop_at(now)
    return check_config(config, env=clock.env)


def test_a_window_that_is_over_is_a_warning(clock):
    for words in ["until=2026-12-01T23:00", "from=2026-11-01T00:00 until=2026-12-01T22:00Z",
                  "hours=Tue@10:00-12:00 until=2026-12-01T23:00"]:
        line = f"TempRedirect /old /new {words}"
        status, said = checked(clock, "2026-12-01T22:00Z", line)
        assert status == 0
        assert "TR0001: test.conf:1: TempRedirect: " in said and "over" in said, said


def test_a_window_that_is_not_over_is_none(clock):
    for words in ["until=2026-12-01T23:00:01", "from=2026-12-24T00:00",
                  "from=2026-11-01T00:00 until=2027-12-01T22:00Z", "hours=02:10-02:20"]:
        assert checked(clock, "2026-12-01T22:00Z", f"TempRedirect /old /new {words}") == (
            0, "Syntax OK\n")


@pytest.mark.parametrize("status, warned", [(301, True), (308, True), (307, False), (302, False)])
def test_a_permanent_redirect_with_a_window_is_a_warning(status, warned, clock):
    result, said = checked(clock, "2026-12-01T22:00Z",
                           f"TempRedirect /old /new status={status} until=2027-01-01T00:00")
    assert result == 0 and ("TR0001" in said) == warned, said


@pytest.mark.parametrize("words, message", [
    ("from=2026-10-25T02:30 until=2026-10-25T02:30",
     "until=2026-10-25T02:30: is not after from=2026-10-25T02:30"),
    ("from=2026-03-29T02:10 until=2026-03-29T02:50", "until=2026-03-29T02:50: is not after"),
    ("hours=02:10-02:50 from=2026-03-29T00:00 until=2026-03-30T00:00",
     "hours=02:10-02:50: never opens between"),
    ("from=2100-02-29T00:00", "there is no day 29 in 2100-02; write 01 to 28"),
    ("until=2027-02-29T00:00", "there is no day 29 in 2027-02; write 01 to 28"),
])
def test_a_window_that_cannot_open_is_an_error_in_its_zone(words, message, clock):
    status, said = checked(clock, "2026-01-01T00:00Z", f"TempRedirect /old /new {words}")
    assert status != 0 and message in said, said


def test_the_zone_is_the_process_s(server):
    """The same rule, elsewhere."""
    for zone, opens in [("Asia/Tokyo", "2026-12-01T13:00:00Z"), ("UTC", "2026-12-01T22:00:00Z"),
                        ("America/New_York", "2026-12-02T03:00:00Z")]:
        with contextlib.closing(Clock(zone)) as clock:
            httpd = server("TempRedirect /old /new from=2026-12-01T22:00", env=clock.env)
            for now, status in [(instant(opens) - MICROSECOND, 404), (opens, 307)]:
                clock.stop_at(now)
                assert httpd.get("/old").status == status


def test_a_restart_warns_of_what_is_over_by_now(server, clock, mpm):
    httpd = server(UNTIL, env=clock.env, mpm=mpm)
    clock.stop_at("2026-12-01T22:00:00Z")
    httpd.graceful()
    httpd.expect_log("TR0001: .*/test.conf:1: TempRedirect: .* over")
    assert httpd.get("/old").status == 404
