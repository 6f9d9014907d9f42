"""What can go wrong, said so that an official knows the next step.

::

    SmupError
    ├── CatalogueError        an entry of the catalogue is wrong
    ├── ObservationError      rows break the observation contract
    ├── SnapshotError         a snapshot is missing, damaged or of the wrong sort
    │   └── SnapshotMismatchError   real data meet a fictional snapshot, or the reverse
    ├── SourceError           a file or an answer cannot be read as what it claims to be
    │   ├── UnreadableFileError     truncated, empty, garbage, HTML instead of data
    │   ├── ContradictionError      two files say different things of the same cell
    │   └── ServiceError            a service on the web does not answer, or not as it should
    │       ├── UnexpectedAnswerError   one answer is not what was asked for; others may be
    │       ├── KeyRefusedError         it does not accept the key
    │       └── QuotaError              its limit of calls is used up for now
    ├── UnitError             a unit cannot be told
    │   ├── UnknownUnitError        no such name or code
    │   └── AmbiguousUnitError      several units bear the name
    ├── GroupError            a comparison group cannot be built
    ├── IndicatorError        an indicator does not exist or cannot be computed there
    ├── NoDataError           the question is sound, the data are not there
    ├── ParameterError        parameters of a report contradict its notebook
    ├── ReportError           a report could not be made
    ├── PracticeError         a practice card is not sound, or there is none of that name
    ├── PlanError             an improvement plan is not sound, or there is none of that name
    ├── LessonError           a lesson or one of its exercises is not made right
    └── SettingsError         a setting or folder of the user cannot be used
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Sequence
from typing import Any


class SmupError(Exception):
    """A problem told in four parts: what, where, what was expected, the next step.

    Parameters
    ----------
    what : str
        One Polish sentence saying what is wrong.
    where : str, optional
        File, key, cell or command in which it is wrong.
    expected : str, optional
        What would have been right.
    next_step : str, optional
        What the reader can do now.
    problems : sequence of str, optional
        Further problems found in the same go; all are shown at once.

    Examples
    --------
    >>> print(SmupError("Nie ma roku 2031.", where="--year", expected="2010-2024"))
    Nie ma roku 2031.
      gdzie: --year
      oczekiwano: 2010-2024
    """

    def __init__(
        self,
        what: str,
        where: str | None = None,
        expected: str | None = None,
        next_step: str | None = None,
        problems: Sequence[str] = (),
    ) -> None:
        # a hint ends with a question mark, and the sentence around it with a full stop
        self.what = what.removesuffix(".") if what.endswith("?.") else what
        self.where = where
        self.expected = expected
        self.next_step = next_step
        self.problems = tuple(problems)
        super().__init__(self.what)

    def __str__(self) -> str:
        """Return the whole message, one part a line."""
        lines = [self.what]
        if self.where:
            lines.append(f"  gdzie: {self.where}")
        lines.extend(f"  - {problem}" for problem in self.problems)
        if self.expected:
            lines.append(f"  oczekiwano: {self.expected}")
        if self.next_step:
            lines.append(f"  co zrobić: {self.next_step}")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """Tell IPython what to show in a notebook: the message, not the way to it."""
        return str(self).splitlines()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with all parts, so that a worker's error reaches the parent whole."""
        return (_restore, (type(self), self.__dict__.copy()))


def _restore(kind: type[SmupError], state: dict[str, object]) -> SmupError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (state["what"],)
    return error


class CatalogueError(SmupError):
    """An entry of the catalogue is wrong."""


class ObservationError(SmupError):
    """Rows break the observation contract."""


class SnapshotError(SmupError):
    """A snapshot is missing, damaged or of the wrong sort."""


class SnapshotMismatchError(SnapshotError):
    """Real data meet a fictional snapshot, or the reverse."""


class SourceError(SmupError):
    """A file or an answer cannot be read as what it claims to be."""


class UnreadableFileError(SourceError):
    """The file is truncated, empty, garbage or something else than data."""


class ContradictionError(SourceError):
    """Two files of one import say different things of the same cell."""


class ServiceError(SourceError):
    """A service on the web does not answer, or not as it should."""


class UnexpectedAnswerError(ServiceError):
    """One answer of a service is not what was asked for; others may be sound."""


