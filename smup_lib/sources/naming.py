"""What does a column mean: which variable of the catalogue is it?

Decided in this order: the option ``--variable``, the sidecar ``import.yaml``, the subject number
in the name of the file together with the labels, labels that the catalogue calls distinctive.
Headers alone never identify: expenditure on education and on health bear the same one. A name that
the file's own title contradicts is refused, unless the sidecar gives the file another title.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from smup_lib.catalogue import BdlColumn, Catalogue, Variable
from smup_lib.errors import CatalogueError, ParameterError
from smup_lib.polish_text import plain_text
from smup_lib.sources.bdl_table import Series
from smup_lib.sources.sidecar import FileNote

DecidedBy = Literal["option", "sidecar", "subject", "catalogue"]

_SUBJECT = re.compile(r"(?<![A-Za-z])[A-Z]{4}_(\d{3,4})_[CX](?:TAB|REL)(?![A-Za-z])", re.IGNORECASE)
_SCALES = ("tys.", "mln", "mld")
_SHOWN = 3
#: Letters of a word that stay when it is inflected: feminine, feminisation.
_ROOT = 5


@dataclass(frozen=True)
class Named:
    """A series whose variable is known.

    Attributes
    ----------
    variable : str
        Id in the catalogue.
    dataset : str
        ``bdl:P1944``, or ``bdl:<variable>`` where the subject is unknown.
    decided_by : str
        What decided: see the module.
    """

    series: Series
    variable: str
    dataset: str
    decided_by: DecidedBy


@dataclass(frozen=True)
class Unnamed:
    """A series that cannot be named, and how the user can settle it.

    Attributes
    ----------
    reason : str
        Why, in Polish.
    candidates : tuple of str
        Variables with the same labels, never taken without the user's word; those that the title
        of the file, or else its name, speaks of, where it speaks of any, the likeliest first.
    """

    series: Series
    reason: str
    candidates: tuple[str, ...] = ()


def subject_in_name(name: str) -> str | None:
    """Return the subject that an original file name tells.

    Examples
    --------
    >>> subject_in_name("RYNE_1944_CTAB_20250616184618.csv")
    'P1944'
    >>> subject_in_name("Doctors.csv") is None
    True
    """
    match = _SUBJECT.search(name)
    return f"P{int(match[1]):04d}" if match else None


def parse_variable_option(options: str | Sequence[str] | None) -> dict[str, str]:
    """Read ``--variable``: ``ID`` for the only series, or ``LABELS=ID``, repeated.

    Returns
    -------
    dict
        Labels -> variable; the key is empty for a plain id.

    Examples
    --------
    >>> parse_variable_option("expenditure_health")
    {'': 'expenditure_health'}
    >>> parse_variable_option(["stadiony; ogółem=stadiums"])
    {'stadiony; ogółem': 'stadiums'}
    """
    given = [options] if isinstance(options, str) else list(options or ())
    named: dict[str, str] = {}
    for option in given:
        labels, _, variable = option.rpartition("=")
        if labels.strip() in named or not variable.strip():
            raise ParameterError(
                f"Nie można zastosować --variable „{option}”.",
                expected="ID zmiennej albo „etykiety=ID”, każde jeden raz",
                next_step="zmienne wypisze: smup data variables",
            )
        named[labels.strip()] = variable.strip()
    return named


def name_series(
    series: Sequence[Series],
    *,
    file_name: str,
    note: FileNote,
    options: Mapping[str, str],
    catalogue: Catalogue,
    title: str = "",
) -> tuple[tuple[Named | Unnamed, ...], tuple[str, ...]]:
    """Name every series of a BDL file, in order, and return doubts beside.

    ``title`` is the subgroup that the file, or its sidecar, tells in words.

    Raises
    ------
    ParameterError
        When the option or the sidecar names a variable that does not exist or that the title of
        the file contradicts, or gives one name to several series.
    """
    subject = note.subject or subject_in_name(file_name)
    decided = [
        _likely_first(
            _decide(one, len(series), subject or None, note, options, catalogue),
            (title, file_name),
            catalogue,
        )
        for one in series
    ]
    named = [one for one in decided if isinstance(one, Named)]
    for one in named:
        _check_title(one, title, file_name, catalogue)
    taken = [one.variable for one in named]
    twice = sorted({variable for variable in taken if taken.count(variable) > 1})
    if twice:
        raise ParameterError(
            f"Kilka kolumn pliku otrzymało tę samą nazwę: {', '.join(twice)}.",
            where=file_name,
            problems=[f"{one.series} → {one.variable}" for one in named if one.variable in twice],
            expected="jedna kolumna, jedna zmienna",
            next_step="popraw nazwy w --variable albo w import.yaml",
        )
    doubts = [_unit_doubt(one, catalogue) for one in named]
    labels = {_plain(one.labels) for one in series}
    doubts += [
        f"import.yaml nazywa kolumnę „{written}”, której plik nie ma"
        for written in note.variables
        if split_labels(written) not in labels
    ]
    return tuple(decided), tuple(filter(None, doubts))


def _decide(
    series: Series,
    among: int,
    subject: str | None,
    note: FileNote,
    options: Mapping[str, str],
    catalogue: Catalogue,
) -> Named | Unnamed:
    by_option = _lookup(options, series, among)
    if by_option:
        return _told(series, by_option, subject, "option", "--variable", catalogue)
    plain = {"": note.variable} if note.variable else {}
    by_sidecar = _lookup(plain | dict(note.variables), series, among)
    if by_sidecar:
        return _told(series, by_sidecar, subject, "sidecar", "import.yaml", catalogue)
    similar = _similar(series, catalogue)
    if subject:
        return _by_subject(series, subject, bool(note.subject), similar)
    distinctive = {v.id: column for v, column in similar if column.distinctive}
    if len(distinctive) == 1:
        variable, column = distinctive.popitem()
        return Named(series, variable, _dataset(column.subject, variable), "catalogue")
    return Unnamed(
        series,
        "sam nagłówek nie mówi, czego dotyczy kolumna (nazwa pliku nie ma numeru podgrupy BDL)",
        tuple(dict.fromkeys(variable.id for variable, _ in similar)),
    )


def _likely_first(
    one: Named | Unnamed, texts: Sequence[str], catalogue: Catalogue
) -> Named | Unnamed:
    """Offer first what the file speaks of: the first of its texts that speaks of any, only that."""
    if isinstance(one, Named):
        return one
    for text in texts:
        likely = _spoken_of(text, one.candidates, catalogue)
        if likely:
            return replace(one, candidates=likely)
    return one


def _spoken_of(text: str, names: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the variables that share words with a text, the likeliest first."""
    told = _roots(text)
    shared = {
        name: len(told & _roots(f"{name} {catalogue.variables[name].label}")) for name in names
    }
    return tuple(sorted(filter(shared.get, shared), key=lambda name: -shared[name]))


