"""How do availability and reconciliation stand on a page?"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.plurals import ROW_NOUN, VALUE_NOUN
from smup_lib.present.folding import folded
from smup_lib.present.formats import count_of, format_number
from smup_lib.present.tables import Column, render_table
from smup_lib.teryt import LEVEL_GENITIVE

if TYPE_CHECKING:
    import pandas as pd

#: More rows than this are for the csv file.
MOST_ROWS = 40
#: So many rows stand open; more wait behind their name.
LISTED_AT_ONCE = 8
_GAP_CAPTION = "Luki i to, co by je uzupełniło"
_VARIABLE_NOUN = ("zmienna", "zmienne", "zmiennych")
AUDIT_NOTES = (
    "Liczymy jednostki, które w danym roku istniały i których wskaźnik dotyczy; miasto na prawach "
    "powiatu stoi raz na każdym z dwóch szczebli.",
    "Wartość jest, gdy każda zmienna wzoru ma liczbę, a mianownik nie jest zerem.",
    "Wypełnienie liczymy od pierwszego do ostatniego roku, w którym dane mają którąkolwiek zmienną "
    "wzoru, a gdy nie mają żadnej, po wszystkich latach danych; powiaty są od 1999 r.",
    "Miasta na prawach powiatu nie liczymy na szczeblu powiatów tam, gdzie jego budżet albo "
    "majątek stoi tylko pod kodem gminy.",
)
RECONCILIATION_NOTES = (
    "Porównujemy wskaźnik ogłoszony z tym samym obliczonym przez nas oraz jedną zmienną w dwóch "
    "zbiorach.",
    "Zaokrąglenie tłumaczy różnicę nie większą niż połowa ostatniej zapisanej cyfry; cyfry liczymy "
    "w całym szeregu (zmienna, rok, źródło), bo zera na końcu bywają pominięte. Liczby osób "
    "i rzeczy są dokładne.",
    "Dokładność nieznana: wartości się różnią, a źródło nie mówi, z iloma cyframi je zapisano.",
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
        Column("share", "Wypełnienie", "number", "%", 1, key="_key", not_zero=True),
    ]
    where = zip(frame["area"].tolist(), frame["level"].tolist(), strict=True)
    keys: list[Any] = [
        NumberKey("00", str(area), statistic="share_of_values", group=str(level))
        for area, level in where
    ]
    keyed = frame.assign(_key=keys)
    name = "Dostępność według obszarów"
    return _first_counts(frame) + render_table(keyed, columns, name, sortable=True, stacked=True)


def _first_counts(frame: pd.DataFrame) -> str:
    """Say of one area, before its table, how many indicators have any value."""
    if frame["area"].nunique() > 1:
        return ""
    return "".join(
        f"<p>Szczebel {LEVEL_GENITIVE[str(row.level)]}: wskaźniki z wartością w którymś roku: "
        f"<strong>{row.with_any} z {row.indicators}</strong>.</p>"
        for row in frame.itertuples()
    )


def render_indicator_counts(frame: pd.DataFrame, caption: str, *, fold: bool = False) -> str:
    """Return the table of indicators: years, newest year, reason of the gap and its remedy.

    ``fold`` hides it behind its caption, on a page of many areas; a long one always waits there.
    """
    columns = [
        Column("name", "Wskaźnik"),
        Column("level_name", "Szczebel"),
        Column("years", "Lata z wartościami"),
        Column("newest_values", "Jednostki z wartością w najnowszym roku", "number"),
        Column("newest_units", "z istniejących", "number"),
        Column("share", "Wypełnienie", "number", "%", 1, not_zero=True),
        Column("reason", "Czego brakuje"),
    ]
    if frame.empty:
        return ""
    fold = fold or len(frame) > LISTED_AT_ONCE
    table = render_table(frame, columns, caption, stacked=True, hide_caption=fold)
    return _fold(caption, len(frame), table) if fold else table


def _fold(name: str, rows: int, table: str) -> str:
    return folded(f"{name} ({count_of(rows, ROW_NOUN)})", table)


def render_heat_maps(charts: Mapping[str, str], *, fold: bool = False) -> str:
    """Return charts, given by name of area and level; ``fold`` hides each behind it."""
    told = "".join(folded(name, html) if fold else html for name, html in charts.items())
    return f"<section><h2>Które lata są w danych</h2>{told}</section>"


def render_gaps(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the gaps: which input, why, in which years, what would fill it.

    ``frames`` are the gaps by name of their area; those of several areas are folded. What cannot
    be computed is no gap of the data; the table of indicators tells it.
    """
    heading = "<h2>Czego brakuje</h2>"
    missing = {name: frame[frame["gap"] != "not_computable"] for name, frame in frames.items()}
    missing = {name: frame for name, frame in missing.items() if len(frame)}
    told = "".join(
        _gap_counts(frame) + _fold(_GAP_CAPTION, len(frame), _gap_table(frame))
        if len(frames) == 1
        else _fold(name, len(frame), _gap_table(frame))
        for name, frame in missing.items()
    )
    told = told or "<p>Każdy wskaźnik ma wszystkie wartości.</p>"
    return f'<section class="smup-gaps">{heading}{told}</section>'


