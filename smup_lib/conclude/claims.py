"""What may a participant claim of a unit, in which words, against what? The claim itself, unjudged.

A claim is structured, so that data can answer it: what is said (:data:`KINDS`), of which unit and
indicator, in which year or period, against what, how large and how surely.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal, NamedTuple, Self

from smup_lib.errors import ParameterError, SmupError, did_you_mean
from smup_lib.polish_text import plain_text

Says = Literal[
    "higher", "lower", "better", "worse", "equal", "similar", "at_least", "at_most",
    "rose_by", "fell_by", "change_above", "change_below",
    "rising", "falling", "improving", "worsening", "steady",
    "highest", "lowest", "best_quarter", "worst_quarter", "rank",
    "caused",
]  # fmt: skip
Than = Literal["group", "unit", "year", "number", "target"]
Strength = Literal["low", "medium", "high"]

#: From the weakest up.
STRENGTH_WORDS: Mapping[Strength, str] = {"low": "niska", "medium": "średnia", "high": "wysoka"}
THAN_WORDS: Mapping[Than, str] = {
    "group": "grupa",
    "unit": "jednostka",
    "year": "rok",
    "number": "liczba",
    "target": "cel",
}
#: The field that names what a claim compares with; a group may stay unnamed, then it is the usual.
THAN_FIELD: Mapping[Than, str] = {"unit": "other", "year": "since", "number": "number"}
_YEARS = range(1945, 2101)


class Kind(NamedTuple):
    """What one sort of claim says and needs.

    Attributes
    ----------
    words : str
        Polish, as it stands after "wartość jest" or by itself.
    family : str
        ``level``, ``change``, ``direction``, ``place`` or ``cause``: who decides it.
    than : tuple of str
        With what it may compare; the first is meant where nothing is said.
    needs, takes : tuple of str
        Further fields that it must and that it may have.
    """

    words: str
    family: Literal["level", "change", "direction", "place", "cause"]
    than: tuple[Than, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


_ANY: tuple[Than, ...] = ("group", "unit", "year", "number")
_WITHIN: tuple[Than, ...] = ("group",)
#: All kinds of claims, by the word of the code.
KINDS: Mapping[Says, Kind] = {
    "higher": Kind("wyższa", "level", (*_ANY, "target"), takes=("since",)),
    "lower": Kind("niższa", "level", (*_ANY, "target"), takes=("since",)),
    "better": Kind("lepsza", "level", ("group", "unit", "year")),
    "worse": Kind("gorsza", "level", ("group", "unit", "year")),
    "equal": Kind("równa", "level", _ANY),
    "similar": Kind("podobna", "level", _WITHIN),
    "at_least": Kind("co najmniej", "level", ("number", "target")),
    "at_most": Kind("co najwyżej", "level", ("number", "target")),
    "rose_by": Kind("wzrosła o co najmniej", "change", ("year",), ("size",), ("percent",)),
    "fell_by": Kind("spadła o co najmniej", "change", ("year",), ("size",), ("percent",)),
    "change_above": Kind("zmiana wyższa niż w grupie", "change", _WITHIN, ("since",)),
    "change_below": Kind("zmiana niższa niż w grupie", "change", _WITHIN, ("since",)),
    "rising": Kind("rośnie", "direction", needs=("since",)),
    "falling": Kind("spada", "direction", needs=("since",)),
    "improving": Kind("poprawia się", "direction", needs=("since",)),
    "worsening": Kind("pogarsza się", "direction", needs=("since",)),
    "steady": Kind("bez trwałego kierunku", "direction", needs=("since",)),
    "highest": Kind("najwyższa", "place", _WITHIN),
    "lowest": Kind("najniższa", "place", _WITHIN),
    "best_quarter": Kind("w najlepszej ćwiartce", "place", _WITHIN),
    "worst_quarter": Kind("w najsłabszej ćwiartce", "place", _WITHIN),
    "rank": Kind("miejsce nie dalsze niż", "place", _WITHIN, ("place",)),
    "caused": Kind("z powodu", "cause", needs=("cause",)),
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One structured conclusion.

    Attributes
    ----------
    unit : str
        Code or name; a claim that is kept should hold the code.
    indicator : str
        Id in the catalogue.
    year : int
        The year it speaks of; the last one of a period.
    says : str
        Of :data:`KINDS`.
    than : str or None
        Against what; the first that the kind allows where it is not given.
    group : str or None
        Rule of the group; the usual one of the area when not given.
    other : str or None
        The other unit, code or name.
    number : float or None
        A number to compare with, in the measure unit of the indicator.
    since : int or None
        The earlier year, or the first one of a period.
    size : float or None
        By how much at least, in the measure unit (percentages in points).
    percent : bool
        Whether ``size`` is a part of the earlier value, in percent.
    place : int or None
        The farthest place that is claimed.
    cause : str or None
        What is said to have caused it.
    strength : str
        How surely it is said: ``low``, ``medium``, ``high``.
    level : str or None
        ``gmina`` or ``powiat`` where the name alone does not tell.

    Raises
    ------
    ParameterError
        With everything that is wrong.

    Examples
    --------
    >>> claim = Claim(unit="9002", indicator="accident_rate", year=2022, says="lower")
    >>> claim.than, claim.strength
    ('group', 'medium')
    >>> Claim.read(claim.facts()) == claim
    True
    """

    unit: str
    indicator: str
    year: int
    says: Says
    than: Than | None = None
    group: str | None = None
    other: str | None = None
    number: float | None = None
    since: int | None = None
    size: float | None = None
    percent: bool = False
    place: int | None = None
    cause: str | None = None
    strength: Strength = "medium"
    level: str | None = None

    def __post_init__(self) -> None:
        said: Any = self.says  # what a form hands over need not be a word at all
        known: Mapping[Any, Kind] = KINDS
        kind = known.get(said) if isinstance(said, str) else None
        if kind is not None and self.than is None and kind.than:
            object.__setattr__(self, "than", kind.than[0])
        _raise_found([*_wrong_values(self), *(_wrong_fields(self, kind) if kind else ())])

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Make a claim of what a file or a form holds; words may be Polish or of the code.

        Raises
        ------
        ParameterError
            With everything that is wrong.

        Examples
        --------
        >>> said = {"unit": "9002", "indicator": "x", "year": 2022, "says": "niższa",
        ...         "than": "jednostka", "other": "9005", "strength": "wysoka"}
        >>> claim = Claim.read(said)
        >>> claim.says, claim.than, claim.strength
        ('lower', 'unit', 'high')
        """
        known = {field.name: field for field in fields(cls)}
        problems = []
        for name in content:
            if name not in known:
                hint = did_you_mean(str(name), known)
                problems.append(f"nieznane pole „{name}”" + (f"; {hint}" if hint else ""))
        given = {name: _read_word(name, value) for name, value in content.items() if name in known}
        lacking = [n for n, f in known.items() if f.default is MISSING and given.get(n) is None]
        problems += [f"brak pola „{name}” ({_EXPECTED[name]})" for name in lacking]
        if lacking:
            # what is there can be told to be wrong all the same
            problems += _wrong_given(given)
            raise _error(problems)
        try:
            claim = cls(**given)
        except SmupError as error:
            raise _error([*problems, *error.problems]) from error
        _raise_found(problems)
        return claim

    def facts(self) -> dict[str, Any]:
        """Return what the claim says as JSON can hold it, without what was left open."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in told.items() if _is_given(value)}

    @property
    def kind(self) -> Kind:
        """What this sort of claim says and needs."""
        return KINDS[self.says]


