"""A choice as a plan of batch reports, and back: the same file for an app and ``report batch``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import ParameterError
from smup_lib.reports.batch.order import Order, Part, Value, Wanted, read_order, write_order
from smup_lib.reports.runner import SELECTION, find_notebook
from smup_lib.reports.selection.choice import Choice

if TYPE_CHECKING:
    from smup_lib.reports.selection.selection import Selection

#: Bytes of a plan file that somebody hands over.
LARGEST = 200_000
_HEAD = (
    "# Plan z aplikacji „Zaawansowany”. Raporty: smup report batch --plan PLIK\n"
    "# Ten sam plik otwiera wybór w aplikacji: zakładka „Zapis”, „Wybierz plik planu”.\n"
)


def write_plan(selection: Selection) -> str:
    """Return a plan that makes the report of a selection on the same data.

    Parameters
    ----------
    selection : Selection
        What was picked; the hash of its values is written down, so that a report can tell whether
        it shows the same.
    """
    found, choice = selection.found, selection.choice
    parameters: dict[str, Value] = {
        "indicators": [one.id for one in found.indicators],
        "chosen": list(choice.units),
        "first_year": found.years[0],
        "data_hash": selection.data_hash,
    }
    order = Order(
        title=f"{selection.subject}: {selection.about}",
        year=found.years[-1],
        units=(found.own,),
        group=found.group,
        snapshot=selection.workspace.snapshot.id,
        parameters=parameters,
        parts=(Part(report=SELECTION),),
    )
    return _HEAD + write_order(order)


def read_plan(content: bytes, name: str = "plan.yaml") -> Choice:
    """Return the choice that a plan file makes.

    Raises
    ------
    ParameterError
        With every fault of the file, or when none of its parts is a report of a selection.
    """
    if len(content) > LARGEST:
        raise _no_plan("plik jest za duży")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.json" if name.lower().endswith(".json") else "plan.yaml")
        path.write_bytes(content)
        try:
            order = read_order(path)
        except ParameterError as error:
            raise _no_plan("plik ma błędy", error.problems) from error
    part = next((one for one in order.parts if find_notebook(one.report).stem == SELECTION), None)
    if part is None:
        raise _no_plan(f"żadna część nie jest raportem „{SELECTION}”")
    return _choice(order, part)


def _choice(order: Order, part: Part) -> Choice:
    inner = part.chapters[0] if part.chapters else Wanted()
    said = {**order.parameters, **part.parameters, **inner.parameters}
    year = inner.year or part.year or order.year
    units = inner.units or part.units or order.units or ()
    first = said.get("first_year")
    years = None if year is None else (first if type(first) is int else year, year)
    return Choice(
        indicators=_texts(said.get("indicators")),
        units=_texts(said.get("chosen")) or units,
        years=years,
        unit=units[0] if units else None,
        group=inner.group or part.group or order.group,
    )


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _no_plan(why: str, problems: tuple[str, ...] | list[str] = ()) -> ParameterError:
    return ParameterError(
        f"Tego planu nie da się otworzyć: {why}.",
        problems=list(problems),
        expected="plik YAML zapisany w zakładce „Zapis”",
        next_step="zapisz plan w aplikacji jeszcze raz i otwórz ten plik",
    )
