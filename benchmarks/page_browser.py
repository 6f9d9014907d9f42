"""What a person sees of a page in Chromium, and when."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

#: Words of an app stand on the page: not the frame of it, and not a word that it loads.
_CONTENT = """() => {
  const head = document.querySelector('.smup-app h1');
  return !!head && head.getClientRects().length > 0;
}"""
_PAINT = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return paint ? paint.startTime / 1000 : null;
}"""


_PREVIEW = """() => {
  const mark = performance.getEntriesByName('smup-preview')[0];
  return mark ? mark.startTime / 1000 : null;
}"""


@dataclass
class Seen:
    """Seconds after the address was entered; None for what never came.

    Attributes
    ----------
    paint : float or None
        The first letters, be they that the page loads.
    content : float or None
        The heading of the app, drawn by its widgets.
    preview : float or None
        The first view, drawn before its widgets stand; plain Voilà has none.
    """

    paint: float | None
    content: float | None
    preview: float | None = None
    failure: str = ""

    def __str__(self) -> str:
        """Write the times."""
        if self.failure:
            return self.failure
        preview = "" if self.preview is None else f"first view {self.preview:.2f} s, "
        paint = float("nan") if self.paint is None else self.paint
        return f"first paint {paint:.2f} s, {preview}widgets {self.content:.2f} s"


def look(address: str, patience: float = 120.0) -> Seen:
    """Open a page in a fresh Chromium whose program is warm, and close it."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return Seen(None, None, failure="playwright is not installed")
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto("about:blank")
            page.goto(address, wait_until="commit", timeout=patience * 1000)
            page.wait_for_function(_CONTENT, timeout=patience * 1000)
            content = page.evaluate("performance.now() / 1000")
            return Seen(page.evaluate(_PAINT), content, page.evaluate(_PREVIEW))
        except Error as error:
            return Seen(None, None, failure=f"no content: {str(error).splitlines()[0]}")
        finally:
            browser.close()
