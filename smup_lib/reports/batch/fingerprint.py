"""What does a report rest on? Hashes: it is made anew only when one of them has changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smup_lib import paths
from smup_lib.catalogue.practice_book import load_practices
from smup_lib.catalogue.vocabulary import CONTEXT
from smup_lib.indicators.city_codes import with_other_parts
from smup_lib.reports.receipt import file_digest, package_versions
from smup_lib.reports.runner import PORTRAIT, is_shipped
from smup_lib.snapshots.content import PiecewiseDigest
from smup_lib.snapshots.observations import TEXT_COLUMNS
from smup_lib.snapshots.tables import OBSERVATIONS, TABLES
from smup_lib.units.context import POPULATION

if TYPE_CHECKING:
    import pandas as pd

    from smup_lib.catalogue import Catalogue, ServiceArea
    from smup_lib.reports.batch.jobs import Job, Section
    from smup_lib.snapshots import Snapshot

#: What of the library makes a report; a compiled file says nothing that its source does not.
_ENDINGS = frozenset((".py", ".yaml", ".css", ".js", ".j2", ".json", ".svg", ".html"))
_LENGTH = 32
#: The shipped notebook that reads an improvement plan.
_PLANS = "plan_follow_up"
#: How the name of a file ends that a parameter may hand in.
_NAMED = (".yaml", ".yml", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".parquet")
#: Of the record of a source, what is the same in every edition of its file.
_SHOWN_OF_SOURCE = {"dataset", "publisher", "title", "kind", "origin"}


class Fingerprints:
    """Fingerprints of the reports of one batch; what they share is hashed once.

    Parameters
    ----------
    snapshot : Snapshot
        The data.
    catalogue : Catalogue
        Which variables an area reads.
    """

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self._snapshot, self._catalogue = snapshot, catalogue
        self._read: dict[str, str] = {}
        self._practices: dict[str, dict[str, str]] = {}

    def of(self, job: Job) -> str:
        """Return the fingerprint of a report: values, notebook, library, parameters, own files."""
        said = {
            "data": self.of_data(job.section),
            "notebook": job.section.notebook_sha256,
            "parameters": dict(job.parameters),
            "library": digest_of_library(),
            "own": self._digest_of_own(job),
            "files": _digests_of_named(job.parameters),
        }
        return _hashed(said)

    def _digest_of_own(self, job: Job) -> str:
        """Return the hash of the own files that a report may show."""
        area = job.section.area if is_shipped(job.section.notebook) else None
        if area is None:
            return digest_of_own_files(plans=_may_read_plans(job))
        if area.id not in self._practices:
            self._practices[area.id] = _digests_of_practices(area)
        groups = _digests(paths.groups_dir().glob("*.*"))
        return _hashed({"groups": groups, "practices": self._practices[area.id]})

    def of_data(self, section: Section) -> str:
        """Return the hash of what a notebook reads; one's own and those about data may read all."""
        notebook, area = section.notebook, section.area
        shipped = is_shipped(notebook)
        portrait = notebook.stem == PORTRAIT
        name = (area.id if area else PORTRAIT) if shipped and (area or portrait) else ""
        if name not in self._read:
            snapshot, catalogue = self._snapshot, self._catalogue
            self._read[name] = digest_of_data(snapshot, catalogue, area) if name else snapshot.id
        return self._read[name]


def digest_of_data(snapshot: Snapshot, catalogue: Catalogue, area: ServiceArea | None) -> str:
    """Return the hash of all that the reports of an area read from a snapshot.

    Values of all units (any of them may be a peer), who publishes them under which title, the
    register and the borders. A variable of another area changes nothing here, not even one that
    came in the same file: of a source its data set counts, not the content of the whole file, by
    which it is named.

    Parameters
    ----------
    snapshot : Snapshot
        The data.
    catalogue : Catalogue
        Which variables an area reads.
    area : ServiceArea or None
        None means all areas.
    """
    variables = variables_of(catalogue, area)
    rows = snapshot.observations(variables)
    rows["source"] = _datasets(rows["source"])
    digest = PiecewiseDigest("variable")
    digest.add(rows.astype(dict.fromkeys(TEXT_COLUMNS, "category")))
    records = snapshot.manifest.sources.values()
    shown = sorted(
        {
            record.model_dump_json(include=_SHOWN_OF_SOURCE)
            for record in records
            if variables & set(record.variables)
        }
    )
    tables = {
        name: record.sha256
        for name, record in snapshot.manifest.files.items()
        if Path(name).stem in TABLES and Path(name).stem != OBSERVATIONS
    }
    return _hashed({"values": digest.hexdigest(), "sources": shown, "tables": tables})


def _datasets(sources: pd.Series) -> pd.Categorical[Any]:
    """Return of each source its data set, the part of its name before the hash of the file."""
    import numpy as np
    import pandas as pd

    codes, ids = pd.factorize(sources)
    names = pd.Index([str(one).partition("@")[0] for one in ids])
    datasets = names.unique()
    places = np.append(datasets.get_indexer(names), -1)
    return pd.Categorical.from_codes(places[codes], datasets)


def variables_of(catalogue: Catalogue, area: ServiceArea | None) -> set[str]:
    """Return the variables that the reports of an area read, or those of all areas.

    Those of its indicators, of what makes units similar, and of the context that pages show.
    """
    areas = list(catalogue.areas.values()) if area is None else [area, catalogue.areas[CONTEXT]]
    entries = catalogue.indicators
    read = {name for one in areas for i in one.indicators for name in i.variables_read}
    for name in {POPULATION, *(name for one in areas for name in one.context)}:
        read |= {*entries[name].variables_read} if name in entries else {name}
    return with_other_parts(read, catalogue)


@cache
def digest_of_library() -> str:
    """Return the hash of the library, its catalogue, templates and the packages that matter."""
    package = Path(paths.__file__).resolve().parent
    folders = [package, paths.project_dir("templates")]
    files = {
        f"{folder.name}/{path.relative_to(folder)}": file_digest(path)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in _ENDINGS and "_bundled" not in path.parts
    }
    return _hashed({"files": files, "packages": package_versions()})


def digest_of_own_files(*, plans: bool = True) -> str:
    """Return the hash of the user's own groups, practices and plans, which reports show.

    A report of an area sets every saved group beside its own; a plan only that of one notebook.
    """
    folders = [paths.groups_dir(), paths.practices_dir(), *([paths.plans_dir()] if plans else [])]
    return _hashed({folder.name: _digests(folder.glob("*.*")) for folder in folders})


def _digests_of_practices(area: ServiceArea) -> dict[str, str]:
    """Return the hashes of the own practice cards that stand at a service or number of an area."""
    services = {one.code for one in area.services}
    indicators = {one.id for one in area.indicators}
    own = (stored.card for stored in load_practices().stored if stored.own)
    return {
        card.id: card.digest
        for card in own
        if services & {*card.services} or indicators & {*card.cited}
    }


def _may_read_plans(job: Job) -> bool:
    """Say whether a report is about an improvement plan, or made by a notebook of one's own."""
    return job.section.name == _PLANS or not is_shipped(job.section.notebook)


def _digests_of_named(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return the hashes of the files that parameters name, as that of an improvement plan."""
    return {
        name: file_digest(path)
        for name, value in parameters.items()
        if isinstance(value, str)
        and value.endswith(_NAMED)
        and os.path.isfile(path := Path(value).expanduser())  # noqa: PTH113 - a name may be too long
    }


def _digests(files: Iterable[Path]) -> dict[str, str]:
    return {path.name: file_digest(path) for path in sorted(files) if path.is_file()}


def _hashed(said: Mapping[str, object]) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
