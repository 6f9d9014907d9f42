"""What does a site of reports list? Units by voivodeship and powiat, each with its reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from smup_lib.errors import SmupError
from smup_lib.polish_text import polish_order
from smup_lib.reports.batch.manifest import Row, Status
from smup_lib.reports.batch.reading_sample import report_name
from smup_lib.reports.loading import Workspace
from smup_lib.teryt import city_gmina_code, is_city_code, is_fictional_code, level_of, powiat_of

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.units import Register

#: Files of a report that a reader may want, in the order of their links.
ENDINGS = ("docx", "xlsx", "pdf", "pptx", "csv")
#: A title names so many areas; more are counted.
_MOST_NAMED = 2
LOST = "plik raportu zniknął z folderu partii"


@dataclass(frozen=True)
class ListedReport:
    """A report as the site lists it.

    Attributes
    ----------
    row : Row
        Of the manifest.
    title : str
        The area or the name of the notebook.
    page : str
        Path of the page below the folder of the batch; empty when there is none.
    files : mapping of str to str
        Ending and path of the other files that are there.
    """

    row: Row
    title: str
    page: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """``made`` and ``empty`` have a page; ``failed`` has none."""
        return self.row.status if self.page else "failed"

    @property
    def listing(self) -> str:
        """The status, or ``lost`` where the report was made and its page is gone."""
        return "lost" if not self.page and self.row.status != "failed" else self.status

    @property
    def error(self) -> str:
        """Why there is no page."""
        return "" if self.page else self.row.error or LOST


@dataclass(frozen=True)
class ListedUnit:
    """A unit and its reports, the newest year of an area first."""

    code: str
    name: str
    label: str
    reports: tuple[ListedReport, ...]

    @property
    def powiat(self) -> str:
        """Code of the powiat that it is or lies in."""
        return powiat_of(self.code)


@dataclass(frozen=True)
class SiteContents:
    """All that a site lists.

    Attributes
    ----------
    title : str
        Of the batch; areas and years where it has none of its own.
    units : tuple of ListedUnit
        By the names of their voivodeships, powiaty and their own.
    names : mapping of str to str
        Names of voivodeships and powiaty by code.
    outlines : DataFrame or None
        Areas of powiaty (``unit_code``, ``geometry``); None where the snapshot is not at hand.
    notes : tuple of str
        What should be known, in Polish.
    credits : tuple of str
        The lines that publishers of the data ask for.
    """

    title: str
    units: tuple[ListedUnit, ...]
    names: Mapping[str, str]
    outlines: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()

    @property
    def years(self) -> str:
        """The years that the reports are about."""
        return _span({report.row.year for report in self.reports})

    @cached_property
    def reports(self) -> tuple[ListedReport, ...]:
        """All reports, unit by unit."""
        return tuple(report for unit in self.units for report in unit.reports)

    @cached_property
    def snapshots(self) -> tuple[str, ...]:
        """Ids of the data that the reports rest on."""
        return tuple(sorted({report.row.snapshot for report in self.reports}))

    @property
    def fictional(self) -> bool:
        """Whether any unit is made up."""
        return any(is_fictional_code(unit.code) for unit in self.units)

    @property
    def updated(self) -> str:
        """When the newest report was finished (ISO, UTC)."""
        return max((report.row.finished for report in self.reports), default="")

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """Names of the kinds of reports, in Polish order."""
        named = {report.row.report: report.title for report in self.reports}
        return dict(sorted(named.items(), key=lambda item: polish_order(item[1])))

    @cached_property
    def voivodeships(self) -> Mapping[str, tuple[ListedUnit, ...]]:
        """Units by the code of their voivodeship."""
        found: dict[str, list[ListedUnit]] = {}
        for unit in self.units:
            found.setdefault(unit.code[:2], []).append(unit)
        return {code: tuple(units) for code, units in found.items()}


def list_contents(folder: Path, rows: Iterable[Row], title: str) -> SiteContents:
    """Return what a site of a batch lists.

    Parameters
    ----------
    folder : Path
        Of the batch.
    rows : iterable of Row
        Of its manifest.
    title : str
        Of the batch; nothing where it has none of its own.
    """
    rows = list(rows)
    land = _open_land(rows)
    register, outlines = land.register, land.outlines
    titles = _report_titles(rows)
    by_unit: dict[str, list[ListedReport]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(_listed(folder, row, titles[row.report]))
    drawn = [] if outlines is None else [str(code) for code in outlines["unit_code"]]
    names = _place_names(register, (*by_unit, *drawn))
    units = [_unit(code, reports, register) for code, reports in by_unit.items()]

    def place(unit: ListedUnit) -> tuple[object, ...]:
        above = (names[unit.code[:2]], names.get(unit.powiat, unit.powiat))
        level = "" if level_of(unit.code) == "powiat" or is_city_code(unit.code) else unit.name
        return (*map(polish_order, (*above, level)), unit.code)

    title = title or _usual_title(rows, titles)
    listed = tuple(sorted(units, key=place))
    return SiteContents(title, listed, names, outlines, land.notes, land.credits)


def _usual_title(rows: list[Row], titles: Mapping[str, str]) -> str:
    """Return the areas and the years: two sites of one office must not have one name."""
    named = sorted(set(titles.values()), key=polish_order)
    areas = ", ".join(named) if len(named) <= _MOST_NAMED else f"{len(named)} obszarów"
    return f"Raporty: {areas}, {_span({row.year for row in rows})} r." if rows else "Raporty"


def _span(years: set[int]) -> str:
    return "–".join(str(year) for year in sorted({min(years), max(years)})) if years else ""


@dataclass(frozen=True)
class _Land:
    """What the newest snapshot of a batch knows of units and of its own sources."""

    register: Register | None = None
    outlines: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()


def _open_land(rows: list[Row]) -> _Land:
    """Return names, areas and credits of the newest snapshot of the batch, if it is here."""
    if not rows:
        return _Land()
    newest = max(rows, key=lambda row: row.finished).snapshot
    try:
        workspace = Workspace.open(newest)
    except SmupError as error:
        told = f"nie ma stanu danych {newest}, więc brak mapy i nazw województw ({error.what})"
        return _Land(notes=(told,))
    outlines = workspace.snapshot.table("outlines")
    powiaty = outlines[outlines["level"] == "powiat"].sort_values("unit_code")
    publishers = map(workspace.catalogue.publisher_of, sorted(workspace.snapshot.manifest.sources))
    return _Land(
        workspace.register,
        powiaty if len(powiaty) else None,
        credits=tuple(dict.fromkeys(one.credit for one in publishers if one.credit)),
    )


def _report_titles(rows: list[Row]) -> dict[str, str]:
    """Return the Polish names of the notebooks; one of a user's own is called by its file."""
    return {name: report_name(name) for name in {row.report for row in rows}}


