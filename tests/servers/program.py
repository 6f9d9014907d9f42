"""``smup`` as a process of its own whose waits cost no time; everything else is the real thing."""

from __future__ import annotations

from smup_lib import cli
from smup_lib.sources.web import quota
from tests.servers.clocks import SkippingClock

if __name__ == "__main__":
    quota.SystemClock = SkippingClock  # type: ignore[misc,assignment]
    cli.main()
