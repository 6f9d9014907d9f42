"""How does a table look and read aloud? Caption, scopes, Polish numbers, reasons for gaps.

Wide tables scroll inside a region that the keyboard can reach; the header repeats in print; the
first column stays in view. ``templates/shared/tables.js`` adds sorting and a CSV file to tables
marked ``smup-sortable``; without it the table is whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.formats import format_number
from smup_lib.present.numbers import missing_html, tagged
from smup_lib.present.words import FLAGS, flag_sign, flag_words

if TYPE_CHECKING:
    import pandas as pd

#: Flags of numbers whose words are worth saying behind the number.
_SAID = ("below_format",)


@dataclass(frozen=True)
class Column:
    """One column of a shown table.

    Attributes
    ----------
    name : str
        Column of the frame.
    header : str
        Polish header, without the measure unit.
    kind : {"text", "number", "year", "html"}
        ``year`` and codes are never grouped by thousands; ``html`` is trusted markup of ours.
    measure_unit : str
        Written in the header.
    decimals : int
        Digits after the comma.
    flag : str
        Column with the flags of these numbers; empty when nulls are plain "brak danych".
    key : str
        Column with the :class:`NumberKey` of each number; empty for none.
    signed : bool
        Write a plus before positive numbers.
    decimals_from : str
        Column that holds the digits after the comma of each row; overrides ``decimals``.
    scale : float
        Printed is ``value / scale``: 0.01 prints a share in percent, 1000 an amount in thousands.
    not_zero : bool
        Whether a positive number that is rounded to zero is written as "poniżej 0,1": for shares,
        where zero would say that there is nothing.
    """

    name: str
    header: str
    kind: Literal["text", "number", "year", "html"] = "text"
    measure_unit: str = ""
    decimals: int = 0
    flag: str = ""
    key: str = ""
    signed: bool = False
    decimals_from: str = ""
    scale: float = 1.0
    not_zero: bool = False

    @property
    def full_header(self) -> str:
        """Header with the measure unit in brackets.

        Examples
        --------
        >>> Column("v", "wartość", "number", "%").full_header
        'wartość [%]'
        """
        bare = not self.measure_unit or self.measure_unit == "-"
        return self.header if bare else f"{self.header} [{self.measure_unit}]"


def render_table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    caption: str,
    *,
    note: str = "",
    sortable: bool = False,
    highlight: Iterable[int] = (),
    hide_caption: bool = False,
    stacked: bool = False,
) -> str:
    """Return an accessible HTML table; the first column names the rows.

    Parameters
    ----------
    frame : DataFrame
        One row a line, in the order shown.
    columns : sequence of Column
        What to show; the first becomes the row header.
    caption : str
        Says what the table holds.
    note : str, optional
        A line under the table.
    sortable : bool, default False
        Ask the page's script for sort buttons and a CSV link.
    highlight : iterable of int
        Positions of rows to mark (the reader's unit).
    hide_caption : bool, default False
        Keep the caption for screen readers only, when a heading says the same.
    stacked : bool, default False
        On a narrow screen write the cells of a row below each other, each with its header: for
        tables of sentences, which would be cut.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"name": ["Olszyn"], "value": [1234.5]})
    >>> html = render_table(frame, [Column("name", "jednostka"),
    ...                             Column("value", "dochód", "number", "zł", 1)], "Dochody")
    >>> "<th scope=\\"row\\">Olszyn</th>" in html, "1\\xa0234,5" in html
    (True, True)
    """
    from smup_lib.errors import SmupError

    unknown = [column.name for column in columns if column.name not in frame.columns]
    if unknown:
        raise SmupError(
            f"Tabela „{caption}” nie ma kolumn: {', '.join(unknown)}.",
            expected=", ".join(map(str, frame.columns)),
            next_step="popraw nazwy w opisie kolumn albo dodaj kolumny do ramki",
        )
    marked = set(highlight)
    body = "".join(
        f'<tr class="smup-own">{row}</tr>' if i in marked else f"<tr>{row}</tr>"
        for i, row in enumerate(_cells(frame, columns, labelled=stacked))
    )
    digest = blake2s((caption + body).encode(), digest_size=5).hexdigest()
    hidden = ' class="smup-hidden"' if hide_caption else ""
    kinds = " smup-sortable" * sortable + " smup-stacked" * stacked
    table = (
        f'<table class="smup-table{kinds}"><caption id="t{digest}"{hidden}>{escape(caption)}'
        f"</caption><thead><tr>{_head(columns)}</tr></thead><tbody>{body}</tbody></table>"
    )
    return (
        '<div class="smup-table-wrap" role="region" tabindex="0" '
        f'aria-labelledby="t{digest}">{_with_roles(table) if stacked else table}</div>'
        + _legend(frame, columns)
        + (f'<p class="smup-note">{escape(note)}</p>' if note else "")
    )


def render_facts(facts: Sequence[tuple[str, str]], *, trusted: bool = False) -> str:
    """Return a list of names and values (who, when, from where) as a description list.

    Parameters
    ----------
    facts : sequence of (str, str)
        Names and values.
    trusted : bool, default False
        Whether values are our own markup already.

    Examples
    --------
    >>> render_facts([("Rok", "2018")])
    '<dl class="smup-facts"><div><dt>Rok</dt><dd>2018</dd></div></dl>'
    """
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{value if trusted else escape(value)}</dd></div>"
        for name, value in facts
    )
    return f'<dl class="smup-facts">{items}</dl>'


def is_null(value: Any) -> bool:
    """Return whether a cell holds no value.

    Examples
    --------
    >>> [is_null(v) for v in (None, float("nan"), 0, "")]
    [True, True, False, False]
    """
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    import pandas as pd

    return value is pd.NA or value is pd.NaT


def _numeric(column: Column) -> str:
    return ' class="smup-n"' if column.kind in ("number", "year") else ""


def _head(columns: Sequence[Column]) -> str:
    return "".join(
        f'<th scope="col"{_numeric(column)}>{escape(column.full_header)}</th>' for column in columns
    )


def _with_roles(table: str) -> str:
    """Say what each element is: one that is laid out as a block is no cell to a browser."""
    for tag, role in (
        ("<table", "table"),
        ("<thead", "rowgroup"),
        ("<tbody", "rowgroup"),
        ("<tr", "row"),
        ("<td", "cell"),
        ('<th scope="col"', "columnheader"),
        ('<th scope="row"', "rowheader"),
    ):
        table = table.replace(tag, f'{tag} role="{role}"')
    return table


def _cells(frame: pd.DataFrame, columns: Sequence[Column], *, labelled: bool) -> list[str]:
    texts = [_column_cells(frame, column) for column in columns]
    labels = [
        f' data-label="{escape(column.full_header)}"' if labelled else "" for column in columns
    ]
    rows = []
    for row in zip(*texts, strict=True):
        first = f'<th scope="row"{_numeric(columns[0])}{labels[0]}>{row[0][0]}</th>'
        rest = "".join(
            f"<td{sort or _numeric(column)}{label}>{text}</td>"
            for column, label, (text, sort) in zip(columns[1:], labels[1:], row[1:], strict=True)
        )
        rows.append(first + rest)
    return rows


def _column_cells(frame: pd.DataFrame, column: Column) -> list[tuple[str, str]]:
    """Return the markup of each cell and its sort attribute."""
    values = frame[column.name].tolist()
    flags = frame[column.flag].tolist() if column.flag else ["no_data"] * len(values)
    keys = frame[column.key].tolist() if column.key else [None] * len(values)
    digits = frame[column.decimals_from].tolist() if column.decimals_from else []
    places = [column.decimals if is_null(d) else int(d) for d in digits] or (
        [column.decimals] * len(values)
    )
    return [
        _cell(column, value, str(flag), key, decimals)
        for value, flag, key, decimals in zip(values, flags, keys, places, strict=True)
    ]


def _cell(
    column: Column, value: Any, flag: str, key: NumberKey | None, decimals: int
) -> tuple[str, str]:
    if column.kind == "number":
        return _number_cell(column, value, flag, key, decimals)
    if is_null(value) or value == "":
        return (missing_html(flag), "") if is_null(value) else ("", "")
    if column.kind == "year":
        return str(int(value)), ""
    return (str(value) if column.kind == "html" else escape(str(value))), ""


def _number_cell(
    column: Column, value: Any, flag: str, key: NumberKey | None, decimals: int
) -> tuple[str, str]:
    if is_null(value):
        html = missing_html(flag) if key is None else tagged(None, key, flag=flag)
        return html, ' data-sort=""'
    number = float(value)
    if key is None:
        html = format_number(number / column.scale, decimals, signed=column.signed)
    else:
        html = tagged(number, key, decimals, signed=column.signed, scale=column.scale)
    rounded, least = round(number / column.scale, decimals), 10.0**-decimals
    if column.not_zero and number > 0 and rounded == 0:
        html = html.replace(format_number(0, decimals), f"poniżej {format_number(least, decimals)}")
    if flag in _SAID:
        html += f' <span class="smup-flag">({escape(flag_words(flag))})</span>'
    return html, f' data-sort="{number!r}"'


def _legend(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """Return what the signs in this table mean; nothing when no cell is empty."""
    used: dict[str, None] = {}
    for column in columns:
        if column.kind != "number":
            continue
        nulls = frame[column.name].isna()
        if nulls.any():
            flags = frame.loc[nulls, column.flag].astype(str) if column.flag else ["no_data"]
            used.update(dict.fromkeys(flags))
    shown = [flag for flag in FLAGS if flag in used]
    if any(flag not in FLAGS for flag in used) and "no_data" not in shown:
        shown.append("no_data")
    if not shown:
        return ""
    parts = "; ".join(
        f"<b>{escape(flag_sign(flag))}</b> {escape(flag_words(flag))}" for flag in shown
    )
    return f'<p class="smup-legend">Znaki w tabeli: {parts}.</p>'
