"""What must another computer know to make reports of a batch as this one would?"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smup_lib import paths
from smup_lib.errors import ReportError, SettingsError
from smup_lib.paths import project_dir
from smup_lib.reports.batch.fingerprint import digest_of_library, digest_of_own_files
from smup_lib.reports.batch.jobs import Job, Section
from smup_lib.reports.batch.making import Conditions
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.receipt import notebook_digest, package_versions
from smup_lib.snapshots import library_version


@dataclass(frozen=True)
class Identity:
    """Which program makes the reports: alike programs make alike reports.

    Attributes
    ----------
    python : str
        Version of Python.
    library : str
        Version of the workbench.
    packages : tuple
        Name and version of each package that matters.
    code : str
        Hash of the library, its catalogue and templates.
    """

    python: str
    library: str
    packages: tuple[tuple[str, str], ...]
    code: str

    @classmethod
    def here(cls) -> Identity:
        """Return that of this process."""
        code = digest_of_library()
        return cls(platform.python_version(), library_version(), package_versions(), code)

    def differences(self, other: Identity) -> list[str]:
        """Say in Polish what is different in another one.

        Examples
        --------
        >>> mine = Identity("3.11.2", "0.1.0", (("pandas", "3.0.1"),), "a")
        >>> mine.differences(Identity("3.11.2", "0.1.0", (("pandas", "3.1.0"),), "a"))
        ['pandas 3.1.0 zamiast 3.0.1']
        """
        mine = {"Python": self.python, "smup-workbench": self.library, **dict(self.packages)}
        its = {"Python": other.python, "smup-workbench": other.library, **dict(other.packages)}
        told = [
            f"{name} {its.get(name) or 'brak'} zamiast {mine.get(name) or 'brak'}"
            for name in {**mine, **its}
            if mine.get(name) != its.get(name)
        ]
        if self.code != other.code:
            told.append("inne pliki programu smup-workbench, katalogu albo szablonów")
        return told


@dataclass(frozen=True)
class Setup:
    """What all chunks of a batch share.

    Attributes
    ----------
    identity : Identity
        Of the program that leads the batch.
    data : str
        Path or address of the snapshot, as workers see it.
    snapshot : str
        Its id.
    folder : Path
        Of the batch, on the computer that leads it.
    mark : str
        Name of a file in the folder by which workers know that they see the same folder.
    deaths : int
        A report in whose course its process has ended so often is the cause of it.
    how : Conditions
        How to work, one report at once.
    own_digest : str
        Hash of the user's own groups, practices and plans.
    own_files : mapping of str to bytes
        These files, by folder and name.
    notebooks : mapping of str to bytes
        Notebooks that do not ship with the workbench, by the checksum of their cells.
    """

    identity: Identity
    data: str
    snapshot: str
    folder: Path
    mark: str
    deaths: int
    how: Conditions
    own_digest: str
    own_files: Mapping[str, bytes] = field(default_factory=dict)
    notebooks: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def sees_folder(self) -> bool:
        """Whether this computer sees the folder of the batch, and may write there."""
        try:
            paths.check_dir(self.folder)
            return (self.folder / self.mark).is_file()
        except SettingsError:
            return False


@dataclass(frozen=True)
class Start:
    """What a process that makes reports works with until its end."""

    snapshot: Path
    out: Path
    how: Conditions


@dataclass(frozen=True)
class Chunk:
    """Reports of one notebook, year and level, and their fingerprints by key."""

    jobs: tuple[Job, ...]
    prints: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """A chunk has arrived; its reports are made now."""


@dataclass(frozen=True)
class Done:
    """A chunk is done; with notes that are new."""

    notes: tuple[str, ...] = ()


def read_own_files() -> tuple[str, dict[str, bytes]]:
    """Return the hash and the content of the user's groups, practices and plans."""
    folders = (paths.groups_dir(), paths.practices_dir(), paths.plans_dir())
    found = [path for folder in folders for path in sorted(folder.glob("*.*")) if path.is_file()]
    return digest_of_own_files(), {
        f"{one.parent.name}/{one.name}": one.read_bytes() for one in found
    }


def read_own_notebooks(jobs: tuple[Job, ...] | list[Job]) -> dict[str, bytes]:
    """Return the notebooks that other computers do not have with the workbench."""
    sections = {id(job.section): job.section for job in jobs}.values()
    return {one.notebook_sha256: one.notebook.read_bytes() for one in sections if not _ships(one)}


def light_job(job: Job) -> Job:
    """Return a job without what only its order needed: it travels."""
    return dataclasses.replace(job, section=dataclasses.replace(job.section, area=None))


def _ships(section: Section) -> bool:
    return section.notebook.resolve().parent == project_dir("notebooks").resolve()


def find_here(section: Section, setup: Setup, folder: Path) -> Section:
    """Return a section whose notebook lies on this computer.

    Parameters
    ----------
    section : Section
        As the leader of the batch knows it.
    setup : Setup
        With the notebooks that travel.
    folder : Path
        For those.

    Raises
    ------
    ReportError
        When a notebook of the workbench says something else here.
    """
    names = (section.notebook, project_dir("notebooks") / section.notebook.name)
    for path in names:
        if path.is_file() and notebook_digest(read_notebook(path)) == section.notebook_sha256:
            return dataclasses.replace(section, notebook=path)
    content = setup.notebooks.get(section.notebook_sha256)
    if content is None:
        raise ReportError(
            "Notatnik mówi na tym komputerze co innego niż tam, gdzie zaczęto partię.",
            where=section.notebook.name,
            expected="ten sam notatnik na każdym komputerze",
            next_step="zainstaluj wszędzie tę samą wersję smup-workbench",
        )
    path = paths.make_dir(folder / section.notebook_sha256) / section.notebook.name
    if not path.is_file():
        paths.write_whole(path, content)
    return dataclasses.replace(section, notebook=path)