def _listed(folder: Path, row: Row, title: str) -> ListedReport:
    there = {
        path.rpartition(".")[2]: path
        for path in row.outputs
        if not path.endswith(".receipt.json") and (folder / path).is_file()
    }
    if row.status == "failed":
        return ListedReport(row, title)
    files = {ending: there[ending] for ending in ENDINGS if ending in there}
    return ListedReport(row, title, there.get("html", ""), files)


def _unit(code: str, reports: list[ListedReport], register: Register | None) -> ListedUnit:
    newest = max(report.row.year for report in reports)
    ordered = sorted(reports, key=lambda report: (polish_order(report.title), -report.row.year))
    label = reports[0].row.unit_name
    name = label.removesuffix(f" ({code})")
    if register is not None and register.exists(code, newest):
        name = register.unit(code, newest).short_label
    return ListedUnit(code, name, label, tuple(ordered))


def _place_names(register: Register | None, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of the voivodeships and powiaty that units lie in or are."""
    places = {place for code in codes for place in (code[:2], powiat_of(code))}
    if register is None:
        kinds = {2: "województwo", 4: "powiat"}
        return {place: f"{kinds[len(place)]} {place}" for place in places}
    return {
        place: register.unit(place).label.removesuffix(f" ({place})")
        if register.exists(place)
        else place
        for place in places
    }


def unit_of_powiat(code: str, units: Mapping[str, ListedUnit]) -> ListedUnit | None:
    """Return the listed unit that a powiat is; a city may be listed under its gmina's code."""
    found = units.get(code)
    if found is None and is_city_code(code):
        found = units.get(city_gmina_code(code))
    return found
