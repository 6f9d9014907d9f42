"""Fetch what a claim needs from the snapshot, and have it judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.problems import Problem
from smup_lib.conclude.claim_check import check_claim, refuse_claim
from smup_lib.conclude.claim_data import ClaimData
from smup_lib.conclude.claims import Claim, read_claims
from smup_lib.errors import (
    GroupError,
    IndicatorError,
    NoDataError,
    ParameterError,
    SmupError,
)
from smup_lib.group_names import read_rule
from smup_lib.indicators import compute_values
from smup_lib.problems import Problems
from smup_lib.reports.loading import Workspace, load_assessment
from smup_lib.reports.rounding import Rounding
from smup_lib.teryt import write_levels
from smup_lib.units import check_rule

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Indicator, Level
    from smup_lib.conclude import AreaAssessment
    from smup_lib.conclude.verdicts import Verdict
    from smup_lib.units import Unit

#: A file of claims is written by a person; more than this is something else.
_LARGEST_FILE = 5_000_000


def check_claims(workspace: Workspace, claims: Iterable[Claim]) -> tuple[Verdict, ...]:
    """Judge claims by a snapshot; see :meth:`ClaimJudge.check`."""
    return ClaimJudge(workspace).check(claims)


def read_claim_file(path: str | Path) -> tuple[Claim, ...]:
    """Read claims from a JSON or YAML file.

    Raises
    ------
    ParameterError
        When the file cannot be read, is neither, or any of its claims is not sound; with
        everything that is wrong.
    """
    file = Path(path)
    problems: list[Problem] = []
    content = read_given(file, problems, largest=_LARGEST_FILE)
    if problems:
        raise ParameterError(
            "Nie można odczytać wniosków.",
            where=str(file),
            problems=[str(problem) for problem in problems],
            expected="plik JSON albo YAML z listą wniosków",
            next_step="pola wniosku opisuje: smup claim kinds",
        )
    try:
        return read_claims(content)
    except ParameterError as error:
        error.where = error.where or str(file)
        raise


_Page = tuple[str, str, int, "str | None"]
Resolved = tuple[Claim, "Indicator", "Unit", "Unit | None"]


def _resolve(workspace: Workspace, claim: Claim, problems: Problems) -> Resolved | None:
    """Find indicator, units and rule of a claim; what cannot be found becomes a problem."""
    indicator = problems.attempt(partial(workspace.catalogue.indicator, claim.indicator))
    unit = problems.attempt(partial(_find_unit, workspace, claim, claim.unit, indicator))
    other = None
    if claim.other is not None:
        level = unit.level if unit is not None else claim.level
        find = partial(workspace.unit, claim.other, level=level, year=claim.year)
        other = problems.attempt(find)
        if other is not None and unit is not None and other.code == unit.code:
            problems.lines.append(f"{unit.label}: to ta sama jednostka po obu stronach wniosku")
    if claim.group is not None:
        problems.attempt(partial(_check_rule, workspace, claim, claim.group, indicator, unit))
    if indicator is None or unit is None:
        return None
    if unit.level not in indicator.levels:
        problems.errors.append(_wrong_level(indicator, unit))
        return None
    known = replace(
        claim,
        unit=unit.code,
        level=unit.level,
        indicator=indicator.id,
        other=None if other is None else other.code,
    ) if claim.other is None or other is not None else claim  # fmt: skip
    return known, indicator, unit, other


def _find_unit(workspace: Workspace, claim: Claim, text: str, indicator: Indicator | None) -> Unit:
    area = None if indicator is None else workspace.catalogue.area(indicator.area)
    return workspace.unit_in(area, text, level=claim.level, year=claim.year)


def _check_rule(
    workspace: Workspace, claim: Claim, rule: str, indicator: Indicator | None, unit: Unit | None
) -> None:
    """Check the rule of a group; the name of the rule alone where its parts are unknown."""
    if indicator is None or unit is None:
        read_rule(rule)
        return
    area = workspace.catalogue.area(indicator.area)
    check_rule(
        *(rule, unit, claim.year, workspace.register, workspace.snapshot),
        *(workspace.catalogue, area.context),
    )


def _wrong_level(indicator: Indicator, unit: Unit) -> IndicatorError:
    return IndicatorError(
        f"{unit.label}: wskaźnika „{indicator.id}” nie ma na tym szczeblu.",
        expected=f"jednostka ze szczebla {write_levels(indicator.levels, 'albo')}",
        next_step="szczeble wskaźnika pokaże: smup catalogue show ID",
    )


class ClaimJudge:
    """Judges claims one after another; those on the same page share its assessment.

    Parameters
    ----------
    workspace : Workspace
        Snapshot, catalogue and register.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._rounding = Rounding(workspace.snapshot, workspace.catalogue)
        self._assessed: dict[_Page, AreaAssessment | SmupError] = {}
        self._read: dict[tuple[_Page, str, str | None], pd.DataFrame] = {}

    def check(self, claims: Iterable[Claim]) -> tuple[Verdict, ...]:
        """Judge claims.

        Parameters
        ----------
        claims : iterable of Claim
            Units may be named by code or name.

        Returns
        -------
        tuple of Verdict
            In the order of the claims. A claim of which there are no data, or whose group cannot
            be made, is undecidable with the reason.

        Raises
        ------
        UnitError, IndicatorError, GroupError, ParameterError
            With every unit, indicator and rule that is unknown, or not of the level, in any claim.
        """
        found, wrong, all_claims = [], Problems(), tuple(claims)
        for place, claim in enumerate(all_claims, 1):
            problems = wrong if len(all_claims) == 1 else Problems()
            found.append(_resolve(self._workspace, claim, problems))
            if problems is not wrong:
                wrong.lines += [f"wniosek {place}: {line}" for line in problems.told]
        wrong.raise_found("Nie wiadomo, o jakie wskaźniki, jednostki albo grupy chodzi.")
        return tuple(self._judge(*one) for one in found if one is not None)

    def _judge(self, claim: Claim, indicator: Indicator, unit: Unit, other: Unit | None) -> Verdict:
        """Return the verdict on a claim whose parts are known."""
        assessment = self._assess(claim, indicator, unit)
        if isinstance(assessment, SmupError):
            step = assessment.next_step or "wybierz rok albo grupę z danymi"
            expected = f" Oczekiwano: {assessment.expected}." if assessment.expected else ""
            return refuse_claim(claim, f"{assessment.what}{expected}", step)
        rows = self._rows(claim, indicator, assessment, other)
        return check_claim(ClaimData(claim, assessment, rows, other))

    def _assess(self, claim: Claim, indicator: Indicator, unit: Unit) -> AreaAssessment | SmupError:
        """Return the page that the claim stands on, or why there is none."""
        key = _page_of(claim, indicator)
        if key not in self._assessed:
            try:
                self._assessed[key] = load_assessment(
                    self._workspace, indicator.area, unit, claim.year, claim.group
                )
            except (NoDataError, GroupError) as error:
                self._assessed[key] = error
        return self._assessed[key]

    def _rows(
        self,
        claim: Claim,
        indicator: Indicator,
        assessment: AreaAssessment,
        other: Unit | None,
    ) -> pd.DataFrame:
        """Return the indicator and its twins in all years, of everybody whom the claim names."""
        key = (_page_of(claim, indicator), indicator.id, claim.other)
        if key not in self._read:
            codes = [claim.unit, *assessment.group.members, *([other.code] if other else [])]
            self._read[key] = self._compute(indicator, assessment, codes)
        return self._read[key]

    def _compute(
        self, indicator: Indicator, assessment: AreaAssessment, codes: Sequence[str]
    ) -> pd.DataFrame:
        """Compute an indicator and its twins, with how far rounded inputs put them off."""
        import pandas as pd

        names = {indicator.id, indicator.twin_of} - {None}
        asked = [
            one.indicator
            for one in assessment.indicators
            if one.indicator.id in names or one.indicator.twin_of in names
        ]
        rows = compute_values(
            asked,
            self._workspace.snapshot,
            self._workspace.catalogue,
            cast("Level", assessment.unit.level),
            unit_codes=codes,
            register=self._workspace.register,
            as_of=assessment.year,
        )
        parts = [self._with_halves(one, rows[rows["indicator"] == one.id]) for one in asked]
        return pd.concat(parts, ignore_index=True)

    def _with_halves(self, indicator: Indicator, rows: pd.DataFrame) -> pd.DataFrame:
        """Add how far computed values may be off because their inputs are written with few digits.

        A look back at another year carries the digits of both; so does a ratio of rounded inputs.
        """
        if indicator.method == "published" or rows.empty:
            return rows.assign(half=float("nan"))
        return rows.assign(half=self._rounding.carried(indicator, rows))


def _page_of(claim: Claim, indicator: Indicator) -> _Page:
    """Return what names the page that a claim stands on: area, unit, year, rule of the group."""
    return indicator.area, claim.unit, claim.year, claim.group
