"""Make the pictures of the README anew, from the sample land: ``python docs/make_pictures.py``.

Needs the extras apps, report and dev, and Chromium. Give it a SMUP_HOME of its own: the sample land
becomes the current state of the data there.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import smup_lib as smup
from smup_lib.reports.runner import run_notebook

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "img"
BUILD = ROOT / "build" / "pictures"
UNIT, YEAR = "9002", 2022
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise TimeoutError(url)


def shoot(page: Page, url: str, name: str, selector: str) -> None:
    page.goto(url)
    page.wait_for_selector(selector, timeout=60_000)
    page.wait_for_timeout(1500)  # widgets and fonts settle
    page.screenshot(path=PICTURES / name)
    print(PICTURES / name)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    smup.make_sample()
    report = smup.run_report("culture_recreation", UNIT, YEAR, out=BUILD)
    lesson_notebook = ROOT / "training" / "notebooks" / "00_start_solution.ipynb"
    lesson = run_notebook(lesson_notebook, {}, BUILD)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "smup_lib.cli",
        "apps",
        "serve",
        "--port",
        str(port),
        "--no-open",
    ]
    server = subprocess.Popen(command)
    try:
        address = f"http://127.0.0.1:{port}/voila/render/basic.ipynb"
        wait_for(f"http://127.0.0.1:{port}/")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            wide = chromium.new_page(viewport={"width": 1280, "height": 1000})
            shoot(wide, report.html.as_uri(), "report.png", ".smup-findings")
            shoot(wide, lesson.html.as_uri(), "lesson.png", "h1")
            phone = chromium.new_page(viewport={"width": 390, "height": 844})
            link = f"{address}?unit={UNIT}&area=culture_recreation&year={YEAR}"
            shoot(phone, link, "app.png", ".smup-findings")
            chromium.close()
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
