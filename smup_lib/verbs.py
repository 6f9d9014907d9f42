"""The public verbs: the only door for notebooks, apps and lessons.

Everything heavy is imported inside a verb, so that ``import smup_lib`` and ``smup --help`` answer
at once and a fork after the import is safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib.arguments import checked

if TYPE_CHECKING:
    import ipywidgets
    import pandas as pd

    from smup_lib.catalogue import Level
    from smup_lib.present.display import Display
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.audit import Audit
    from smup_lib.reports.indicator import IndicatorView
    from smup_lib.reports.portrait import UnitView
    from smup_lib.reports.runner import ReportResult
    from smup_lib.reports.selection.view import SelectionView
    from smup_lib.reports.units import UnitsView
    from smup_lib.snapshots import Snapshot
    from smup_lib.sources import ImportReport
    from smup_lib.workshop.exercises import Exercise


@checked
def make_sample() -> Snapshot:
    """Make the sample land the current snapshot: generated data, fictional units.

    Returns
    -------
    Snapshot
        Always the same one; made in some seconds, then found again.

    Examples
    --------
    >>> make_sample().fictional
    True
    """
    from smup_lib.sources.sample import make_sample as make

    return make()


@checked
def import_files(
    paths: Sequence[str | Path],
    variable: str | Sequence[str] | None = None,
    *,
    override_newer: bool = False,
    accept_partial: bool = False,
) -> ImportReport:
    """Read official files (BDL exports, TERC, boundaries, long tables) into a new snapshot.

    Parameters
    ----------
    paths : sequence of path
        Files or folders.
    variable : str or sequence of str, optional
        ``ID``: what the only column of an unnamed file means; ``LABELS=ID`` for one of several.
    override_newer : bool
        Let values of a file that is known to be older replace those of a newer one.
    accept_partial : bool
        Take a TERC register or a layer of boundaries that lacks units.

    Returns
    -------
    ImportReport
        What was understood, what was not, and the command that would settle it.

    Raises
    ------
    SourceError, SnapshotError, ObservationError
        When nothing could be taken in; the old state stays as it was.

    Examples
    --------
    >>> import_files(["nie-ma-takiego-pliku.csv"])
    Traceback (most recent call last):
    ...
    smup_lib.errors.SourceError: ...
    """
    from smup_lib.sources import import_paths

    return import_paths(
        [Path(path) for path in paths],
        variable=variable,
        override_newer=override_newer,
        accept_partial=accept_partial,
    )


@checked
def list_snapshots() -> pd.DataFrame:
    """List all snapshots, newest first.

    Returns
    -------
    DataFrame
        ``id, fictional, created, observations, path``.

    Examples
    --------
    >>> list(list_snapshots())
    ['id', 'fictional', 'created', 'observations', 'path']
    """
    import pandas as pd

    from smup_lib.snapshots import list_snapshots as listed

    rows = [
        (s.id, s.fictional, s.manifest.created, s.manifest.counts["observations"], str(s.path))
        for s in listed()
    ]
    return pd.DataFrame(rows, columns=["id", "fictional", "created", "observations", "path"])


@checked
def load_snapshot(name: str | Path | None = None) -> Snapshot:
    """Open a snapshot: the current one, or by id, beginning of an id, or folder.

    ``"sample"`` is the fictional land, made when there is none; the current one stays current.

    Examples
    --------
    >>> load_snapshot().fictional, load_snapshot("sample").fictional
    (True, True)
    """
    from smup_lib.snapshots import load_snapshot as load
    from smup_lib.sources.sample import open_sample

    return open_sample() if name == "sample" else load(name)


@checked
def load_observations(
    variables: Iterable[str],
    level: Level,
    *,
    unit_codes: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """Read input variables of a snapshot, every source beside the others.

    Parameters
    ----------
    variables : iterable of str
        Ids or aliases of the vocabulary (``variables/*.yaml``).
    level : str
        ``gmina`` or ``powiat``.
    unit_codes, years : iterable, optional
        All when omitted; units by code or name.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        The observation contract: ``unit_code, year, variable, value, flag, qualifiers, decimals,
        source, definition_version``; never empty.

    Raises
    ------
    CatalogueError, UnitError, NoDataError, ParameterError
        All problems at once, with what may have been meant.

    Examples
    --------
    >>> frame = load_observations(["population"], "powiat", years=[2020])
    >>> frame["variable"].unique().tolist()
    ['population']
    """
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.values import load_inputs

    return load_inputs(Workspace.open(snapshot), variables, level, unit_codes, years)


@checked
def list_indicators(area: str | None = None) -> pd.DataFrame:
    """List the indicators of an area, or of all areas.

    Returns
    -------
    DataFrame
        ``indicator, area, service, dimension, name, measure_unit, levels, polarity, provenance``.

    Examples
    --------
    >>> list_indicators("kultura")["area"].unique().tolist()
    ['culture_recreation']
    """
    import pandas as pd

    from smup_lib.catalogue import load_catalogue

    catalogue = load_catalogue()
    areas = [catalogue.area(area)] if area else list(catalogue.areas.values())
    rows = [
        {
            "indicator": i.id,
            "area": i.area,
            "service": i.service,
            "dimension": i.dimension,
            "name": i.name,
            "measure_unit": i.measure_unit,
            "levels": ", ".join(i.levels),
            "polarity": i.polarity.judged,
            "provenance": i.provenance,
        }
        for one in areas
        for i in one.indicators
    ]
    return pd.DataFrame(rows)


@checked
def show_card(text: str, *, snapshot: str | Path | Snapshot | None = None) -> Display:
    """Show the card of an indicator, a service or an area.

    Definition and formula in words, inputs with their holders, what the current data hold at each
    level, caveats, relations, direction with its reason and signatures, and whose definition it is.

    Parameters
    ----------
    text : str
        Id, alias, code of a service or name, also its unique beginning.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted; a card needs none.

    Raises
    ------
    IndicatorError
        When nothing or several things are called so; the message names the candidates.

    Examples
    --------
    >>> first = list_indicators("kultura")["indicator"][0]
    >>> "nie definicja SMUP" in repr(show_card("DRO-07")), first in repr(show_card(first))
    (False, True)
    """
    from smup_lib.reports.catalogue_cards import show_card as shown

    return shown(text, snapshot)


@checked
def find_units(
    text: str,
    *,
    level: str | None = None,
    year: int | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """Find units by name (with or without Polish letters and endings) or code.

    Parameters
    ----------
    text : str
        Name or code.
    level : str, optional
        ``gmina`` or ``powiat``; both when omitted.
    year : int, optional
        Year of the register; the newest when omitted.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, label, level, kind, note``; the best match first.

    Examples
    --------
    >>> find_units("9002")["label"].tolist()
    ['powiat olszyńsko-brzezicki (9002)']
    """
    from smup_lib.snapshots import Snapshot
    from smup_lib.snapshots import load_snapshot as load
    from smup_lib.units import find_candidates, load_register

    opened = snapshot if isinstance(snapshot, Snapshot) else load(snapshot)
    return find_candidates(load_register(opened), text, level=level, year=year)


@checked
def list_units(
    level: str | None = None,
    *,
    voivodeship: str | None = None,
    year: int | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """List the units there are, in the order of the Polish alphabet.

    Parameters
    ----------
    level : str, optional
        ``gmina``, ``powiat`` or ``voivodeship``; all three when omitted.
    voivodeship : str, optional
        Code or name; only its units.
    year : int, optional
        Year of the register; the newest when omitted.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, label, name, level, kind, kind_pl, powiat, voivodeship``; the larger levels
        first. A city with powiat rights stands once on each of its two levels.

    Examples
    --------
    >>> list_units("voivodeship")["name"].tolist()
    ['łęgoborskie', 'nadolszańskie', 'wierzbogórskie']
    """
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import list_units as listed

    workspace = Workspace.open(snapshot)
    return listed(workspace.register, level, voivodeship=voivodeship, year=year)


@checked
def list_neighbours(
    unit_code: str,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """List the units that share a border of non-zero length with a unit.

    Parameters
    ----------
    unit_code : str
        Code or name.
    level : str, optional
        Needed when a name stands at two levels.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, label, border_km``, longest border first.

    Examples
    --------
    >>> "9001" in list_neighbours("9002")["unit_code"].tolist()
    True
    """
    from smup_lib.reports.loading import Workspace
    from smup_lib.units import neighbours_of

    workspace = Workspace.open(snapshot)
    unit = workspace.unit(unit_code, level=level)
    return neighbours_of(workspace.register, workspace.snapshot.table("borders"), unit)


@checked
def list_peers(
    unit: str,
    group: str = "similar",
    *,
    year: int | None = None,
    level: str | None = None,
    area: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """List a unit's comparison group.

    Parameters
    ----------
    unit : str
        Code or name.
    group : str
        ``neighbours``, ``same_kind``, ``same_size_class``, ``voivodeship``, ``similar`` (or
        ``similar:10``), ``chosen:CODE,CODE``, ``chosen:@NAME`` (saved with ``smup unit group
        --save NAME``), ``country``; Polish names do as well: ``sąsiedzi``, ``podobne:10``,
        ``wybrane:CODE,CODE``.
    year : int, optional
        Year of the register and of the context variables; the newest when omitted.
    area : str, optional
        Whose context variables decide on similarity; the general ones when omitted.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, label`` and, for similar units, ``distance``; ``attrs["rule"]`` says the rule
        in Polish, ``attrs["notes"]`` what is doubtful about it, ``attrs["shares"]`` by member which
        part of the distance comes of each variable.

    Examples
    --------
    >>> peers = list_peers("9002", "similar:5", year=2022)
    >>> len(peers), peers.attrs["rule"][:18]
    (5, 'Jednostki podobne:')
    """
    from smup_lib.reports.loading import Workspace, list_group

    return list_group(Workspace.open(snapshot), unit, group, year=year, level=level, area=area)


@checked
def compute_indicators(
    indicators: Iterable[str],
    level: Level,
    *,
    unit_codes: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> pd.DataFrame:
    """Compute indicators from a snapshot.

    Parameters
    ----------
    indicators : iterable of str
        Ids of the catalogue.
    level : str
        ``gmina`` or ``powiat``.
    unit_codes, years : iterable, optional
        All when omitted; units by code or name.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    DataFrame
        ``unit_code, year, indicator, value, numerator, denominator, flag, qualifiers, decimals,
        provenance, source, n_used, n_flags, recalculated_from, parted_in``; never empty.

    Raises
    ------
    IndicatorError, UnitError, NoDataError, ParameterError
        All problems at once, with what may have been meant.

    Examples
    --------
    >>> first = list_indicators("kultura")["indicator"][0]
    >>> frame = compute_indicators([first], "powiat", years=[2020])
    >>> bool(frame["flag"].notna().all())
    True
    """
    from smup_lib.reports.loading import Workspace
    from smup_lib.reports.values import load_values

    return load_values(Workspace.open(snapshot), indicators, level, unit_codes, years)


@checked
def open_area(
    area: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> AreaView:
    """Open one service area of one unit: compared, judged, ready to show.

    Parameters
    ----------
    area : str
        Id, Polish name or unique beginning.
    unit : str
        TERYT code or name.
    year : int
        Year of the comparison.
    group : str, optional
        Rule of the comparison group; the area's own when omitted.
    level : str, optional
        ``gmina`` or ``powiat``, for a city that stands at both.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    AreaView
        Its methods (``title``, ``summary``, ``dimensions``, ``services``, ``map``...) are displays.

    Raises
    ------
    UnitError, ParameterError, NoDataError, IndicatorError, GroupError
        Said in Polish with the next step.

    Examples
    --------
    >>> open_area("kultura", "9002", 2022)
    <AreaView culture_recreation, powiat olszyńsko-brzezicki (9002), 2022, grupa similar:15>
    """
    from smup_lib.reports.area import open_area as opened

    return opened(area, unit, year, group, level=level, snapshot=snapshot)


@checked
def open_audit(
    area: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> Audit:
    """Open the audit of availability: which indicators have values, where the gaps are and why.

    Parameters
    ----------
    area : str, optional
        Id, Polish name or unique beginning; all areas when omitted.
    level : str, optional
        ``gmina`` or ``powiat``; both when omitted.
    snapshot : str, Path or Snapshot, optional
        The current one when omitted.

    Returns
    -------
    Audit
        ``frame()``, ``gap_frame()``, ``indicator_frame()``, ``area_frame()`` and
        ``difference_frame()`` are data; ``summary``, ``gaps``, ``heat_maps``, ``table`` and
        ``differences`` (where two sources speak of the same thing) are displays.

    Examples
    --------
    >>> audit = open_audit("kultura", level="powiat")
    >>> audit
    <Audit ...: culture_recreation; powiat>
    >>> bool((audit.frame()["values"] <= audit.frame()["units"]).all())
    True
    """
    from smup_lib.reports.audit import open_audit as opened

    return opened(area, level, snapshot)


@checked
def open_exercise(exercise: str, view: AreaView) -> Exercise:
    """Open an exercise of a lesson; its answer is computed from what a view shows.

    Parameters
    ----------
    exercise : str
        ``unit_code``, ``own_value``, ``empty_cell`` or ``median_gap``.
    view : AreaView
        What :func:`open_area` returned for the participant's unit.

    Returns
    -------
    Exercise
        Shown in a notebook it is a form; ``check("12,5")`` checks an answer and says in Polish
        what to look at again; ``statement()`` says what can now be said of the unit.

    Raises
    ------
    ParameterError
        When there is no such exercise.

    Examples
    --------
    >>> exercise = open_exercise("unit_code", open_area("kultura", "9002", 2022))
    >>> exercise.check("9002").right
    True
    """
    from smup_lib.workshop.exercises import open_exercise as opened

    return opened(exercise, view)


@checked
def open_unit(
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> UnitView:
    """Open the portrait of a unit: every area at once, with its context.

    Parameters are those of :func:`open_area`.

    Examples
    --------
    >>> sorted(open_unit("9002", 2022).views)[:2]
    ['context', 'culture_recreation']
    """
    from smup_lib.reports.portrait import open_unit as opened

    return opened(unit, year, group, level=level, snapshot=snapshot)


@checked
def open_indicator(
    indicator: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
) -> IndicatorView:
    """Look at one indicator of a unit from every side.

    Parameters
    ----------
    indicator : str
        Id of the catalogue.
    unit, year, group, level, snapshot
        As for :func:`open_area`; a city with powiat rights is taken at the level that fits.

    Returns
    -------
    IndicatorView
        Its methods (``card``, ``value``, ``distribution``, ``series``, ``map``, ``ranking``,
        ``pairs``, ``evidence``) are displays.

    Raises
    ------
    CatalogueError, UnitError, IndicatorError, NoDataError, GroupError
        Said in Polish with the next step.

    Examples
    --------
    >>> open_indicator("library_readers_per_1k", "9002", 2022)
    <IndicatorView library_readers_per_1k, powiat olszyńsko-brzezicki (9002), 2022>
    """
    from smup_lib.reports.indicator import open_indicator as opened

    return opened(indicator, unit, year, group, level=level, snapshot=snapshot)


@checked
def open_units(
    units: Sequence[str],
    area: str | None = None,
    year: int | None = None,
    group: str | None = None,
    *,
    level: str | None = None,
    snapshot: str | Path | Snapshot | None = None,
    indicators: Sequence[str] | None = None,
    first_year: int | None = None,
    unit: str | None = None,
    data_hash: str | None = None,
) -> UnitsView | SelectionView:
    """Put two to eight chosen units side by side in one area, or any number by own indicators.

    Parameters
    ----------
    units : sequence of str
        Codes or names; the first is one's own. With ``indicators`` also ``gminy``, ``powiaty:14``,
        ``@name`` of a saved group and ``neighbours@1261``: a unit with its group.
    area, year, group, level, snapshot
        As for :func:`open_area`; each unit has its own group by the rule.
    indicators : sequence of str, optional
        Ids; in place of the area.
    first_year : int, optional
        Where the years begin that end with ``year``; only with ``indicators``.
    unit : str, optional
        The unit that is compared; the first of the units when omitted. Only with ``indicators``.
    data_hash : str, optional
        Of the data that are expected; the view says whether these are the same.

    Returns
    -------
    UnitsView or SelectionView
        Its methods (``units``, ``table``, ``profiles``...) are displays.

    Raises
    ------
    ParameterError, UnitError, NoDataError, GroupError
        All units that are wrong, at once.

    Examples
    --------
    >>> len(open_units(["9002", "9003"], "kultura", 2022).views)
    2
    >>> chosen = open_units(["powiaty"], year=2020, indicators=["unemployed_per_1k"])
    >>> print(repr(chosen).replace(chr(160), " "))
    <SelectionView 36 jednostek: Bezrobotni na 1000 mieszk., 2020 r.>
    """
    from smup_lib.reports.selection.view import open_chosen
    from smup_lib.reports.units import open_units as opened

    if indicators is not None:
        return open_chosen(
            units, indicators, first_year, year, unit, group, data_hash, snapshot=snapshot
        )
    return opened(units, area, year, group, level=level, snapshot=snapshot)


@checked
def run_report(
    area: str,
    unit: str,
    year: int,
    group: str | None = None,
    *,
    level: str | None = None,
    out: str | Path | None = None,
    snapshot: str | Path | Snapshot | None = None,
    parameters: Mapping[str, Any] | Sequence[str] | None = None,
) -> ReportResult:
    """Run the notebook of an area for a unit and write one self-contained HTML page.

    Parameters
    ----------
    area, unit, year, group, level, snapshot
        As for :func:`open_area`; ``area`` may be ``unit_portrait``, ``indicator_deep_dive``,
        ``unit_comparison``, ``data_quality`` or the path of a notebook.
    parameters : mapping of str to object, or sequence of str, optional
        Further parameters of the notebook; as texts ``"name=value"`` they are read by its types.
    out : str or Path, optional
        Folder of the results; ``reports`` under SMUP_HOME when omitted.

    Returns
    -------
    ReportResult
        Paths of the HTML page, the executed notebook and the receipt; prints as the page's path.

    Raises
    ------
    ParameterError, UnitError, NoDataError, ReportError
        Before a kernel starts whenever the parameters alone show the mistake.

    Examples
    --------
    >>> run_report("kultura", unit="brak takiej jednostki", year=2020)
    Traceback (most recent call last):
    ...
    smup_lib.errors.UnknownUnitError: ...
    """
    from smup_lib.reports.runner import run_report as run

    return run(
        area,
        unit,
        year,
        group,
        level=level,
        out=out,
        snapshot=snapshot,
        parameters=parameters,
    )


@checked
def open_app(name: str = "basic", query: str | None = None) -> ipywidgets.Widget:
    """Open an app: widgets that are a page under ``smup apps serve`` and work in JupyterLab too.

    Parameters
    ----------
    name : str, default "basic"
        ``basic``: one unit, area by area.
    query : str, optional
        View to begin with, as in a link: ``unit=9002&area=finance&year=2023&group=voivodeship``;
        that of the visitor's link when omitted.

    Returns
    -------
    ipywidgets.Widget
        The whole app.

    Raises
    ------
    ParameterError
        When there is no app of that name.

    Examples
    --------
    >>> code = load_snapshot().table("borders")["unit_code"].iloc[0]
    >>> app = open_app("basic", query=f"unit={code}")
    """
    from smup_lib.apps.opening import open_app as opened

    return opened(name, query)
