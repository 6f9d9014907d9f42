"""Read the catalogue's YAML and report every problem at once."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from smup_lib.catalogue.model import Indicator, Publisher, ServiceArea, Variable
from smup_lib.errors import CatalogueError, IndicatorError, ParameterError, did_you_mean

M = TypeVar("M", bound=BaseModel)

CATALOGUE_DIR = Path(__file__).resolve().parent

# pydantic speaks English; the person who edits YAML reads Polish
_MESSAGES = {
    "missing": "brak wymaganego klucza",
    "extra_forbidden": "nieznany klucz",
    "literal_error": "wartość spoza listy",
    "string_type": "oczekiwano tekstu",
    "string_too_short": "tekst jest za krótki",
    "string_pattern_mismatch": "tekst nie ma wymaganej postaci",
    "int_type": "oczekiwano liczby całkowitej",
    "int_parsing": "oczekiwano liczby całkowitej",
    "float_type": "oczekiwano liczby",
    "bool_type": "oczekiwano true albo false",
    "too_short": "lista nie może być pusta",
    "tuple_type": "oczekiwano listy",
    "model_type": "oczekiwano zestawu kluczy",
}


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue, ready to be asked.

    Attributes
    ----------
    areas, indicators, variables, publishers : mapping
        Entries by id, in the order of the files.
    """

    areas: Mapping[str, ServiceArea]
    indicators: Mapping[str, Indicator]
    variables: Mapping[str, Variable]
    publishers: Mapping[str, Publisher]
    _aliases: Mapping[str, str] = field(repr=False)

    def area(self, text: str) -> ServiceArea:
        """Return an area by id, Polish name, alias or a unique beginning of one of them.

        Raises
        ------
        ParameterError
            When none or several fit; the message names the candidates.

        Examples
        --------
        >>> load_catalogue().area("Kultura").id
        'culture_recreation'
        """
        wanted = plain_text(text)
        names = {
            area.id: tuple(map(plain_text, (area.id, area.name, *area.aliases)))
            for area in self.areas.values()
        }
        exact = [key for key, forms in names.items() if wanted in forms]
        found = exact or [
            key
            for key, forms in names.items()
            if wanted and any(f.startswith(wanted) for f in forms)
        ]
        if len(found) == 1:
            return self.areas[found[0]]
        listed = [f"{area.id} ({area.name})" for area in self.areas.values()]
        hint = did_you_mean(text, [n for a in self.areas.values() for n in (a.id, a.name)])
        raise ParameterError(
            f"Nie ma obszaru „{text}”{'; ' + hint if hint else ''}."
            if not found
            else f"Początek „{text}” pasuje do kilku obszarów: {', '.join(found)}.",
            expected=", ".join(listed),
            next_step="podaj identyfikator albo nazwę obszaru z listy",
        )

    def indicator(self, text: str) -> Indicator:
        """Return an indicator by id or alias.

        Raises
        ------
        IndicatorError
            When there is none; the message names the nearest ids.
        """
        for indicator in self.indicators.values():
            if text == indicator.id or text in indicator.aliases:
                return indicator
        hint = did_you_mean(text, self.indicators)
        raise IndicatorError(
            f"Nie ma wskaźnika „{text}”{'; ' + hint if hint else ''}.",
            next_step="listę pokaże: smup catalogue list",
        )

    def indicators_of(self, area_id: str) -> tuple[Indicator, ...]:
        """Return the indicators of an area in the order of its file."""
        return self.areas[area_id].indicators

    def variable(self, text: str) -> Variable:
        """Return a variable by id or alias (panel ids, codes of the reconstruction).

        Raises
        ------
        CatalogueError
            When the vocabulary has neither.
        """
        key = self._aliases.get(text, text)
        if key in self.variables:
            return self.variables[key]
        hint = did_you_mean(text, [*self.variables, *self._aliases])
        raise CatalogueError(
            f"Słownik zmiennych nie zna „{text}”{'; ' + hint if hint else ''}.",
            where="smup_lib/catalogue/variables.yaml",
        )

    def publisher_of(self, source: str) -> Publisher:
        """Return the publisher of a source or dataset id such as ``bdl:P1944@1a2b3c4d``.

        Raises
        ------
        CatalogueError
            When no publisher claims the beginning of the id.
        """
        for publisher in self.publishers.values():
            if source.startswith(publisher.datasets):
                return publisher
        raise CatalogueError(
            f"Żaden wydawca nie ma zbioru „{source}”.",
            where="smup_lib/catalogue/sources.yaml",
            next_step="dopisz początek nazwy zbioru do pola datasets wydawcy",
        )

    def precedence(self, source: str) -> int:
        """Return the place of a source in the order of precedence; the smallest is shown first."""
        prefixes = [prefix for p in self.publishers.values() for prefix in p.datasets]
        return next(
            (n for n, prefix in enumerate(prefixes) if source.startswith(prefix)), len(prefixes)
        )


