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


def find_barriers(folder: Path, files: Sequence[str]) -> tuple[list[Fault], str]:
    """Look at pages as people meet them and list what keeps somebody out.

    Parameters
    ----------
    folder : Path
        Of the batch.
    files : sequence of str
        Pages below it.

    Returns
    -------
    list of Fault, str
        The faults, and in Polish why nobody looked; empty when somebody did.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return [], "brak biblioteki playwright"
    chromium, script = _find_chromium(), _find_script()
    if chromium is None or script is None:
        lacks = "przeglądarki Chromium" if chromium is None else "skryptu axe-core"
        return [], f"brak {lacks} (miejsce można podać w zmiennej SMUP_CHROMIUM albo SMUP_AXE)"
    source = script.read_text(encoding="utf-8")
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=[*_FLAGS])
            try:
                page = browser.new_page()
                page.set_default_timeout(_PATIENCE_MS)
                found = [fault for file in files for fault in _look(page, source, folder, file)]
            finally:
                browser.close()
    except Error as error:
        return [], f"przeglądarka nie zadziałała: {str(error).splitlines()[0]}"
    return found, ""


def _look(page: Any, source: str, folder: Path, file: str) -> Iterator[Fault]:
    page.goto((folder / file).resolve().as_uri())
    page.evaluate(source)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
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
