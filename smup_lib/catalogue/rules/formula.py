# ruff: noqa: D401 - the docstring of a rule is the rule
"""Can an indicator be computed as written, and do multiplier and data basis fit its inputs?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.measure_units import THOUSANDS, unit_scale
from smup_lib.catalogue.model import Indicator
from smup_lib.catalogue.problems import Fault
from smup_lib.errors import did_you_mean

_SCALE = re.compile(r"/(\d[\d\u00a0 ]*?)\s*(tys\.|mln)?\s+[^\d\s]")
_WHOLE_UNITS = {"%": 100.0, "‰": 1000.0, "mln zł": 1e-6, "tys. zł": 1e-3}
#: Input measured in the first, value in the second: how many of the second make one of the first.
_CONVERSIONS = {
    ("ha", "m²"): 1e4, ("km²", "ha"): 100.0, ("km", "m"): 1e3, ("t", "kg"): 1e3,
    ("dam³", "m³"): 1e3,
}  # fmt: skip


def inputs_are_known(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Every variable that the indicator reads stands in the vocabulary."""
    for name in indicator.variables_read:
        if not draft.knows_variable(name):
            step = did_you_mean(name, draft.variables) or "dopisz ją w folderze variables"
            yield Fault("inputs", f"nie ma zmiennej „{name}”", next_step=step)


