"""Which services has an area, and what is known of each? A list to open them from."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from smup_lib.present.formats import count_of
from smup_lib.present.words import INDICATOR_NOUN, NO_DATA, STANDINGS

if TYPE_CHECKING:
    from smup_lib.conclude import AreaAssessment

#: Services without a code stand together under this one.
WHOLE_AREA = "CALY-OBSZAR"
WHOLE_AREA_NAME = "Wskaźniki całego obszaru"
_FINDING_NOUN = ("ustalenie", "ustalenia", "ustaleń")


def service_code(service: str | None) -> str:
    """Return the code under which a service is chosen."""
    return service or WHOLE_AREA


def list_services(assessment: AreaAssessment) -> list[tuple[str, str, int]]:
    """List code, name and number of indicators with a value of each service of an area."""
    names = {service.code: service.name for service in assessment.area.services}
    known: dict[str, int] = {}
    for item in assessment.indicators:
        code = service_code(item.indicator.service)
        known[code] = known.get(code, 0) + (item.status == "shown")
    ordered = [code for code in (*names, WHOLE_AREA) if code in known]
    return [(code, names.get(code, WHOLE_AREA_NAME), known[code]) for code in ordered]


def render_service_list(assessment: AreaAssessment, address: Callable[[str], str]) -> str:
    """Return the services as links, each with how much is known and the sign of its first finding.

    Parameters
    ----------
    assessment : AreaAssessment
        The unit in the area.
    address : callable
        Gives the link to a service by its code.
    """
    told: dict[str, list[str]] = {}
    for finding in assessment.findings:
        told.setdefault(service_code(finding.service), []).append(finding.mark)
    rows = "".join(
        f'<li><a class="smup-go" href="{escape(address(code))}">'
        f"<span>{escape(name)}</span>{_known(known, told.get(code, []))}</a></li>"
        for code, name, known in list_services(assessment)
    )
    return f'<ul class="smup-service-list">{rows}</ul>'


def _known(count: int, marks: list[str]) -> str:
    if not count:
        return f'<span class="smup-note">{NO_DATA}</span>'
    said = count_of(count, INDICATOR_NOUN)
    if not marks:
        return f'<span class="smup-note">{said}</span>'
    mark = marks[0]
    shape = f'<span class="smup-mark" aria-hidden="true">{STANDINGS[mark].shape}</span> '
    found = f"{STANDINGS[mark].word}, {count_of(len(marks), _FINDING_NOUN)}"
    return f'<span class="smup-note smup-is-{mark}">{shape}{found} · {said}</span>'