def read_claims(content: Any) -> tuple[Claim, ...]:
    """Make claims of a list, of an object with a list under ``claims``, or of one claim.

    Raises
    ------
    ParameterError
        With everything that is wrong in any of them; each problem names its claim by number.

    Examples
    --------
    >>> one = {"unit": "9002", "indicator": "x", "year": 2022, "says": "lower"}
    >>> len(read_claims({"claims": [one, one]})), len(read_claims(one))
    (2, 1)
    """
    listed = content.get("claims", [content]) if isinstance(content, Mapping) else content
    if not isinstance(listed, list) or not listed:
        raise ParameterError(
            "Nie ma tu ani jednego wniosku.",
            expected="lista wniosków albo zestaw z listą pod nazwą claims",
            next_step="pola wniosku opisuje: smup claim kinds",
        )
    claims, problems = [], []
    for place, one in enumerate(listed, 1):
        if not isinstance(one, Mapping):
            problems.append(f"wniosek {place}: to nie jest zestaw pól")
            continue
        try:
            claims.append(Claim.read(one))
        except SmupError as error:
            problems += [f"wniosek {place}: {problem}" for problem in error.problems]
    _raise_found(problems)
    return tuple(claims)


def _error(problems: Iterable[str]) -> ParameterError:
    return ParameterError(
        "Wniosku nie da się sprawdzić, bo jest niepełny albo sprzeczny.",
        problems=list(problems),
        expected="wniosek z polami, których wymaga jego rodzaj",
        next_step="popraw wymienione miejsca; rodzaje wniosków wypisze: smup claim kinds",
    )


def _raise_found(problems: list[str]) -> None:
    if problems:
        raise _error(problems)


def _listed(words: Mapping[Any, str]) -> str:
    return ", ".join(f"{word} ({name})" for name, word in words.items())


