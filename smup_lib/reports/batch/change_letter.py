"""A cover letter of a batch whose data were corrected: for all units, or for each of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError
from smup_lib.plurals import REPORT_NOUN, counted
from smup_lib.present.formats import format_date
from smup_lib.present.page_shell import render_page
from smup_lib.present.revision_words import OUTCOME_WORDS
from smup_lib.present.tables import Column, render_table
from smup_lib.reports.batch.changes import SORTS, BatchChanges, ReportChange, Sort
from smup_lib.reports.batch.corrected import render_corrected
from smup_lib.reports.batch.order import Order

if TYPE_CHECKING:
    from smup_lib.snapshots import Snapshot

TITLE = "Co zmieniły nowe dane w raportach"
ENDINGS = (".html", ".md", ".docx")
#: What became of a report, in words.
SORT_WORDS: Mapping[Sort, str] = {
    "conclusions": "inny jest co najmniej jeden wniosek",
    "lost": "z nowych danych raport już nie powstanie",
    "filled": "przedtem bez danych, teraz dane są",
    "numbers": "wnioski te same, inne są liczby",
    "remade": "wnioski i liczby te same, inne dane w tle (wykresy innych jednostek, źródła)",
    "same": "bez zmian",
    "unjudged": "nie porównano",
}
_HEADS: Mapping[Sort, str] = {
    "lost": "Raporty, które z nowych danych już nie powstaną",
    "filled": "Raporty, dla których są już dane",
    "numbers": "Raporty z tymi samymi wnioskami i innymi liczbami",
    "unjudged": "Raporty, których nie porównano",
}
_WHAT_COUNTS = (
    "Wniosek jest inny, gdy nie jest już prawdziwy, nie da się go powtórzyć albo doszedł nowy. "
    "Poprawka danych jednej jednostki może zmienić wniosek innej, którą się z nią porównuje."
)
_MAKE_AGAIN = "Powtórzone polecenie smup report batch z folderem tej partii zrobi od nowa"
_UNJUDGED = (
    "Są to raporty z własnych notatników, o samych danych, o wielu obszarach albo wielu "
    "jednostkach naraz: ich wniosków program nie porównuje."
)
_LONGEST_LIST = 100


def render_letter(changes: BatchChanges, *, sums: bool = True) -> str:
    """Return the letter as a whole page.

    Parameters
    ----------
    changes : BatchChanges
        What became of the reports.
    sums : bool
        Whether reports are counted; the letter of one unit need not.
    """
    data = changes.data
    body = [f"<h1>{TITLE}</h1>", *_introduction(changes), *render_corrected(data)]
    if sums:
        body += _sums(changes)
    body += _other_conclusions(changes)
    for sort in ("lost", "filled", "numbers", "unjudged"):
        body += _listed(changes, sort)
    body += [*_left_out(changes), _states(changes)]
    return render_page(TITLE, "".join(body), fictional=data.pair.new.fictional)


def _introduction(changes: BatchChanges) -> Iterator[str]:
    pair, n = changes.data.pair, len(changes.reports)
    usual = Order.model_fields["title"].default
    title = f" „{escape(changes.title)}”" if changes.title not in ("", usual) else ""
    days = " i ".join(dict.fromkeys(f"dane wczytano {_day(one)}" for one in (pair.old, pair.new)))
    yield (
        f"<p>Poprawiono dane, z których powstały raporty{title}. Porównano "
        f"{counted(n, REPORT_NOUN)} przed poprawką i po niej ({days}).</p>"
    )
    if not changes.of("conclusions", "lost", "filled"):
        same = "Żaden wniosek nie jest inny niż przedtem."
        yield f"<p><strong>{same}</strong></p>"


def _day(snapshot: Snapshot) -> str:
    return format_date(snapshot.manifest.created[:10])


def _states(changes: BatchChanges) -> str:
    pair = changes.data.pair
    named = f"{pair.old.id} (przedtem) i {pair.new.id} (teraz)"
    return f'<p class="smup-note">Porównane stany danych: {escape(named)}.</p>'


def _sums(changes: BatchChanges) -> Iterator[str]:
    import pandas as pd

    rows = [(SORT_WORDS[sort], n) for sort, n in changes.counts.items() if n]
    columns = [Column("sort", "Co się stało z raportem"), Column("n", "Raporty", "number")]
    frame = pd.DataFrame([*rows, ("razem", len(changes.reports))], columns=["sort", "n"])
    yield render_table(frame, columns, "Ile raportów mówi co innego", note=_WHAT_COUNTS)
    by_area = Counter((one.area, one.row.year, one.sort) for one in changes.reports)
    pairs = list(dict.fromkeys((one.area, one.row.year) for one in changes.reports))
    if len(pairs) > 1:
        told = [sort for sort in SORTS if changes.counts[sort]]
        counts = [(*pair, *(by_area[*pair, sort] for sort in told)) for pair in pairs]
        heads = [Column(sort, SORT_WORDS[sort], "number") for sort in told]
        first = [Column("area", "Obszar"), Column("year", "Rok", "year")]
        table = pd.DataFrame(counts, columns=["area", "year", *told])
        yield render_table(table, [*first, *heads], "Raporty według obszarów", stacked=True)
    if changes.to_make:
        yield f"<p>{_MAKE_AGAIN} {counted(changes.to_make, REPORT_NOUN)}.</p>"


def _other_conclusions(changes: BatchChanges) -> Iterator[str]:
    found = sorted(changes.of("conclusions"), key=lambda one: (one.row.unit, one.area))
    if found:
        yield "<h2>Raporty z innymi wnioskami</h2>"
    for _, reports in itertools.groupby(found, lambda one: one.row.unit):
        for place, one in enumerate(reports):
            if not place:
                yield f"<h3>{escape(one.row.unit_name)}</h3>"
            yield _conclusions(changes, one)


def _conclusions(changes: BatchChanges, one: ReportChange) -> str:
    import pandas as pd

    rows = [
        (
            _subject(changes, change.indicator, one.area),
            OUTCOME_WORDS[change.outcome],
            change.before,
            change.after,
        )
        for change in one.conclusions
    ]
    columns = [
        Column("subject", "Wskaźnik"),
        Column("outcome", "Wniosek"),
        Column("before", "Przedtem"),
        Column("after", "Teraz"),
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return render_table(frame, columns, f"{one.area}, {one.row.year} r.", stacked=True)


def _subject(changes: BatchChanges, indicator: str, area: str) -> str:
    known = changes.data.new.catalogue.indicators
    return known[indicator].name if indicator in known else area


def _listed(changes: BatchChanges, sort: Sort) -> Iterator[str]:
    """Tell reports of a sort by their units, area by area."""
    found = changes.of(sort)
    if not found:
        return
    yield f"<h2>{_HEADS[sort]}</h2>"
    if sort == "unjudged":
        yield f"<p>{_UNJUDGED}</p>"
    if sort == "lost":
        told = [
            f"<li>{escape(one.row.unit_name)}: {escape(one.area)}, {one.row.year} r. "
            f"{escape(_why(one))}</li>"
            for one in found
        ]
        yield f"<ul>{''.join(told)}</ul>"
        return
    yield "<ul>"
    for (area, year), reports in _by_area(found):
        names = "; ".join(one.row.unit_name for one in reports[:_LONGEST_LIST])
        more = len(reports) - _LONGEST_LIST
        rest = f"; i {counted(more, REPORT_NOUN)} więcej" if more > 0 else ""
        head = f"{area}, {year} r. ({counted(len(reports), REPORT_NOUN)})"
        yield f"<li>{escape(head)}: {escape(names)}{rest}</li>"
    yield "</ul>"


def _why(one: ReportChange) -> str:
    return " ".join(change.after for change in one.conclusions if change.outcome == "lost")


def _by_area(
    reports: Sequence[ReportChange],
) -> Iterator[tuple[tuple[str, int], list[ReportChange]]]:
    ordered = sorted(reports, key=lambda one: (one.area, one.row.year, one.row.unit))
    for key, some in itertools.groupby(ordered, lambda one: (one.area, one.row.year)):
        yield key, list(some)


def _left_out(changes: BatchChanges) -> Iterator[str]:
    told = [
        f"{counted(n, REPORT_NOUN)} ze stanu danych {name}" for name, n in changes.elsewhere.items()
    ]
    if changes.failed:
        told.append(f"{counted(changes.failed, REPORT_NOUN)}, bo ich wykonanie się nie udało")
    if told:
        yield f'<p class="smup-note">Nie ma tu: {escape("; ".join(told))}.</p>'


def letter_bytes(page: str, ending: str) -> bytes:
    """Return a letter in the format that an ending names.

    Raises
    ------
    ParameterError
        When it names none of :data:`ENDINGS`.
    ReportError
        When a library for the format is missing.

    Examples
    --------
    >>> letter_bytes("<main><h1>Drogi</h1><p>Nic nowego.</p></main>", ".md").decode()
    '# Drogi\\n\\nNic nowego.\\n'
    """
    from smup_lib.reports.exports.docx import write_docx
    from smup_lib.reports.exports.markdown import write_markdown
    from smup_lib.reports.exports.page import read_content

    if ending == ".html":
        return page.encode()
    if ending == ".md":
        return write_markdown(read_content(page)).encode()
    if ending == ".docx":
        return write_docx(read_content(page))
    raise ParameterError(
        "Takiego pliku listu program nie zapisuje.",
        where=ending or "nazwa bez końcówki",
        expected=f"nazwa z końcówką {', '.join(ENDINGS)}",
        next_step="zmień nazwę po --out",
    )


def name_changes(changes: BatchChanges) -> list[dict[str, str | int]]:
    """Return a line for each report that says something else, for a terminal."""
    said: tuple[Sort, ...] = ("conclusions", "lost", "filled")
    return [
        {
            "unit": one.row.unit_name,
            "area": one.area,
            "year": one.row.year,
            "sort": SORT_WORDS[one.sort],
            "conclusions": sum(c.outcome != "lost" for c in one.conclusions),
        }
        for one in sorted(changes.of(*said), key=lambda one: (one.row.unit, one.area))
    ]


def check_ending(out: Path | None) -> None:
    """Refuse a file that could not be written, before anything is worked out."""
    if out is not None and out.suffix.lower() not in ENDINGS:
        letter_bytes("", out.suffix.lower())
