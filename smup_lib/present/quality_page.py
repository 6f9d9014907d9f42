"""What does a page say of the data behind a unit: years, gaps, doubts, revisions, refused rows?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.conclude.evidence import NumberKey
from smup_lib.flags import NUMBER_FLAGS
from smup_lib.present.formats import count_of
from smup_lib.present.tables import Column, render_table
from smup_lib.present.words import QUALIFIERS, flag_words, qualifier_words
from smup_lib.years import format_years

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment

#: More rows than this are for the files of the snapshot.
MOST_ROWS = 40
#: A year between others of which no source says anything.
_NO_ROW = "nie ma w danych"
_REVISION_NOUN = ("zmieniona liczba", "zmienione liczby", "zmienionych liczb")
_ROW_NOUN = ("odrzucony wiersz", "odrzucone wiersze", "odrzuconych wierszy")


def render_years(assessment: AreaAssessment) -> str:
    """Return, for each indicator, the years with a value, those without and why, and doubts."""
    import pandas as pd

    rows = [_year_row(item) for item in assessment.indicators if len(item.series)]
    silent = len(assessment.indicators) - len(rows)
    columns = [
        Column("name", "Wskaźnik"),
        Column("known", "Lata z wartością"),
        Column("missing", "Lata bez wartości i powód"),
        Column("doubts", "Zastrzeżenia do wartości"),
        Column("breaks", "Przerwy przed rokiem"),
    ]
    table = (
        render_table(
            pd.DataFrame(rows), columns, "Lata z wartością", hide_caption=True, stacked=True
        )
        if rows
        else "<p>O tej jednostce nie ma w tym obszarze ani jednego wiersza.</p>"
    )
    note = (
        f'<p class="smup-note">Wskaźniki bez żadnego wiersza za żaden rok: {silent}. '
        "Wymienia je część o brakach.</p>"
        if silent
        else ""
    )
    return f"<section><h2>Które lata ma ta jednostka</h2>{table}{note}</section>"


def _year_row(item: IndicatorAssessment) -> dict[str, Any]:
    series = item.series
    known = [int(y) for y in series.loc[series["value"].notna(), "year"]]
    missing = series[series["value"].isna()]
    pairs = list(zip(missing["flag"].tolist(), missing["year"].tolist(), strict=True))
    spoken = set(map(int, series["year"]))
    silent = sorted(set(range(min(spoken), max(spoken) + 1)) - spoken)
    told = series[series["value"].notna()]
    doubts = [
        (qualifier_words(name), int(year))
        for text, year in zip(told["qualifiers"], told["year"], strict=True)
        for name in str(text).split(",")
        if name
    ]
    return {
        "name": item.indicator.name,
        "known": format_years(known) or "żaden",
        "missing": _by_reason(
            [(flag_words(str(flag)), int(year)) for flag, year in pairs]
            + [(_NO_ROW, year) for year in silent]
        ),
        "doubts": _by_reason(doubts),
        "breaks": ", ".join(str(b.year) for b in item.breaks),
    }


def _by_reason(pairs: Iterable[tuple[str, int]]) -> str:
    """Join years that share a reason."""
    found: dict[str, list[int]] = {}
    for reason, year in pairs:
        found.setdefault(reason, []).append(year)
    return "; ".join(f"{reason}: {format_years(years)}" for reason, years in found.items())


def count_flags(assessment: AreaAssessment) -> tuple[Counter[str], Counter[str]]:
    """Count the cells of a unit, indicator by year: by flag, and those with a doubt by qualifier.

    A value that is exactly zero counts as ``true_zero`` only where its source says so.
    """
    flags: Counter[str] = Counter()
    qualifiers: Counter[str] = Counter()
    for item in assessment.indicators:
        own = item.series[item.series["flag"].notna()]
        flags.update(map(str, own["flag"]))
        for text in own.loc[own["value"].notna(), "qualifiers"]:
            qualifiers.update(name for name in str(text).split(",") if name)
    return flags, qualifiers


def render_flags(assessment: AreaAssessment) -> str:
    """Return how many values have which flag and which doubt, over all years of the area."""
    import pandas as pd

    flags, qualifiers = count_flags(assessment)
    key = NumberKey(assessment.unit.code, assessment.area.id)
    rows = [
        {
            "word": (flag_words(flag) or "wartość bez zastrzeżeń").capitalize(),
            "what": "jest liczba" if flag in NUMBER_FLAGS else "brak liczby",
            "count": count,
            "_key": key.of(statistic=f"n_cells:{flag}"),
        }
        for flag, count in flags.most_common()
    ]
    rows += [
        {
            "word": QUALIFIERS.get(name, name).capitalize(),
            "what": "zastrzeżenie do liczby",
            "count": count,
            "_key": key.of(statistic=f"n_qualified:{name}"),
        }
        for name, count in qualifiers.most_common()
    ]
    if not rows:
        return ""
    columns = [
        Column("word", "Znacznik"),
        Column("what", "Co znaczy"),
        Column("count", "Ile wartości", "number", key="_key"),
    ]
    table = render_table(pd.DataFrame(rows), columns, "Znaczniki wartości", hide_caption=True)
    return f"<section><h2>Jakie to liczby</h2>{table}</section>"


def render_revisions(
    revisions: pd.DataFrame, catalogue: Catalogue, labels: Mapping[str, str], own: str
) -> str:
    """Return which numbers a later file changed: those of the unit first."""
    heading = "<h2>Co się zmieniło od poprzednich plików</h2>"
    if revisions.empty:
        said = "Żaden późniejszy plik nie zmienił liczb, z których powstają te wskaźniki."
        return f"<section>{heading}<p>{said}</p></section>"
    ordered = revisions.assign(_own=revisions["unit_code"] != own)
    ordered = ordered.sort_values(["_own", "unit_code", "variable", "year"], kind="stable")
    shown = ordered.head(MOST_ROWS)
    frame = shown.assign(
        unit=[labels.get(code, code) for code in shown["unit_code"]],
        label=[catalogue.variable(name).label for name in shown["variable"]],
        old_key=_keys(shown, "old_source"),
        new_key=_keys(shown, "new_source"),
        digits=[
            _digits(*pair) for pair in zip(shown["old_value"], shown["new_value"], strict=True)
        ],
    )
    columns = [
        Column("unit", "Jednostka"),
        Column("label", "Zmienna"),
        Column("year", "Rok", "year"),
        *(
            Column(f"{when}_value", header, "number", flag=f"{when}_flag", key=f"{when}_key",
                   decimals_from="digits")
            for when, header in (("old", "Przedtem"), ("new", "Teraz"))
        ),
        Column("new_source", "Źródło nowej"),
    ]  # fmt: skip
    said = f"<p>Razem: {count_of(len(revisions), _REVISION_NOUN)}.</p>"
    note = f"Pokazano pierwsze {MOST_ROWS}." if len(revisions) > MOST_ROWS else ""
    table = render_table(frame, columns, "Zmienione liczby", note=note, hide_caption=True)
    return f"<section>{heading}{said}{table}</section>"


def _keys(rows: pd.DataFrame, source: str) -> list[Any]:
    columns = (rows[name].tolist() for name in ("unit_code", "variable", "year", source))
    return [
        NumberKey(str(code), str(variable), int(year), f"value_from:{told}")
        for code, variable, year, told in zip(*columns, strict=True)
    ]


def _digits(*values: float) -> int:
    """Return how many digits after the comma the values are written with, three at most."""
    return max(len(f"{value:.3f}".rstrip("0").partition(".")[2]) for value in values)


def render_refused(quarantine: pd.DataFrame) -> str:
    """Return the rows of files that were not taken in, by reason."""
    import pandas as pd

    heading = "<h2>Czego nie przyjęto</h2>"
    if quarantine.empty:
        return f"<section>{heading}<p>Przyjęto wszystkie wiersze wczytanych plików.</p></section>"
    counts = Counter(
        zip(quarantine["file"].astype(str), quarantine["reason"].astype(str), strict=True)
    )
    rows = [
        {"file": file, "reason": reason, "rows": count_of(count, _ROW_NOUN)}
        for (file, reason), count in counts.most_common(MOST_ROWS)
    ]
    columns = [Column("file", "Plik"), Column("reason", "Powód"), Column("rows", "Ile")]
    table = render_table(pd.DataFrame(rows), columns, "Odrzucone wiersze", stacked=True,
                         hide_caption=True)  # fmt: skip
    more = len(counts) - MOST_ROWS
    note = f'<p class="smup-note">{escape(f"I {more} innych.")}</p>' if more > 0 else ""
    return f"<section>{heading}{table}{note}</section>"
