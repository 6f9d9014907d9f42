"""How does an executed notebook become one page? Markup, style, letters and script in one file.

The page asks no network and no other file for anything, and says so to the browser in its content
security policy: only our own script runs, only embedded fonts and pictures load.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import html as html_lib
import json
import re
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from smup_lib.errors import ReportError
from smup_lib.installing import install_command
from smup_lib.kernels.light_imports import import_jsonschema
from smup_lib.paths import project_dir
from smup_lib.present.stylesheet import page_script, page_style
from smup_lib.present.words import SAMPLE_LAND

if TYPE_CHECKING:
    from smup_lib.reports.receipt import Receipt

#: Cells with this tag speak to who opens the notebook; a report leaves them out.
NOTEBOOK_ONLY = "notebook-only"
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.S)
_SECTION = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.S)
_TAG = re.compile(r"<[^>]+>")
#: It begins with letters that a search jumps to, and only then looks at what stands before.
_ID = re.compile(r'id="(?<=\bid=")([^"]+)"')
_NAMING = re.compile(r'\b(id|for|href|aria-labelledby|aria-describedby)="(#?)([^"]*)"')
_SOURCE_LINK = re.compile(r'<a class="smup-ref" href="#([^"]+)"[^>]*>(.*?)</a>', re.S)


def render_report(notebook: Any, receipt: Receipt) -> str:
    """Return an executed notebook as one self-contained HTML page.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; its code, prompts and cells tagged ``notebook-only`` do not appear.
    receipt : Receipt
        Stands at the end of the page.

    Returns
    -------
    str
        The document. :func:`smup_lib.reports.html_check.check_html` says whether it is sound.

    Raises
    ------
    ReportError
        When the extra ``report`` is not installed.
    """
    year = receipt.parameters.get("year")
    title = page_title(notebook) + (f", {year} r." if year else "")
    script = page_script()
    page = {
        "title": title,
        "style": _style_for(title, receipt.fictional),
        "policy": _policy(script),
        "script": script,
        "land": SAMPLE_LAND,
        "receipt": receipt,
        "receipt_json": receipt.to_json().replace("<", "\\u003c"),
    }
    shown = _with_own_ids(notebook)
    body, _ = _exporter().from_notebook_node(shown, resources={"page": page})
    return _without_dead_links(with_contents(str(body)))


def page_title(notebook: Any) -> str:
    """Return the text of the first main heading, from an output or a text cell.

    Examples
    --------
    >>> page_title({"cells": [{"cell_type": "markdown", "source": "# Kultura", "metadata": {}}]})
    'Kultura'
    """
    for cell in notebook["cells"]:
        if NOTEBOOK_ONLY in cell["metadata"].get("tags", ()):
            continue
        texts = [
            str(o["data"].get("text/html", "")) for o in cell.get("outputs", ()) if "data" in o
        ]
        for text in texts:
            if found := _HEADING.search(text):
                return _plain(found[1])
        if cell["cell_type"] == "markdown" and cell["source"].startswith("# "):
            return str(cell["source"]).splitlines()[0].removeprefix("# ").strip()
    return "Raport"


@cache
def _exporter() -> Any:
    """Return the exporter; its template is compiled once for a whole batch."""
    import_jsonschema()
    try:
        from nbconvert.exporters import TemplateExporter
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
        from traitlets.config import Config
    except ImportError as error:
        raise ReportError(
            f"Do zapisania raportu brakuje biblioteki {error.name or error}.",
            expected="instalacja z dodatkiem „report”",
            next_step=f"zainstaluj ją: {install_command('smup-workbench[report]')}",
        ) from error

    def markdown2html(source: str) -> str:
        renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
        return str(MarkdownWithMath(renderer=renderer).render(source))

    # HTMLExporter would parse the whole page again and point to content delivery networks
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(project_dir("templates"))],
        file_extension=".html",
        filters={"markdown2html": markdown2html},
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_raw=True,
        exclude_unknown=True,
        # once, after all steps, and not after each
        optimistic_validation=True,
        config=Config({"TagRemovePreprocessor": {"remove_cell_tags": [NOTEBOOK_ONLY]}}),
    )
    _compile(exporter)
    return exporter


def _compile(exporter: Any) -> None:
    """Compile the template now: a fault of it is told in our words, and once."""
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        exporter.template  # noqa: B018 - compiled when first asked for
    except TemplateError as error:
        at = error if isinstance(error, TemplateSyntaxError) else None
        raise ReportError(
            "Szablon strony raportu ma błąd.",
            where=f"{at.filename or at.name}, wiersz {at.lineno}" if at else None,
            problems=str(error).splitlines()[:1],
            expected="szablon, który daje się odczytać",
            next_step="popraw szablon albo zainstaluj smup-workbench jeszcze raz",
        ) from error


def check_template() -> None:
    """Check that pages can be laid out, before many reports are made.

    Raises
    ------
    ReportError
        Saying where the template is wrong, or that the extra ``report`` is not installed.
    """
    _exporter()


@cache
def _style() -> str:
    own = project_dir("templates") / "report" / "report.css"
    return f"{page_style()}\n{own.read_text(encoding='utf-8')}"


def _style_for(title: str, fictional: bool) -> str:
    """Return the style sheet with the page's running head, which must be written as CSS text."""
    land = SAMPLE_LAND if fictional else ""
    head = (
        f"@page{{@top-left{{content:{_css_text(title)}}}@top-right{{content:{_css_text(land)}}}}}"
    )
    return f"{_style()}\n{head}"


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "script-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def with_contents(page: str) -> str:
    """Give every section heading an id and put a folded list of sections under the page's head."""
    taken = set(_ID.findall(page))
    entries: list[tuple[str, str]] = []

    def name_heading(found: re.Match[str]) -> str:
        attributes, inner = found[1], found[2]
        own = _ID.search(attributes)
        if own:
            name = own[1]
        else:
            name = next(n for i in range(1, 1000) if (n := f"sekcja-{i}") not in taken)
            taken.add(name)
            attributes += f' id="{name}"'
        entries.append((name, _plain(inner)))
        return f"<h2{attributes}>{inner}</h2>"

    page = _SECTION.sub(name_heading, page)
    if len(entries) < 3:
        return page
    items = "".join(
        f'<li><a href="#{html_lib.escape(name)}">{html_lib.escape(text)}</a></li>'
        for name, text in entries
    )
    contents = (
        '<nav class="smup-contents smup-screen-only" aria-label="Spis treści">'
        f"<details><summary>Spis treści</summary><ol>{items}</ol></details></nav>"
    )
    head, mark, rest = page.partition("</header>")
    return head + mark + contents + rest if mark else page


