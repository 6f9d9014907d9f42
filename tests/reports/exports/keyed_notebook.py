"""A notebook of one's own that states keyed numbers in a sentence, a table and a drawing."""

from __future__ import annotations

from pathlib import Path

from tests.reports.small_notebooks import small_notebook, write_notebook

GIVEN = {"unit": "9002", "year": 2022}
_PARAMETERS = 'unit: str = "9002"  # wymagane; kod\nyear: int = 2022  # wymagane; rok'
_START = """
from IPython.display import HTML
from smup_lib.conclude.evidence import NumberKey
from smup_lib.present.numbers import tagged
def num(name, value):
    return tagged(value, NumberKey(unit, name, year), 1)
"""
_SENTENCE = (
    'HTML(f\'<h2>Drogi</h2><p class="smup-sentence">Stan: {num("drogi", 41.2)} na sto.</p>\')'
)
_TABLE = """
rows = "".join(f"<tr><th>{name}</th><td>{num(name, value)}</td></tr>"
    for name, value in (("mosty", 12.5), ("wiadukty", 3.0), ("kładki", 7.5)))
HTML("<h2>Obiekty</h2><table><caption>Obiekty według rodzaju</caption><thead><tr><th>rodzaj</th>"
    f"<th>liczba</th></tr></thead><tbody>{rows}</tbody></table>")
"""
_DRAWING = """
HTML("<h2>Wykres</h2><figure><figcaption>Linia</figcaption>"
    '<svg role="img" viewBox="0 0 90 40" width="90"><title>Linia</title><desc>Linia rośnie.</desc>'
    '<path d="M0 9L80 0" stroke="#000"/><text x="9" y="30"><tspan data-value="5.5" '
    'data-key="unit=9002;indicator=drogi;year=2022;statistic=median;group=">5,5</tspan></text>'
    "</svg></figure>")
"""


def keyed_notebook(folder: Path, name: str = "obiekty") -> Path:
    """Write the notebook; its report states five numbers."""
    cells = (_START, _SENTENCE, _TABLE, _DRAWING)
    source = small_notebook(*(cell.strip() for cell in cells), parameters=_PARAMETERS)
    return write_notebook(folder / f"{name}.ipynb", source)
