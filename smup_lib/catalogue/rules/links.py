# ruff: noqa: D401 - the docstring of a rule is the rule
"""Do references between indicators lead somewhere, and back where they must?"""

from __future__ import annotations

from collections.abc import Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import Indicator
from smup_lib.catalogue.problems import Fault
from smup_lib.errors import did_you_mean

_DOUBLE = "_computed"


def named_indicators_exist(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """Every indicator that is pointed at stands in the catalogue, and is another one."""
    named = {
        "paired_with": indicator.paired_with,
        "related": indicator.related,
        "twin_of": (indicator.twin_of,) if indicator.twin_of else (),
    }
    for key, others in named.items():
        for other in others:
            if other == indicator.id:
                yield Fault(key, "wskaźnik wskazuje sam siebie", next_step="usuń go z listy")
            elif not draft.knows_indicator(other):
                hint = did_you_mean(other, draft.indicators)
                yield Fault(key, f"nie ma wskaźnika „{other}”", next_step=hint)


def related_points_back(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A neighbour in meaning names this one too."""
    for name in indicator.related:
        other = draft.indicator(name)
        if other is not None and other.id != indicator.id and indicator.id not in other.related:
            step = f"dopisz {indicator.id} do related wskaźnika {name}"
            yield Fault("related", f"„{name}” nie wskazuje tego wskaźnika", next_step=step)


def twin_says_the_same(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """A twin has the place, the levels and the judgement of the one it names."""
    main = draft.indicator(indicator.twin_of) if indicator.twin_of else None
    if main is None or main.id == indicator.id:
        return
    for key in ("area", "service", "dimension", "role"):
        ours, theirs = getattr(indicator, key), getattr(main, key)
        if ours != theirs:
            yield Fault(key, f"bliźniak ma inne {key} niż „{main.id}”", str(theirs), str(ours))
    if main.twin_of is not None:
        what = f"„{main.id}” sam jest bliźniakiem"
        yield Fault("twin_of", what, main.twin_of, main.id)
    if not set(indicator.levels) & set(main.levels):
        what = f"bliźniak nie ma wspólnego szczebla z „{main.id}”"
        yield Fault("levels", what, ", ".join(main.levels), ", ".join(indicator.levels))
    ways = [f"{i.polarity.judged}, judge: {i.polarity.judge}" for i in (main, indicator)]
    if ways[0] != ways[1]:
        yield Fault("polarity", f"bliźniak jest oceniany inaczej niż „{main.id}”", *ways)
    if main.id not in indicator.related:
        step = f"dopisz {main.id} do related"
        yield Fault("related", f"bliźniak nie wskazuje „{main.id}”", next_step=step)


def computed_double_is_a_twin(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """``x_computed`` beside a published ``x`` is its twin, never an indicator of its own."""
    main = indicator.id.removesuffix(_DOUBLE)
    if indicator.id.endswith(_DOUBLE) and main in draft.indicators and indicator.twin_of != main:
        what = f"to samo co „{main}” obliczone z sum jest jego bliźniakiem"
        yield Fault("twin_of", what, main, indicator.twin_of or "")


def caveats_are_said_once(draft: Draft, indicator: Indicator) -> Iterator[Fault]:
    """What a variable says stands beside its indicators anyway; a copy would stay behind."""
    for variable in draft.named(indicator.variables_read):
        for number, caveat in enumerate(indicator.caveats, start=1):
            if caveat in variable.caveats:
                what = f"to samo mówi już zmienna „{variable.id}”"
                yield Fault(f"caveats[{number}]", what, found=caveat.text, next_step="usuń wpis")


RULES = (
    named_indicators_exist,
    related_points_back,
    twin_says_the_same,
    computed_double_is_a_twin,
    caveats_are_said_once,
)
