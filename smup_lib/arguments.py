"""What may be handed to a verb? One rule a name, the same in every verb; all problems at once."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.problems import Problems
from smup_lib.teryt import read_level

P = ParamSpec("P")
R = TypeVar("R")

#: Years that an observation may have (:mod:`smup_lib.snapshots.observations`).
_YEARS = range(1945, 2101)
_CODE = 'tekst w cudzysłowie, na przykład "0201": liczba traci zero z przodu'


def checked(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a verb check what it is given before it does anything.

    Examples
    --------
    >>> @checked
    ... def show(year: int, years: list[int] | None = None) -> int:
    ...     return year
    >>> show("2018", years=2018)
    Traceback (most recent call last):
    smup_lib.errors.ParameterError: Nie można wykonać: show.
      - Nieprawidłowa wartość: year='2018'; oczekiwano: rok jako liczba całkowita bez cudzysłowu
      - Nieprawidłowa wartość: years=2018; oczekiwano: lista, na przykład [2018]
      co zrobić: popraw wymienione miejsca i powtórz
    """
    signature = inspect.signature(verb)

    @functools.wraps(verb)
    def checking(*args: P.args, **kwargs: P.kwargs) -> R:
        problems = Problems()
        problems.lines += _name_problems(signature, args, kwargs)
        if not problems.found:
            bound = signature.bind(*args, **kwargs)
            for name, value in bound.arguments.items():
                optional = signature.parameters[name].default is None
                if name in _RULES and not (value is None and optional):
                    read = functools.partial(_read, name, value)
                    bound.arguments[name] = problems.attempt(read)
        problems.raise_found(f"Nie można wykonać: {verb.__name__}.")
        return verb(*bound.args, **bound.kwargs)

    return checking


def _read(name: str, value: Any) -> Any:
    """Return the value by the rule of its name, or raise what a reader needs to mend it."""
    try:
        return _RULES[name](value)
    except ValueError as error:
        raise ParameterError(
            f"Nieprawidłowa wartość: {name}={_shown(value)}.",
            where=f"parametr {name}",
            expected=str(error),
            next_step="popraw tę wartość i powtórz",
        ) from error


def _name_problems(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> list[str]:
    """Say which names are unknown and which values are missing or too many."""
    known = signature.parameters
    problems = []
    for name in kwargs:
        if name not in known:
            hint = did_you_mean(name, known)
            problems.append(f"nieznany parametr „{name}”" + (f"; {hint}" if hint else ""))
    places = [p.name for p in known.values() if p.kind is not p.KEYWORD_ONLY]
    if len(args) > len(places):
        problems.append(f"wartości bez nazwy może być najwyżej {len(places)}, a jest {len(args)}")
    twice = [name for name in places[: len(args)] if name in kwargs]
    problems += [f"parametr „{name}” podano dwa razy" for name in twice]
    given = {*places[: len(args)], *kwargs}
    problems += [
        f"brak parametru „{p.name}”"
        for p in known.values()
        if p.default is p.empty and p.name not in given
    ]
    return problems


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("niepusty tekst w cudzysłowie")
    return value


def _unit(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{_CODE}")
    return _text(value)


def _year(value: Any) -> int:
    try:
        year = None if isinstance(value, bool) else value.__index__()
    except AttributeError:
        year = None
    if year is None:
        raise ValueError("rok jako liczba całkowita bez cudzysłowu")
    if year not in _YEARS:
        raise ValueError(f"rok od {_YEARS[0]} do {_YEARS[-1]}")
    return int(year)


def _level(value: Any) -> str:
    return read_level(_text(value))


def _path(value: Any) -> Any:
    if not isinstance(value, str | os.PathLike) and not hasattr(value, "manifest"):
        raise ValueError("ścieżka albo identyfikator stanu danych jako tekst")
    return value


def _link(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("tekst jak w odnośniku, na przykład unit=9002&year=2022")
    return value


def _variable(value: Any) -> str | list[str]:
    return _text(value) if isinstance(value, str) else _listed(_text)(value)


def _view(value: Any) -> Any:
    from smup_lib.reports.area import AreaView

    if not isinstance(value, AreaView):
        raise ValueError("widok obszaru, który zwraca open_area(...)")
    return value


def _listed(rule: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Return the rule of a list; a text is no list of its letters, and nothing asks for nothing."""

    def read(value: Any) -> list[Any]:
        if isinstance(value, str | bytes | os.PathLike) or not isinstance(value, Iterable):
            raise ValueError(f"lista, na przykład [{_shown(value)}]")
        items = list(value)
        if not items:
            raise ValueError("lista niepusta; gdy chodzi o wszystko, pomiń ten parametr")
        wrong: dict[str, str] = {}
        for item in items:
            try:
                rule(item)
            except ValueError as error:
                wrong[_shown(item)] = str(error)
        if wrong:
            reason = next(iter(wrong.values()))
            raise ValueError(f"lista, a w niej {reason}; nie pasuje: {', '.join(wrong)}")
        return [rule(item) for item in items]

    return read


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "area": _text,
    "exercise": _text,
    "group": _text,
    "indicator": _text,
    "indicators": _listed(_text),
    "level": _level,
    "name": _path,
    "out": _path,
    "paths": _listed(_path),
    "query": _link,
    "snapshot": _path,
    "text": _text,
    "unit": _unit,
    "unit_code": _unit,
    "unit_codes": _listed(_unit),
    "variable": _variable,
    "variables": _listed(_text),
    "view": _view,
    "voivodeship": _unit,
    "year": _year,
    "years": _listed(_year),
}
