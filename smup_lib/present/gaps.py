"""What can nobody tell today, why, and who could?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.polish_text import in_sentence
from smup_lib.present.folding import folded
from smup_lib.present.formats import count_of
from smup_lib.present.tables import Column, render_table
from smup_lib.present.words import INDICATOR_NOUN, NOT_COMPARABLE, WHERE_DATA_ARE, flag_words

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment, IndicatorAssessment
    from smup_lib.units import Unit

#: So many indicators stand by name before their common reason; more are counted and folded.
_NAMED_AT_ONCE = 3
#: So many gaps stand open; more wait behind their name.
_LISTED_AT_ONCE = 5


def render_gaps(assessment: AreaAssessment, elsewhere: tuple[Unit, int] | None = None) -> str:
    """Return what nobody can say today, why, and which source would fill it.

    ``elsewhere`` is the other code of a city with powiat rights and the number of values under it.
    """
    absent = [item for item in assessment.indicators if item.status != "shown"]
    # what others have and this unit has not is news; what nobody has in these data is a list
    own = [item for item in absent if _others_have(item) or item.status == "not_applicable"]
    parts = [_own_gaps(own), _nobody_has([item for item in absent if item not in own])]
    parts.append(_named_gaps(assessment))
    if elsewhere is not None:
        parts.insert(0, _elsewhere(*elsewhere))
    body = "".join(parts) or "<p>W tym obszarze nie ma nazwanych luk.</p>"
    return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2>{body}</section>'


def _elsewhere(other: Unit, count: int) -> str:
    tasks = "powiatu" if other.level == "powiat" else "gminy"
    return (
        f"<p>To miasto ma dwa kody. O zadaniach {tasks} mówi raport pod kodem {other.code},"
        f" szczebel {tasks} ({count_of(count, INDICATOR_NOUN)} z wartością).</p>"
    )


def _others_have(item: IndicatorAssessment) -> bool:
    return item.table.told or item.last_year is not None


def _own_gaps(items: Sequence[IndicatorAssessment]) -> str:
    if not items:
        return ""
    return f"<h3>Wskaźniki bez wartości dla tej jednostki</h3>{render_reasons(items)}"


def render_reasons(items: Sequence[IndicatorAssessment]) -> str:
    """Return why indicators have no value: each reason once, with those that it keeps silent.

    Parameters
    ----------
    items : sequence of IndicatorAssessment
        Indicators without a value.
    """
    alike: dict[str, list[str]] = {}
    for item in items:
        alike.setdefault(_why(item), []).append(item.indicator.name)
    return "".join(
        _reason(why, names) for why, names in sorted(alike.items(), key=lambda one: -len(one[1]))
    )


def _reason(why: str, names: Sequence[str]) -> str:
    said = f"{escape(why.removesuffix('.'))}."
    if len(names) <= _NAMED_AT_ONCE:
        return f"<p><b>{escape('; '.join(names))}</b>: {said}</p>"
    listed = "".join(f"<li>{escape(name)}</li>" for name in names)
    fold = folded(f"Których wskaźników to dotyczy ({len(names)})", f"<ul>{listed}</ul>")
    return f"<p><b>{count_of(len(names), INDICATOR_NOUN)}</b>: {said}</p>{fold}"


def _why(item: IndicatorAssessment) -> str:
    """Say why there is no value; what cannot be compared is not missing."""
    if item.status == "not_applicable" and item.reason:
        return f"{NOT_COMPARABLE}: {in_sentence(item.reason)}"
    return item.reason or flag_words(item.flag)


def _nobody_has(items: Sequence[IndicatorAssessment]) -> str:
    if not items:
        return ""
    named = "".join(f"<li>{escape(item.indicator.name)}</li>" for item in items)
    told = "Wskaźniki, których wczytane dane nie obejmują dla żadnej jednostki"
    return folded(f"{told} ({len(items)})", f"<ul>{named}</ul>")


def _named_gaps(assessment: AreaAssessment) -> str:
    import pandas as pd

    gaps = assessment.gaps
    if not gaps:
        return ""
    told: dict[tuple[str, str, str], list[str]] = {}  # one thing may be lacking in each dimension
    for item in gaps:
        dimension = DIMENSION_WORDS.get(item.dimension or "", "–")
        told.setdefault((item.gap.wanted, item.gap.reason, item.gap.source), []).append(dimension)
    frame = pd.DataFrame(list(told), columns=["wanted", "reason", "source"])
    frame["dimension"] = [", ".join(dict.fromkeys(dimensions)) for dimensions in told.values()]
    columns = [
        Column("wanted", "Czego brakuje"),
        *((Column("dimension", "Wymiar"),) if {item.dimension for item in gaps} - {None} else ()),
        Column("reason", "Dlaczego"),
        Column("source", WHERE_DATA_ARE),
    ]
    caption = "Luki informacyjne i źródła, które by je wypełniły"
    if len(frame) <= _LISTED_AT_ONCE:
        return render_table(frame, columns, caption, stacked=True)
    table = render_table(frame, columns, caption, stacked=True, hide_caption=True)
    return folded(f"{caption} ({len(frame)})", table)


def render_silent_areas(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return the areas about which the data say nothing; those for one reason stand together."""
    import pandas as pd

    if not rows:
        said = "O każdym obszarze są jakieś wartości. Braki wymienia raport obszaru."
        return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2><p>{said}</p></section>'
    columns = [
        Column("name", "Obszar"),
        Column("why", "Dlaczego nie ma wartości"),
        Column("next_step", "Co można zrobić"),
    ]
    alike: dict[tuple[str, str], list[str]] = {}
    for name, why, next_step in rows:
        alike.setdefault((why, next_step), []).append(name)
    frame = pd.DataFrame(
        [
            {"name": ", ".join(names), "why": why, "next_step": step}
            for (why, step), names in alike.items()
        ]
    )
    table = render_table(frame, columns, "Obszary bez wartości", stacked=True)
    return f'<section class="smup-gaps"><h2>Czego nie wiemy</h2>{table}</section>'
