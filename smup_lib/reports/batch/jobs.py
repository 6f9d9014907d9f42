"""Which reports does an order make on a given state of the data? One job a report, each once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import ParameterError, SmupError
from smup_lib.problems import Problems, tell_error
from smup_lib.reports.batch.units import choose_units
from smup_lib.reports.known_years import check_snapshot_year
from smup_lib.reports.loading import Workspace, choose_group, levels_of
from smup_lib.reports.many_findings import keep_area_values
from smup_lib.reports.naming import name_report
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.parameters import Parameter, list_problems, read_parameters
from smup_lib.reports.preflight import CheckedParameters, check_run
from smup_lib.reports.receipt import notebook_digest
from smup_lib.reports.runner import area_of, find_notebook, find_usual_area, is_shipped
from smup_lib.teryt import city_gmina_code, level_of

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.reports.batch.order import Chapter, Order, Part, Wanted

_KEY_LENGTH = 16


@dataclass(frozen=True)
class Section:
    """What the reports of a part or chapter share.

    Attributes
    ----------
    notebook : Path
        Which notebook makes them.
    notebook_sha256 : str
        Checksum of its cells.
    area : ServiceArea or None
        What it is about; None for the whole unit.
    title, chapter : str
        Names of the part and of the chapter; the chapter's may be empty.
    """

    notebook: Path
    notebook_sha256: str
    area: ServiceArea | None
    title: str
    chapter: str = ""

    @property
    def name(self) -> str:
        """The name of the notebook, and of the folder of its reports."""
        return self.notebook.stem

    @property
    def own_path(self) -> str:
        """Where a notebook of one's own lies; empty for one that ships with the workbench."""
        return "" if is_shipped(self.notebook) else str(self.notebook.resolve())


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Attributes
    ----------
    section : Section
        What it shares with others.
    unit : str
        Code of the unit.
    year : int
        Of the report.
    parameters : mapping of str to object
        All values for the notebook, ``unit`` and ``year`` among them.
    """

    section: Section
    unit: str
    year: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What is asked, hashed: the same in every repetition of the order."""
        asked = [self.section.name, dict(self.parameters)]
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


@dataclass(frozen=True)
class Jobs:
    """The jobs of an order, and what should be known of it before it runs.

    Attributes
    ----------
    jobs : tuple of Job
        Section by section, each report once.
    notes : tuple of str
        Polish sentences.
    """

    jobs: tuple[Job, ...]
    notes: tuple[str, ...] = ()


def list_jobs(order: Order, workspace: Workspace, only: Sequence[str] | None = None) -> Jobs:
    """Return the reports that an order makes.

    Parameters
    ----------
    order : Order
        What is wanted.
    workspace : Workspace
        Snapshot, catalogue and register.
    only : sequence of str, optional
        Terms of units; reports of others are left out.

    Raises
    ------
    ParameterError
        With everything wrong in every part: notebooks, parameters, years, units; reports that would
        write one file; terms of ``only`` that mean no report.
    """
    problems = Problems()
    found: dict[str, Job] = {}
    notes: list[str] = []
    sections: list[Section] = []
    for part in order.parts:
        for chapter in part.chapters or (None,):
            made = problems.attempt(
                lambda part=part, chapter=chapter: list(  # type: ignore[misc]
                    _jobs_of(workspace, order, part, chapter, notes)
                )
            )
            sections += [job.section for job in (made or ())[:1]]
            for job in made or ():
                found.setdefault(job.key, job)
    problems.lines += _same_names(sections)
    if not problems.found:
        problems.lines += _without_answer(workspace, found.values())
        problems.lines += _same_files(workspace, found.values())
    if only is not None and found:
        found = problems.attempt(lambda: _only(found, workspace, only, notes)) or {}
    problems.raise_found("Zlecenie raportów nie pasuje do notatników albo do danych.")
    return Jobs(tuple(found.values()), tuple(dict.fromkeys(notes)))


def _same_names(sections: Iterable[Section]) -> list[str]:
    """Return a problem for each name that several notebooks have: their files would be one."""
    paths: dict[str, set[Path]] = {}
    for section in sections:
        paths.setdefault(section.name, set()).add(section.notebook.resolve())
    return [
        f"kilka notatników nazywa się „{name}”: {', '.join(map(str, sorted(found)))};"
        " zmień nazwę jednego z nich"
        for name, found in paths.items()
        if len(found) > 1
    ]


