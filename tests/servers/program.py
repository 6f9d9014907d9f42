"""``smup`` as a process of its own whose waits cost no time; everything else is the real thing."""

from __future__ import annotations

from smup_lib import cli
from smup_lib.sources.web import quota
from tests.servers.clocks import SkippingClock


def run() -> None:
    """Run the command that ``sys.argv`` tells."""
    quota.SystemClock = SkippingClock  # type: ignore[misc,assignment]
    cli.main()


if __name__ == "__main__":
    run()