def plain_text(text: str) -> str:
    """Fold a Polish text for comparison: no diacritics, case or repeated blanks.

    Examples
    --------
    >>> plain_text("  Łódź  Zachód_x ")
    'lodz zachod x'
    """
    folded = text.casefold().replace("ł", "l").replace("_", " ")
    decomposed = unicodedata.normalize("NFD", folded)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@functools.cache
def load_catalogue() -> Catalogue:
    """Return the catalogue that ships with the workbench (read once).

    Examples
    --------
    >>> "culture_recreation" in load_catalogue().areas
    True
    """
    return read_catalogue(CATALOGUE_DIR)


def read_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue folder: ``variables.yaml``, ``sources.yaml`` and ``areas/*.yaml``.

    Raises
    ------
    CatalogueError
        With every problem of every file: file, key, what was expected and what was found.
    """
    problems: list[str] = []
    variables = _entries(folder / "variables.yaml", "variables", Variable, problems)
    publishers = _entries(folder / "sources.yaml", "publishers", Publisher, problems)
    areas: dict[str, ServiceArea] = {}
    for path in sorted((folder / "areas").glob("*.yaml")):
        area = _validated(ServiceArea, _yaml(path, problems), path.name, problems)
        if area is not None:
            if area.id != path.stem:
                problems.append(f"{path.name}: id: oczekiwano „{path.stem}”, jest „{area.id}”")
            areas[area.id] = area
    indicators = {
        i.id: i
        for i in _unique((i for a in areas.values() for i in a.indicators), "areas", problems)
    }
    aliases = dict(_aliases(variables, problems))
    catalogue = Catalogue(
        areas=MappingProxyType(_in_domain_order(areas)),
        indicators=MappingProxyType(indicators),
        variables=MappingProxyType(variables),
        publishers=MappingProxyType(publishers),
        _aliases=MappingProxyType(aliases),
    )
    if not problems:
        problems.extend(_reference_problems(catalogue))
    if problems:
        raise CatalogueError(
            f"Katalog ma {len(problems)} {'błąd' if len(problems) == 1 else 'błędów'}.",
            where=folder.name,
            problems=problems,
            next_step="popraw pliki i sprawdź je poleceniem: smup catalogue check",
        )
    return catalogue


def _in_domain_order(areas: Mapping[str, ServiceArea]) -> dict[str, ServiceArea]:
    from typing import get_args

    from smup_lib.catalogue.model import AreaId

    return {key: areas[key] for key in get_args(AreaId) if key in areas}


def _yaml(path: Path, problems: list[str]) -> Any:
    import yaml

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader())
    except FileNotFoundError:
        problems.append(f"{path.name}: nie ma takiego pliku")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: to nie jest poprawny YAML: {' '.join(str(error).split())}")
    return None


@functools.cache
def _UniqueKeyLoader() -> Any:  # noqa: N802 - it stands where a class stands
    """Return a safe loader that refuses a key written twice (plain YAML keeps the last one)."""
    import yaml

    class UniqueKeyLoader(yaml.CSafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"klucz „{key}” powtarza się", key_node.start_mark
                    )
                seen.add(key)
            return super().construct_mapping(node, deep=deep)

    return UniqueKeyLoader


def _entries(path: Path, key: str, model: type[M], problems: list[str]) -> dict[str, M]:
    content = _yaml(path, problems)
    if content is None:
        return {}
    if not isinstance(content, dict) or set(content) != {key} or not isinstance(content[key], list):
        problems.append(f"{path.name}: oczekiwano jednego klucza „{key}” z listą")
        return {}
    parsed = (_validated(model, entry, path.name, problems) for entry in content[key])
    return {
        getattr(entry, "id"): entry  # noqa: B009 - both models have an id, BaseModel does not say so
        for entry in _unique((e for e in parsed if e is not None), path.name, problems)
    }


def _validated(model: type[M], content: Any, file: str, problems: list[str]) -> M | None:
    if content is None:
        return None
    name = content.get("id", "?") if isinstance(content, dict) else "?"
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems.extend(
            f"{file}: {name}: {_located(fault['loc'], content)}: {_said(fault)}"
            for fault in error.errors()
        )
    return None


def _located(loc: Sequence[str | int], content: Any) -> str:
    """Write a location with ids instead of list numbers: ``indicators[museums].name``."""
    parts: list[str] = []
    here = content
    for step in loc:
        here = _step_into(here, step)
        if isinstance(step, int):
            label = here.get("id") or here.get("code") if isinstance(here, dict) else None
            parts.append(f"[{label or step + 1}]")
        else:
            parts.append(("." if parts else "") + step)
    return "".join(parts) or "(całość)"


def _step_into(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _said(fault: Any) -> str:
    message: str = _MESSAGES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    expected = (fault.get("ctx") or {}).get("expected")
    if expected:
        message += f"; oczekiwano: {expected}".replace(" or ", " lub ")
    if fault["type"] not in ("missing", "value_error"):
        message += f"; jest: {fault['input']!r}"
    return message


def _unique(entries: Iterator[M], file: str, problems: list[str]) -> Iterator[M]:
    seen: set[str] = set()
    for entry in entries:
        key = getattr(entry, "id")  # noqa: B009
        if key in seen:
            problems.append(f"{file}: {key}: id powtarza się; każdy wpis musi mieć własny")
            continue
        seen.add(key)
        yield entry


def _aliases(variables: Mapping[str, Variable], problems: list[str]) -> Iterator[tuple[str, str]]:
    owner: dict[str, str] = {}
    for variable in variables.values():
        for alias in variable.aliases:
            if alias in variables or owner.get(alias, variable.id) != variable.id:
                other = alias if alias in variables else owner[alias]
                problems.append(
                    f"variables.yaml: {variable.id}: alias „{alias}” należy już do „{other}”"
                )
                continue
            owner[alias] = variable.id
            yield alias, variable.id


def _reference_problems(catalogue: Catalogue) -> Iterator[str]:
    """Yield references that lead nowhere."""
    for area in catalogue.areas.values():
        services = {service.code for service in area.services}
        for indicator in area.indicators:
            where = f"{area.id}.yaml: {indicator.id}"
            if indicator.area != area.id:
                yield f"{where}: area: oczekiwano „{area.id}”, jest „{indicator.area}”"
            if indicator.service is not None and indicator.service not in services:
                yield f"{where}: service: obszar nie ma usługi „{indicator.service}”"
            yield from _input_problems(catalogue, indicator, where)
            twins = (indicator.twin_of,) if indicator.twin_of else ()
            named = {
                "paired_with": indicator.paired_with,
                "related": indicator.related,
                "twin_of": twins,
            }
            for key, others in named.items():
                for other in others:
                    if other not in catalogue.indicators:
                        hint = did_you_mean(other, catalogue.indicators)
                        yield f"{where}: {key}: nie ma wskaźnika „{other}” {hint}".rstrip()
        for name in area.context:
            if name not in catalogue.variables:
                hint = did_you_mean(name, catalogue.variables)
                yield f"{area.id}.yaml: context: nie ma zmiennej „{name}” {hint}".rstrip()


def _input_problems(catalogue: Catalogue, indicator: Indicator, where: str) -> Iterator[str]:
    for name in indicator.inputs.variables:
        variable = catalogue.variables.get(name)
        if variable is None:
            hint = did_you_mean(name, catalogue.variables)
            yield f"{where}: inputs: nie ma zmiennej „{name}” {hint}".rstrip()
            continue
        missing = [level for level in indicator.levels if level not in variable.levels]
        if missing:
            yield (
                f"{where}: levels: zmienna „{name}” nie jest dostępna na szczeblu: "
                f"{', '.join(missing)}; ma: {', '.join(variable.levels)}"
            )
