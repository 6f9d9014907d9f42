"""What may be handed to a verb, or to a method of a view? One rule a name; all problems at once."""

from __future__ import annotations

import ast
import functools
import inspect
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar

from smup_lib.errors import ParameterError, did_you_mean
from smup_lib.problems import Problems
from smup_lib.teryt import read_level

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

#: Years that an observation may have (:mod:`smup_lib.snapshots.observations`).
_YEARS = range(1945, 2101)
#: An annotation that lists its values, as it is written.
_LISTED = re.compile(r"Literal\[(?P<values>[^\[\]]+)\](?: \| (?P<none>None))?")
_CODE = 'tekst w cudzysłowie, na przykład "0201": liczba traci zero z przodu'
#: A tool that turns codes of a command line into numbers; quotes do not help there.
_FROM_SHELL = "; w poleceniu papermill podaj -r unit {}, bo -p robi z kodu liczbę"


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
    whole = inspect.signature(verb)
    own = next(iter(whole.parameters), "") == "self"
    signature = whole.replace(parameters=list(whole.parameters.values())[own:])

    @functools.wraps(verb)
    def checking(*args: P.args, **kwargs: P.kwargs) -> R:
        problems = Problems()
        problems.lines += _name_problems(signature, args[own:], kwargs)
        if not problems.found:
            bound = signature.bind(*args[own:], **kwargs)
            for name, value in bound.arguments.items():
                read = functools.partial(_read, signature.parameters[name], value)
                bound.arguments[name] = problems.attempt(read)
        problems.raise_found(f"Nie można wykonać: {verb.__name__}.")
        return verb(*args[:own], *bound.args, **bound.kwargs)  # type: ignore[arg-type]

    return checking


def checked_methods(kind: type[T]) -> type[T]:
    """Make every public method of a class check what it is given, as :func:`checked` does.

    Examples
    --------
    >>> @checked_methods
    ... class View:
    ...     def title(self, *, level: Literal[1, 2] = 1) -> int:
    ...         return level
    >>> View().title(level=3)
    Traceback (most recent call last):
    smup_lib.errors.ParameterError: Nieprawidłowa wartość: level=3.
      gdzie: parametr level
      oczekiwano: 1 albo 2
      co zrobić: popraw tę wartość i powtórz
    """
    for name, member in list(vars(kind).items()):
        if inspect.isfunction(member) and not name.startswith("_"):
            setattr(kind, name, checked(member))
    return kind


def _read(parameter: inspect.Parameter, value: Any) -> Any:
    """Return the value by the rule of its parameter, or raise what a reader needs to mend it."""
    rule = _rule_of(parameter)
    if rule is None or (value is None and parameter.default is None):
        return value
    if parameter.kind is parameter.VAR_POSITIONAL:
        return tuple(_read_one(parameter.name, rule, item) for item in value)
    return _read_one(parameter.name, rule, value)


def _rule_of(parameter: inspect.Parameter) -> Callable[[Any], Any] | None:
    """Return the rule of an annotation that lists its values, else that of the name."""
    written = str(parameter.annotation)
    if written == "bool":
        return _one_of((True, False))
    if listed := _LISTED.fullmatch(written):
        return _one_of(ast.literal_eval(f"({listed['values']}, {listed['none'] or ''})"))
    return _RULES.get(parameter.name)


def _read_one(name: str, rule: Callable[[Any], Any], value: Any) -> Any:
    try:
        return rule(value)
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
    several = {p.name for p in known.values() if p.kind is p.VAR_POSITIONAL}
    for name in kwargs:
        if name in several:
            problems.append(f"wartości „{name}” podaje się bez nazwy, po przecinku")
        elif name not in known:
            hint = did_you_mean(name, known)
            problems.append(f"nieznany parametr „{name}”" + (f"; {hint}" if hint else ""))
    places = [p.name for p in known.values() if p.kind is not p.KEYWORD_ONLY]
    if len(args) > len(places) and not several:
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
        number = isinstance(value, int) and not isinstance(value, bool)
        raise ValueError(f"{_CODE}{_FROM_SHELL.format(value) if number else ''}")
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
    if hasattr(value, "manifest"):
        return value
    if not isinstance(value, str | os.PathLike):
        raise ValueError("ścieżka albo identyfikator stanu danych jako tekst")
    written = str(value)
    if not written.strip() or "\0" in written:
        raise ValueError("niepusty tekst bez znaków sterujących")
    return value


def _link(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("tekst jak w odnośniku, na przykład unit=9002&year=2022")
    return value


def _variable(value: Any) -> str | list[str]:
    return _text(value) if isinstance(value, str) else _listed(_text)(value)


def _view(value: Any) -> Any:
    if not hasattr(value, "assessment"):
        raise ValueError("widok obszaru, który zwraca open_area(...)")
    return value


def _item(value: Any) -> Any:
    if not hasattr(value, "indicator"):
        raise ValueError("ocena wskaźnika z listy view.assessment.indicators")
    return value


def _parameters(value: Any) -> Any:
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return value
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return value
    raise ValueError('słownik nazwa: wartość, na przykład {"indicator": "population_density"}')


def _together(value: Any) -> Any:
    if not isinstance(value, list | tuple) or not all(hasattr(one, "shown") for one in value):
        raise ValueError("lista ocen obszarów, każda z pola view.assessment")
    return value


def _one_of(allowed: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return the rule of a value out of a few; 1 is not True."""

    def read(value: Any) -> Any:
        if not any(type(value) is type(one) and value == one for one in allowed):
            raise ValueError(" albo ".join(map(_shown, allowed)))
        return value

    return read


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
    "codes": _text,
    "data_hash": _text,
    "exercise": _text,
    "first_year": _year,
    "group": _text,
    "indicator": _text,
    "indicator_ids": _text,
    "indicators": _listed(_text),
    "item": _item,
    "level": _level,
    "name": _path,
    "out": _path,
    "parameters": _parameters,
    "paths": _listed(_path),
    "plan": _text,
    "query": _link,
    "snapshot": _path,
    "text": _text,
    "together": _together,
    "unit": _unit,
    "unit_code": _unit,
    "unit_codes": _listed(_unit),
    "units": _listed(_unit),
    "variable": _variable,
    "variables": _listed(_text),
    "view": _view,
    "voivodeship": _unit,
    "x": _variable,
    "y": _variable,
    "year": _year,
    "years": _listed(_year),
}
