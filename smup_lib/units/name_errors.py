"""Say in Polish why a text names no unit or several, and what may have been meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from smup_lib.catalogue.history import other_code_of
from smup_lib.errors import AmbiguousUnitError, UnitError, UnknownUnitError
from smup_lib.teryt import LEVEL_GENITIVE, is_city_code, is_fictional_code, parse_unit_code
from smup_lib.units.labels import KIND_NAME, Named
from smup_lib.units.name_index import (
    Candidate,
    NameIndex,
    list_basic_words,
    list_name_tiers,
)
from smup_lib.units.queries import UnitQuery

_SUGGESTED = 5
_SIMILAR_ENOUGH = 0.85
_OF_SAMPLE = (
    " To kod z krainy przykładowej, a dane są prawdziwe: podaj swoją jednostkę"
    " (w notatniku: parametr unit)."
)
_FICTIONAL = " To kraina przykładowa: jej jednostki są fikcyjne, prawdziwych w niej nie ma."


def absent_code_error(index: NameIndex, code: str) -> UnknownUnitError:
    """Return the error for a well-formed code that no unit of the year has."""
    register, year = index.register, index.year
    if code in register.timelines or code in register.history.last_years:
        error = UnknownUnitError(
            _sentence(register.explain_absence(code, year)),
            expected=f"jednostka istniejąca w {year} r.",
            next_step=register.advise_absence(code, year),
        )
        heirs = register.history.successors(code) or register.history.predecessors(code)
        error.suggestions = tuple(index.candidate(c) for c in heirs if c in index.named)
        return error
    meant = [c for c in _with_restored_zero(code) if c in index.named]
    near = meant or [c for c in index.named if len(c) == len(code) and _one_digit_off(c, code)]
    sample = _OF_SAMPLE if is_fictional_code(code) else ""
    error = UnknownUnitError(
        f"Rejestr nie zna jednostki o kodzie {code}." + _hint(index, near[:_SUGGESTED], sample),
        expected="kod z rejestru TERYT (2, 4, 6 albo 7 cyfr)",
        next_step="znajdź jednostkę po nazwie: smup unit find NAZWA",
    )
    error.suggestions = tuple(index.candidate(c) for c in near[:_SUGGESTED])
    return error


def _with_restored_zero(code: str) -> Iterator[str]:
    """Yield the gmina that a 7-digit code named before it lost its first zero."""
    if len(code) == 6:
        try:
            yield parse_unit_code("0" + code).code
        except UnitError:
            return


def _one_digit_off(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1 and one[:2] == other[:2]


def ambiguous_error(index: NameIndex, text: str, codes: Iterable[str]) -> AmbiguousUnitError:
    """Return the error for a text that fits several units, with the text that picks each."""
    candidates = tuple(index.candidate(code) for code in codes)
    error = AmbiguousUnitError(
        f"„{text.strip()}” pasuje do {len(candidates)} jednostek.",
        problems=[f"{c.label}: wpisz {c.code}{_or_phrase(c)}" for c in candidates],
        expected="nazwa albo kod, które wskazują jedną jednostkę",
        next_step="podaj kod albo dłuższą nazwę jednej z nich",
    )
    error.candidates = candidates
    return error


def _or_phrase(candidate: Candidate) -> str:
    return "" if candidate.pick == candidate.code else f" albo „{candidate.pick}”"


def unknown_error(index: NameIndex, query: UnitQuery, level: str | None) -> UnknownUnitError:
    """Return the error for a name that fits nothing, with the best explanation there is."""
    for reading in query.readings:
        for words in (reading.words, *list_basic_words(index, reading.words)):
            if words in index.ended:
                return _ended_error(index, query, index.ended[words])
            if words in index.parts and words not in index.by_words:
                return part_error(index, index.parts[words][0])
    elsewhere = [
        code
        for reading in query.readings
        for _, codes in list_name_tiers(index, reading)
        for code in codes
    ]
    near = list(dict.fromkeys(elsewhere)) or _similar_codes(index, query.shortest.words, level)
    near = [c for c in near if len(c) != 6 or other_code_of(c) not in near][:_SUGGESTED]
    where = f" na szczeblu {LEVEL_GENITIVE[level]}" if level else ""
    hints = " z podanym rodzajem lub położeniem" if elsewhere and not level else ""
    error = UnknownUnitError(
        f"Nie ma jednostki „{query.text.strip()}”{where}{hints}." + _hint(index, near),
        expected="nazwa z rejestru TERYT albo kod (2, 4, 6 lub 7 cyfr)",
        next_step="sprawdź pisownię albo podaj kod; listę pokaże: smup unit find NAZWA",
    )
    error.suggestions = tuple(index.candidate(code) for code in near)
    return error


def _ended_error(index: NameIndex, query: UnitQuery, codes: Sequence[str]) -> UnknownUnitError:
    register = index.register
    told = [_sentence(register.explain_absence(code, index.year)) for code in codes]
    heirs = [
        heir
        for code in codes
        for heir in register.history.successors(code) or register.history.predecessors(code)
    ]
    error = UnknownUnitError(
        f"W {index.year} r. nie ma jednostki „{query.text.strip()}”. " + " ".join(told),
        expected=f"jednostka istniejąca w {index.year} r.",
        next_step=register.advise_absence(codes[0], index.year),
    )
    known = [heir for heir in dict.fromkeys(heirs) if heir in index.named]
    error.suggestions = tuple(index.candidate(heir) for heir in known)
    return error


def part_error(index: NameIndex, part: Named) -> UnknownUnitError:
    """Return the error for a town, rural area, district or delegation."""
    whole = part.code[:4] if is_city_code(part.code) else part.code[:6]
    known = index.register.part_name(part.code) or part.name
    what = f"{part.code} {f'({known})' if known else ''}".strip()
    inside = f" w jednostce {index.candidate(whole).label}" if whole in index.named else ""
    error = UnknownUnitError(
        f"{what} to {KIND_NAME[part.kind or '']}{inside}; "
        "nie jest jednostką samorządu i nie ma własnych wskaźników.",
        expected="gmina, powiat albo województwo",
        next_step=f"podaj całą jednostkę: {whole}",
    )
    if whole in index.named:
        error.suggestions = (index.candidate(whole),)
    return error


def _similar_codes(index: NameIndex, wanted: tuple[str, ...], level: str | None) -> list[str]:
    """Return units whose names hold the typed words, or look like them."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    typed = " ".join(wanted)
    names = {
        words: [c for c in codes if level is None or index.named[c].level == level]
        for words, codes in index.by_words.items()
    }
    holding = [w for w in names if names[w] and _holds(w, wanted)]
    cities = {w for w in holding if any(is_city_code(c) for c in names[w])}
    choices = {words: " ".join(words) for words, codes in names.items() if codes}
    scorer: Callable[..., float] = JaroWinkler.normalized_similarity
    alike = process.extract(
        typed, choices, scorer=scorer, score_cutoff=_SIMILAR_ENOUGH, limit=_SUGGESTED
    )
    found = [words for _, _, words in alike]
    ordered = (
        sorted(holding, key=lambda words: (words not in cities, len(words), words))
        if len(typed) > 2
        else []
    )
    # a whole word of a name is no typo
    whole = [words for words in ordered if set(wanted) <= set(words)]
    merged = dict.fromkeys([*whole, *found[:1], *ordered[:_SUGGESTED], *found[1:]])
    return [code for words in merged for code in names[words]]


def _holds(name: tuple[str, ...], typed: tuple[str, ...]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in typed)


def _hint(index: NameIndex, near: Sequence[str], told: str = "") -> str:
    """Return what a reader of these data should know beside "there is no such unit"."""
    land = _FICTIONAL if index.register.fictional else told
    return land + (f" Czy chodziło o: {_listed(index, near)}?" if near else "")


def _listed(index: NameIndex, codes: Iterable[str]) -> str:
    return ", ".join(index.candidate(code).label for code in codes)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
