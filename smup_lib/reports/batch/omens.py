"""What will go wrong in a batch that has not begun? Thin reports, units and groups that do not fit.

No notebook is run: the values of each area are read once, as the batch itself will read them.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.compare.position import MINIMUM_PEERS
from smup_lib.errors import SmupError
from smup_lib.group_names import write_rule
from smup_lib.plurals import counted
from smup_lib.reports.loading import choose_group, levels_of
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.teryt import level_of

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.batch.jobs import Job
    from smup_lib.reports.loading import Workspace

OmenKind = Literal["empty", "thin", "other_code", "wrong_level", "no_group", "small_group"]

OMEN_WORDS: dict[OmenKind, str] = {
    "empty": "raport bez żadnej wartości w tym roku",
    "thin": "raport z niewieloma wartościami",
    "other_code": "miasto pod kodem, który ma mniej wartości",
    "wrong_level": "raport nie obejmuje tego szczebla",
    "no_group": "grupa porównawcza, której nie da się utworzyć",
    "small_group": "grupa za mała do porównania",
}
#: A report with less than this part of what others of its level have is thin.
_THIN = 1 / 3
_SHOWN = 5
_UNIT_NOUN = ("jednostka", "jednostki", "jednostek")


@dataclass(frozen=True)
class Omen:
    """One thing that is to be expected of several reports.

    Attributes
    ----------
    kind : str
        A key of :data:`OMEN_WORDS`.
    section : str
        Title of the part, and of the chapter.
    year : int
        Of the reports.
    units : tuple of str
        Labels of the units.
    said : str
        What exactly, in Polish; of several units the same.
    """

    kind: OmenKind
    section: str
    year: int
    units: tuple[str, ...]
    said: str

    def row(self) -> dict[str, Any]:
        """Return the omen as a row of a table."""
        more = len(self.units) - _SHOWN
        listed = ", ".join(self.units[:_SHOWN]) + (f" i {more} więcej" if more > 0 else "")
        return {
            "kind": self.kind,
            "what": OMEN_WORDS[self.kind],
            "section": self.section,
            "year": self.year,
            "count": counted(len(self.units), _UNIT_NOUN),
            "units": listed,
            "said": self.said,
        }


class _Sign(NamedTuple):
    """What is to be expected of one report."""

    kind: OmenKind
    said: str


def list_omens(workspace: Workspace, jobs: Sequence[Job]) -> tuple[Omen, ...]:
    """Return what will be odd in the reports of an order, everything at once and grouped.

    Parameters
    ----------
    workspace : Workspace
        Keeps the values that it reads here.
    jobs : sequence of Job
        The reports.

    Returns
    -------
    tuple of Omen
        Section by section; empty when nothing is to be expected.
    """
    counts = _Counts(workspace)
    grouped: dict[tuple[str, int, _Sign], list[str]] = defaultdict(list)
    for job, usual in _with_usual(jobs, counts):
        section = ", ".join(part for part in (job.section.title, job.section.chapter) if part)
        unit = workspace.unit(job.unit, year=job.year)
        for sign in _signs(workspace, counts, job, usual):
            grouped[section, job.year, sign].append(unit.label)
    return tuple(
        Omen(sign.kind, section, year, tuple(units), sign.said)
        for (section, year, sign), units in grouped.items()
    )


def list_empty_sections(workspace: Workspace, jobs: Sequence[Job]) -> tuple[str, ...]:
    """Say of each area, year and level of which no report would have a value what year has some.

    What is kept of a year knows every earlier and later one of the same units.
    """
    counts = _Counts(workspace)
    alike: dict[tuple[str, int, str], list[Job]] = defaultdict(list)
    for job in jobs:
        if job.section.area is not None and level_of(job.unit) in levels_of(job.section.area):
            alike[job.section.area.id, job.year, level_of(job.unit)].append(job)
    told = []
    for (name, year, level), some in alike.items():
        area = workspace.catalogue.areas[name]
        if any(counts.of(area, job.unit, year) for job in some):
            continue
        values = workspace.kept.find(name, level, year)
        known = {one for job in some if values for one in values.count_years(job.unit)}
        newest = f"najnowszy rok z danymi to {max(known)}" if known else "nie ma ich w żadnym roku"
        units = counted(len(some), _UNIT_NOUN)
        told.append(
            f"{area.name}, {year} r., szczebel {level}: żaden raport nie będzie miał ani"
            f" jednej wartości ({units}); {newest}."
        )
    return tuple(told)


class _Counts:
    """How many indicators have a value of a unit, by area and year."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[tuple[str, str, int], dict[str, int]] = {}

    def of(self, area: ServiceArea | None, code: str, year: int) -> int:
        """Count them in an area, or in all areas of services."""
        areas = self._workspace.catalogue.areas.values() if area is None else [area]
        return sum(self._in_one(one, code, year) for one in areas if area or one.id != CONTEXT)

    def _in_one(self, area: ServiceArea, code: str, year: int) -> int:
        level = level_of(code)
        if level not in levels_of(area):
            return 0
        counted_here = self._known.setdefault((area.id, level, year), {})
        if code not in counted_here:
            keep_area_values(self._workspace, area, level, year)
            values = self._workspace.kept.find(area.id, level, year)
            found = values.count_years(code).get(year, 0) if values is not None else 0
            counted_here[code] = found
        return counted_here[code]


def _with_usual(jobs: Sequence[Job], counts: _Counts) -> Iterator[tuple[Job, float]]:
    """Yield each job with how many values the reports of its kind have in the middle."""
    alike: dict[tuple[str, int, str], list[Job]] = defaultdict(list)
    for job in jobs:
        alike[job.section.name, job.year, level_of(job.unit)].append(job)
    for group in alike.values():
        have = [counts.of(job.section.area, job.unit, job.year) for job in group]
        usual = statistics.median(have)
        yield from ((job, usual) for job in group)


def _signs(workspace: Workspace, counts: _Counts, job: Job, usual: float) -> Iterator[_Sign]:
    area, year = job.section.area, job.year
    if level_of(job.unit) not in levels_of(area):
        yield _Sign("wrong_level", "obszar nie ma wskaźników na tym szczeblu")
        return
    count = counts.of(area, job.unit, year)
    if count == 0:
        yield _Sign("empty", f"za {year} r. nie ma żadnej wartości")
    elif count < usual * _THIN:
        yield _Sign("thin", f"mniej niż trzecia część tego, co zwykle ({usual:.0f} wartości)")
    other = other_code_of(job.unit)
    if area is not None and other and (there := counts.of(area, other, year)) > count:
        yield _Sign("other_code", f"wartości: {count}, a pod drugim kodem miasta: {there}")
    yield from _group_signs(workspace, job)


def _group_signs(workspace: Workspace, job: Job) -> Iterator[_Sign]:
    """Yield that nobody fits the rule that was asked for, or too few do."""
    area = job.section.area or workspace.catalogue.areas[CONTEXT]
    unit = workspace.unit(job.unit, year=job.year)
    rule = job.parameters.get("group")
    try:
        group = choose_group(workspace, rule, unit, job.year, area)
    except SmupError as error:
        yield _Sign("no_group", "; ".join((error.what, *error.problems)))
        return
    if len(group.members) < MINIMUM_PEERS:
        name = write_rule(group.key)
        yield _Sign("small_group", f"grupa „{name}”: jednostek mniej niż {MINIMUM_PEERS}")
