"""What is seen of a selection as a table or a document that names its sources."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from smup_lib.polish_text import plain_text
from smup_lib.present.display import Display
from smup_lib.present.figure import ChartFigure
from smup_lib.present.formats import format_date
from smup_lib.present.words import SAMPLE_LAND, flag_sign, flag_words
from smup_lib.reports.exports.csv import plain_cell
from smup_lib.reports.exports.extra import lacking_library
from smup_lib.reports.selection.table import SeenTable, TableLook, see_table
from smup_lib.reports.selection.view import SelectionView

if TYPE_CHECKING:
    from smup_lib.reports.selection.selection import Selection

#: Sizes in a sheet: widths of names and numbers, height of the heads, which take some lines.
_NAME_WIDTH, _NUMBER_WIDTH, _HEAD_HEIGHT = 42, 18, 90
#: Head of the column that says why values of a row are lacking or need care.
_REMARKS = "uwagi"


def file_stem(selection: Selection) -> str:
    """Return how a file of a selection is called, without an ending.

    Plain letters, so that every system and every mail takes it.
    """
    words = re.sub(r"[^a-z0-9]+", "-", plain_text(f"{selection.subject} {selection.about}"))
    return f"smup-{words.strip('-')[:60].strip('-')}-{selection.data_hash}"


def list_facts(selection: Selection) -> list[tuple[str, str]]:
    """Return what every file says of itself: data, sources, hash."""
    snapshot = selection.workspace.snapshot
    land = f", {SAMPLE_LAND}" if snapshot.fictional else ""
    rows = selection.book.rows(
        {name for text in selection.frame["source"].cat.categories for name in text.split()}
    )
    named = dict.fromkeys(
        f"{(row.credit or row.publisher).rstrip('.')}: {row.title}" for row in rows
    )
    day = format_date(snapshot.manifest.created[:10])
    return [
        ("Co zawiera", f"{selection.subject}: {selection.about}"),
        ("Stan danych", f"{snapshot.id} z dnia {day}{land}"),
        ("Skrót danych", selection.data_hash),
        ("Źródła", "; ".join(named)),
        *(("Uwaga", note) for note in selection.notes),
    ]


def write_table_csv(selection: Selection, look: TableLook | None = None) -> bytes:
    """Return the table as it is seen, as Excel in Polish opens it by a double click.

    Byte-order mark, semicolons, decimal commas, exact values; a gap is empty, never zero, and the
    last columns of each row say why, and name state of the data, hash and sources.
    """
    table = see_table(selection, look)
    facts = dict(list_facts(selection))
    told = [facts[name] for name in ("Stan danych", "Skrót danych", "Źródła")]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    long = bool(table.rows) and table.rows[0][1] is not None
    heads = ["kod", "jednostka", *(["rok"] if long else []), *_headers(table)]
    rows.writerow([*map(plain_cell, heads), _REMARKS, "stan danych", "skrót danych", "źródła"])
    for at, ((code, year), values) in enumerate(zip(table.rows, table.values, strict=True)):
        numbers = ["" if np.isnan(v) else _digits(v) for v in values.tolist()]
        name = plain_cell(selection.found.units[code])
        last = map(plain_cell, (table.remark(at), *told))
        rows.writerow([code, name, *([year] if long else []), *numbers, *last])
    return out.getvalue().encode("utf-8-sig")


def write_table_xlsx(selection: Selection, look: TableLook | None = None) -> bytes:
    """Return the table as it is seen, as a workbook: values, what they mean, what they rest on.

    Numbers keep all their digits and show as many as the page; a gap holds its sign.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise lacking_library("zapisania skoroszytu", error) from error
    table = see_table(selection, look)
    out = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **safe}) as book:
        book.set_properties({"title": f"{selection.subject}: {selection.about}"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _write_values(book, bold, selection, table)
        indicators = selection.found.indicators
        _write_texts(
            *(
                book,
                bold,
                "Wskaźniki",
                ("wskaźnik", "jednostka miary", "definicja", "czego nie mówi"),
            ),
            [(i.name, i.measure_unit, i.definition, i.limits) for i in indicators],
        )
        _write_texts(book, bold, "Metryka", ("", ""), list_facts(selection))
    return out.getvalue()


def _write_values(book: Any, bold: Any, selection: Selection, table: SeenTable) -> None:
    sheet = book.add_worksheet("Tabela")
    formats = {
        decimals: book.add_format(
            {"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")}
        )
        for decimals in {column.indicator.decimals for column in table.columns}
    }
    right = book.add_format({"align": "right"})
    long = bool(table.rows) and table.rows[0][1] is not None
    heads = ["kod", "jednostka", *(["rok"] if long else []), *_headers(table)]
    first, remarks = len(heads) - len(table.columns), len(heads)
    sheet.write_row(0, 0, [*heads, _REMARKS], bold)
    for at, (code, year) in enumerate(table.rows, 1):
        sheet.write_string(at, 0, code)
        sheet.write_string(at, 1, selection.found.units[code])
        if long:
            sheet.write_number(at, 2, year)
        for place, column in enumerate(table.columns):
            value = table.values[at - 1, place]
            if np.isnan(value):
                sheet.write_string(at, first + place, flag_sign(table.flags[at - 1, place]), right)
            else:
                form = formats[column.indicator.decimals]
                sheet.write_number(at, first + place, value, form)
        sheet.write_string(at, remarks, table.remark(at - 1))
    sheet.set_row(0, _HEAD_HEIGHT)
    sheet.freeze_panes(1, first)
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, _NAME_WIDTH)
    sheet.set_column(2, remarks - 1, _NUMBER_WIDTH)
    sheet.set_column(remarks, remarks, _NAME_WIDTH)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), remarks)
    signs = sorted(set(table.flags[np.isnan(table.values)]))
    for at, flag in enumerate(signs, len(table.rows) + 2):
        sheet.write_string(at, 1, f"{flag_sign(flag)}  {flag_words(flag)}")


def _write_texts(
    book: Any, bold: Any, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    sheet = book.add_worksheet(name)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, heads, bold)
    for at, row in enumerate(rows, 1):
        for place, text in enumerate(row):
            sheet.write_string(at, place, str(text), wrapped)
    sheet.set_column(0, len(heads) - 1, _NAME_WIDTH)


def write_document(selection: Selection, charts: Sequence[ChartFigure | Display]) -> bytes:
    """Return head, findings, the charts that are seen and the values as a document of Word.

    Raises
    ------
    ReportError
        When the extra ``export`` is not installed.
    """
    from smup_lib.reports.exports.displays import write_displays

    view = SelectionView(selection)
    drawn = [Display(chart._repr_html_() or "", "") for chart in charts]
    parts = [view.title(), view.findings(), *drawn, view.table(), view.details(), view.sources()]
    title = f"{selection.subject}: {selection.about}"
    fictional = selection.workspace.snapshot.fictional
    return write_displays(title, parts, view.make_receipt(), "docx", fictional=fictional)


def _headers(table: SeenTable) -> list[str]:
    told = []
    for column in table.columns:
        one = column.indicator
        measure = "" if one.measure_unit == "-" else f" [{one.measure_unit}]"
        year = "" if column.year is None else f", {column.year}"
        told.append(f"{one.name}{year}{measure}")
    return told


def _digits(value: float) -> str:
    return repr(value).removesuffix(".0").replace(".", ",")
