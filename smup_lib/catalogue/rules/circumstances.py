# ruff: noqa: D401 - the docstring of a rule is the rule
"""What may explain a cost, and what may be set against it?"""

from __future__ import annotations

from collections.abc import Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import FrontierFactors, Indicator, Service, ServiceArea
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.rules.texts import sentence_faults
from smup_lib.errors import did_you_mean

_MOST_NEEDS = 3
#: What a frontier may be made of; the spread of a mean is not known.
_BASES = ("count_ratio", "money_ratio")


def needs_explain_a_cost(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Only a cost has needs: one to three, each once, each with its reason."""
    if not indicator.needs:
        return
    if not indicator.cost:
        yield Fault("needs", "warunki tłumaczą tylko koszt", "wskaźnik kosztu albo brak klucza")
    if len(indicator.needs) > _MOST_NEEDS:
        what = "za dużo warunków: tyle cech wytłumaczy cokolwiek"
        yield Fault("needs", what, f"najwyżej {_MOST_NEEDS}", str(len(indicator.needs)))
    names = [need.variable for need in indicator.needs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("needs", f"„{name}” powtarza się")
    yield from sentence_faults(
        {f"needs[{need.variable}].reason": need.reason for need in indicator.needs}
    )


def needs_are_circumstances(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A need is a condition that the unit does not decide on: no money, no part of the cost."""
    for need in indicator.needs:
        key = f"needs[{need.variable}].variable"
        if not draft.knows_variable(need.variable):
            hint = did_you_mean(need.variable, draft.variables)
            yield Fault(key, f"nie ma zmiennej „{need.variable}”", next_step=hint)
        if need.variable in indicator.inputs.variables:
            yield Fault(key, f"„{need.variable}” jest częścią samego kosztu")
    for variable in draft.named(tuple(need.variable for need in indicator.needs)):
        key = f"needs[{variable.id}].variable"
        if variable.kind == "money":
            yield Fault(key, f"„{variable.id}” to pieniądze, a nie warunki")
        if not set(variable.levels) & set(indicator.levels):
            what = f"„{variable.id}” nie ma wspólnego szczebla z kosztem"
            yield Fault(key, what, ", ".join(indicator.levels), ", ".join(variable.levels))


def frontiers_have_quality(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """A frontier sets costs of a service against what it reaches, quality among it."""
    for service in area.services:
        if service.frontier is not None:
            for fault in _frontier_faults(draft, area, service, service.frontier):
                yield fault._replace(key=f"services[{service.code}].frontier.{fault.key}")


def _frontier_faults(
    draft: Draft, area: ServiceArea, service: Service, frontier: FrontierFactors
) -> Iterator[Fault]:
    yield from sentence_faults({"reason": frontier.reason})
    named = {one.id: one for one in draft.of_service(area.id, service.code)}
    for key, names in (("inputs", frontier.inputs), ("outputs", frontier.outputs)):
        for name in names:
            if name not in named:
                if name not in draft.unread:
                    yield Fault(key, f"usługa nie ma wskaźnika „{name}”", ", ".join(named))
            elif named[name].data_basis not in _BASES:
                what = f"„{name}” nie jest ilorazem zliczeń ani kwot"
                yield Fault(key, what, " albo ".join(_BASES), named[name].data_basis)
    factors = [named[name] for name in (*frontier.inputs, *frontier.outputs) if name in named]
    if factors and not set.intersection(*(set(one.levels) for one in factors)):
        yield Fault("inputs", "nakłady i efekty nie mają wspólnego szczebla")
    yield from (
        Fault("inputs", f"nakład „{one.id}” nie jest kosztem")
        for one in factors
        if one.id in frontier.inputs and not one.cost
    )
    outputs = [one for one in factors if one.id in frontier.outputs]
    for one in outputs:
        if one.polarity.judged not in ("higher", "lower"):
            yield Fault("outputs", f"efekt „{one.id}” nie ma uzgodnionego kierunku")
    if outputs and not any(one.dimension == "quality" for one in outputs):
        yield Fault("outputs", "wśród efektów nie ma jakości", "wskaźnik wymiaru quality")


INDICATOR_RULES = (needs_explain_a_cost, needs_are_circumstances)
RULES = (frontiers_have_quality,)