def _check_title(named: Named, title: str, file_name: str, catalogue: Catalogue) -> None:
    """Raise when a title speaks of another variable with the same column, and not of this one."""
    if named.decided_by not in ("option", "sidecar") or not title:
        return
    same = [v.id for v, _ in _similar(named.series, catalogue)]
    meant = _spoken_of(title, same, catalogue)
    if not meant or _spoken_of(title, [named.variable], catalogue):
        return
    label = catalogue.variables[named.variable].label
    raise ParameterError(
        f"Plik sam mówi, że zawiera „{title}”, a nie „{label}” ({named.variable}).",
        where=file_name,
        expected=f"zmienna zgodna z opisem w pliku: {', '.join(meant)}",
        next_step=f"powtórz polecenie z --variable {meant[0]}; jeśli to opis w pliku jest błędny,"
        " podaj właściwy w import.yaml (title)",
    )


def _roots(text: str) -> set[str]:
    """Return the beginnings of the longer words, in any of our languages and inflections."""
    words = re.findall(r"[a-z]+", plain_text(text))
    return {word[:_ROOT] for word in words if len(word) >= _ROOT}


def _similar(series: Series, catalogue: Catalogue) -> list[tuple[Variable, BdlColumn]]:
    """Return the variables that bear the labels and the measure unit of a series."""
    return [
        (variable, column)
        for variable in catalogue.variables.values()
        for column in variable.bdl
        if same_column(column, series)
    ]


def _by_subject(
    series: Series,
    subject: str,
    told: bool,
    similar: Sequence[tuple[Variable, BdlColumn]],
) -> Named | Unnamed:
    fitting = {v.id for v, column in similar if column.subject == subject}
    if len(fitting) == 1:
        by: DecidedBy = "sidecar" if told else "subject"
        return Named(series, fitting.pop(), f"bdl:{subject}", by)
    reason = (
        f"katalog ma kilka zmiennych o tych etykietach w podgrupie {subject}"
        if fitting
        else f"katalog nie zna tej kolumny podgrupy {subject}"
    )
    candidates = fitting or {v.id for v, column in similar if column.subject is None}
    return Unnamed(series, reason, tuple(sorted(candidates)))


