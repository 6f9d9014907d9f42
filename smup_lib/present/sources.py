"""How is a source named, numbered and linked, so that each number leads to its file in two hops?

Sources have the numbers of their snapshot: ``[8]`` means the same file in every table, chart and
finding of a page, and links to the row of that file in the table of sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.folding import folded
from smup_lib.present.formats import NBSP, count_of, format_date
from smup_lib.present.numbers import tagged
from smup_lib.present.tables import Column, render_table

#: So much of a checksum tells files apart for a reader; the manifest has all of it.
_CHECKSUM_START = 12
_SOURCE_NOUN = ("źródło", "źródła", "źródeł")


@dataclass(frozen=True)
class SourceRow:
    """One file, or one generated set, that shown numbers come from.

    Attributes
    ----------
    number : int
        Its number among the sources of the snapshot.
    id : str
        ``<dataset>@<8 hex>``, as in the column ``source`` of the observations.
    title, publisher, credit : str
        What it is, who publishes it, and how they ask to be credited.
    dataset : str
        Id of the data set.
    file, sha256 : str
        Name and checksum of the file; empty when the program made the data.
    retrieved, imported : str
        ISO dates: of the file, when somebody told it, and of the import.
    years : tuple of int
        First and last year; empty when it has none.
    origin : str
        What the file itself names as the source of the numbers; empty when it names none.
    """

    number: int
    id: str
    title: str
    publisher: str
    credit: str
    dataset: str
    file: str = ""
    sha256: str = ""
    retrieved: str = ""
    imported: str = ""
    years: tuple[int, ...] = ()
    origin: str = ""

    @property
    def anchor(self) -> str:
        """Return the id of its row in the table of sources."""
        return f"zrodlo-{self.number}"

    @property
    def mark(self) -> str:
        """Return its number as it stands beside other numbers."""
        return f"[{self.number}]"

    @property
    def name(self) -> str:
        """Return the place of the numbers, with the number of the source."""
        return f"{self.place}{NBSP}{self.mark}"

    @property
    def place(self) -> str:
        """Return the file and what it names as its source, or the data set without a file."""
        cited = f" za:{NBSP}{self.origin}" if self.origin else ""
        return f"{self.file or f'zbiór {self.dataset}'}{cited}"


@dataclass(frozen=True)
class SourceLine:
    """The line under a chart: publishers, files, state of the data.

    Attributes
    ----------
    text : str
        The whole line.
    links : mapping of str to str
        Parts of the line and the anchors that they lead to.
    """

    text: str
    links: Mapping[str, str] = field(default_factory=dict)


def source_line(rows: Sequence[SourceRow], state: str) -> SourceLine:
    """Return the line that credits sources under a chart.

    Parameters
    ----------
    rows : sequence of SourceRow
        What the chart shows comes from these.
    state : str
        ISO date of the snapshot.

    Examples
    --------
    >>> row = SourceRow(8, "bdl:P2423@a7", "Wypadki", "GUS", "", "bdl:P2423", "wypadki.csv")
    >>> source_line([row], "2026-11-22").text.replace("\\xa0", " ")
    'Źródło: GUS (wypadki.csv [8]). Opracowanie własne, dane wczytano 22.11.2026 r.'
    """
    ordered = sorted(rows, key=lambda row: (row.publisher, row.number))
    named = [
        f"{publisher} ({', '.join(row.name for row in part)})"
        for publisher, part in groupby(ordered, key=lambda row: row.publisher)
    ]
    told = "; ".join(named) or "brak danych"
    return SourceLine(
        f"Źródło: {told}. Opracowanie własne, dane wczytano {format_date(state)}",
        {row.name: row.anchor for row in ordered},
    )


def linked(text: str, links: Mapping[str, str]) -> str:
    """Return a text as markup with its parts linked to their anchors.

    Examples
    --------
    >>> linked("GUS (a.csv [8]).", {"a.csv [8]": "zrodlo-8"})
    'GUS (<a class="smup-ref" href="#zrodlo-8">a.csv [8]</a>).'
    """
    html = escape(text)
    for part, anchor in links.items():
        shown = escape(part)
        html = html.replace(shown, f'<a class="smup-ref" href="#{anchor}">{shown}</a>', 1)
    return html


def source_marks(rows: Iterable[SourceRow]) -> str:
    """Return the numbers of sources as links, to stand beside a number.

    Examples
    --------
    >>> source_marks([SourceRow(8, "a@1", "A", "GUS", "", "a")])
    '<a class="smup-ref" href="#zrodlo-8" title="GUS: zbiór a">[8]</a>'
    """
    return " ".join(
        f'<a class="smup-ref" href="#{row.anchor}" '
        f'title="{escape(row.publisher)}: {escape(row.place)}">'
        f"{row.mark}</a>"
        for row in rows
    )


@dataclass(frozen=True)
class OtherValue:
    """A number that another source holds for a shown cell.

    Attributes
    ----------
    label : str
        Name of the variable; empty when it is the shown value itself.
    value, decimals, measure_unit, key
        The number and how it is printed.
    source : SourceRow
        Who says so.
    same : bool
        Whether it prints like the shown one.
    """

    label: str
    value: float
    decimals: int
    measure_unit: str
    key: NumberKey
    source: SourceRow
    same: bool = False


def render_other_values(values: Sequence[OtherValue]) -> str:
    """Return the line that says what other sources hold, or nothing."""
    if not values:
        return ""
    told = []
    for other in values:
        number = tagged(other.value, other.key, other.decimals, measure_unit=other.measure_unit)
        label = f"{escape(other.label)} = " if other.label else ""
        same = " (tyle samo)" if other.same else ""
        told.append(f"{label}{number} {source_marks([other.source])}{same}")
    head = "Inne źródło" if len(values) == 1 else "Inne źródła"
    return f'<p class="smup-note">{head}: {"; ".join(told)}.</p>'


def render_sources(rows: Sequence[SourceRow], *, fold: bool = False) -> str:
    """Return the files behind the numbers and the credit lines their publishers ask for.

    ``fold`` tells how many each publisher has and keeps the list behind its name.
    """
    import pandas as pd

    frame = pd.DataFrame(
        [
            {
                "number": f'<span class="smup-ref" id="{row.anchor}">{row.mark}</span>',
                "title": _title(row),
                "publisher": row.publisher,
                "file": _file(row),
                "days": _days(row),
                "years": "–".join(map(str, dict.fromkeys(row.years))) or "–",
            }
            for row in rows
        ],
        columns=["number", "title", "publisher", "file", "days", "years"],
    )
    columns = [
        Column("number", "Nr", "html"),
        Column("title", "Zbiór", "html"),
        Column("publisher", "Wydawca"),
        Column("file", "Plik i początek sumy kontrolnej", "html"),
        Column("days", "Daty", "html"),
        Column("years", "Lata"),
    ]
    caption = "Źródła liczb w tym raporcie"
    table = render_table(frame, columns, caption, stacked=True, hide_caption=fold)
    if fold:
        table = _told(rows) + folded(f"Lista źródeł ({len(rows)})", table)
    listed = "".join(
        f"<li>{escape(line)}</li>" for line in dict.fromkeys(row.credit for row in rows)
    )
    return (
        f'<section class="smup-sources"><h2>Źródła</h2>{table}'
        f'<ul class="smup-credits">{listed}</ul></section>'
    )


def _told(rows: Sequence[SourceRow]) -> str:
    """Return how many sources each publisher has, the commonest first."""
    lines = "".join(
        f"<li>{escape(publisher)}: {count_of(count, _SOURCE_NOUN)}</li>"
        for publisher, count in Counter(row.publisher for row in rows).most_common()
    )
    return f"<ul>{lines}</ul>"


def _title(row: SourceRow) -> str:
    named = f"<br>źródło podane w pliku: {escape(row.origin)}" if row.origin else ""
    note = f'<span class="smup-note">{escape(row.id)}{named}</span>'
    return f"{escape(row.title)}<br>{note}"


def _file(row: SourceRow) -> str:
    if not row.file:
        return "bez pliku: dane tworzy program"
    start = escape(row.sha256[:_CHECKSUM_START])
    return (
        f'<span class="smup-path">{escape(row.file)}</span><br><span class="smup-note">{start}'
        "</span>"
    )


def _days(row: SourceRow) -> str:
    """Say of which day a file is and when it was read in; the two are often years apart."""
    if not row.file:
        return "–"
    told = f"plik z {format_date(row.retrieved)}" if row.retrieved else "dzień pliku nieznany"
    read = f"wczytano {format_date(row.imported)}" if row.imported else "dzień wczytania nieznany"
    return f"{told}<br>{read}"