def _without_answer(workspace: Workspace, jobs: Iterable[Job]) -> list[str]:
    """Return a problem for each way of asking that fails for all units of a level.

    What fails for some of them only, or for want of a unit's data, is told by its report. The usual
    parameters of a notebook that ships with the workbench need no check.
    """
    alike: dict[tuple[str, str, str], list[Job]] = {}
    for job in jobs:
        if job.parameters.keys() - {"unit", "year"} or not is_shipped(job.section.notebook):
            asked = f"{job.year}: {_asked(job)}"
            alike.setdefault((job.section.name, level_of(job.unit), asked), []).append(job)
    told = [(some[0], _fault_of_all(workspace, some)) for some in alike.values()]
    lines = [
        f"{job.section.title} ({job.section.notebook.name}): {tell_error(error)}"
        for job, error in told
        if error
    ]
    return list(dict.fromkeys(lines))


def _fault_of_all(workspace: Workspace, jobs: Sequence[Job]) -> SmupError | None:
    """Return what is wrong with parameters for the first of some units; None if one is content."""
    fault = None
    for job in jobs:
        error = _refusal(workspace, job)
        if error is None:
            return None
        if fault is None:
            given = {name: job.parameters[name] for name in ("unit", "year")}
            usual = dataclasses.replace(job, parameters={**given, "group": None})
            fault = error if _refusal(workspace, usual) is None else None
    return fault


def _refusal(workspace: Workspace, job: Job) -> SmupError | None:
    """Return why a report would be refused before its first cell; None when it would not."""
    try:
        _checked(workspace, job)
    except SmupError as error:
        return error
    return None


def _same_files(workspace: Workspace, jobs: Iterable[Job]) -> list[str]:
    """Return a problem for each two ways of asking that write one file, named after its meaning.

    What the jobs of a section share is held against the data once, for a unit that both have.
    """
    alike: dict[tuple[str, str, int], list[Job]] = {}
    for job in jobs:
        alike.setdefault((job.section.name, job.unit, job.year), []).append(job)
    met: dict[frozenset[str], Sequence[Job]] = {}
    for some in alike.values():
        if len(some) > 1:
            met.setdefault(frozenset(map(_asked, some)), some)
    problems = []
    for jobs_alike in met.values():
        named: dict[str, Job] = {}
        for job in jobs_alike:
            name = _file_name(workspace, job)
            if name is None:
                continue  # its report will say what is wrong
            if (other := named.setdefault(name, job)) is not job:
                problems.append(
                    f"{job.section.title}: te same raporty są zamówione na dwa sposoby:"
                    f" {_asked(other)} oraz {_asked(job)}; zostaw jeden"
                )
    return list(dict.fromkeys(problems))


def _asked(job: Job) -> str:
    """Say what a job asks for beside unit and year."""
    told = (f"{name}={job.parameters[name]}" for name in sorted(job.parameters))
    said = [text for text in told if text.partition("=")[0] not in ("unit", "year")]
    return ", ".join(said) or "wartości domyślne"


def _file_name(workspace: Workspace, job: Job) -> str | None:
    """Return what the files of a report are called, None for one that is refused."""
    try:
        known, checked = _checked(workspace, job)
    except SmupError:
        return None
    return name_report(job.section.name, known, checked)


def _checked(workspace: Workspace, job: Job) -> tuple[tuple[Parameter, ...], CheckedParameters]:
    """Hold the parameters of a report against the data, as it does itself before its cells."""
    path = job.section.notebook
    known = read_parameters(read_notebook(path))
    names = {one.name for one in known}
    given = {name: value for name, value in job.parameters.items() if name in names}
    usual = find_usual_area(path, workspace.catalogue)
    return known, check_run(
        known, given, workspace, job.section.area, where=path.name, usual_area=usual
    )


def _only(
    found: Mapping[str, Job], workspace: Workspace, terms: Sequence[str], notes: list[str]
) -> dict[str, Job]:
    """Return the jobs of some units; a city is known under both of its codes."""
    ordered = {year: set[str]() for year in sorted({job.year for job in found.values()})}
    for job in found.values():
        ordered[job.year].add(job.unit)
    kept = {year: set[str]() for year in ordered}
    problems = Problems()
    for term in terms:
        chosen, refused = {}, Problems()
        for year in ordered:
            asked = refused.attempt(partial(choose_units, workspace.register, [term], year))
            if asked is not None:
                chosen[year] = asked.codes
                notes += asked.notes
        if not chosen:
            problems.errors += refused.errors[:1]  # of no year of the order
            continue
        mine = {year: _with_other_codes(codes) & ordered[year] for year, codes in chosen.items()}
        if not any(mine.values()):
            problems.lines.append(f"{term.strip()}: tej jednostki nie ma w zleceniu (--only)")
        for year, codes in mine.items():
            kept[year] |= codes
    problems.raise_found(
        "Nie wszystkie jednostki z --only są w zleceniu.", expected="jednostki zlecenia"
    )
    return {key: job for key, job in found.items() if job.unit in kept[job.year]}


