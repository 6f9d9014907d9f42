"""What is known of how accessible the pages are, and whom does a visitor ask about it?

What was measured comes with the workbench (``templates/voila/accessibility.json``, written by the
test that sweeps the pages). Whom to ask only the office knows that serves them: ``office.yaml`` in
its data folder, see ``docs/accessibility.md``.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import read_yaml
from smup_lib.errors import SettingsError
from smup_lib.paths import project_dir, smup_home
from smup_lib.present.accessibility_facts import Measured, Office

#: Name of the file with the office's own words.
OFFICE_FILE = "office.yaml"
MEASURED_FILE = "accessibility.json"


def read_office(folder: Path | None = None) -> Office:
    """Read what the office says of itself; nothing when it has said nothing yet.

    Parameters
    ----------
    folder : Path, optional
        Where ``office.yaml`` lies; the folder of the user's data when omitted.

    Raises
    ------
    SettingsError
        When the file cannot be read as one.

    Examples
    --------
    >>> read_office(Path("nowhere")).name
    ''
    """
    path = (folder or smup_home()) / OFFICE_FILE
    if not path.exists():
        return Office()
    problems: list[Problem] = []
    told = read_yaml(path, problems)
    if problems:
        raise SettingsError(
            "Pliku z danymi urzędu nie da się odczytać.",
            where=str(path),
            problems=[str(problem) for problem in problems],
            expected="plik YAML z polami i tekstem",
            next_step=f"popraw plik {OFFICE_FILE}",
        )
    try:
        return Office.model_validate(told or {})
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
        raise SettingsError(
            "Plik z danymi urzędu ma błędy.",
            where=str(path),
            problems=[f"pole, którego nie da się użyć: {name}" for name in sorted(wrong)],
            expected=f"pola: {', '.join(Office.model_fields)}",
            next_step=f"popraw plik {OFFICE_FILE}",
        ) from error


def read_measured() -> Measured | None:
    """Read what was measured on the pages of this version; None when nothing was.

    Examples
    --------
    >>> measured = read_measured()
    >>> measured is None or measured.program.startswith("axe-core")
    True
    """
    path = project_dir("templates") / "voila" / MEASURED_FILE
    if not path.exists():
        return None
    return Measured.model_validate(json.loads(path.read_text(encoding="utf-8")))
