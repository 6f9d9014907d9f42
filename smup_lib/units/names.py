"""Find a unit by what an official types: a name in any form, a hint of level or kind, a code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import AmbiguousUnitError, UnitError, UnknownUnitError
from smup_lib.teryt import (
    LEVEL_ACCUSATIVE,
    LEVEL_GENITIVE,
    UnitCode,
    is_city_code,
    level_of,
    parse_unit_code,
    read_level,
)
from smup_lib.units.labels import KIND_NAME, Named
from smup_lib.units.name_errors import (
    absent_code_error,
    ambiguous_error,
    part_error,
    unknown_error,
)
from smup_lib.units.name_index import (
    Candidate,
    How,
    NameIndex,
    list_basic_words,
    list_name_tiers,
    load_name_index,
)
from smup_lib.units.polish_forms import split_words
from smup_lib.units.queries import Reading, UnitQuery, parse_unit_query
from smup_lib.units.register import Register
from smup_lib.units.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

#: Letters that a city and the powiat named after it share at least.
_ROOT = 4
#: Longer names that are mentioned beside the one found.
_MENTIONED = 5
_CODE_OF_LEVEL = {
    "gmina": "kod 6-cyfrowy",
    "powiat": "kod 4-cyfrowy",
    "voivodeship": "kod 2-cyfrowy",
    "country": "kod 00",
}


@dataclass(frozen=True)
class Lookup:
    """The unit that was found and what else was near.

    Attributes
    ----------
    unit : Unit
        What the text names.
    how : str
        ``code``, ``name``, ``inflected`` or ``former_name``.
    also : tuple of Candidate
        Units that a reader may have had in mind too, for example powiat kielecki beside Kielce.
    note : str
        Polish remark, empty when there is nothing to say.
    """

    unit: Unit
    how: How
    also: tuple[Candidate, ...] = ()
    note: str = ""


def find_unit(
    register: Register, text: str, level: str | None = None, year: int | None = None
) -> Unit:
    """Return the one unit that a text names.

    Parameters
    ----------
    register : Register
        Units of the snapshot.
    text : str
        Code (2, 4, 6 or 7 digits) or Polish name: with or without diacritics, in any case
        (``Kielcach``), with ``gmina``, ``powiat``, ``m.``, a kind (``wiejska``) or a place
        (``Dąbrowa, powiat opolski``).
    level : str, optional
        ``gmina``, ``powiat`` or ``voivodeship``. Without it a city with powiat rights is taken at
        powiat level.
    year : int, optional
        Year in which the unit must have existed; by default that of the newest register.

    Raises
    ------
    AmbiguousUnitError
        When several units fit; ``candidates`` has each with the text that picks it.
    UnknownUnitError
        When none fits; ``suggestions`` has what may have been meant.
    """
    return find_unit_with_context(register, text, level, year).unit


def find_unit_with_context(
    register: Register, text: str, level: str | None = None, year: int | None = None
) -> Lookup:
    """Return the unit that a text names together with what else was near.

    Parameters and errors are those of :func:`find_unit`.
    """
    if level is not None:
        level = read_level(level)
    index = load_name_index(register, year)
    query = parse_unit_query(text)
    if not query.code and not query.readings:
        raise UnitError(
            "Nie podano jednostki.",
            expected="nazwa albo kod, na przykład „powiat kielecki” albo 2604",
            next_step="jednostki wypisze: smup unit list",
        )
    if query.code:
        return _find_by_code(index, query, level)
    for reading in query.readings:
        wanted = level or reading.level
        for how, codes in list_name_tiers(index, reading):
            fitting = _narrowed(index, reading, codes, wanted)
            if fitting:
                return _one_of(index, query.text, reading, fitting, how, level, codes)
    raise unknown_error(index, query, level or query.shortest.level)


def find_candidates(
    register: Register, text: str, level: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """List every unit that a text may mean, the likeliest first.

    Parameters are those of :func:`find_unit`.

    Returns
    -------
    DataFrame
        Columns ``unit_code, label, level, kind, kind_pl, pick, note``: ``pick`` is a text that
        means exactly this unit, ``note`` says in Polish how it was found. ``attrs["why"]`` says why
        the text itself names no unit of the year, where that is known; else it is empty.

    Raises
    ------
    UnknownUnitError
        When nothing is even similar.
    """
    import pandas as pd

    index, why = load_name_index(register, year), ""
    try:
        lookup = find_unit_with_context(register, text, level, year)
        found = [(index.candidate(lookup.unit.code), lookup.note or _HOW_NOTE[lookup.how])]
        found += [(candidate, NEAR) for candidate in lookup.also]
    except AmbiguousUnitError as error:
        found = [(candidate, f"wpisz „{candidate.pick}”") for candidate in error.candidates]
        seats = [
            code
            for c in error.candidates
            for code in (*_own_powiat(index, c.code), *_powiaty_named_after(index, c.code))
        ]
        wanted = dict.fromkeys(seats) if level is None else ()
        listed = {candidate.code for candidate in error.candidates}
        found += [(index.candidate(c), NEAR) for c in wanted if c not in listed]
    except UnknownUnitError as error:
        if not error.suggestions:
            raise
        # an explanation ("istniała do 2014 r. ...") is worth more than a guess at a typo
        why = "" if "Czy chodziło o" in error.what else error.what
        found = [(candidate, why or GUESSED) for candidate in error.suggestions]
    frame = pd.DataFrame(
        [
            (c.code, c.label, c.level, c.kind, KIND_NAME.get(c.kind or "", ""), c.pick, note)
            for c, note in found
        ],
        columns=["unit_code", "label", "level", "kind", "kind_pl", "pick", "note"],
    )
    frame.attrs["why"] = why
    return frame


#: Note of a unit whose name is only like the text.
GUESSED = "może o nią chodziło"
#: Note of a unit that stands beside the one named: Kielce, powiat kielecki.
NEAR = "podobna nazwa"
_HOW_NOTE: dict[How, str] = {
    "code": "ten kod",
    "name": "ta nazwa",
    "inflected": "odmieniona nazwa",
    "former_name": "dawna nazwa",
}


def _find_by_code(index: NameIndex, query: UnitQuery, level: str | None) -> Lookup:
    register, year = index.register, index.year
    parsed = parse_unit_code(query.code)
    if parsed.level == "part":
        raise part_error(index, Named(parsed.code, "part", parsed.kind, ""))
    code, note = parsed.code, ""
    if level is not None and level_of(code) != level:
        twin = other_code_of(code)
        if twin is None or level_of(twin) != level:
            raise UnknownUnitError(
                f"Kod {code} oznacza {LEVEL_ACCUSATIVE[level_of(code)]}, "
                f"a potrzebna jest jednostka ze szczebla {LEVEL_GENITIVE[level]}.",
                expected=_CODE_OF_LEVEL[level],
                next_step="podaj kod z tego szczebla albo nazwę jednostki",
            )
        code, note = twin, f"Miasto na prawach powiatu: na tym szczeblu ma kod {twin}."
    if code not in index.named:
        raise absent_code_error(index, code)
    if query.readings and not _says_the_same(index, query, code):
        named = " ".join(query.readings[0].exact_words)
        raise UnitError(
            f"Kod {code} i nazwa „{named}” wskazują różne jednostki.",
            expected=register.label(code, year),
            next_step="podaj sam kod albo samą nazwę",
        )
    _check_kind(index, parsed, code)
    return Lookup(register.unit(code, year), "code", note=note)


def _says_the_same(index: NameIndex, query: UnitQuery, code: str) -> bool:
    """Tell whether the words beside a code name the same unit, by a present or former name."""
    twin = other_code_of(code)
    own = {code, *([twin] if twin else [])}
    return any(
        own & set(codes)
        for reading in query.readings
        for _, codes in list_name_tiers(index, reading)
    )


def _check_kind(index: NameIndex, parsed: UnitCode, code: str) -> None:
    """Raise when the seventh digit names a kind that the gmina never had."""
    if parsed.kind is None or parsed.level != "gmina":
        return
    had = {state.kind for state in index.register.timelines[code].states}
    if parsed.kind not in had and index.named[code].kind is not None:
        raise UnitError(
            f"Ostatnia cyfra kodu mówi „{KIND_NAME[parsed.kind]}”, a w rejestrze {code} to "
            f"{KIND_NAME[index.named[code].kind or '']}.",
            expected=index.candidate(code).label,
            next_step=f"podaj kod {code} (bez siódmej cyfry)",
        )


def _narrowed(
    index: NameIndex,
    reading: Reading,
    codes: Sequence[str],
    level: str | None,
) -> list[str]:
    """Keep the codes that fit level, kind and place; a city stands once."""
    found = [c for c in codes if level is None or index.named[c].level == level]
    if reading.kinds is not None:
        strict = [c for c in found if index.named[c].kind in reading.kinds]
        towns = [c for c in found if index.named[c].kind == "urban_rural"]
        found = strict or (towns if "urban" in reading.kinds else [])
    for place in reading.places:
        within = set(_codes_of_place(index, place))
        found = [c for c in found if c[:4] in within or c[:2] in within]
    found = list(dict.fromkeys(found))
    return [c for c in found if len(c) != 6 or not is_city_code(c) or c[:4] not in found]


def _codes_of_place(index: NameIndex, place: tuple[str, ...]) -> Iterator[str]:
    """Yield powiaty and voivodeships that a place after a comma may name."""
    for reading in parse_unit_query(" ".join(place)).readings:
        for words in (reading.words, *list_basic_words(index, reading.words)):
            for code in index.by_words.get(words, []):
                level = index.named[code].level
                if level in ("powiat", "voivodeship") and reading.level in (None, level):
                    yield code


def _one_of(
    index: NameIndex,
    text: str,
    reading: Reading,
    fitting: list[str],
    how: How,
    level: str | None,
    matched: Sequence[str],
) -> Lookup:
    """Return the only fitting unit with its neighbours in name, or raise."""
    related = _powiaty_named_after(index, fitting[0]) if len(fitting) == 1 else []
    asked_powiat = level is None and reading.level == "powiat" and reading.kinds is None
    if len(fitting) == 1 and related and asked_powiat:
        fitting = [*fitting, *related]
    if len(fitting) > 1:
        raise ambiguous_error(index, text, fitting)
    code = fitting[0]
    twin = other_code_of(code)
    longer = sorted(w for w in index.by_words if w[: len(reading.words)] == reading.words != w)
    beginning = [code for words in longer[:_MENTIONED] for code in index.by_words[words]]
    everything = [*related, *matched, *index.former.get(reading.words, []), *beginning]
    near = [c for c in dict.fromkeys(everything) if c not in (code, twin)]
    near = [c for c in near if other_code_of(c) not in near or len(c) == 4]
    note = ""
    if how == "former_name":
        note = f"To dawna nazwa; dziś: {index.candidate(code).label}."
    unit = index.register.unit(code, index.year)
    return Lookup(unit, how, tuple(index.candidate(c) for c in near), note)


def _own_powiat(index: NameIndex, code: str) -> list[str]:
    """Return the powiat of a gmina when it is named after it: Sejny, sejneński."""
    from rapidfuzz.distance import Prefix

    own = index.named.get(code[:4]) if len(code) == 6 and not is_city_code(code) else None
    if own is None:
        return []
    gmina, powiat = (split_words(unit.name)[0] for unit in (index.named[code], own))
    return [own.code] if Prefix.similarity(gmina, powiat) >= _ROOT else []


def _powiaty_named_after(index: NameIndex, code: str) -> list[str]:
    """Return land powiaty whose adjective comes from the name of a city: Kielce, kielecki."""
    unit = index.named[code]
    if unit.kind != "city_with_powiat_rights":
        return []
    from rapidfuzz.distance import Prefix

    city = split_words(unit.name)[0]
    shared = {
        other: int(Prefix.similarity(city, split_words(powiat.name)[0]))
        for other, powiat in index.named.items()
        if powiat.kind == "land_powiat" and other[:2] == code[:2]
    }
    longest = max(shared.values(), default=0)
    return [other for other, length in shared.items() if length == longest >= _ROOT]