_SAYS_WORDS: Mapping[Says, str] = {name: kind.words for name, kind in KINDS.items()}
_WORDS: Mapping[str, Mapping[Any, str]] = {
    "says": _SAYS_WORDS,
    "than": THAN_WORDS,
    "strength": STRENGTH_WORDS,
}
_EXPECTED: Mapping[str, str] = {
    "unit": "kod TERYT w cudzysłowie albo nazwa jednostki",
    "indicator": "identyfikator wskaźnika z katalogu",
    "year": f"rok od {_YEARS[0]} do {_YEARS[-1]}, jako liczba całkowita",
    "says": f"jedno z: {_listed(_SAYS_WORDS)}",
    "than": f"jedno z: {_listed(THAN_WORDS)}",
    "group": "reguła grupy, na przykład podobne albo similar:15",
    "other": "kod TERYT w cudzysłowie albo nazwa drugiej jednostki",
    "number": "skończona liczba w jednostce wskaźnika",
    "since": f"rok od {_YEARS[0]} do {_YEARS[-1]}, wcześniejszy niż rok wniosku",
    "size": "liczba większa od zera",
    "percent": "true albo false",
    "place": "miejsce jako liczba całkowita, od 1",
    "cause": "niepusty tekst",
    "strength": f"jedno z: {_listed(STRENGTH_WORDS)}",
    "level": "gmina albo powiat",
}


def _read_word(name: str, value: Any) -> Any:
    """Return the word of the code that a Polish word means; anything else as it is."""
    if name not in _WORDS or not isinstance(value, str):
        return value
    meant = {plain_text(form): key for key, word in _WORDS[name].items() for form in (key, word)}
    return meant.get(plain_text(value), value)


def _is_given(value: Any) -> bool:
    """Tell whether a field was filled; a zero is a number like any other."""
    return value is not None and value is not False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in _YEARS


def _is_sound(name: str, value: Any) -> bool:
    """Tell whether a value may stand in a field."""
    if name in _WORDS:
        return isinstance(value, str) and value in _WORDS[name]
    if name in ("year", "since"):
        return _is_year(value)
    if name in ("number", "size"):
        return _is_number(value) and (name == "number" or value > 0)
    if name == "place":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if name == "percent":
        return isinstance(value, bool)
    return value in ("gmina", "powiat") if name == "level" else _is_text(value)


def _wrong_values(claim: Claim) -> Iterator[str]:
    """Say which fields hold what they may not."""
    needed = {field.name for field in fields(claim) if field.default is not None}
    told = {field.name: getattr(claim, field.name) for field in fields(claim)}
    yield from _wrong_given({n: v for n, v in told.items() if v is not None or n in needed})
    sound = _is_year(claim.year) and _is_year(claim.since)
    if sound and claim.since is not None and claim.since >= claim.year:
        yield f"pole „since”: {claim.since} r. nie jest wcześniejszy niż {claim.year} r."


def _wrong_given(given: Mapping[str, Any]) -> list[str]:
    return [
        f"pole „{name}”: {_shown(value)}; oczekiwano: {_EXPECTED[name]}"
        for name, value in given.items()
        if value is not None and not _is_sound(name, value)
    ]


def _shown(value: Any) -> str:
    text = f"„{value}”" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _wrong_fields(claim: Claim, kind: Kind) -> Iterator[str]:
    """Say what the kind of claim lacks, and what it has no use for."""
    said = f"wniosek „{kind.words}” ({claim.says})"
    than: Any = claim.than
    if than is not None and not isinstance(than, str):
        return  # told as a value that may not stand there
    if claim.than is not None and claim.than in THAN_WORDS and claim.than not in kind.than:
        allowed = ", ".join(f"{THAN_WORDS[than]} ({than})" for than in kind.than)
        yield (f"{said} nie porównuje z: {THAN_WORDS[claim.than]}; oczekiwano: {allowed or 'nic'}")
        return
    needs = {*kind.needs}
    if claim.than is not None and claim.than in THAN_FIELD:
        needs.add(THAN_FIELD[claim.than])
    for name in sorted(needs):
        if getattr(claim, name) is None:
            yield f"{said} wymaga pola „{name}” ({_EXPECTED[name]})"
    useful = needs | {"group"} if claim.than == "group" else needs
    if claim.than in ("group", "year"):
        useful = useful | {*kind.takes}
    of_kind = ("group", "other", "number", "since", "size", "percent", "place", "cause")
    for name in of_kind:
        if _is_given(getattr(claim, name)) and name not in useful:
            yield f"{said} nie ma pola „{name}”; usuń je albo zmień rodzaj wniosku"
