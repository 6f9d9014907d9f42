"""How do availability and reconciliation stand on a page?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.formats import count_of, format_number
from smup_lib.present.tables import Column, render_table

if TYPE_CHECKING:
    import pandas as pd

#: More rows than this are for the csv file.
MOST_ROWS = 40
_CELL_NOUN = ("wartość", "wartości", "wartości")
_ROW_NOUN = ("wiersz", "wiersze", "wierszy")
AUDIT_NOTES = (
    "Liczymy jednostki, które w danym roku istniały i których wskaźnik dotyczy; miasto na prawach "
    "powiatu stoi raz na każdym z dwóch szczebli.",
    "Wartość jest, gdy każda zmienna wzoru ma liczbę, a mianownik nie jest zerem.",
)
RECONCILIATION_NOTES = (
    "Porównujemy wskaźnik ogłoszony z tym samym obliczonym przez nas oraz jedną zmienną w dwóch "
    "zbiorach.",
    "Zaokrąglenie tłumaczy różnicę nie większą niż połowa ostatniej zapisanej cyfry; liczby osób "
    "i rzeczy są dokładne.",
    "Gdy różni się większość wartości, przyczyną jest raczej inna definicja albo inny mianownik "
    "niż błąd w danych.",
)


def render_area_counts(frame: pd.DataFrame) -> str:
    """Return the table of areas: how many indicators have what."""
    columns = [
        Column("area_name", "Obszar"),
        Column("level_name", "Szczebel"),
        Column("indicators", "Wskaźniki", "number"),
        Column("with_any", "Z wartością w którymś roku", "number"),
        Column("newest", "Najnowszy rok z wartościami", "year"),
        Column("full", "Pełne w tym roku", "number"),
        Column("share", "Wypełnienie", "number", "%", 1, key="_key"),
    ]
    where = zip(frame["area"].tolist(), frame["level"].tolist(), strict=True)
    keys: list[Any] = [
        NumberKey("00", str(area), statistic="share_of_values", group=str(level))
        for area, level in where
    ]
    keyed = frame.assign(_key=keys)
    return render_table(keyed, columns, "Dostępność według obszarów", sortable=True)


def render_indicator_counts(frame: pd.DataFrame, caption: str) -> str:
    """Return the table of indicators: years, newest year, reason of the gap and its remedy."""
    columns = [
        Column("name", "Wskaźnik"),
        Column("level_name", "Szczebel"),
        Column("years", "Lata z wartościami"),
        Column("newest_values", "Jednostki z wartością w najnowszym roku", "number"),
        Column("newest_units", "z istniejących", "number"),
        Column("share", "Wypełnienie", "number", "%", 1),
        Column("reason", "Czego brakuje"),
    ]
    return render_table(frame, columns, caption, stacked=True) if len(frame) else ""


def render_gap_table(frame: pd.DataFrame) -> str:
    """Return the gaps: which input, why, in which years, what would fill it.

    What cannot be computed is no gap of the data; the table of indicators tells it.
    """
    heading = "<h2>Czego brakuje</h2>"
    if (frame["gap"] == "not_computable").all():
        told = "<p>Każdy wskaźnik ma wszystkie wartości.</p>"
        return f'<section class="smup-gaps">{heading}{told}</section>'
    columns = [
        Column("label", "Zmienna"),
        Column("reason", "Dlaczego brakuje"),
        Column("level_name", "Szczebel"),
        Column("years", "Lata"),
        Column("indicators", "Wskaźniki, które na nią czekają", "number"),
        Column("remedy", "Co ją uzupełni"),
    ]
    frame = frame[frame["gap"] != "not_computable"]
    shown = frame.head(MOST_ROWS)
    note = ""
    if len(frame) > len(shown):
        note = (
            f"Pokazano {count_of(len(shown), _ROW_NOUN)} z {len(frame)}, od tych, na które czeka "
            "najwięcej wskaźników. Wszystkie zapisze: smup catalogue audit --csv PLIK"
        )
    caption = "Luki i to, co by je uzupełniło"
    table = render_table(shown, columns, caption, note=note, stacked=True)
    return f'<section class="smup-gaps">{heading}{table}</section>'


def render_reconciliation(summary: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Return what two sources say of the same thing: counts, then the cells that differ."""
    heading = "<h2>Czy źródła mówią to samo?</h2>"
    if summary.empty:
        told = "<p>Wczytane dane nie mają niczego, o czym mówią dwa źródła.</p>"
        return f'<section class="smup-reconciliation">{heading}{told}</section>'
    counted = [
        Column("name", "Co porównano"),
        Column("level_name", "Szczebel"),
        Column("compared", "Porównane wartości", "number"),
        Column("same", "Równe", "number"),
        Column("rounding", "Różnicę tłumaczy zaokrąglenie", "number"),
        Column("different", "Różne", "number"),
        Column("typical_said", "Typowa różnica wśród różnych"),
    ]
    said = [format_number(size, 1, "%") if size == size else "" for size in summary["typical"]]
    table = render_table(summary.assign(typical_said=said), counted, "Pary źródeł", sortable=True)
    return (
        f'<section class="smup-reconciliation">{heading}{_verdict(summary, differences)}{table}'
        f"{_difference_table(differences)}{_notes(RECONCILIATION_NOTES)}</section>"
    )


def _verdict(summary: pd.DataFrame, differences: pd.DataFrame) -> str:
    compared = int(summary["compared"].sum())
    told = f"Porównano {count_of(compared, _CELL_NOUN)}."
    if differences.empty:
        return f"<p>{told} Każdą różnicę tłumaczy zaokrąglenie.</p>"
    count = int(summary["different"].sum())
    return f"<p>{told} Zaokrąglenie nie tłumaczy różnic w: {count_of(count, _CELL_NOUN)}.</p>"


def _difference_table(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    columns = [
        Column("name", "Co porównano"),
        Column("unit", "Jednostka"),
        Column("year", "Rok", "year"),
        Column("left", "Pierwsze źródło", "number", decimals_from="decimals"),
        Column("right", "Drugie źródło", "number", decimals_from="decimals"),
        Column("measure_unit", "Jednostka miary"),
        Column("difference", "Różnica", "number", signed=True, decimals_from="decimals"),
        Column("percent", "Różnica", "number", "%", 1, signed=True),
    ]
    shown = frame.head(MOST_ROWS)
    note = ""
    if len(frame) > len(shown):
        note = (
            f"Pokazano {count_of(len(shown), _ROW_NOUN)} z {len(frame)}, od największych różnic. "
            "Wszystkie zapisze: smup data reconcile --csv PLIK"
        )
    caption = "Wartości, których różnicy nie tłumaczy zaokrąglenie"
    return render_table(shown, columns, caption, note=note, sortable=True)


def render_audit_notes() -> str:
    """Return how units and values are counted."""
    return _notes(AUDIT_NOTES)


def _notes(notes: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<ul class="smup-note">{items}</ul>'