def _gap_counts(frame: pd.DataFrame) -> str:
    """Return for how many variables each reason holds, the commonest first."""
    lines = "".join(
        f"<li>{escape(str(reason))}: {count_of(int(count), _VARIABLE_NOUN)}</li>"
        for reason, count in frame["reason"].value_counts().items()
    )
    return f"<ul>{lines}</ul>"


def _gap_table(frame: pd.DataFrame) -> str:
    columns = [
        Column("label", "Zmienna"),
        Column("reason", "Dlaczego brakuje"),
        Column("level_name", "Szczebel"),
        Column("years", "Lata"),
        Column("indicators", "Wskaźniki, które na nią czekają", "number"),
        Column("remedy", "Co ją uzupełni"),
    ]
    shown = frame.head(MOST_ROWS)
    note = ""
    if len(frame) > len(shown):
        note = (
            f"Pokazano {count_of(len(shown), ROW_NOUN)} z {len(frame)}, od tych, na które czeka "
            "najwięcej wskaźników. Wszystkie zapisze: smup catalogue audit --csv PLIK"
        )
    return render_table(shown, columns, _GAP_CAPTION, note=note, stacked=True, hide_caption=True)


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
        Column("unknown", "Dokładność nieznana", "number"),
        Column("different", "Różne", "number"),
        Column("typical_said", "Typowa różnica wśród różnych"),
    ]
    notes = _notes(RECONCILIATION_NOTES)
    said = [format_number(size, 1, "%") if size == size else "" for size in summary["typical"]]
    table = render_table(summary.assign(typical_said=said), counted, "Pary źródeł", sortable=True)
    return (
        f'<section class="smup-reconciliation">{heading}{_verdict(summary, differences)}{table}'
        f"{_difference_table(differences)}{folded('Jak porównujemy', notes)}</section>"
    )


def _verdict(summary: pd.DataFrame, differences: pd.DataFrame) -> str:
    compared = int(summary["compared"].sum())
    told = f"Porównano {count_of(compared, VALUE_NOUN)}."
    if unknown := int(summary["unknown"].sum()):
        told += f" Nie wiadomo, jak zaokrąglono, przy: {count_of(unknown, VALUE_NOUN)}."
    if differences.empty:
        return f"<p>{told} Każdą inną różnicę tłumaczy zaokrąglenie.</p>"
    count = int(summary["different"].sum())
    return f"<p>{told} Zaokrąglenie nie tłumaczy różnic w: {count_of(count, VALUE_NOUN)}.</p>"


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
            f"Pokazano {count_of(len(shown), ROW_NOUN)} z {len(frame)}, od największych różnic. "
            "Wszystkie zapisze: smup data reconcile --csv PLIK"
        )
    caption = "Wartości, których różnicy nie tłumaczy zaokrąglenie"
    return render_table(shown, columns, caption, note=note, sortable=True)


def render_audit_notes() -> str:
    """Return how units and values are counted."""
    return folded("Jak to liczymy", _notes(AUDIT_NOTES))


def _notes(notes: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<ul class="smup-note">{items}</ul>'
