"""A clock for servers that a test can stop, set and run: libfaketime's.

    clock = Clock("Europe/Berlin")
    httpd = server("TempRedirect /a /b until=2026-10-25T02:30", env=clock.env)
    clock.stop_at("2026-10-25T00:29:59.999999Z")     # stands still there
    clock.run_from("2026-10-25T00:29:58Z")           # goes on from there

All servers with one clock have the same time, at once, and to the microsecond.
Timers of the system (poll, sleep) are not concerned.
"""

import glob
import os
import shutil
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def instant(time_):
    """An RFC 3339 time with offset, or a datetime already, as a datetime in UTC."""
    if isinstance(time_, str):
        time_ = datetime.fromisoformat(time_)
    return time_.astimezone(timezone.utc)


def library():
    name = "faketime/libfaketimeMT.so.1"
    found = glob.glob(f"/usr/lib/*/{name}") + glob.glob(f"/usr/lib*/{name}")
    if not found:
        raise RuntimeError("libfaketime is not installed")
    return found[0]


class Clock:
    """zone is the servers' local time zone. The clock begins stopped, at the time given."""

    def __init__(self, zone="UTC", start="2001-01-01T00:00:00Z"):
        self.folder = Path(tempfile.mkdtemp(prefix="tempredirect-clock-"))
        self.folder.chmod(0o755)
        self.file = self.folder / "time"
        self.env = {"TZ": zone, "LD_PRELOAD": library(), "FAKETIME_FMT": "%s",
                    "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
        self.stop_at(start)

    def stop_at(self, time_):
        self.write("", instant(time_) - EPOCH)

    def run_from(self, time_):
        delta = instant(time_) - EPOCH - timedelta(microseconds=time.time_ns() // 1000)
        self.write("+" if delta >= timedelta(0) else "-", abs(delta))

    def write(self, sign, delta):
        """libfaketime's own words: seconds since 1970, or from the machine's clock. It
        calculates in floating point: half a microsecond more comes out as none less.
        """
        fresh = self.file.with_name("fresh")
        fresh.write_text(f"{sign}{delta // SECOND}.{(delta % SECOND).microseconds:06d}5")
        fresh.chmod(0o644)
        os.replace(fresh, self.file)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
