"""How does an area look at a glance: a few findings, or why there are none, and the ways on?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from smup_lib.plurals import agree
from smup_lib.present.area_charts import number_key
from smup_lib.present.findings import NO_REMARKS, Remarks
from smup_lib.present.formats import NBSP, count_of
from smup_lib.present.numbers import tagged
from smup_lib.present.service_list import render_service_list
from smup_lib.present.summary import render_area_findings, render_key
from smup_lib.present.words import INDICATOR_NOUN

if TYPE_CHECKING:
    from smup_lib.catalogue import ServiceArea
    from smup_lib.conclude import AreaAssessment, Finding
    from smup_lib.units import Unit

#: What of the background is told at a glance: who lives here, of what, and what they earn.
FIRST_FACTS = ("population", "share_post_working_age", "unemployed_per_1k", "avg_gross_wage")
_NOTHING = "Wczytane dane nie mają tu żadnej wartości tej jednostki."


def render_glance(
    assessment: AreaAssessment,
    told: Sequence[Finding],
    remarks: Remarks = NO_REMARKS,
    address: Callable[[str | None], str] = lambda code: "",
    notes: Sequence[str] = (),
) -> str:
    """Return an area on the page of a unit.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    told : sequence of Finding
        The few that are told here.
    remarks : mapping of str to sequence of str, optional
        What must be said beside a value, by id of its indicator.
    address : callable, optional
        Gives the link to a service by its code, to the area for None.
    notes : sequence of str, optional
        What was asked for and could not be had.
    """
    area = assessment.area
    label = f"Ustalenia: {area.name}"
    listed = render_area_findings(assessment, told, remarks=remarks, label=label, below=False)
    services = render_service_list(assessment, address)
    ways = (
        f'<details class="smup-more"><summary>Usługi ({len(area.services)})</summary>{services}'
        "</details>"
        if area.services
        else ""
    )
    rest = len(assessment.findings) - len(told)
    more = f", pozostałe ustalenia: {rest}" if told and rest > 0 else ""
    return (
        f"{_heading(assessment, address(None))}{_basis(assessment, notes)}{listed}"
        f"{render_key(told)}{ways}"
        f'<p class="smup-onward"><a class="smup-go smup-link-button" '
        f'href="{escape(address(None))}">Cały obszar'
        f'<span class="smup-hidden"> {escape(area.name)}</span>{more}</a></p>'
    )


def render_background(assessment: AreaAssessment, address: str, notes: Sequence[str] = ()) -> str:
    """Return who lives here, of what and for how much: numbers that nobody judges."""
    shown = {item.indicator.id: item for item in assessment.shown()}
    first = [shown[name] for name in FIRST_FACTS if name in shown]
    facts = "".join(
        f"<li>{escape(item.indicator.short_name)}: <strong>"
        + tagged(
            item.value,
            number_key(assessment, item).of(statistic="value"),
            item.indicator.decimals,
            measure_unit=item.indicator.measure_unit,
        )
        + "</strong></li>"
        for item in first
    )
    listed = f"<ul>{facts}</ul>" if facts else f"<p>{_NOTHING}</p>"
    return (
        f"{_heading(assessment, address)}{_basis(assessment, notes, background=True)}{listed}"
        f'<p class="smup-onward"><a class="smup-go smup-link-button" href="{escape(address)}">'
        f"Wszystkie liczby o tle</a></p>"
    )


def _heading(assessment: AreaAssessment, address: str) -> str:
    name = escape(assessment.area.name)
    return f'<h2><a class="smup-go" href="{escape(address)}">{name}</a></h2>'


def _basis(assessment: AreaAssessment, notes: Sequence[str], *, background: bool = False) -> str:
    """Say of which year, how many values and with whom they are compared."""
    shown = len(assessment.leading())
    told = [f"{assessment.year}{NBSP}r."] if shown else []
    if shown and not background:
        told.append(f"{count_of(shown, INDICATOR_NOUN)} z wartością")
        told.append(f"porównanie z grupą: {count_of(len(assessment.group.members), _UNIT_NOUN)}")
    if background:
        told.append("tło, którego nie oceniamy")
    said = "".join(f'<p class="smup-note">{escape(note)}</p>' for note in notes)
    return f'<p class="smup-note">{" · ".join(told)}</p>{said}' if told else said


def render_unknown_areas(
    areas: Sequence[ServiceArea], unit: Unit, address: Callable[[str], str]
) -> str:
    """Return the areas without any value of a unit in one sentence, and what can be done.

    Parameters
    ----------
    areas : sequence of ServiceArea
        What is not known.
    unit : Unit
        Of whom.
    address : callable
        Gives the link to an area by its id.
    """
    links = "".join(
        f'<li><a class="smup-go" href="{escape(address(area.id))}">{escape(area.name)}</a></li>'
        for area in areas
    )
    steps = [
        "Otwórz obszar: jego strona mówi, czego brakuje i kto to ma.",
        "Przekaż link do tej strony osobie, która prowadzi aplikacje: to ona wczytuje dane.",
    ]
    if unit.level == "gmina" and unit.kind != "city_with_powiat_rights":
        steps.insert(0, "Zajrzyj do powiatu tej gminy (link pod tytułem): ma własne wskaźniki.")
    count = len(areas)
    return (
        '<h2>Obszary bez wartości</h2><div class="smup-unknown">'
        '<span class="smup-mark" aria-hidden="true">?</span><div><p class="smup-sentence">'
        f"Wczytane dane nie mają żadnej wartości tej jednostki w{NBSP}{count}{NBSP}"
        f"{agree(count, 'obszarze', 'obszarach')}.</p></div></div>"
        f'<ul class="smup-area-links">{links}</ul><p>Co można zrobić:</p>'
        f"<ul>{''.join(f'<li>{escape(step)}</li>' for step in steps)}</ul>"
    )


_UNIT_NOUN = ("jednostka", "jednostki", "jednostek")
