"""Hold a comparison group, and what a rule needs to make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.units.context import ContextSource, ContextTable, load_context
from smup_lib.units.labels import write_unit_count
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue

#: Below this many members no place is given.
MINIMUM_RANKED = 8


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
    details: pd.DataFrame | None = field(default=None, compare=False, repr=False)


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
        details: pd.DataFrame | None = None,
    ) -> PeerGroup:
        """Return the finished group, with the note that a small one owes."""
        if not members:
            raise GroupError(
                f"Grupa jest pusta: {description}",
                expected="choć jedna jednostka poza porównywaną",
                next_step="wybierz inną regułę, na przykład kraj (country)",
            )
        told = list(notes)
        if len(members) < MINIMUM_RANKED:
            told.append(
                f"Mała grupa ({write_unit_count(len(members))}): "
                f"miejsca w kolejności podajemy od {MINIMUM_RANKED}."
            )
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
            notes=tuple(told),
            details=details,
        )
