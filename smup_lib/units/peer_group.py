"""Hold a comparison group, and what a rule needs to make one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.plurals import plural
from smup_lib.units.context import ContextSource, ContextTable, load_context
from smup_lib.units.labels import write_number, write_unit_count
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue

#: Below this many members no place is given.
MINIMUM_RANKED = 8
#: With more than this share of another kind a group is no like-for-like comparison.
MIXED_FROM = 0.2


@dataclass(frozen=True)
class PeerGroup:
    """A comparison group and how it came about.

    Attributes
    ----------
    rule : str
        Name of the rule, as in the parameter ``group``.
    parameters : dict
        Everything the rule used: ``k``, limits, years of the variables, a name.
    key : str
        Rule with its parameter in one text, for keys of numbers: ``similar:15``.
    unit_code, level, year : str, str, int
        For whom, and for which year.
    members : tuple of str
        Codes of the peers, never the unit itself; the nearest first for ``similar``.
    description_pl : str
        The rule in Polish, to print beside every comparison.
    excluded_reason : dict
        Candidates that were left out, by code, and why.
    dropped_variables : dict
        Context variables that were not used, and why.
    notes : tuple of str
        Doubts to print: a small group, an old layer of boundaries.
    mixed : bool
        Whether more than :data:`MIXED_FROM` of the members are of another kind than the unit.
    poor_match : bool
        Of ``similar`` and ``chosen``: whether members are far from the unit in their circumstances.
    unknown_match : bool
        Of ``chosen``: whether nobody can tell how like the unit its members are.
    details : DataFrame or None
        ``unit_code`` and, for ``similar``, ``distance`` with contributions of the variables; for
        ``neighbours``, ``border_km``.
    """

    rule: str
    parameters: Mapping[str, object]
    key: str
    unit_code: str
    level: str
    year: int
    members: tuple[str, ...]
    description_pl: str
    excluded_reason: Mapping[str, str] = field(default_factory=dict)
    dropped_variables: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    mixed: bool = False
    poor_match: bool = False
    unknown_match: bool = False
    details: pd.DataFrame | None = field(default=None, compare=False, repr=False)

    def shares_of_distance(self) -> dict[str, dict[str, float]]:
        """Return, by member, which share of its distance comes of each variable (M11).

        Shares are 0-1; empty for rules that know no distance, and for a member just like the unit.
        """
        if self.details is None or "distance" not in self.details:
            return {}
        table = self.details.set_index("unit_code").drop(columns="distance").dropna()
        return {
            str(code): {str(name): float(share) for name, share in row.items()}
            for code, row in table.to_dict("index").items()
        }


@dataclass(frozen=True)
class GroupRequest:
    """Everything a rule may need; ``unit`` has the kind of the year."""

    argument: str
    unit: Unit
    year: int
    register: Register
    snapshot: ContextSource
    catalogue: Catalogue
    context: Sequence[str]

    @property
    def kind(self) -> str:
        """Return the kind of the unit, empty when nobody knows it."""
        return self.unit.kind or ""

    def same_kind(self) -> list[str]:
        """Return the codes of the unit's level and kind, the unit included."""
        kinds = self.register.kinds(self.unit.level, self.year)
        return [code for code, kind in kinds.items() if kind == self.unit.kind]

    def others(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Return the codes without the unit's own."""
        return tuple(code for code in codes if code != self.unit.code)

    def load_context(self, variables: Sequence[str], candidates: Sequence[str]) -> ContextTable:
        """Load context variables of the candidates for the year."""
        return load_context(
            self.snapshot, self.catalogue, variables, self.unit.level, self.year, candidates
        )

    def group(
        self,
        rule: str,
        members: Sequence[str],
        description: str,
        *,
        parameters: Mapping[str, object],
        key: str = "",
        notes: Sequence[str] = (),
        excluded_reason: Mapping[str, str] | None = None,
        dropped_variables: Mapping[str, str] | None = None,
        poor_match: bool = False,
        unknown_match: bool = False,
        details: pd.DataFrame | None = None,
    ) -> PeerGroup:
        """Return the finished group, with the notes that a small or a mixed one owes."""
        if not members:
            raise _empty(rule, description)
        others = self._of_other_kinds(members)
        return PeerGroup(
            rule=rule,
            parameters=parameters,
            key=key or rule,
            unit_code=self.unit.code,
            level=self.unit.level,
            year=self.year,
            members=tuple(members),
            description_pl=description,
            excluded_reason=excluded_reason or {},
            dropped_variables=dropped_variables or {},
            notes=(*notes, *_owed_notes(len(members), others)),
            mixed=others > MIXED_FROM * len(members),
            poor_match=poor_match,
            unknown_match=unknown_match,
            details=details,
        )

    def _of_other_kinds(self, members: Sequence[str]) -> int:
        """Count the members that are not of the unit's kind."""
        kinds = self.register.kinds(self.unit.level, self.year)
        return sum(kinds.get(code) != self.unit.kind for code in members)


def _empty(rule: str, description: str) -> GroupError:
    other = "ten sam rodzaj (same_kind)" if rule != "same_kind" else "kraj (country)"
    return GroupError(
        f"Grupa jest pusta: {description}",
        expected="choć jedna jednostka poza porównywaną",
        next_step=f"wybierz inną regułę, na przykład {other}",
    )


def _owed_notes(n: int, others: int) -> Iterator[str]:
    """Yield what every group owes its reader: other kinds among it, and that it is small."""
    if others:
        yield (
            f"Grupa łączy różne rodzaje jednostek: {write_number(others)} z {write_number(n)} "
            f"{plural(others, ('jest', 'są', 'jest'))} innego rodzaju niż porównywana."
        )
    if n < MINIMUM_RANKED:
        yield (
            f"Mała grupa ({write_unit_count(n)}): miejsca w kolejności podajemy od "
            f"{MINIMUM_RANKED}."
        )
