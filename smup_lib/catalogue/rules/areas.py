# ruff: noqa: D401 - the docstring of a rule is the rule
"""Does an area show every dimension of every service, and tell its entries apart?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import get_args

from smup_lib.catalogue.channels import channels_of
from smup_lib.catalogue.draft import WITHOUT_DIMENSIONS, Draft
from smup_lib.catalogue.model import DataGap, Service, ServiceArea
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.rules.texts import area_speaks_in_sentences, gap_faults
from smup_lib.catalogue.variable import Variable
from smup_lib.catalogue.vocabulary import Dimension
from smup_lib.errors import did_you_mean

_LEAST_CONTEXT = 3
_NOT_RECOGNISED = re.compile(r"nie rozpoznaje")
#: The scale of a service may be its outcome too: residents a library has.
_SCALE = {"population"}


def indicators_name_their_area(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """An indicator stands in the file of its area."""
    for indicator in area.indicators:
        if indicator.area != area.id:
            key = f"indicators[{indicator.id}].area"
            yield Fault(key, "wskaźnik stoi w pliku innego obszaru", area.id, indicator.area)


def names_are_told_apart(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """No two indicators of an area, and no two services, bear the same name."""
    for key in ("name", "short_name"):
        counts = Counter(getattr(i, key) for i in area.indicators)
        for name, number in counts.items():
            if number > 1:
                yield Fault(f"indicators.{key}", f"nazwa „{name}” powtarza się: {number} razy")
    counts = Counter(service.code for service in area.services)
    for code in (code for code, number in counts.items() if number > 1):
        yield Fault("services.code", f"kod „{code}” powtarza się")


def key_numbers_are_of_the_area(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """What is looked at first is an indicator of the area, named once."""
    own = {indicator.id: indicator for indicator in area.indicators}
    for name, number in Counter(area.key_numbers).items():
        if name not in own:
            hint = did_you_mean(name, own)
            yield Fault("key_numbers", f"obszar nie ma wskaźnika „{name}”", next_step=hint)
        elif number > 1:
            yield Fault("key_numbers", f"„{name}” powtarza się: {number} razy")


def similarity_uses_no_outcome(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """Similar units are found by their conditions, never by what they do or spend."""
    if len(area.context) < _LEAST_CONTEXT:
        what = "za mało zmiennych do szukania jednostek podobnych"
        yield Fault("context", what, f"co najmniej {_LEAST_CONTEXT}", str(len(area.context)))
    outcomes = {
        name
        for indicator in area.indicators
        if indicator.role != "contextual"
        for name in (indicator.inputs.value, *indicator.inputs.numerator, *indicator.inputs.minus)
    } - _SCALE
    for name in area.context:
        if not draft.knows_variable(name):
            hint = did_you_mean(name, draft.variables)
            yield Fault("context", f"nie ma zmiennej „{name}”", next_step=hint)
        elif name in outcomes:
            what = f"„{name}” jest wynikiem tego obszaru, więc nie może wybierać podobnych"
            yield Fault("context", what, next_step="usuń ją z listy")
    for variable in draft.named(area.context):
        if variable.kind == "money":
            what = f"„{variable.id}” to wydatki, które nie mogą wybierać podobnych"
            yield Fault("context", what, next_step="usuń ją z listy")


def every_dimension_is_shown(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """Each service shows all dimensions at all its levels: by an indicator or by a stated gap."""
    if area.id in WITHOUT_DIMENSIONS or area.id in draft.partial:
        return
    for service in area.services:
        for dimension in get_args(Dimension):
            silent = [
                level
                for level in service.levels
                if not _told(draft, area, service, dimension, level)
            ]
            if silent:
                yield Fault(
                    f"services[{service.code}]",
                    f"brak wymiaru {dimension} na szczeblu: {', '.join(silent)}",
                    "wskaźnik albo wpis w gaps: czego brakuje, dlaczego i kto to ma",
                )


def _told(draft: Draft, area: ServiceArea, service: Service, dimension: str, level: str) -> bool:
    measured = any(
        indicator.dimension == dimension and level in indicator.levels
        for indicator in draft.of_service(area.id, service.code)
    )
    return measured or any(g.dimension == dimension and level in g.levels for g in service.gaps)


def group_without_dimensions_is_not_empty(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """A group of finance holds indicators."""
    if area.id not in WITHOUT_DIMENSIONS or area.id in draft.partial:
        return
    for service in area.services:
        if not any(draft.of_service(area.id, service.code)):
            yield Fault(f"services[{service.code}]", "grupa nie ma żadnego wskaźnika")


def gaps_are_told(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """A gap says what, why and who, at levels of its service, in a dimension if there are any."""
    owners = [(f"services[{s.code}].", s.code, s.gaps, s.levels) for s in area.services]
    for place, code, gaps, levels in [*owners, ("", None, area.gaps, ())]:
        known = {one.id for one in draft.of_service(area.id, code)} | draft.unread
        for number, gap in enumerate(gaps, start=1):
            for fault in (*gap_faults(gap), *_gap_place(area, gap, levels, known)):
                yield fault._replace(key=f"{place}gaps[{number}].{fault.key}")


def gaps_speak_of_what_is_not_recognised(draft: Draft, area: ServiceArea) -> Iterator[Fault]:
    """No gap says that data are not recognised when the workbench can bring them all."""
    for service in area.services:
        for number, gap in enumerate(service.gaps, start=1):
            if not _NOT_RECOGNISED.search(gap.reason):
                continue
            asked = [
                indicator
                for indicator in draft.of_service(area.id, service.code)
                if gap.asks(indicator, service.code) and set(indicator.levels) & set(gap.levels)
            ]
            inputs = [v for one in asked for v in draft.named(one.inputs.variables)]
            if inputs and all(map(_comes_in, inputs)):
                yield Fault(
                    f"services[{service.code}].gaps[{number}].reason",
                    "program umie pobrać albo wczytać wszystko, czego potrzebują: "
                    f"{', '.join(one.id for one in asked)}",
                    "polecenie, które to robi, na przykład „smup data sync bestia”",
                    f"„{gap.reason}”",
                )


def _comes_in(variable: Variable) -> bool:
    return not {"own_records", "unrecognised"} & set(channels_of(variable))


def _gap_place(
    area: ServiceArea, gap: DataGap, levels: tuple[str, ...], known: Collection[str]
) -> Iterator[Fault]:
    if (gap.dimension is None) != (area.id in WITHOUT_DIMENSIONS):
        what = "wymiar luki podaje się w obszarach, które mają wymiary, i tylko w nich"
        yield Fault("dimension", what, found=gap.dimension or "pusto")
    if gap.indicators and gap.dimension is not None:
        what = "lukę w wymiarze wypełnia każdy wskaźnik tego wymiaru"
        yield Fault("indicators", what, found=", ".join(gap.indicators), next_step="usuń klucz")
    if strangers := [name for name in gap.indicators if name not in known]:
        what = "lukę wypełniają wskaźniki tej samej grupy"
        yield Fault("indicators", what, ", ".join(sorted(known)), ", ".join(strangers))
    if levels and not set(gap.levels) <= set(levels):
        what = "luka jest na szczeblu, którego usługa nie ma"
        yield Fault("levels", what, ", ".join(levels), ", ".join(gap.levels))


RULES = (
    indicators_name_their_area,
    names_are_told_apart,
    key_numbers_are_of_the_area,
    similarity_uses_no_outcome,
    every_dimension_is_shown,
    group_without_dimensions_is_not_empty,
    gaps_are_told,
    gaps_speak_of_what_is_not_recognised,
    area_speaks_in_sentences,
)
