"""``smup catalogue audit`` and ``smup data reconcile``: what is there, and do sources agree?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smup_lib.commands.data_tables import write_csv
from smup_lib.commands.options import LevelOption, SnapshotOption
from smup_lib.commands.output import JsonOption, frame_rows, show_json, show_rows
from smup_lib.plurals import VALUE_NOUN, counted

if TYPE_CHECKING:
    import pandas as pd

AreaOption = Annotated[str | None, typer.Option(help="Obszar; domyślnie wszystkie.")]
CsvOption = Annotated[Path | None, typer.Option(help="Zapisz wszystkie wiersze do pliku csv.")]
HtmlOption = Annotated[Path | None, typer.Option(help="Zapisz jako stronę HTML.")]
_FIRST_GAPS = 15
_FIRST_DIFFERENCES = 20
_AREAS = {
    "area_name": "obszar",
    "level_name": "szczebel",
    "indicators": "wskaźniki",
    "with_any": "z wartością",
    "newest": "najnowszy rok",
    "full": "pełne w tym roku",
    "share": "wypełnienie [%]",
}
_INDICATORS = {
    "indicator": "wskaźnik",
    "level_name": "szczebel",
    "years": "lata z wartościami",
    "newest_values": "jednostki w najnowszym roku",
    "newest_units": "z istniejących",
    "share": "wypełnienie [%]",
    "reason": "czego brakuje",
}
_GAPS = {
    "label": "zmienna",
    "level_name": "szczebel",
    "reason": "dlaczego brakuje",
    "years": "lata",
    "indicators": "czekające wskaźniki",
    "remedy": "co ją uzupełni",
}
_PAIRS = {
    "name": "co porównano",
    "level": "szczebel",
    "compared": "porównane",
    "same": "równe",
    "rounding": "tłumaczy zaokrąglenie",
    "unknown": "dokładność nieznana",
    "different": "różne",
    "typical": "typowa różnica [%]",
}
_DIFFERENCES = {
    "name": "co porównano",
    "unit": "jednostka",
    "year": "rok",
    "left": "pierwsze źródło",
    "right": "drugie źródło",
    "difference": "różnica",
    "percent": "różnica [%]",
}
_UNDEFINED = (
    "Żaden wskaźnik tego obszaru nie jest określony na tym szczeblu;"
    " powtórz polecenie bez --level albo z drugim szczeblem."
)
_WHOLE = ("newest", "newest_values", "newest_units")


def audit(
    area: AreaOption = None,
    level: LevelOption = None,
    csv: CsvOption = None,
    html: HtmlOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Policz, dla ilu jednostek i lat są wartości wskaźników, i nazwij luki."""
    from smup_lib.reports.audit import open_audit

    opened = open_audit(area, level, snapshot)
    yearly = opened.frame()
    if csv is not None:
        write_csv(csv, yearly)
    if html is not None:
        page = opened.page().html
        write_page(html, "Dostępność danych", page, fictional=opened.snapshot.fictional)
    if as_json:
        tables = {"table": yearly, "gaps": opened.gap_frame(), "areas": opened.area_frame()}
        rows = {name: _records(frame) for name, frame in tables.items()}
        show_json({"snapshot": opened.snapshot.id, **rows})
        return
    typer.echo(opened.title().text + "\n")
    if area is None:
        show_rows(_records(opened.area_frame()), _AREAS, as_json=False)
    else:
        frame = opened.indicator_frame()
        frame = frame[frame["defined"]]
        show_rows(_records(frame), _INDICATORS, as_json=False, empty=_UNDEFINED)
        if frame.empty:
            _tell_written(csv, html)
            return
    gaps = opened.gap_frame()
    gaps = gaps[gaps["gap"] != "not_computable"]
    typer.echo("\nCzego brakuje, od tego, na co czeka najwięcej wskaźników:")
    show_rows(_records(gaps.head(_FIRST_GAPS)), _GAPS, as_json=False, empty="Niczego.")
    if len(gaps) > _FIRST_GAPS:
        typer.echo(f"i {len(gaps) - _FIRST_GAPS} innych; wszystkie: --csv PLIK albo --html PLIK")
    _tell_written(csv, html)


def reconcile(
    area: AreaOption = None,
    level: LevelOption = None,
    csv: CsvOption = None,
    html: HtmlOption = None,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Porównaj źródła, które mówią o tym samym, i pokaż różnice większe niż zaokrąglenie."""
    from smup_lib.reports.audit import open_audit

    opened = open_audit(area, level, snapshot)
    pairs, cells = opened.pair_frame(), opened.difference_frame()
    if csv is not None:
        write_csv(csv, cells)
    if html is not None:
        page = opened.differences().html
        body = f"<h1>Uzgodnienie źródeł</h1>{page}"
        write_page(html, "Uzgodnienie źródeł", body, fictional=opened.snapshot.fictional)
    if as_json:
        rows = {"pairs": _records(pairs), "differences": _records(cells)}
        show_json({"snapshot": opened.snapshot.id, **rows})
        return
    show_rows(
        _records(pairs), _PAIRS, as_json=False, empty="Żadne dwa źródła nie mówią o tym samym."
    )
    if len(pairs):
        told = counted(len(cells), VALUE_NOUN)
        typer.echo(f"\nRóżnic nie tłumaczy zaokrąglenie: {told}")
        shown = _records(cells.head(_FIRST_DIFFERENCES))
        show_rows(shown, _DIFFERENCES, as_json=False, empty="")
    if len(cells) > _FIRST_DIFFERENCES:
        typer.echo(f"i {len(cells) - _FIRST_DIFFERENCES} innych; wszystkie zapisze --csv PLIK")
    _tell_written(csv, html)


def write_page(path: Path, title: str, body: str, *, fictional: bool) -> None:
    """Write one self-contained page, or say why it cannot be written."""
    from smup_lib.paths import told_when_unwritable, write_whole
    from smup_lib.present.page_shell import render_page

    advice = "wskaż opcją --html plik w istniejącym folderze"
    with told_when_unwritable(path, "Nie udało się zapisać strony", advice):
        write_whole(path, render_page(title, body, fictional=fictional))


def _tell_written(*paths: Path | None) -> None:
    for path in paths:
        if path is not None:
            typer.echo(f"\nZapisano w {path}")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values: nulls as None, whole numbers whole."""
    whole = {name: "Int64" for name in ("year", *_WHOLE) if name in frame}
    return frame_rows(frame.astype(whole))
