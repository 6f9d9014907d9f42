"""From what was a report made? Snapshot, notebook, parameters and versions, with checksums.

A receipt lies beside each report, at its end, and as a copy among the user's data, so that a
snapshot which a report stands on is not removed by mistake (``snapshots.archive``).
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from smup_lib.paths import receipts_dir, snapshots_dir
from smup_lib.present.formats import format_date
from smup_lib.present.tables import render_facts
from smup_lib.present.words import SAMPLE_LAND
from smup_lib.snapshots import Snapshot, library_version
from smup_lib.units import PeerGroup
from smup_lib.units.labels import write_unit_count

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
#: Vary between two runs that rest on the same things, or follow from them: no part of the id.
_NOT_IDENTITY = ("created", "data_hash", "group", "notebook_path", "outputs", "snapshot_path")
#: Parameters that ``smup report run`` has an option of its own for.
_OPTIONS = frozenset(("unit", "year", "group", "snapshot"))


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
        Parameters of the notebook, or of the view shown; the usual group is named too.
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
    notebook_path : str
        Full path of a notebook that is the user's own.
    group : mapping of str to object
        Comparison group: ``rule`` with its parameter, ``members`` (how many), ``description`` in
        Polish, ``parameters``; empty without one.
    outputs : mapping of str to str
        Name and SHA-256 of each written file.
    snapshot_path : str
        Full path of a snapshot that does not lie in the store, where its id would not find it.
    data_hash : str
        Short hash of the values, of a page that tells it; whatever hash it was asked to hold
        itself against is a parameter.
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
    notebook_path: str = ""
    group: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    snapshot_path: str = ""
    data_hash: str = ""

    @property
    def id(self) -> str:
        """Hash of everything the result rests on; the same for every repetition."""
        rests_on = {k: v for k, v in asdict(self).items() if k not in _NOT_IDENTITY}
        # a saved group may change under its name
        rests_on["chosen"] = self.group.get("parameters", {}).get("units")
        text = json.dumps(rests_on, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]

    @property
    def repeat_command(self) -> str:
        """The command line that makes the same report.

        Empty outside a report, and for a notebook without unit and year or with a list whose
        items hold commas.
        """
        given = {name: value for name, value in self.parameters.items() if value is not None}
        texts = {name: _command_text(value) for name, value in given.items()}
        if not self.notebook or not {"unit", "year"} <= given.keys() or None in texts.values():
            return ""
        words = ["smup", "report", "run", self.notebook_path or Path(self.notebook).stem]
        for name in ("unit", "year", "group"):
            words += [f"--{name}", str(given[name])] if name in given else []
        for name, text in texts.items():
            words += ["--param", f"{name}={text}"] if name not in _OPTIONS else []
        return shlex.join([*words, "--snapshot", self.snapshot_path or self.snapshot])

    def to_json(self) -> str:
        """Return the receipt as JSON; ``snapshot`` holds the id of the snapshot."""
        content = {"id": self.id, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"

    def render(self) -> str:
        """Return the receipt as a section of a page."""
        listed = render_facts([(name, text) for name, text in self._facts() if text])
        return (
            f'<section class="smup-receipt"><h2 id="metryka">Metryka raportu</h2>{listed}</section>'
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
            ("Skrót danych", self.data_hash),
            ("Parametry", given),
            ("Grupa porównawcza", self._group_words()),
            ("Notatnik", self.notebook),
            ("Suma kontrolna notatnika", self.notebook_sha256),
            ("Wersja warsztatu", self.library_version),
            ("Środowisko", f"Python {self.python}; {packages}"),
            ("Utworzono", self.created.replace("T", " ").replace("+00:00", " UTC")),
            ("Jak powtórzyć", self.repeat_command),
        ]

    def _group_words(self) -> str:
        if not self.group:
            return ""
        members = write_unit_count(int(self.group["members"]))
        return f"{self.group['rule']}, {members}. {self.group['description']}"


def _command_text(value: Any) -> str | None:
    """Write a value as ``--param`` reads it; None when it cannot be written so."""
    if isinstance(value, list):
        items = [str(item) for item in value]
        return None if any("," in item for item in items) else ",".join(items)
    return {True: "tak", False: "nie"}[value] if isinstance(value, bool) else str(value)


def make_receipt(
    snapshot: Snapshot,
    parameters: Mapping[str, Any],
    *,
    group: PeerGroup | None = None,
    notebook: str = "",
    notebook_sha256: str = "",
    notebook_path: str = "",
    data_hash: str = "",
) -> Receipt:
    """Make the receipt of a view or a report now.

    Parameters
    ----------
    snapshot : Snapshot
        The data it rests on.
    parameters : mapping of str to object
        What was asked for.
    group : PeerGroup, optional
        With whom it compares.
    notebook, notebook_sha256, notebook_path : str, optional
        Of a report.
    data_hash : str, optional
        Short hash of the values, where the page tells one.
    """
    return Receipt(
        snapshot=snapshot.id,
        fictional=snapshot.fictional,
        data_date=snapshot.manifest.created,
        library_version=library_version(),
        parameters=dict(parameters),
        python=platform.python_version(),
        packages=dict(package_versions()),
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        notebook=notebook,
        notebook_sha256=notebook_sha256,
        notebook_path=notebook_path,
        group=_group_facts(group) if group else {},
        snapshot_path=_path_outside_store(snapshot),
        data_hash=data_hash,
    )


def _path_outside_store(snapshot: Snapshot) -> str:
    path = snapshot.path.resolve()
    return "" if path.parent == snapshots_dir().resolve() else str(path)


def _group_facts(group: PeerGroup) -> dict[str, Any]:
    return {
        "rule": group.key,
        "members": len(group.members),
        "description": group.description_pl,
        "parameters": dict(group.parameters),
    }


def list_changed_files(receipt: Path) -> list[str]:
    """List in Polish which files of a report are not those that its receipt vouches for.

    Parameters
    ----------
    receipt : Path
        A ``.receipt.json`` beside its report.

    Returns
    -------
    list of str
        Empty when page and notebook are whole and belong together.
    """
    try:
        outputs = json.loads(receipt.read_text(encoding="utf-8"))["outputs"]
        digests = {str(name): str(digest) for name, digest in outputs.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return [f"{receipt.name}: tego pliku nie da się odczytać jako metryki raportu"]
    problems = []
    for name, digest in digests.items():
        path = receipt.with_name(name)
        if not path.is_file():
            problems.append(f"{name}: nie ma tego pliku")
        elif file_digest(path) != digest:
            problems.append(f"{name}: zmieniony po utworzeniu raportu albo z innego raportu")
    return problems


def kept_path(receipt: Receipt, name: str) -> Path:
    """Return where a copy is kept among the user's data: it guards the snapshot from removal.

    A repetition with the same data, notebook, parameters and versions replaces its earlier copy.
    """
    return receipts_dir() / f"{name}-{receipt.id}.json"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def notebook_digest(notebook: Any) -> str:
    """Return the SHA-256 of what a notebook does and says: kind, source and tags of its cells.

    Outputs, cell ids and versions of tools do not enter, so saving it again changes nothing.
    """
    cells = [
        [cell["cell_type"], cell["source"], list(cell["metadata"].get("tags", ()))]
        for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


@cache
def package_versions() -> tuple[tuple[str, str], ...]:
    """Return the installed ones of :data:`PACKAGES` with their versions."""
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:  # an extra that this installation does without
            continue
    return tuple(found)
