"""One service of a unit: what stands out, four dimensions, whom to ask and with whom to compare."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smup_lib.conclude.findings import first_screen
from smup_lib.conclude.practices import MOST_PEERS, weak_items
from smup_lib.present.advice import render_advice
from smup_lib.present.area_page import render_title
from smup_lib.present.display import Display
from smup_lib.present.findings import finding_text
from smup_lib.present.service_list import WHOLE_AREA, WHOLE_AREA_NAME, service_code
from smup_lib.present.service_page import leading_indicator
from smup_lib.present.service_screen import render_service_dimensions, render_service_findings
from smup_lib.reports.advising import load_advice

if TYPE_CHECKING:
    from smup_lib.catalogue import Service
    from smup_lib.conclude import IndicatorAssessment
    from smup_lib.conclude.practices import Advice
    from smup_lib.reports.area import AreaView
    from smup_lib.reports.loading import Workspace

ASK_HEADING = "<h2>Kogo warto zapytać</h2>"
#: What is said where no result of a service is weak, so that nobody need be asked.
_NOT_WEAK = (
    "Żaden wynik tej usługi nie jest wyraźnie mniej korzystny niż w grupie, więc nie szukamy "
    "jednostek, od których można się uczyć."
)
_NOT_JUDGED = (
    "Żadnego wyniku tej usługi nie można tu ocenić, więc nie wiadomo, czy i kogo warto pytać. "
    "Powody są przy wynikach; inna grupa porównawcza może dać odpowiedź."
)


class ServiceView:
    """A service of an assessed area.

    Parameters
    ----------
    workspace : Workspace
        The one that the area was opened in.
    view : AreaView
        The area.
    code : str
        Of the service, or :data:`smup_lib.present.service_list.WHOLE_AREA` for the indicators that
        belong to none.
    """

    def __init__(self, workspace: Workspace, view: AreaView, code: str) -> None:
        self._workspace = workspace
        self.view, self.code = view, code
        services = view.assessment.area.services
        self.service: Service | None = next((s for s in services if s.code == code), None)

    def __repr__(self) -> str:
        """Name the view."""
        return f"<ServiceView {self.code} of {self.view!r}>"

    @property
    def name(self) -> str:
        """What the service is called."""
        return WHOLE_AREA_NAME if self.service is None else self.service.name

    @cached_property
    def items(self) -> tuple[IndicatorAssessment, ...]:
        """Its indicators: the leading one first, then those with a value, those without last."""
        a = self.view.assessment
        leads = {item.indicator.id for item in a.leading()}
        own = [i for i in a.indicators if service_code(i.indicator.service) == self.code]
        shown = [item for item in own if item.indicator.id in leads]
        first = leading_indicator(a, shown)
        rest = [item for item in shown if item is not first]
        silent = [item for item in own if item.status != "shown"]
        return (*([first] if first else []), *rest, *silent)

    @property
    def leading(self) -> IndicatorAssessment | None:
        """The indicator to show in full; None where nothing has a value."""
        first = next(iter(self.items), None)
        return first if first is not None and first.status == "shown" else None

    def title(self) -> Display:
        """Return the head: which service, whose, which year."""
        a, snapshot = self.view.assessment, self.view.snapshot
        about = self.service.description if self.service else ""
        html = render_title(
            self.name,
            a.unit.label,
            a.year,
            snapshot.manifest.created,
            fictional=snapshot.fictional,
            intro="" if about == self.name else about,
        )
        return Display(html, f"{self.name}: {a.unit.label}, {a.year} r.")

    def summary(self) -> Display:
        """Return the few findings about the service, or why there are none."""
        a = self.view.assessment
        own = [f for f in a.findings if service_code(f.service) == self.code]
        told = first_screen(own)
        html = render_service_findings(
            a, self.items, told, self.view.marks, self.view.remarks, rest=len(own) - len(told)
        )
        return Display(html, "\n".join(map(finding_text, told)) or "Brak ustaleń.")

    def dimensions(self) -> Display:
        """Return what is known of the service in each of the four dimensions, and who has more."""
        code = "" if self.code == WHOLE_AREA else self.code
        html = render_service_dimensions(self.view.assessment, code, self.items)
        return Display(html, self.name)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Whom to ask about its weak results; about the leading one where none is weak."""
        a, own = self.view.assessment, {item.indicator.id for item in self.items}
        weak = [item for item in weak_items(a) if item.indicator.id in own]
        first = [self.leading] if self.leading else []
        return load_advice(self._workspace, a, weak or first)

    def asking(self) -> Display:
        """Return the units to learn from, with reasons, and practices of other offices."""
        view, workspace = self.view, self._workspace
        html = render_advice(
            self.advice,
            workspace.catalogue,
            view.names,
            fictional=view.snapshot.fictional,
            on_page={item.indicator.id for item in self.items},
            level=2,
        )
        if any(one.behind for one in self.advice):
            return Display(html, "Jest kogo zapytać.")
        why = _NOT_WEAK if any(item.concluded for item in self.items) else _NOT_JUDGED
        note = f'<p class="smup-note">{why}</p>' if self.leading else ""
        if html:
            return Display(html + note, why)
        return Display(f"<section>{ASK_HEADING}{note}</section>" if note else "", why)

    @property
    def learnable(self) -> tuple[str, ...]:
        """Codes of the units to learn from that the page names, the most similar first."""
        codes = [code for one in self.advice if one.behind for code in one.peers[:MOST_PEERS]]
        return tuple(dict.fromkeys(codes))
