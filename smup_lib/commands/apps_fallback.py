"""``smup apps fallback``: pages for the time when the server is full or down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smup_lib.commands.batch_options import AreaOption, UnitsOption, YearOption
from smup_lib.commands.output import JsonOption, show_json
from smup_lib.plurals import REPORT_NOUN, counted

_PAGE_NOUN = ("aplikacja", "aplikacje", "aplikacji")
_WRONG_ORDER = 2


def write_pages(
    folder: Annotated[Path, typer.Argument(help="Folder partii raportów; nowy, gdy są --units.")],
    area: AreaOption = None,
    units: UnitsOption = None,
    year: YearOption = None,
    as_json: JsonOption = False,
) -> None:
    """Zapisz strony zastępcze: gotowe raporty na czas, gdy serwer jest zajęty albo wyłączony.

    Bez --area, --units i --year raporty mają już leżeć w folderze (smup report batch --out FOLDER).
    """
    from smup_lib.apps.serving.fallback import write_fallback

    code = _make_reports(folder, area, units, year) if area or units or year else 0
    written = write_fallback(folder)
    if as_json:
        show_json(
            {
                "index": str(written.index),
                "pages": written.pages,
                "reports": written.site.reports,
                "notes": list(written.site.notes),
            }
        )
    else:
        reports = counted(written.site.reports, REPORT_NOUN)
        typer.echo(
            f"Strony zastępcze ma {counted(written.pages, _PAGE_NOUN)}; pod nimi: {reports}."
        )
        for note in written.site.notes:
            typer.echo(f"uwaga: {note}")
        typer.echo(str(written.index))
        typer.echo(f"Serwer pokaże je z opcją: smup apps serve --fallback {folder}")
    raise typer.Exit(code)


def _make_reports(
    folder: Path, area: list[str] | None, units: list[str] | None, year: int | None
) -> int:
    """Make the reports as ``smup report batch`` does; some that failed do not stop the pages."""
    from smup_lib.commands.batch import make_batch

    try:
        make_batch(area=area, units=units, year=year, out=folder)
    except typer.Exit as done:
        if done.exit_code == _WRONG_ORDER:
            raise
        return done.exit_code
    return 0
