"""Rules of a whole test run: never the user's own data, no unexplained skip on CI."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.sample_home import RUN_HOME, ensure_sample_home, run_dir
from tests.warm_notebooks import end_warm_notebooks, warm_python3

# A shell that starts the tests in the background makes its children deaf to Ctrl+C, and so would be
# the programs whose interruption is tested.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Installed tools are CI's duty, so only the data that cannot be in the repository may be missing.
ALLOWED_SKIP = "shared data"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ.pop(RUN_HOME, None)
    home = run_dir() / "home"
    home.mkdir(exist_ok=True)
    os.environ["SMUP_HOME"] = str(home)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Cells of notebooks have no fixtures: give them warm kernels and those the sample land."""
    if type(item).__name__ != "IPyNbCell":
        return (yield)
    with warm_python3(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(ensure_sample_home()))
        return (yield)


@pytest.fixture(autouse=True)
def _examples_of_verbs_see_the_sample_land(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.node.nodeid.startswith("smup_lib/verbs.py"):
        monkeypatch.setenv("SMUP_HOME", str(ensure_sample_home()))


def _forbidden_skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    lines = [f"{report.nodeid}: {report.longrepr[-1]}" for report in reports]
    return [line for line in lines if ALLOWED_SKIP not in line]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    if os.environ.get("CI") and _forbidden_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    forbidden = _forbidden_skips(config) if os.environ.get("CI") else []
    if forbidden:
        terminalreporter.section("skips that CI does not allow")
        for line in forbidden:
            terminalreporter.line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN_HOME in os.environ:
        end_warm_notebooks()
        shutil.rmtree(Path(os.environ[RUN_HOME]), ignore_errors=True)
