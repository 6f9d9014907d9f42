"""Which variables of BDL does the user want? Told before anything is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smup_lib.catalogue import BdlColumn, Catalogue, Variable
from smup_lib.errors import CatalogueError, ParameterError
from smup_lib.sources.web.bdl_variables import Wanted

_NUMBER = re.compile(r"(?:bdl_)?(\d{1,9})")
_SUBJECT = re.compile(r"[Pp]?(\d{4})")


@dataclass(frozen=True)
class BdlChoice:
    """What the user wants; empty means everything that the catalogue can name in BDL.

    Attributes
    ----------
    areas : tuple of str
        Areas of the catalogue: only variables that their indicators need.
    variables : tuple of str
        A number of BDL, a variable of the catalogue, or both: ``population=72305``.
    subjects : tuple of str
        Subjects of BDL (``P1944``): all their variables.
    years : tuple of int
    level : str or None
        Only this level; else all that the variable has.
    accepted : tuple of int
        Numbers whose labels the user has looked at and takes.
    """

    areas: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    level: str | None = None
    accepted: tuple[int, ...] = ()


def choose_wanted(catalogue: Catalogue, choice: BdlChoice) -> list[Wanted]:
    """Return the variables of a choice, subjects apart.

    Raises
    ------
    IndicatorError, ParameterError
        When the choice names what the catalogue does not have, or what it cannot name in BDL; all
        of it at once.
    """
    problems: list[str] = []
    named = [one for text in choice.variables for one in _named(text, catalogue, problems)]
    if problems:
        raise ParameterError(
            "Nie wiadomo, o które zmienne BDL chodzi.",
            where="--variable",
            problems=problems,
            expected="numer zmiennej BDL, zmienna katalogu albo jedno i drugie: NAZWA=NUMER",
            next_step="numery zmiennych podgrupy wypisze:"
            " smup data sync bdl --subject P1944 --plan",
        )
    areas = [catalogue.area(text) for text in choice.areas]
    if (choice.variables or choice.subjects) and not areas:
        return _once(named)
    needed = {name for area in areas for one in area.indicators for name in one.variables_read}
    found = [
        Wanted(column.variable_id, variable, column)
        for variable in catalogue.variables.values()
        if variable.id in needed or not areas
        for column in _askable(variable)
    ]
    if areas and not found:
        raise ParameterError(
            "Katalog nie umie wskazać w BDL żadnej zmiennej tego obszaru:"
            f" {', '.join(choice.areas)}.",
            where="--area",
            expected="obszar, którego zmienne mają w katalogu wpis bdl",
            next_step="podaj zmienną: --variable NAZWA=NUMER; bez opcji --area: --plan",
        )
    return _once([*named, *found])


def choose_subjects(choice: BdlChoice) -> list[str]:
    """Return the subjects of a choice as BDL writes them.

    Raises
    ------
    ParameterError
        When one has another form.

    Examples
    --------
    >>> choose_subjects(BdlChoice(subjects=("P1944", "2497")))
    ['P1944', 'P2497']
    """
    wrong = [text for text in choice.subjects if not _SUBJECT.fullmatch(text)]
    if wrong:
        raise ParameterError(
            f"To nie są numery podgrup BDL: {', '.join(wrong)}.",
            where="--subject",
            expected="litera P i cztery cyfry, na przykład P1944",
            next_step="numer podgrupy stoi w nazwie pliku pobranego z BDL",
        )
    return list(dict.fromkeys(f"P{text[-4:]}" for text in choice.subjects))


def _askable(variable: Variable) -> Iterator[BdlColumn]:
    """Yield the first column that can be asked for: by number, or found in its subject."""
    for column in variable.bdl:
        if column.variable_id is not None or (column.subject and column.labels):
            yield column
            return


def _named(text: str, catalogue: Catalogue, problems: list[str]) -> Iterator[Wanted]:
    name, _, told = text.partition("=")
    number = _NUMBER.fullmatch((told or name).strip())
    if number and not told:
        yield Wanted(int(number[1]), named=True)
        return
    if told and not number:
        problems.append(f"„{told}” nie jest numerem zmiennej BDL")
        return
    try:
        variable = catalogue.variable(name.strip())
    except CatalogueError as error:
        problems.append(str(error.what))
        return
    columns = list(_askable(variable))
    if number:
        yield Wanted(int(number[1]), variable, columns[0] if columns else None, named=True)
    elif columns:
        yield Wanted(columns[0].variable_id, variable, columns[0], named=True)
    else:
        problems.append(
            f"katalog nie zna numeru zmiennej „{variable.id}” ({variable.label}) w BDL;"
            f" podaj go: --variable {variable.id}=NUMER"
        )


def _once(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return each variable once; the first counts, and what the user named stands first."""
    kept: dict[object, Wanted] = {}
    for one in wanted:
        kept.setdefault(one.variable.id if one.variable else one.number, one)
    return list(kept.values())
