"""What a pool must choose: computed from the description in docs/directives.md, and
without a line of the module.

    choose("checkout", b"joe", {"a": 1, "b": 9})     # "a" or "b"

And how to hear what one has chosen, of many requests in short time.
"""

import math
import re
import subprocess

from harness import wait_until

MASK = 2**64 - 1


def rotated(number, bits):
    return (number << bits | number >> (64 - bits)) & MASK


def sip_round(v):
    v[0] = (v[0] + v[1]) & MASK
    v[2] = (v[2] + v[3]) & MASK
    v[1] = rotated(v[1], 13) ^ v[0]
    v[3] = rotated(v[3], 16) ^ v[2]
    v[0] = rotated(v[0], 32)
    v[2] = (v[2] + v[1]) & MASK
    v[0] = (v[0] + v[3]) & MASK
    v[1] = rotated(v[1], 17) ^ v[2]
    v[3] = rotated(v[3], 21) ^ v[0]
    v[2] = rotated(v[2], 32)


def siphash(k0, k1, data):
    """SipHash-2-4 (Aumasson and Bernstein, 2012)."""
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
         k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]
    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 255])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        v[3] ^= word
        sip_round(v)
        sip_round(v)
        v[0] ^= word
    v[2] ^= 255
    for _ in range(4):
        sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def choose(pool, key, weights):
    """The id of the member for a key (bytes); weights by id, of those who are there.

    In floating point, which is exact enough for all but one key of many millions.
    """
    def time(member):
        race = siphash(siphash(0, 0, pool.encode()), 0, key)
        drawn = siphash(race, siphash(0, 0, member.encode()), b"")
        return (64 - math.log2(drawn | 1)) / weights[member]
    return min((member for member in weights if weights[member]), key=time)


# --- configuration ----------------------------------------------------------------------

LOG = 'CustomLog ${ROOT}/members.log "%>s %{TEMPREDIRECT_ID}e %{TEMPREDIRECT_MEMBER}e %r"\n'


def pool(name, words="", **weights):
    """A pool whose members a, b... lead to https://a.test...; `stay` is '!'."""
    lines = [f"TempRedirectPool {name} {words}"]
    for member, weight in weights.items():
        target = "!" if member == "stay" else f"https://{member}.test"
        lines.append(f"TempRedirectMember {name} {target} id={member} weight={weight}")
    return "\n".join(lines) + "\n"


def member_of(answer):
    """Which of pool()'s members an answer comes from."""
    if answer.location is None:
        return "stay"
    return re.match(r"https://(\w+)\.test/", answer.location)[1]


def members_logged(httpd, count):
    """What LOG has: (status, id, member) by the path and query of the request."""
    return dict(wait_until(lambda: lines if len(lines := read_members(httpd)) >= count else None,
                           5, f"fewer than {count} lines in members.log"))


def member_logged(httpd, asked):
    """The same of one request."""
    return wait_until(lambda: dict(read_members(httpd)).get(asked), 5, f"{asked} is not logged")


def read_members(httpd):
    path = httpd.root / "members.log"
    lines = httpd.plain(path.read_text()).splitlines() if path.exists() else []
    fields = [line.split() for line in lines if line.endswith(("/1.0", "/1.1", "/2.0"))]
    return [(asked, (int(status), rule, member)) for status, rule, member, _, asked, _ in fields]


# --- many requests --------------------------------------------------------------------

def pipelined(httpd, path, count, version="1.1", port=None):
    """The Locations of as many GETs on one connection; count is at most 100."""
    request = f"GET {path} HTTP/{version}\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
    received = b""
    with httpd.connect(port=port) as sock:
        sock.sendall((request % "keep-alive" * (count - 1) + request % "close").encode())
        while block := sock.recv(65536):
            received += block
    answers = re.split(rb"(?m)^HTTP/", received)[1:]
    assert len(answers) == count
    return [found and found[1].decode()
            for found in (re.search(rb"\r\nLocation: ([^\r]*)", answer) for answer in answers)]


def curl(*options):
    """What curl prints."""
    return subprocess.run(["curl", "-q", "-sS", "--noproxy", "*", "--max-time", "20", *options],
                          check=True, timeout=30, stdout=subprocess.PIPE).stdout


def nghttp(*options):
    """What nghttp prints: lines of `recv (stream_id=13) location: ...`."""
    return subprocess.run(["nghttp", "-nv", "--no-dep", *options], check=True, timeout=30,
                          stdout=subprocess.PIPE).stdout.decode()


def by_http_2(httpd, paths):
    """The Location of each path, all asked on one connection."""
    said = nghttp(*map(httpd.url, paths))
    found = dict.fromkeys(map(int, re.findall(r"recv \(stream_id=(\d+)\) :status: ", said)))
    for stream, url in re.findall(r"recv \(stream_id=(\d+)\) location: (\S+)", said):
        found[int(stream)] = url
    assert len(found) == len(paths)
    return [found[stream] for stream in sorted(found)]