def _lookup(named: Mapping[str, str], series: Series, among: int) -> str:
    """Return the name given to a series; a name without labels fits the only series of a file."""
    if among == 1 and "" in named:
        return named[""]
    for labels, variable in named.items():
        if labels and split_labels(labels) == _plain(series.labels):
            return variable
    return ""


def split_labels(labels: str) -> tuple[str, ...]:
    """Return labels joined with ``;``, each folded for comparison.

    Examples
    --------
    >>> split_labels("Stadiony;  ogółem")
    ('stadiony', 'ogółem')
    """
    return _plain(part for part in labels.split(";") if part.strip())


def _told(
    series: Series,
    variable: str,
    subject: str | None,
    by: DecidedBy,
    where: str,
    catalogue: Catalogue,
) -> Named:
    try:
        known = catalogue.variable(variable)
    except CatalogueError as error:
        raise ParameterError(
            error.what,
            where=where,
            expected="identyfikator ze słownika zmiennych",
            next_step="wszystkie zmienne wypisze: smup data variables",
        ) from error
    own = [column.subject for column in known.bdl if same_column(column, series) and column.subject]
    _check_scale(series, known, where)
    return Named(series, known.id, _dataset(subject or (own[0] if own else None), known.id), by)


def _dataset(subject: str | None, variable: str) -> str:
    return f"bdl:{subject or variable}"


def _plain(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(part.casefold().split()) for part in parts)


def same_column(column: BdlColumn, series: Series) -> bool:
    """Return whether a series is the column that the catalogue describes."""
    if _plain([column.measure_unit]) != _plain([series.measure_unit]):
        return False
    ours, theirs = _plain(column.labels), _plain(series.labels)
    # in a comma-separated file a comma inside a label looks like the end of a label
    return ours == theirs or ",".join(ours).replace(" ", "") == ",".join(theirs).replace(" ", "")


def scale_of(measure_unit: str) -> str:
    """Return in what a measure unit counts: thousands, millions; empty for single things."""
    return next((scale for scale in _SCALES if measure_unit.casefold().startswith(scale)), "")


def _check_scale(series: Series, variable: Variable, where: str) -> None:
    """Raise when the file counts in thousands what the variable counts one by one."""
    units = [column.measure_unit for column in variable.bdl] or [variable.measure_unit]
    if any(scale_of(unit) == scale_of(series.measure_unit) for unit in units):
        return
    raise ParameterError(
        f"Jednostka miary w pliku to „{series.measure_unit}”,"
        f" a zmienna „{variable.id}” jest w „{variable.measure_unit}”.",
        where=where,
        expected="ta sama wielokrotność (sztuki, tysiące, miliony)",
        next_step="wybierz inną zmienną albo przelicz plik na właściwą jednostkę",
    )


def _unit_doubt(named: Named, catalogue: Catalogue) -> str:
    variable = catalogue.variables[named.variable]
    units = [column.measure_unit for column in variable.bdl] + [variable.measure_unit]
    if _plain([named.series.measure_unit])[0] in _plain(units) or not named.series.measure_unit:
        return ""
    return (
        f"jednostka miary w pliku: „{named.series.measure_unit}”,"
        f" w katalogu: „{variable.measure_unit}” ({variable.id})"
    )


def naming_command(path: str, unnamed: Sequence[Unnamed], among: int) -> str:
    """Return the exact command that names the series of a file.

    A single candidate is filled in for the user to confirm; otherwise ``ID_ZMIENNEJ`` stands where
    an id belongs.

    Examples
    --------
    >>> one = Unnamed(Series(("ogółem",), "zł"), "")
    >>> naming_command("Wydatki 2021.csv", [one], 1)
    "smup data import 'Wydatki 2021.csv' --variable ID_ZMIENNEJ"
    """
    words = ["smup", "data", "import", path]
    for one in unnamed[: _SHOWN if len(unnamed) > _SHOWN else None]:
        target = one.candidates[0] if len(one.candidates) == 1 else "ID_ZMIENNEJ"
        labels = "; ".join(one.series.labels)
        words += ["--variable", target if among == 1 else f"{labels}={target}"]
    return shlex.join(words) + (" ..." if len(unnamed) > _SHOWN else "")