class KeyRefusedError(ServiceError):
    """A service does not accept the key."""


class QuotaError(ServiceError):
    """The limit of calls of a service is used up for now."""


class UnitError(SmupError):
    """A unit cannot be told."""


class UnknownUnitError(UnitError):
    """No unit has this name or code.

    ``suggestions`` holds what may have been meant (see :mod:`smup_lib.units.names`).
    """

    suggestions: tuple[Any, ...] = ()


class AmbiguousUnitError(UnitError):
    """Several units bear the name.

    ``candidates`` holds each of them with the text that picks it (see :mod:`smup_lib.units.names`).
    """

    candidates: tuple[Any, ...] = ()


class GroupError(SmupError):
    """A comparison group cannot be built."""


class IndicatorError(SmupError):
    """An indicator does not exist or cannot be computed there."""


class NoDataError(SmupError):
    """The question is sound, the data are not there."""


class ParameterError(SmupError):
    """Parameters of a report contradict its notebook."""


class ReportError(SmupError):
    """A report could not be made."""


class LessonError(SmupError):
    """A lesson or one of its exercises is not made right."""


class PracticeError(SmupError):
    """A practice card is not sound, or there is none of that name."""


class PlanError(SmupError):
    """An improvement plan is not sound, or there is none of that name."""


class SettingsError(SmupError):
    """A setting or folder of the user cannot be used."""


_SYSTEM_REASONS = {
    errno.ENOSPC: "na dysku nie ma miejsca",
    errno.EDQUOT: "przekroczono przydział miejsca na dysku",
    errno.EACCES: "brak uprawnień",
    errno.EPERM: "brak uprawnień",
    errno.EROFS: "dysk jest tylko do odczytu",
    errno.ENOENT: "nie ma takiego pliku ani folderu",
    errno.EEXIST: "plik o tej nazwie już istnieje",
    errno.ENOTDIR: "to nie jest folder",
    errno.EISDIR: "to jest folder, a nie plik",
    errno.ENOTEMPTY: "folder nie jest pusty",
    errno.ENAMETOOLONG: "nazwa jest za długa",
    errno.EFBIG: "plik jest za duży",
    errno.EIO: "dysk zgłasza błąd odczytu albo zapisu",
    errno.EBUSY: "plik jest zajęty przez inny program",
    errno.ETXTBSY: "plik jest zajęty przez inny program",
    errno.EMFILE: "otwarto zbyt wiele plików naraz",
    errno.ENFILE: "otwarto zbyt wiele plików naraz",
    errno.EXDEV: "folder leży na innym dysku",
    errno.EADDRINUSE: "port jest zajęty przez inny program",
}


def system_reason(error: OSError) -> str:
    """Return in Polish why the operating system refused; the number of the error when unknown.

    Examples
    --------
    >>> system_reason(FileExistsError(17, "File exists"))
    'plik o tej nazwie już istnieje'
    """
    if error.errno in _SYSTEM_REASONS:
        return _SYSTEM_REASONS[error.errno]
    return f"błąd systemu nr {error.errno}" if error.errno else "nieznany błąd systemu"


def did_you_mean(text: str, candidates: Iterable[str]) -> str:
    """Return a Polish question naming the nearest candidates, or an empty string.

    Examples
    --------
    >>> did_you_mean("finanse", ["finance", "education"])
    'czy chodziło o: finance?'
    >>> did_you_mean("xyz", ["finance"])
    ''
    """
    return ask_meant(near_texts(text, candidates))


def near_texts(text: str, candidates: Iterable[str]) -> list[str]:
    """Return the three candidates that look most like a text, without case.

    Examples
    --------
    >>> near_texts("finanse", ["finance", "education"])
    ['finance']
    """
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    near = difflib.get_close_matches(text.lower(), list(by_lower), n=3, cutoff=0.6)
    return [by_lower[name] for name in near]


def ask_meant(names: Iterable[str]) -> str:
    """Return a Polish question naming what may have been meant; empty without names.

    Examples
    --------
    >>> ask_meant(["finance"]), ask_meant([])
    ('czy chodziło o: finance?', '')
    """
    told = ", ".join(names)
    return f"czy chodziło o: {told}?" if told else ""
