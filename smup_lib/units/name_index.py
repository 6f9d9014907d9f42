"""Index the names of one year, in every form, for look-ups."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

from smup_lib.errors import UnknownUnitError
from smup_lib.units.labels import Named, write_label, write_phrase
from smup_lib.units.polish_forms import list_word_forms, split_exact_words, split_words
from smup_lib.units.queries import Reading
from smup_lib.units.register import Register

How = Literal["code", "name", "inflected", "former_name"]


@dataclass(frozen=True)
class Candidate:
    """A unit that may have been meant, and the text that picks exactly it."""

    code: str
    level: str
    kind: str | None
    label: str
    pick: str


@dataclass
class NameIndex:
    """Names of one year, ready for look-ups; built once for a register and year."""

    register: Register
    year: int
    named: dict[str, Named] = field(default_factory=dict)
    by_words: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    former: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    ended: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    parts: dict[tuple[str, ...], list[Named]] = field(default_factory=dict)
    words_of_form: dict[str, set[str]] = field(default_factory=dict)
    picks: dict[str, str] = field(default_factory=dict)
    """Text that picks a unit, by its code."""

    def candidate(self, code: str) -> Candidate:
        """Return a unit as a candidate."""
        unit = self.named.get(code) or self.register.as_of(code, self.year)
        if unit is None:
            raise UnknownUnitError(
                f"Rejestr nie zna jednostki o kodzie {code}.",
                expected="kod z rejestru TERYT (2, 4 albo 6 cyfr)",
                next_step="znajdź jednostkę po nazwie: smup unit find NAZWA",
            )
        last = self.register.years_of(code)[1]
        label = write_label(unit, None if code in self.named else last)
        return Candidate(code, unit.level, unit.kind, label, self.picks.get(code, code))


_INDEXES: OrderedDict[tuple[int, int], NameIndex] = OrderedDict()
_KEPT_INDEXES = 8


def load_name_index(register: Register, year: int | None = None) -> NameIndex:
    """Return the index of a register and year, built once."""
    year = register.current_year if year is None else year
    key = (id(register), year)
    index = _INDEXES.get(key)
    if index is None or index.register is not register:
        index = build_name_index(register, year)
        _INDEXES[key] = index
        while len(_INDEXES) > _KEPT_INDEXES:
            _INDEXES.popitem(last=False)
    return index


def build_name_index(register: Register, year: int) -> NameIndex:
    """Build the index of the names of one year."""
    index = NameIndex(register, year, named=dict(register.named(year)))
    country = register.unit("00")
    index.named["00"] = Named("00", "country", "country", country.name)
    for code, unit in index.named.items():
        index.by_words.setdefault(split_words(unit.name), []).append(code)
    for code, timeline in register.timelines.items():
        for name in timeline.names:
            if code not in index.named:
                index.ended.setdefault(split_words(name), []).append(code)
            elif name != index.named[code].name:
                index.former.setdefault(split_words(name), []).append(code)
    for part in register.all_parts():
        index.parts.setdefault(split_words(part.name), []).append(part)
    for words in {word for key in (*index.by_words, *index.former, *index.ended) for word in key}:
        for form in list_word_forms(words):
            index.words_of_form.setdefault(form, set()).add(words)
    index.picks.update(_write_picks(index))
    return index


def _write_picks(index: NameIndex) -> Iterator[tuple[str, str]]:
    """Yield for every unit the shortest phrase that picks it and nothing else."""
    named = index.named
    steps: list[Callable[[str], str]] = [
        lambda code: _pick_phrase(named[code]),
        lambda code: _with_place(named, code, code[:4], "powiat"),
        lambda code: _with_place(named, code, code[:2], "województwo"),
    ]
    unpicked = list(named)
    for step in steps:
        phrases = {code: step(code) for code in unpicked}
        times = Counter(phrases.values())
        yield from ((code, phrase) for code, phrase in phrases.items() if times[phrase] == 1)
        unpicked = [code for code, phrase in phrases.items() if times[phrase] > 1]


def _with_place(named: Mapping[str, Named], code: str, place: str, noun: str) -> str:
    where = named.get(place)
    return f"{_pick_phrase(named[code])}, {noun} {where.name if where else place}"


def _pick_phrase(unit: Named) -> str:
    if unit.level == "gmina" and unit.kind == "city_with_powiat_rights":
        return f"gmina miejska {unit.name}"
    return write_phrase(unit)


def list_name_tiers(index: NameIndex, reading: Reading) -> Iterator[tuple[How, list[str]]]:
    """Yield codes by name, the surest reading first."""
    exact = index.by_words.get(reading.words, [])
    spelled = [c for c in exact if split_exact_words(index.named[c].name) == reading.exact_words]
    yield "name", spelled or exact
    if spelled:
        yield "name", exact
    basic = list(list_basic_words(index, reading.words))
    yield "inflected", [code for words in basic for code in index.by_words.get(words, [])]
    for words in (reading.words, *basic):
        yield "former_name", index.former.get(words, [])


def list_basic_words(index: NameIndex, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the names of which the words may be an inflected form."""
    choices = [sorted({word} | index.words_of_form.get(word, set())) for word in words]
    for basic in product(*choices):
        if basic != words:
            yield basic
