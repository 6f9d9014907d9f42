"""How does a YAML file become entries, with every fault of their shape told in Polish?"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.vocabulary import DIMENSION_WORDS
from smup_lib.errors import did_you_mean

M = TypeVar("M", bound=BaseModel)

# pydantic speaks English; the person who edits YAML reads Polish
_MESSAGES = {
    "missing": "brak wymaganego klucza",
    "extra_forbidden": "nieznany klucz",
    "literal_error": "wartość spoza listy",
    "string_type": "to nie jest tekst",
    "string_too_short": "tekst jest za krótki",
    "string_pattern_mismatch": "tekst nie ma wymaganej postaci",
    "int_type": "to nie jest liczba całkowita",
    "int_parsing": "to nie jest liczba całkowita",
    "int_from_float": "to nie jest liczba całkowita",
    "float_type": "to nie jest liczba",
    "float_parsing": "to nie jest liczba",
    "finite_number": "to nie jest skończona liczba",
    "bool_type": "to nie jest true ani false",
    "bool_parsing": "to nie jest true ani false",
    "too_short": "lista jest pusta",
    "tuple_type": "to nie jest lista",
    "dict_type": "to nie jest zestaw kluczy",
    "model_type": "to nie jest zestaw kluczy",
    "date_type": "to nie jest data",
    "date_from_datetime_parsing": "to nie jest data",
    "date_from_datetime_inexact": "to nie jest data",
    "less_than_equal": "liczba jest za duża",
    "greater_than_equal": "liczba jest za mała",
    "greater_than": "liczba jest za mała",
}
_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "małe litery bez polskich znaków, cyfry i podkreślenia, od litery",
    r"^P\d{4}$": "litera P i cztery cyfry, na przykład P1944",
    r"^\d{3}$": 'trzy cyfry w cudzysłowie, na przykład "801"',
    r"^\d{5}$": 'pięć cyfr w cudzysłowie, na przykład "80101"',
    r"^\d{4}(\d{2})?$": 'cztery cyfry powiatu albo sześć gminy, w cudzysłowie, na przykład "9001"',
    r"^[a-z]{1,2}$": "jedna albo dwie małe litery, na przykład dw",
}
_LIMITS = {"le": "najwyżej", "ge": "co najmniej", "gt": "więcej niż", "min_length": "co najmniej"}
_TYPES = {
    str: "tekst",
    int: "liczba całkowita",
    float: "liczba",
    bool: "true albo false",
    dt.date: "rok-miesiąc-dzień, na przykład 2024-09-30",
}
# words that the glossary gives for those of the code
_GLOSSARY = {
    **{word: dimension for dimension, word in DIMENSION_WORDS.items()},
    "województwo": "voivodeship",
    "kraj": "country",
    "wyżej": "higher",
    "niżej": "lower",
}
_NOT_YAML = "to nie jest poprawny YAML"
_YAML_STEP = "sprawdź wcięcia (same spacje), a tekst z dwukropkiem ujmij w cudzysłów"
#: What to do about a fault that the loader tells itself, by the first word of it.
_OWN_STEPS = {
    "klucz": "zostaw jeden z nich",
    "kluczem": _YAML_STEP,
    "wartość": "popraw ją albo ujmij w cudzysłów",
}
_LONGEST_FOUND = 60


def file_name(path: Path) -> str:
    """Return how messages name a file: those of variables with their folder, areas have the same.

    Examples
    --------
    >>> file_name(Path("catalogue/variables/finance.yaml")), file_name(Path("areas/finance.yaml"))
    ('variables/finance.yaml', 'finance.yaml')
    """
    return f"variables/{path.name}" if path.parent.name == "variables" else path.name


def read_yaml(path: Path, problems: list[Problem]) -> Any:
    """Return what a YAML file holds, or None with the problem noted."""
    import yaml

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_unique_key_loader())
    except FileNotFoundError:
        problems.append(Problem(file_name(path), "", "", "nie ma takiego pliku"))
    except UnicodeDecodeError:
        told = "plik nie jest w kodowaniu UTF-8"
        problems.append(Problem(file_name(path), "", "", told, next_step="zapisz go w UTF-8"))
    except yaml.YAMLError as error:
        problems.append(_yaml_problem(path, error))
    return None


def _yaml_problem(path: Path, error: Exception) -> Problem:
    said, mark = str(getattr(error, "problem", "")), getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(file_name(path), "", "", _NOT_YAML, found=str(error))
    lines = path.read_text(encoding="utf-8").splitlines()[mark.line :]
    own_step = _OWN_STEPS.get(said.partition(" ")[0])  # said by the loader below, in Polish
    return Problem(
        file_name(path),
        f"wiersz {mark.line + 1}",
        "",
        said if own_step else _NOT_YAML,
        found="" if own_step else _shown(lines[0].strip()) if lines else "koniec pliku",
        next_step=own_step or _YAML_STEP,
    )


@functools.cache
def _unique_key_loader() -> Any:
    """Return a safe loader that refuses a key written twice (plain YAML keeps the last one).

    A key that is a list and a scalar that only looks like a date or a number are told with their
    line too.
    """
    import yaml

    def refused(what: str, node: Any) -> Exception:
        return yaml.constructor.ConstructorError(None, None, what, node.start_mark)

    class UniqueKeyLoader(yaml.CSafeLoader):
        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep=deep)
            except ValueError as error:
                raise refused(f"wartość „{node.value}” nie jest datą ani liczbą", node) from error

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[Any] = set()
            for key_node, _ in node.value:
                if not isinstance(key_node, yaml.ScalarNode):
                    raise refused("kluczem nie może być lista ani zestaw kluczy", key_node)
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    raise refused(f"klucz „{key}” powtarza się", key_node)
                seen.add(key)
            return super().construct_mapping(node, deep=deep)

    return UniqueKeyLoader


def read_entries(path: Path, key: str, model: type[M], problems: list[Problem]) -> dict[str, M]:
    """Return the entries of a file that is a list under one key, without those with problems."""
    content = read_yaml(path, problems)
    if content is None:
        return {}
    if not isinstance(content, dict) or set(content) != {key} or not isinstance(content[key], list):
        expected = f"jeden klucz „{key}” z listą wpisów"
        problems.append(Problem(file_name(path), "", "", "plik ma inny układ", expected))
        return {}
    parsed = (read_entry(model, entry, file_name(path), problems) for entry in content[key])
    return by_id(((file_name(path), entry) for entry in parsed if entry is not None), problems)


def read_entry(model: type[M], content: Any, file: str, problems: list[Problem]) -> M | None:
    """Return an entry, or None with each fault of its shape noted."""
    unnamed = "wpis bez id" if "id" in model.model_fields else ""
    name = str(content.get("id", unnamed)) if isinstance(content, dict) else unnamed
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems.extend(_problem(fault, model, content, file, name) for fault in error.errors())
    return None


def by_id(entries: Iterable[tuple[str, M]], problems: list[Problem]) -> dict[str, M]:
    """Return entries by their id; a second one with the same id is a problem."""
    found: dict[str, M] = {}
    files: dict[str, str] = {}
    for file, entry in entries:
        key = getattr(entry, "id")  # noqa: B009 - all models have an id, BaseModel does not say so
        if key in found:
            what = "id powtarza się"
            step = "każdy wpis musi mieć własny; zmień id jednego z nich"
            problems.append(Problem(file, key, "id", what, found=files[key], next_step=step))
            continue
        found[key], files[key] = entry, file
    return found


def _problem(fault: Any, model: type[BaseModel], content: Any, file: str, name: str) -> Problem:
    kind, loc, limits = fault["type"], fault["loc"], fault.get("ctx") or {}
    key = located(loc, content)
    if kind == "value_error":
        return Problem(file, name, key, fault["msg"].removeprefix("Value error, "))
    what = _MESSAGES.get(kind, fault["msg"])
    if kind == "extra_forbidden":
        known = _keys(model, loc[:-1])
        hint = did_you_mean(str(loc[-1]), known)
        return Problem(
            file,
            name,
            key,
            what,
            expected="" if hint else f"jeden z: {', '.join(known)}",
            next_step=hint or "usuń ten klucz",
        )
    expected = _PATTERNS.get(limits.get("pattern", "")) or _limit(limits)
    expected = expected or _words(_field(model, loc).annotation)
    if kind == "missing":
        meaning = _field(model, loc).description or ""
        expected = " – ".join(part for part in (meaning, expected) if part)
        return Problem(file, name, key, what, expected, next_step="dopisz klucz")
    step = _next_step(kind, fault["input"], expected)
    return Problem(file, name, key, what, expected, _shown(fault["input"]), step)


def _next_step(kind: str, value: Any, expected: str) -> str:
    if kind == "literal_error":
        word = _GLOSSARY.get(str(value).lower(), str(value))
        return did_you_mean(word, expected.split(" albo "))
    if kind == "tuple_type" and isinstance(value, str):
        return f"zapisz: [{value}]"
    if kind == "string_type" and isinstance(value, int | float):
        return "ujmij wartość w cudzysłów"
    return ""


def _limit(limits: dict[str, Any]) -> str:
    return " i ".join(f"{word} {limits[key]}" for key, word in _LIMITS.items() if key in limits)


def _shown(value: Any) -> str:
    if value is None:
        return "pusto"
    text = f"„{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"


def located(loc: Sequence[str | int], content: Any) -> str:
    """Write a location with ids instead of list numbers: ``services[KUL-01].name``.

    Examples
    --------
    >>> located(("services", 0, "name"), {"services": [{"code": "KUL-01"}]})
    'services[KUL-01].name'
    """
    parts: list[str] = []
    here = content
    for step in loc:
        here = _step_into(here, step)
        if isinstance(step, int):
            label = here.get("id") or here.get("code") if isinstance(here, dict) else None
            parts.append(f"[{label or step + 1}]")
        else:
            parts.append(("." if parts else "") + step)
    return "".join(parts)


def _step_into(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _field(model: type[BaseModel], loc: Sequence[str | int]) -> FieldInfo:
    """Return the field that stands at a place of a model; an empty one when there is none."""
    here: Any = model
    field = FieldInfo(annotation=model)
    for step in loc:
        if isinstance(step, int):
            here = next(iter(get_args(here)), None)
            field = FieldInfo(annotation=here)
            continue
        inner = next(_models(here), None)
        fields = inner.model_fields.items() if inner else ()
        field = next((f for name, f in fields if step in (name, f.alias)), FieldInfo())
        here = field.annotation
    return field


def _keys(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    inner = next(_models(_field(model, loc).annotation), None)
    fields = inner.model_fields if inner else {}
    return [field.alias or name for name, field in fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _words(annotation: Any) -> str:
    """Say in Polish what a type lets in."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " albo ".join(map(str, inner))
    if origin is Annotated:
        return _words(inner[0])
    if origin in (Union, UnionType):
        return " albo ".join(_words(one) for one in inner if one is not type(None))
    if origin is tuple and next(_models(inner[0]), None):
        return f"lista wpisów, każdy po kresce „- ”, z kluczami: {', '.join(_keys(inner[0], ()))}"
    if origin is tuple:
        return f"lista w nawiasach [ ]: {_words(inner[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"zestaw kluczy: {', '.join(_keys(annotation, ()))}"
    return _TYPES.get(annotation, "")
