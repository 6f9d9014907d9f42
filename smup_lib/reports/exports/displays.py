"""How is what an app shows saved as a file that says the same as the page?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError
from smup_lib.present.page_shell import render_page
from smup_lib.reports.exports.page import read_content

if TYPE_CHECKING:
    from smup_lib.present.display import Display
    from smup_lib.reports.receipt import Receipt

#: Files that can be saved, and their types as a browser names them.
FILE_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def write_displays(
    title: str, parts: Sequence[Display], receipt: Receipt, ending: str, *, fictional: bool
) -> bytes:
    """Return displays as a file.

    Parameters
    ----------
    title : str
        Of the document.
    parts : sequence of Display
        What it says, in order.
    receipt : Receipt
        What the numbers rest on.
    ending : str
        One of :data:`FILE_TYPES`.
    fictional : bool
        Whether the units are made up.

    Raises
    ------
    ParameterError
        When the ending names no file that can be saved.
    ReportError
        When a library for the format is missing.
    """
    if ending not in FILE_TYPES:
        raise ParameterError(
            f"Pliku z końcówką „{ending}” nie da się zapisać.",
            expected=", ".join(FILE_TYPES),
            next_step="wybierz jeden z tych rodzajów pliku",
        )
    body = "".join(part.html for part in parts)
    data = receipt.to_json().replace("<", "\\u003c")  # nothing in it ends the element
    told = f'<script id="smup-receipt" type="application/json">{data}</script>'
    page = render_page(title, body + told, fictional=fictional)
    content = read_content(page)
    if ending == "xlsx":
        from smup_lib.reports.exports.xlsx import write_xlsx

        return write_xlsx(content)
    if ending == "docx":
        from smup_lib.reports.exports.docx import write_docx

        return write_docx(content)
    from smup_lib.reports.exports.csv import write_csv

    return write_csv(page, content)
