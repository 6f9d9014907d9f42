"""What is wrong with the Polish of a sentence? Rules that a program can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from morfeusz2 import Morfeusz

from tests.prose import read_prose_numbers

#: Words that judge where the data do not: waste, thrift, blame.
FORBIDDEN = (
    *("marnotraw", "oszczędnoś", "oszczędn", "rozrzutn", "niegospodarn", "nieudoln", "zaniedba"),
    *("najgorsz", "najlepiej wypad", "lider rankingu", "ranking hańby", "kompromit"),
)
#: What stands between a number and the noun that it counts.
_SPACES = "  "
#: After these a number is in a case in which 2-4 take the plural genitive or another plural.
_OBLIQUE = re.compile(
    r"\b(?:z|ze|w|we|do|od|na|dla|u|przy|o|po|spośród|wśród|niż|ok\.|około|przez|między|a|co|"
    r"najmniej|najwyżej|najbliższych|powyżej|poniżej|ponad|miejsce|mediana|mianownik:|to)\s$"
)
#: Nouns whose forms a sentence may get wrong beside a number.
_COUNTED = re.compile(
    r"[ \u00a0]((?:[a-ząćęłńóśźż]+(?:ch|ego|ej|e|y|a|i|ym|ą) )?"
    r"(?:powiat|gmin|miast|jednost|grup|zestaw|rok|lat|wskaźnik|wartoś|odczyt|prób|porównani|"
    r"zdarze|przypad|sygnał|wiersz|dni|dzie|miejsc|województ)[a-ząćęłńóśźż]*)"
)
#: Numerals that belong to a phrase of the library, the same whatever the data are.
FIXED_NUMERALS = (
    "zapis dwóch wartości",
    "dwa wybrane lata",
    "Cztery wymiary",
    "czterech wymiarów",
    "trzech czwartych",
    "najwyżej pięciu",
    "najwyżej pięć wcześniejszych lat",
    "między dwiema jednostkami",
    "co najmniej trzy",
    "dwa kody",
    "w dwóch zbiorach",
    "każdym z dwóch szczebli",
)
_DICTIONARY = Morfeusz()


def list_faults(text: str, *, sentence: bool = True) -> Iterator[str]:
    """Yield what is wrong with a text as the reader sees it."""
    if text.count("„") != text.count("”"):
        yield "cudzysłów bez pary"
    if re.search(r"  |\u00a0 | \u00a0|\s[.,;:](?!\S)|\.\.(?!\.)|\(\s|\s\)", text):
        yield "odstęp albo znak w złym miejscu"
    if sentence and not re.search(r"[.?](?:[”)]\.?)?$", text.strip()):
        yield "zdanie bez kropki na końcu"
    if "!" in text:
        yield "wykrzyknik"
    if re.search(r"[{}]", text):
        yield "niewypełnione miejsce na liczbę"
    yield from (f"słowo „{word}”" for word in FORBIDDEN if word in text.casefold())
    unit = re.search(r"\d (?:%|p\.proc|zł|tys\.|mln|mld|km|os\.|szt\.)", text)
    if unit:
        yield f"zwykły odstęp przed jednostką miary: {unit[0]}"
    yield from _list_disagreements(text)


def _list_disagreements(text: str) -> Iterator[str]:
    """Yield nouns that do not agree with the number before them: "1 powiatów", "5 powiat"."""
    for number in read_prose_numbers(text):
        if number.is_year or number.unit or number.worded:
            continue
        end = number.start + len(number.text)
        noun = _COUNTED.match(text, end)
        if noun is None:
            continue
        before = text[: number.start]
        fit = _fitting_forms(abs(number.value), bool(_OBLIQUE.search(before)))
        for word in noun[1].split():
            tags = _tags(word)
            if tags and not tags & fit:
                yield f"„{number.text} {noun[1]}”"
                break


def _fitting_forms(count: object, oblique: bool) -> set[tuple[str, str]]:
    """Return which number and case a noun may have."""
    from smup_lib.plurals import plural_form

    form = plural_form(float(str(count)))
    cases = {"gen", "dat", "inst", "loc"}
    if form == "other":
        return {("sg", "gen")}
    if count == 1:
        return {("sg", case) for case in ("nom", "acc", *cases)}
    if form == "few" and not oblique:
        return {("pl", "nom"), ("pl", "acc")}
    if form == "few":
        return {("pl", case) for case in ("nom", "acc", *cases)}
    return {("pl", case) for case in cases}


def _tags(word: str) -> set[tuple[str, str]]:
    """Return number and case of every reading of a noun or an adjective."""
    found = set()
    for _, _, (_, _, tag, _, _) in _DICTIONARY.analyse(word):
        kind, *rest = tag.split(":")
        if kind in ("subst", "adj") and len(rest) > 2:
            found |= {(n, case) for n in rest[0].split(".") for case in rest[1].split(".")}
    return found


def list_texts(node: Any) -> Iterator[str]:
    """Yield every text inside models, mappings and lists, without its full stop."""
    if hasattr(node, "model_dump"):
        node = node.model_dump()
    if isinstance(node, str) and node:
        yield node.strip().rstrip(".")
    elif isinstance(node, dict):
        yield from (text for value in node.values() for text in list_texts(value))
    elif isinstance(node, list | tuple):
        yield from (text for value in node for text in list_texts(value))
