"""What stands out among the chosen indicators, in words with confidence and evidence?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.errors import SmupError
from smup_lib.present.display import Display
from smup_lib.present.findings import finding_text, render_findings
from smup_lib.present.summary import render_key

if TYPE_CHECKING:
    from smup_lib.conclude import Finding
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.selection.selection import Selection

_NOTE = (
    '<p class="smup-note">Ustalenia opisują położenie wobec grupy, a nie przyczyny. '
    "Nie są oceną pracy urzędu.</p>"
)
_JUDGED = ("better", "worse", "similar")
_NOT_JUDGED = (
    "Wybrane wskaźniki mają wartości, ale nie oceniamy ich: pokazują tło albo nie mają kierunku."
)
_ALL_ELSE = "Pozostałe wartości nie odbiegają wyraźnie od grupy albo nie wolno ich ocenić."


def render_selected_findings(selection: Selection) -> Display:
    """Return the findings about the compared unit that speak of a chosen indicator.

    Each indicator is taken as of the last chosen year in which it has values. An area without an
    answer says why, and the others are shown.
    """
    asked: dict[tuple[str, int], set[str]] = {}
    for one in selection.found.indicators:
        asked.setdefault((one.area, selection.last_year(one.id)), set()).add(one.id)
    parts, texts = [], []
    for (area, year), chosen in asked.items():
        name = f"{selection.workspace.catalogue.areas[area].name}, {year} r."
        try:
            view = selection.view(area, year)
        except SmupError as error:
            parts.append(f"<h3>{escape(name)}</h3><p>{escape(error.what)}</p>")
            continue
        a = view.assessment
        told = [one for one in a.findings if one.indicator in chosen]
        listed = _list_of(told, view, chosen, name)
        key = render_key(told) if told else ""
        rest = f'<p class="smup-note">{_ALL_ELSE}</p>' if told else ""
        group = f'<p class="smup-note">{escape(a.group.description_pl)}</p>'
        parts.append(f"<h3>{escape(name)}</h3>{group}{listed}{key}{rest}")
        texts += [finding_text(one) for one in told]
    label = selection.workspace.register.label(selection.found.own, selection.found.years[-1])
    head = f"<h2>Ustalenia: {escape(label)}</h2>"
    return Display(
        f"<section>{head}{''.join(parts)}{_NOTE}</section>", "\n".join(texts) or "Brak ustaleń."
    )


def _list_of(told: list[Finding], view: AreaView, chosen: set[str], name: str) -> str:
    """Return findings as a list; without one, whether nothing stands out or none is judged."""
    positions = [i.position for i in view.assessment.shown() if i.indicator.id in chosen]
    judged = any(one.standing in _JUDGED or one.departure for one in positions)
    if positions and not told and not judged:
        return f"<p>{_NOT_JUDGED}</p>"
    label = f"Ustalenia: {name}"
    return render_findings(told, label=label, judged=judged, marks=view.marks, remarks=view.remarks)
