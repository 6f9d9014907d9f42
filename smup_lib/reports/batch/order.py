"""Which reports are wanted? An order: parts, chapters, units and parameters, kept as a file.

An order says what a person means ("culture and roads, all powiaty, 2018"); which reports that makes
on a given state of the data is the matter of :mod:`smup_lib.reports.batch.jobs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, field_validator

from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_entry
from smup_lib.catalogue.vocabulary import CatalogueModel, Text
from smup_lib.errors import ParameterError
from smup_lib.problems import tell_error
from smup_lib.reports.batch.order_file import read_order_file
from smup_lib.reports.batch.packing import Packing
from smup_lib.reports.exports.formats import check_formats

#: How many digits a code of a gmina or powiat may have.
_CODE_DIGITS = (4, 6, 7)
_KEYS = (
    *("title", "year", "units", "group", "parameters", "parts", "formats", "zip", "notebooks"),
    *("snapshot", "skip_unknown"),
)

Value: TypeAlias = str | int | float | bool | list[str] | list[int] | None
Year = Annotated[int, Field(ge=1990, le=2100)]


def _is_plain(value: Any) -> bool:
    """Say whether a notebook may be given a value, so that the fault is told in one sentence."""
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value) or all(type(one) is int for one in value)
    return value is None or isinstance(value, str | int | float)


class Wanted(CatalogueModel):
    """What a chapter, a part or the whole order says of its reports; the inner one wins."""

    units: tuple[str, ...] | None = Field(default=None, description="jakie jednostki")
    year: Year | None = Field(default=None, description="rok raportu")
    group: str | None = Field(default=None, description="grupa porównawcza")
    parameters: dict[str, Value] = Field(
        default_factory=dict, description="inne parametry notatnika"
    )

    @field_validator("parameters", mode="before")
    @classmethod
    def _plain_values(cls, given: Any) -> Any:
        values = given if isinstance(given, dict) else {}
        wrong = [f"{name}={value}" for name, value in values.items() if not _is_plain(value)]
        if wrong:
            raise ValueError(
                f"to nie jest tekst, liczba, true, false ani lista: {', '.join(wrong)}"
            )
        return given

    @field_validator("units", mode="before")
    @classmethod
    def _one_is_a_list(cls, given: Any) -> Any:
        listed = given if isinstance(given, list | tuple) else [given]
        if given is None or isinstance(given, dict):
            return given
        numbers = [str(one) for one in listed if type(one) is int]
        wrong = [one for one in numbers if len(one) not in _CODE_DIGITS]
        if wrong:
            raise ValueError(f"to nie jest kod o 4, 6 albo 7 cyfrach: {', '.join(wrong)}")
        return [str(one) if type(one) is int else one for one in listed]


class Chapter(Wanted):
    """Some of the reports of a part."""

    title: Text | None = Field(default=None, description="nazwa rozdziału")


class Part(Wanted):
    """One notebook, for all units or chapter by chapter."""

    report: Text = Field(description="obszar, „portret” albo ścieżka notatnika")
    title: Text | None = Field(default=None, description="nazwa części")
    chapters: tuple[Chapter, ...] = Field(default=(), description="rozdziały części")


class Order(Wanted):
    """Reports that are made together.

    Attributes
    ----------
    title : str
        What the whole is called; stands on the first page of its site.
    parts : tuple of Part
        At least one.
    formats : tuple of str or None
        In which formats the reports lie beside the page.
    zip : str or None
        ``unit`` or ``powiat``: archives of whom are made too.
    notebooks : bool
        Whether executed notebooks are kept.
    snapshot : str or None
        The state of the data, when it was named; the current one otherwise.
    skip_unknown : bool
        Whether codes and names that mean no unit are left out and told.
    """

    format: Literal[1] = 1
    title: Text = Field(default="Raporty", description="nazwa całości")
    parts: tuple[Part, ...] = Field(description="części")
    formats: tuple[str, ...] | None = Field(default=None, description="formaty obok strony")
    zip: Packing | None = Field(default=None, description="archiwa")
    notebooks: bool = Field(default=False, description="czy zachować wykonane notatniki")
    snapshot: Text | None = Field(default=None, description="stan danych")
    skip_unknown: bool = Field(default=False, description="czy pomijać nieznane jednostki")

    @field_validator("parts")
    @classmethod
    def _any_part(cls, given: tuple[Part, ...]) -> tuple[Part, ...]:
        if not given:
            raise ValueError("zlecenie nie ma żadnej części; dopisz choć jedną: - report: kultura")
        return given

    @field_validator("formats", mode="before")
    @classmethod
    def _known_formats(cls, given: Any) -> Any:
        listed = given.split(",") if isinstance(given, str) else given
        if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
            return listed
        try:
            return check_formats(listed)
        except ParameterError as error:
            raise ValueError(tell_error(error)) from error

    def made_so(self, way: Mapping[str, Any]) -> Order:
        """Return the order with what a command says of how its reports are made; None says nothing.

        Examples
        --------
        >>> order = simple_order(["kultura"], ["powiaty"], 2018)
        >>> order.made_so({"snapshot": "sample", "zip": None}).snapshot
        'sample'
        """
        return self.model_copy(update={name: one for name, one in way.items() if one is not None})

    def located(self) -> Order:
        """Return the order with the files that it names told so that any folder finds them."""
        parts = [
            part.model_copy(
                update={
                    "report": _whole_path(part.report),
                    "units": _whole_paths(part.units),
                    "chapters": tuple(
                        one.model_copy(update={"units": _whole_paths(one.units)})
                        for one in part.chapters
                    ),
                }
            )
            for part in self.parts
        ]
        return self.model_copy(update={"parts": tuple(parts), "units": _whole_paths(self.units)})


def _whole_paths(terms: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if terms is None else tuple(map(_whole_path, terms))


def _whole_path(term: str) -> str:
    path = Path(term)
    return str(path.resolve()) if path.suffix and path.is_file() else term


def simple_order(
    reports: Sequence[str],
    units: Sequence[str],
    year: int,
    group: str | None = None,
    parameters: Mapping[str, Value] | None = None,
) -> Order:
    """Return the order of a command line: each report for all the units.

    Raises
    ------
    ParameterError
        With everything that no order may say.

    Examples
    --------
    >>> simple_order(["kultura"], ["powiaty"], 2018).parts[0].report
    'kultura'
    """
    content = {
        "parts": [{"report": report} for report in reports],
        "units": list(units),
        "year": year,
        "group": group,
        "parameters": dict(parameters or {}),
    }
    problems: list[Problem] = []
    order = read_entry(Order, content, "polecenie", problems)
    if order is None:
        raise ParameterError(
            "Takich raportów nie można zamówić.",
            problems=[str(problem) for problem in problems],
            expected="rok od 1990 do 2100; parametry: tekst, liczba, true albo false, lista",
            next_step="popraw i powtórz polecenie",
        )
    return order


def read_order(path: Path) -> Order:
    """Read an order from its file, YAML or JSON.

    Raises
    ------
    ParameterError
        With every fault of the file, each with its line.
    """
    problems: list[Problem] = []
    found = read_order_file(path, problems)
    order = read_entry(Order, found.content, path.name, problems) if found else None
    if found is not None:
        problems = [*map(found.placed, problems), *found.list_unknown_reports()]
    if order is None or problems:
        raise ParameterError(
            "Zlecenie raportów ma błędy.",
            where=str(path),
            problems=[str(problem) for problem in problems],
            expected=f"plik YAML z kluczami: {', '.join(_KEYS)}; opis i przykład: docs/batch.md",
            next_step="popraw je i sprawdź: smup report batch --plan PLIK --dry-run",
        )
    return order


def write_order(order: Order) -> str:
    """Return an order as the text of its file; what is not said does not appear."""
    import yaml

    content = order.model_dump(mode="json", exclude_defaults=True)
    head = {"format": order.format, "title": order.title}
    text: str = yaml.safe_dump({**head, **content}, allow_unicode=True, sort_keys=False)
    return text