def _with_other_codes(codes: Iterable[str]) -> set[str]:
    return {one for code in codes for one in (code, other_code_of(code)) if one is not None}


def _jobs_of(
    workspace: Workspace, order: Order, part: Part, chapter: Chapter | None, notes: list[str]
) -> Iterator[Job]:
    notebook = find_notebook(part.report)
    source = read_notebook(notebook)
    known = read_parameters(source)
    area = area_of(source, notebook, workspace.catalogue)
    section = Section(
        notebook,
        notebook_digest(source),
        area,
        part.title or (area.name if area else part.report),
        (chapter.title or "") if chapter else "",
    )
    told = [one for one in (order, part, chapter) if one is not None]
    year = _last(told, "year")
    given = {name: value for one in told for name, value in one.parameters.items()}
    if (group := _last(told, "group")) is not None:
        given["group"] = group
    _check_shared(known, given, year, notebook)
    check_snapshot_year(workspace, area, year)
    levels = [level for level in ("gmina", "powiat") if level in levels_of(area)]
    terms = _last(told, "units") or ()
    place, skip = _CityPlace(workspace, area, year), order.skip_unknown
    chosen = choose_units(workspace.register, terms, year, levels, place.code, skip_unknown=skip)
    notes += chosen.notes
    # what is said and what is usual anyway is one report
    if given.get("group") is not None and area is not None:
        given["group"] = _plain_rule(workspace, str(given["group"]), chosen.codes, year, area)
    # a required one is told even when it is the example that the notebook has
    usual = {one.name: repr(one.default) for one in known if not one.required}
    given = {name: value for name, value in given.items() if repr(value) != usual.get(name)}
    for code in chosen.codes:
        yield Job(section, code, year, {**given, "unit": code, "year": year})


def _plain_rule(
    workspace: Workspace, rule: str, codes: Sequence[str], year: int, area: ServiceArea
) -> str | None:
    """Return one word for all names of a rule, None for the usual one of the area.

    The files of a report are called after its group, whatever the order called it; so two names of
    one group must be one job, or two jobs would write one file. A rule that has no answer stays as
    it is told: each report says what is wrong.
    """
    units = [workspace.register.unit(code, year) for code in dict.fromkeys((codes[0], codes[-1]))]
    try:
        keys = {workspace.group(rule, unit, year, area).key for unit in units}
        usual = {choose_group(workspace, None, unit, year, area).key for unit in units}
    except SmupError:
        return rule
    if keys == usual:
        return None
    return keys.pop() if len(keys) == 1 else rule


def _last(told: Sequence[Wanted], name: str) -> Any:
    """Return what the innermost of order, part and chapter says; None when nobody does."""
    said = (getattr(one, name) for one in reversed(told))
    return next((value for value in said if value is not None), None)


def _check_shared(
    known: Sequence[Parameter], given: Mapping[str, Any], year: int | None, notebook: Path
) -> None:
    """Check what all reports of a section share, once and before the first begins."""
    problems = [] if year is not None else ["brak roku: podaj --year albo year w zleceniu"]
    # a unit that no register could refuse: units are checked one by one
    problems += list_problems(known, {**given, "unit": "", "year": year or 2000})
    if problems:
        raise ParameterError(
            f"Parametry nie pasują do notatnika {notebook.name}.",
            problems=problems,
            expected="; ".join(f"{one.name} ({one.type_words})" for one in known),
            next_step="popraw wymienione parametry i powtórz",
        )


class _CityPlace:
    """Under which of its two codes does a city with powiat rights report?"""

    def __init__(self, workspace: Workspace, area: ServiceArea | None, year: int) -> None:
        self._workspace, self._area, self._year = workspace, area, year

    def code(self, powiat: str) -> str:
        """Return the code with more values in the area; that of the powiat for the whole unit."""
        if self._area is None:
            return powiat
        gmina = city_gmina_code(powiat)
        here, there = self._count("powiat", powiat), self._count("gmina", gmina)
        return gmina if there > here else powiat

    def _count(self, level: str, code: str) -> int:
        """Count the indicators with a value, from what all reports of the level will read."""
        assert self._area is not None
        keep_area_values(self._workspace, self._area, level, self._year)
        values = self._workspace.kept.find(self._area.id, level, self._year)
        return values.count_years(code).get(self._year, 0) if values is not None else 0
