"""From what was a report made? Snapshot, notebook, parameters and versions, with checksums.

A receipt lies beside each report, at its end, and as a copy among the user's data, so that a
snapshot which a report stands on is not removed by mistake (``snapshots.archive``).
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from smup_lib.paths import make_dir, receipts_dir
from smup_lib.present.formats import format_date
from smup_lib.present.tables import render_facts
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.reports.notebook_files import write_text
from smup_lib.snapshots import Snapshot, library_version

SUFFIX = ".receipt.json"
#: Packages whose version can change a value, a picture or a page.
PACKAGES = (
    "babel",
    "duckdb",
    "ipykernel",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "scipy",
    "shapely",
)
_ID_LENGTH = 12
#: Vary between two runs that rest on the same things, so they are no part of the id.
_NOT_IDENTITY = ("created", "outputs")


@dataclass(frozen=True)
class Receipt:
    """What identifies a report.

    Attributes
    ----------
    snapshot : str
        Id of the snapshot.
    fictional : bool
        Whether its units are fictional.
    data_date : str
        When the snapshot was made (ISO).
    library_version : str
        Version of the workbench.
    parameters : mapping of str to object
        Parameters of the notebook, or of the view shown.
    python : str
        Version of Python.
    packages : mapping of str to str
        Versions of the packages that matter.
    created : str
        When the receipt was made (ISO, UTC).
    notebook : str
        Name of the notebook; empty outside a report.
    notebook_sha256 : str
        Checksum of the notebook's cells, without outputs.
    outputs : mapping of str to str
        Name and SHA-256 of each written file.
    """

    snapshot: str
    fictional: bool
    data_date: str
    library_version: str
    parameters: Mapping[str, Any]
    python: str
    packages: Mapping[str, str]
    created: str
    notebook: str = ""
    notebook_sha256: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Hash of everything the result rests on; the same for every repetition."""
        rests_on = {k: v for k, v in asdict(self).items() if k not in _NOT_IDENTITY}
        text = json.dumps(rests_on, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]

    @property
    def repeat_command(self) -> str:
        """The command line that makes the same report; empty outside a report."""
        if not self.notebook or not {"unit", "year"} <= self.parameters.keys():
            return ""
        name = Path(self.notebook).stem
        words = [f"smup report run {name} --unit {self.parameters['unit']}"]
        words.append(f"--year {self.parameters['year']}")
        if self.parameters.get("group"):
            words.append(f"--group {self.parameters['group']}")
        return " ".join(words)

    def to_json(self) -> str:
        """Return the receipt as JSON; ``snapshot`` holds the id of the snapshot."""
        content = {"id": self.id, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"

    def render(self) -> str:
        """Return the receipt as a section of a page."""
        listed = render_facts([(name, text) for name, text in self._facts() if text])
        return (
            '<section class="smup-receipt"><h2 id="potwierdzenie">Potwierdzenie pochodzenia</h2>'
            f"{listed}</section>"
        )

    def __str__(self) -> str:
        """Return the receipt as lines of text."""
        return "\n".join(f"{name}: {text}" for name, text in self._facts() if text)

    def _facts(self) -> list[tuple[str, str]]:
        given = ", ".join(
            f"{name}={value}" for name, value in self.parameters.items() if value is not None
        )
        sort = f" ({SAMPLE_LAND})" if self.fictional else ""
        day = format_date(self.data_date[:10])
        packages = ", ".join(f"{name} {number}" for name, number in self.packages.items())
        return [
            ("Numer", self.id),
            ("Stan danych", f"{self.snapshot} z dnia {day}{sort}"),
            ("Parametry", given),
            ("Notatnik", self.notebook),
            ("Suma kontrolna notatnika", self.notebook_sha256),
            ("Wersja warsztatu", self.library_version),
            ("Środowisko", f"Python {self.python}; {packages}"),
            ("Utworzono", self.created.replace("T", " ").replace("+00:00", " UTC")),
            ("Jak powtórzyć", self.repeat_command),
        ]


def make_receipt(
    snapshot: Snapshot,
    parameters: Mapping[str, Any],
    *,
    notebook: str = "",
    notebook_sha256: str = "",
) -> Receipt:
    """Make the receipt of a view or a report now.

    Parameters
    ----------
    snapshot : Snapshot
        The data it rests on.
    parameters : mapping of str to object
        What was asked for.
    notebook, notebook_sha256 : str, optional
        Of a report.
    """
    return Receipt(
        snapshot=snapshot.id,
        fictional=snapshot.fictional,
        data_date=snapshot.manifest.created,
        library_version=library_version(),
        parameters=dict(parameters),
        python=platform.python_version(),
        packages=dict(_package_versions()),
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        notebook=notebook,
        notebook_sha256=notebook_sha256,
    )


def keep_receipt(receipt: Receipt, name: str) -> Path:
    """Keep a copy among the user's data and return its path.

    A repetition with the same data, notebook, parameters and versions replaces its earlier copy.
    """
    path = make_dir(receipts_dir()) / f"{name}-{receipt.id}.json"
    write_text(path, receipt.to_json())
    return path


def notebook_digest(notebook: Any) -> str:
    """Return the SHA-256 of what a notebook does and says: kind, source and tags of its cells.

    Outputs, cell ids and versions of tools do not enter, so saving it again changes nothing.
    """
    cells = [
        [cell["cell_type"], cell["source"], list(cell["metadata"].get("tags", ()))]
        for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _package_versions() -> list[tuple[str, str]]:
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:  # an extra that this installation does without
            continue
    return found
