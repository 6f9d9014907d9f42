"""Can everybody use the pages? axe-core in a headless Chromium, where both are installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smup_lib.paths import project_dir
from smup_lib.reports.batch.faults import Fault

#: Without these Chromium itself asks for hosts of its maker.
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Of what axe-core calls serious or critical somebody cannot read or use a part of the page.
_GRAVE = frozenset(("serious", "critical"))
_PATIENCE_MS = 60_000
_SHOWN = 120


def find_barriers(folder: Path, files: Sequence[str]) -> tuple[list[Fault], list[str]]:
    """Look at pages as people meet them and list what keeps somebody out.

    Parameters
    ----------
    folder : Path
        Of the batch.
    files : sequence of str
        Pages below it.

    Returns
    -------
    list of Fault, list of str
        The faults, and in Polish which pages nobody looked at, and why.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return [], ["brak biblioteki playwright"]
    chromium, script = _find_chromium(), _find_script()
    if chromium is None or script is None:
        lacks = "przeglądarki Chromium" if chromium is None else "skryptu axe-core"
        return [], [f"brak {lacks} (miejsce można podać w zmiennej SMUP_CHROMIUM albo SMUP_AXE)"]
    source = script.read_text(encoding="utf-8")
    found: list[Fault] = []
    unseen: list[str] = []
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=[*_FLAGS])
            try:
                for file in files:
                    try:
                        found += _look(browser, source, folder, file)
                    except Error as error:
                        unseen.append(f"{file}: {_first_line(error)}")
            finally:
                browser.close()
    except Error as error:
        unseen.append(f"przeglądarka nie zadziałała: {_first_line(error)}")
    return found, unseen


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _look(browser: Any, source: str, folder: Path, file: str) -> list[Fault]:
    """Look at one page, in a window of its own: one that broke spoils no other."""
    page = browser.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    try:
        page.goto((folder / file).resolve().as_uri())
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    finally:
        page.close()
    return list(_barriers_of(found, file))


def _barriers_of(found: Any, file: str) -> Iterator[Fault]:
    for violation in found["violations"]:
        if violation["impact"] in _GRAVE:
            node = violation["nodes"][0]
            said = f"{violation['id']}: {node['html'][:_SHOWN]}"
            yield Fault("access", file, " ".join(map(str, node["target"])), said)


def _find_chromium() -> str | None:
    names = (os.environ.get("SMUP_CHROMIUM"), *_NAMES)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _find_script() -> Path | None:
    default = project_dir("notebooks").parent / "node_modules" / "axe-core" / "axe.min.js"
    path = Path(os.environ.get("SMUP_AXE") or default)
    return path if path.is_file() else None