def _with_own_ids(notebook: Any) -> Any:
    """Rename the ids of what an output shows once more: a drawing is named by its content."""
    shown, taken = copy.copy(notebook), set[str]()
    shown["cells"] = []
    for number, cell in enumerate(notebook["cells"]):
        own = copy.copy(cell)
        shown["cells"].append(own)
        if "outputs" in cell and NOTEBOOK_ONLY not in cell["metadata"].get("tags", ()):
            own["outputs"] = [_with_new_ids(one, number, taken) for one in cell["outputs"]]
    return shown


def _with_new_ids(output: Any, number: int, taken: set[str]) -> Any:
    """Return an output without the ids that are taken, and take its own; it is not changed."""
    if "text/html" not in output.get("data", ()):
        return output
    html = str(output["data"]["text/html"])
    named = set(_ID.findall(html))
    new = {name: f"{name}-{number}" for name in named & taken}
    taken |= named
    if not new:
        return output
    renamed = copy.copy(output)
    renamed["data"] = copy.copy(output["data"])
    renamed["data"]["text/html"] = _NAMING.sub(partial(_renamed, new=new), html)
    return renamed


def _renamed(found: re.Match[str], new: Mapping[str, str]) -> str:
    attribute, mark, names = found.groups()
    told = " ".join(new.get(name, name) for name in names.split(" "))
    return f'{attribute}="{mark}{told}"'


def _without_dead_links(page: str) -> str:
    """Leave only the words of source links where the page has no table of sources to lead to."""
    known = set(_ID.findall(page))
    return _SOURCE_LINK.sub(lambda found: found[0] if found[1] in known else found[2], page)


def _plain(markup: str) -> str:
    return html_lib.unescape(" ".join(_TAG.sub("", markup).split()))


def _css_text(text: str) -> str:
    """Write a text as a CSS string that is safe inside a style element."""
    escaped = "".join(c if c.isalnum() or c in " .,()–-:·/" else f"\\{ord(c):x} " for c in text)
    return json.dumps(escaped, ensure_ascii=False).replace("\\\\", "\\")
