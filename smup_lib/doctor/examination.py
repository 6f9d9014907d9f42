"""The whole examination: every section, whatever is broken in another one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from smup_lib.doctor.answers import examine_answers, examine_clock, examine_quota
from smup_lib.doctor.diagnosis import Diagnosis, Section
from smup_lib.doctor.places import examine_places
from smup_lib.doctor.program import examine_program
from smup_lib.doctor.store import examine_reports, examine_snapshots
from smup_lib.doctor.variables import examine_variables
from smup_lib.errors import SmupError

Examination = Callable[[], Iterator[Diagnosis]]


def examine(*, whole_content: bool = False, now: float | None = None) -> list[Section]:
    """Look at everything and change nothing.

    Parameters
    ----------
    whole_content : bool
        Also read every table and every answer; of a whole country that takes minutes.
    now : float, optional
        Seconds since 1970; the clock of the computer when omitted.

    Returns
    -------
    list of Section
        Whatever is damaged is a diagnosis, never an exception.

    Examples
    --------
    >>> [section.id for section in examine()][:3]
    ['program', 'places', 'settings']
    """
    at = time.time() if now is None else now
    parts: list[tuple[str, str, tuple[Examination, ...]]] = [
        ("program", "Program", (examine_program,)),
        ("places", "Miejsca", (examine_places,)),
        ("settings", "Ustawienia", (examine_variables,)),
        (
            "snapshots",
            "Stany danych i raporty",
            (lambda: examine_snapshots(whole_content=whole_content), examine_reports),
        ),
        (
            "services",
            "Odpowiedzi serwisów i limity",
            (
                lambda: examine_answers(whole_content=whole_content),
                lambda: examine_quota(at),
                lambda: examine_clock(at),
            ),
        ),
    ]
    return [
        Section(name, title, tuple(found for part in looks for found in _guarded(name, part)))
        for name, title, looks in parts
    ]


def is_whole(sections: list[Section]) -> bool:
    """Return whether nothing is broken; warnings do not count."""
    return all(found.status != "error" for section in sections for found in section.diagnoses)


def _guarded(section: str, look: Examination) -> Iterator[Diagnosis]:
    """Yield diagnoses; what nobody foresaw is one of them, so that the other sections are told."""
    try:
        yield from look()
    except SmupError as error:
        yield Diagnosis.of(section, error)
    except Exception as error:  # of all programs, the doctor must not fall ill
        yield Diagnosis(
            section,
            "error",
            f"tej części nie udało się sprawdzić do końca: {type(error).__name__}: {error}",
            "prześlij wynik tego polecenia opiekunowi programu",
        )