def levels_are_covered(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Every variable has data at all levels of the indicator."""
    for variable in draft.named(indicator.variables_read):
        missing = [level for level in indicator.levels if level not in variable.levels]
        if missing:
            yield Fault(
                "levels",
                f"zmienna „{variable.id}” nie jest dostępna na szczeblu: {', '.join(missing)}",
                expected=f"tylko szczeble tej zmiennej: {', '.join(variable.levels)}",
                found=", ".join(indicator.levels),
            )


def method_has_its_inputs(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Each method gets the inputs it computes from, and no others."""
    method, inputs = indicator.method, indicator.inputs
    needs = {
        "published": ("value",),
        "ratio": ("numerator", "denominator"),
        "share": ("numerator", "denominator"),
        "rate": ("numerator", "denominator"),
    }.get(method, ("numerator",))
    given = [key for key in ("value", "numerator", "denominator") if getattr(inputs, key)]
    if missing := [key for key in needs if key not in given]:
        yield Fault("inputs", f"method: {method} wymaga {_keys(missing)}", next_step="dopisz klucz")
    given += [key for key in ("minus", "denominator_minus") if getattr(inputs, key)]
    taken = {"minus": "numerator", "denominator_minus": "denominator"}
    if extra := [key for key in given if taken.get(key, key) not in needs]:
        yield Fault("inputs", f"method: {method} nie używa {_keys(extra)}", next_step="usuń klucz")


def base_year_is_of_an_index(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """An index has a base year, and nothing else has one."""
    if (indicator.method == "index") != (indicator.base_year is not None):
        what = "base_year i method: index muszą iść w parze"
        yield Fault("base_year", what, found=f"{indicator.base_year}, method: {indicator.method}")


def looking_back_knows_its_breaks(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A comparison of two years has the breaks of its inputs: across one it has no value."""
    if not indicator.looks_back:
        return
    known = {item.year for item in indicator.breaks}
    for variable in draft.named(indicator.inputs.variables):
        if missing := [item for item in variable.breaks if item.year not in known]:
            years = ", ".join(str(item.year) for item in missing)
            what = f"zmienna „{variable.id}” ma przerwę w szeregu: {years}"
            step = "dopisz ją z powodem, dlaczego tych dwóch lat nie można porównać"
            yield Fault("breaks", what, next_step=step)


def years_are_compared_as_inputs_allow(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """What is made of a variable whose years may not be compared says so too."""
    if not indicator.across_years:
        return
    for variable in draft.named(indicator.inputs.variables):
        if not variable.across_years:
            what = f"lat zmiennej „{variable.id}” nie wolno porównywać"
            yield Fault("across_years", what, "false", next_step="dopisz klucz")


def published_is_the_variable_itself(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A published value is what its publisher gives: nothing is computed or summed."""
    published = indicator.provenance == "published"
    if published != (indicator.method == "published"):
        what = "method: published i provenance: published muszą iść w parze"
        yield Fault("provenance", what, found=f"{indicator.provenance}, {indicator.method}")
    if not published:
        return
    if indicator.data_basis != "index":
        what = "wartość ogłoszona gotowa nie ma licznika ani mianownika"
        yield Fault("data_basis", what, "index", indicator.data_basis)
    if indicator.inputs.value and indicator.inputs.value != indicator.id:
        what = "wskaźnik z wartością ogłoszoną nosi nazwę swojej zmiennej"
        yield Fault("id", what, indicator.inputs.value, indicator.id)
    if indicator.multiplier != 1:
        what = "wartości ogłoszonej nie mnożymy"
        yield Fault("multiplier", what, found=_number(indicator.multiplier), next_step="usuń klucz")


def rare_events_are_of_a_published_rate(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A judged rate of events a person tells how many events it stands for."""
    per = scale_of(indicator.measure_unit)
    published = indicator.provenance == "published"
    if indicator.rare_events is None:
        if published and indicator.polarity.direction != "neutral" and _a_head(indicator):
            yield Fault(
                "rare_events",
                "przy kilku zdarzeniach w roku wartość jest przypadkowa, a ma kierunek",
                expected=f"rare_events: {{exposure: population, per: {_number(per)}}}",
            )
    elif not published:
        what = "rare_events jest dla wartości ogłoszonych; obliczone mają licznik"
        yield Fault("rare_events", what, next_step="usuń klucz")
    elif not math.isclose(indicator.rare_events.per, per):
        what = "per nie pasuje do jednostki miary"
        found = f"{_number(indicator.rare_events.per)} ({indicator.measure_unit})"
        yield Fault("rare_events.per", what, _number(per), found)


def _a_head(indicator: Indicator) -> bool:
    return re.search(r"/.*(mieszk\.|os\.|poj)", indicator.measure_unit) is not None


def data_basis_fits_the_inputs(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Counts over counts give intervals, money does not, and rates are never summed."""
    if indicator.provenance == "published":
        return
    above = draft.named(indicator.inputs.numerator + indicator.inputs.minus)
    every = draft.named(indicator.inputs.variables)
    basis = indicator.data_basis
    if basis == "count_ratio" and (other := [v for v in every if v.kind != "count"]):
        listed = ", ".join(f"{v.id} ({v.kind})" for v in other)
        yield Fault("data_basis", "count_ratio dzieli zliczenia", "same zliczenia", listed)
    if basis == "money_ratio" and (other := [v for v in above if v.kind != "money"]):
        listed = ", ".join(f"{v.id} ({v.kind})" for v in other)
        yield Fault("data_basis", "money_ratio ma w liczniku kwoty", "same kwoty", listed)
    if basis in ("mean", "count_ratio") and any(v.kind == "money" for v in above):
        what = "w liczniku jest kwota, więc to wskaźnik pieniężny"
        yield Fault("data_basis", what, "money_ratio", basis)
    if basis != "index" and (loose := [v.id for v in every if not v.additive]):
        what = f"{', '.join(loose)}: tej zmiennej nie wolno sumować między jednostkami"
        yield Fault("data_basis", what, "index albo inne zmienne", basis)


def multiplier_fits_the_measure_unit(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """``os./1000 mieszk.`` is times 1000; a percentage times 100; a bare ratio times 1."""
    if indicator.provenance == "published" or indicator.method == "index":
        return
    above = draft.named(indicator.inputs.numerator)
    if len(above) < len(indicator.inputs.numerator):
        return  # what is not known cannot be converted
    expected = scale_of(indicator.measure_unit) * _conversion(draft, indicator)
    if indicator.method == "amount" and {v.measure_unit for v in above} == {indicator.measure_unit}:
        expected = 1.0  # told in the unit in which it is measured
    if not math.isclose(indicator.multiplier, expected):
        yield Fault(
            "multiplier",
            f"mnożnik nie pasuje do jednostki miary „{indicator.measure_unit}”",
            _number(expected),
            _number(indicator.multiplier),
            "popraw mnożnik albo jednostkę miary",
        )


def scale_of(measure_unit: str) -> float:
    """Return by what a bare quotient is multiplied to be told in a measure unit.

    Examples
    --------
    >>> [scale_of(unit) for unit in ("os./100 tys. mieszk.", "%", "mln zł", "zł/km", "m²")]
    [100000.0, 100.0, 1e-06, 1.0, 1.0]
    """
    if measure_unit in _WHOLE_UNITS:
        return _WHOLE_UNITS[measure_unit]
    told = _SCALE.search(measure_unit)
    if not told:
        return 1.0
    return float(re.sub(r"\D", "", told[1])) * THOUSANDS[told[2] or ""]


def _conversion(draft: Draft, indicator: Indicator) -> float:
    """Return what the units of the inputs make of a bare quotient: dam³ a person, zł a dam³."""
    above, _, below = indicator.measure_unit.partition("/")
    inputs = indicator.inputs
    return _to(draft, inputs.numerator, above) / _to(draft, inputs.denominator, below)


def _to(draft: Draft, names: tuple[str, ...], wanted: str) -> float:
    units = {variable.measure_unit for variable in draft.named(names)}
    return _CONVERSIONS.get((units.pop(), wanted), 1.0) if len(units) == 1 else 1.0


def smallest_gap_can_be_seen(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A difference that the shown decimals hide is not told from none."""
    smallest = 10.0**-indicator.decimals
    if indicator.minimum_gap is not None and indicator.minimum_gap < smallest * (1 - 1e-9):
        what = f"takiej różnicy nie widać przy decimals: {indicator.decimals}"
        found = _number(indicator.minimum_gap)
        yield Fault("minimum_gap", what, f"co najmniej {_number(smallest)}", found)


def exclusion_has_a_reason(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Units left out read why: those of other kinds, and those whose difference is not positive."""
    without = bool(indicator.applies_to or indicator.inputs.denominator_minus)
    if without != bool(indicator.not_applicable_reason):
        what = "applies_to albo denominator_minus i not_applicable_reason muszą iść w parze"
        step = "napisz, dlaczego inne jednostki nie mają tej wartości, albo usuń oba klucze"
        yield Fault("not_applicable_reason", what, next_step=step)


def official_ids_are_of_published(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Our formula never bears the id of an official indicator."""
    ids = indicator.official_ids
    if indicator.provenance == "computed" and (ids.smup or ids.bdl is not None):
        what = "wskaźnik obliczony naszym wzorem nie ma urzędowego identyfikatora"
        step = "usuń klucz; wskaźnik SMUP do porównania wpisz w compared_with_smup"
        yield Fault("official_ids", what, next_step=step)


def what_is_compared_can_be_converted(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Ours and SMUP's indicator are told in units of the same things."""
    for place, other in enumerate(indicator.compared_with_smup):
        if unit_scale(other.measure_unit, indicator.measure_unit) is None:
            what = f"wskaźnika SMUP {other.id} nie da się przeliczyć na jednostkę naszego"
            key = f"compared_with_smup[{place}].measure_unit"
            yield Fault(key, what, indicator.measure_unit, other.measure_unit)


def _keys(keys: list[str]) -> str:
    return " i ".join(f"inputs.{key}" for key in keys)


def _number(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


RULES = (
    inputs_are_known,
    levels_are_covered,
    method_has_its_inputs,
    base_year_is_of_an_index,
    looking_back_knows_its_breaks,
    years_are_compared_as_inputs_allow,
    published_is_the_variable_itself,
    rare_events_are_of_a_published_rate,
    data_basis_fits_the_inputs,
    multiplier_fits_the_measure_unit,
    smallest_gap_can_be_seen,
    exclusion_has_a_reason,
    official_ids_are_of_published,
    what_is_compared_can_be_converted,
)
