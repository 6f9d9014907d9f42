"""What of BDL is asked for, and how long will that take?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smup_lib.plurals import counted, spaced
from smup_lib.sources.web.asking import Desk, Question
from smup_lib.sources.web.bdl_choice import BdlChoice
from smup_lib.sources.web.bdl_identify import Identified, Target, levels_of
from smup_lib.sources.web.bdl_questions import LEVEL_WORDS, PAGE_SIZE, ask_values
from smup_lib.sources.web.polite import said_duration
from smup_lib.sources.web.sync_report import WAITS, said_reasons
from smup_lib.years import format_years

SECONDS_A_CALL = 0.3
#: Rows of a level in the whole country, roughly: its parts and former units are among gminy.
_ROWS = {"country": 1, "voivodeship": 16, "powiat": 380, "gmina": 4_200}
_CALLS = ("zapytanie", "zapytania", "zapytań")
_SHOWN = 40


@dataclass(frozen=True)
class ValueQuestion:
    """The values of a variable: one level, some years."""

    level: str
    years: tuple[int, ...]
    question: Question


@dataclass(frozen=True)
class VariableGroup:
    """A variable: it enters a snapshot when all its levels have answered."""

    target: Target
    questions: tuple[ValueQuestion, ...]

    @property
    def name(self) -> str:
        """Return what the quarantine calls its answers."""
        return f"BDL, zmienna {self.target.published.number}"

    def is_whole(self, desk: Desk) -> bool:
        """Return whether every level has answered."""
        return all(desk.has(one.question) for one in self.questions)


@dataclass(frozen=True)
class BdlFigures:
    """How large a plan is, and what was found out before it.

    Attributes
    ----------
    variables : tuple of str
        What is asked for: id, years and levels, Polish.
    questions, due, calls : int
        Questions in all, those to be asked now, and their pages, roughly.
    seconds : float
        Estimated time, with the waiting for the limit.
    key : bool
        Whether a key is in use.
    limits : str
        The limit in use, Polish.
    listed : tuple of str
        Variables of the subjects that were named, Polish.
    refused, pending : mapping
        See :class:`smup_lib.sources.web.bdl_identify.Identified`.
    """

    variables: tuple[str, ...]
    questions: int
    due: int
    calls: int
    seconds: float
    key: bool
    limits: str
    listed: tuple[str, ...]
    refused: Mapping[str, str]
    pending: Mapping[str, str]

    def render(self) -> str:
        """Return the plan as Polish text."""
        lines = [*self.listed, *said_reasons("odrzucono", self.refused)]
        lines += said_reasons(WAITS, self.pending)
        if self.variables or not self.listed:
            lines += self.variables[:_SHOWN]
            if len(self.variables) > _SHOWN:
                lines.append(f"i {len(self.variables) - _SHOWN} innych")
            said = said_duration(self.seconds) if self.due else "bez czekania"
            lines += [
                f"Zmienne: {len(self.variables)}. Do zadania: około"
                f" {counted(self.calls, _CALLS)}, już pobrano pytań:"
                f" {spaced(self.questions - self.due)} z {spaced(self.questions)}.",
                f"Limit ({'z kluczem' if self.key else 'bez klucza'}): {self.limits}.",
                f"Szacowany czas: {said}.",
            ]
        return "\n".join(lines)


def make_groups(
    found: Identified, choice: BdlChoice, now: float, size: int = PAGE_SIZE
) -> list[VariableGroup]:
    """Return what is to be asked, one variable after another, the small levels first.

    Parameters
    ----------
    found : Identified
    choice : BdlChoice
    now : float
        Seconds since 1970.
    size : int
        Rows a page.
    """
    groups = []
    for target in found.targets:
        one = target.published
        years = tuple(sorted(set(one.years) & set(choice.years or one.years)))
        groups.append(
            VariableGroup(
                target,
                tuple(
                    ValueQuestion(
                        level,
                        years,
                        ask_values(one.number, one.unit_number, level, years, now, size),
                    )
                    for level in levels_of(target, choice)
                ),
            )
        )
    return groups


def figure_groups(
    found: Identified,
    groups: list[VariableGroup],
    desk: Desk,
    size: int = PAGE_SIZE,
    *,
    plan_only: bool = True,
) -> BdlFigures:
    """Return how large a plan is.

    Parameters
    ----------
    found : Identified
    groups : list of VariableGroup
    desk : Desk
    size : int
        Rows a page.
    plan_only : bool
        Whether no report follows that says what is not taken.
    """
    asked = [one for group in groups for one in group.questions]
    due = [one for one in asked if desk.is_due(one.question)]
    calls = sum(-(-_ROWS[one.level] // size) for one in due)
    quota = desk.client.quota
    windows = ", ".join(
        f"{window.calls} w {said_duration(window.seconds)}" for window in quota.windows
    )
    return BdlFigures(
        variables=tuple(map(_said_group, groups)),
        questions=len(asked),
        due=len(due),
        calls=calls,
        seconds=quota.estimate_seconds(calls, SECONDS_A_CALL),
        key=desk.client.has_key,
        limits=windows,
        listed=tuple(_listed(found)) if plan_only else (),
        refused=found.refused if plan_only else {},
        pending=found.pending if plan_only else {},
    )


def _said_group(group: VariableGroup) -> str:
    one = group.target.published
    years = format_years(group.questions[0].years)
    levels = ", ".join(LEVEL_WORDS[question.level] for question in group.questions)
    return f"{group.target.variable.id} (BDL {one.number}): „{one.series}”, {years}; {levels}"


def _listed(found: Identified) -> list[str]:
    """Return the variables of subjects as lines: number, labels, lowest level."""
    lines = []
    for subject in found.asked_for:
        variables = found.listed.get(subject, [])
        lines.append(f"Podgrupa {subject} {found.subjects[subject]}: zmienne {len(variables)}")
        lines += [f"  {one.number:>8}  {one.series}; najniżej: {one.lowest}" for one in variables]
    return lines
