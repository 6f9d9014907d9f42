"""Every sentence in the code of the library is whole, calm and set as Polish print asks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smup_lib.conclude.circumstances import NO_WASTE
from tests.wording import FORBIDDEN, list_faults

#: Rooms whose texts a reader of a page sees; in their order.
ROOMS = ("compare", "conclude", "present", "reports", "units", "workshop", "apps", "indicators")
#: A word of Polish: what has none is a name, a key or markup.
_POLISH = re.compile(r"[ąćęłńóśźż]|\b(?:jest|nie|dane|jednostk\w+|grup\w+)\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>?|&\w+;|\{\{|\}\}")
#: A number and behind it a noun in one form only: "{n} jednostek" is wrong of 1, 2 and 22.
_ONE_FORM = re.compile(
    r"(?<!z[ \u00a0])(?<!w )(?<!do )(?<!od )(?<!niż )\{\w*\}[ \u00a0]"
    r"(?:\w+(?:ych|ich) )?(?:powiatów|gmin|jednostek|wierszy|lat|wskaźników|grup|plików|kolumn|"
    r"odczytów|zdarzeń|przypadków|porównań|województw|miast|powiaty|gminy|jednostki|lata|pliki)\b"
)
#: Texts with one form that is right all the same, and why.
ONE_FORM_RIGHT = {
    "dane ma {x} jednostek grupy": "what is put in is '12 z 15'",
    "{x} W grupie {x} jednostek mniej mają {x}, tyle samo {x}, więcej {x}.": "never a group of one",
    "{x} wartość wśród pozostałych {n} jednostek z danymi to {nearest}": "never a group of one",
}


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield every text of a module that is no docstring; what is put in becomes ``{}``."""
    tree = ast.parse(source)
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else "{x}" for part in node.values
            )
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and id(node) not in inner | docs:
            yield node.lineno, node.value if isinstance(node.value, str) else ""


@pytest.fixture(scope="module")
def sentences(repo_root: Path) -> list[tuple[str, str]]:
    found = [
        (f"{path.relative_to(repo_root)}:{line}", text)
        for room in ROOMS
        for path in sorted((repo_root / "smup_lib" / room).rglob("*.py"))
        for line, text in texts_of(path.read_text(encoding="utf-8"))
        if _POLISH.search(text) and " " in text.strip()
    ]
    assert len(found) > 800
    return found


def test_quotation_marks_come_in_pairs(sentences):
    odd = [(where, text) for where, text in sentences if text.count("„") != text.count("”")]
    assert not odd


def test_no_blank_is_doubled_and_nobody_shouts(sentences):
    wrong = [
        (where, text)
        for where, text in sentences
        if re.search(r"\S  +[^\s#]|\w!(?!=)", _MARKUP.sub("", text)) and "\n" not in text
    ]
    assert not wrong


def test_no_word_blames_or_praises_beyond_the_data(sentences):
    wrong = [
        (where, word)
        for where, text in sentences
        if text != NO_WASTE
        for word in FORBIDDEN
        if word in text.casefold()
    ]
    assert not wrong


def test_a_noun_beside_a_number_is_chosen_by_the_number(sentences):
    found = [(where, text) for where, text in sentences if _ONE_FORM.search(text)]
    assert not [(where, text) for where, text in found if text not in ONE_FORM_RIGHT]
    assert {text for _, text in found} == set(ONE_FORM_RIGHT)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("W 3 z 12 porównywanych powiatów jest mniej.", 0),
        ("Dotyczy to 1 powiatu i 5 gmin.", 0),
        ("Są tam 2 powiaty, 22 gminy, 12 miast i 5 powiatów.", 0),
        ("Mniej niż w 1 z 5 jednostek.", 0),
        ("To 1,5 roku.", 0),
        ("Są tam 1 powiatów.", 1),
        ("Są tam 5 powiaty.", 1),
        ("Są tam 2 powiatów.", 1),
        ("Są tam 22 jednostek.", 1),
        ("Są tam 12 jednostki.", 1),
        ("Nazwa „X jest tu.", 1),
        ("Dwa  odstępy.", 1),
        ("Bez kropki", 1),
        ("Uwaga! To koniec.", 1),
        ("Wynik {value} jest tu.", 1),
        ("To marnotrawstwo.", 1),
        ("Wynik to 5 % grupy.", 1),
    ],
)
def test_the_rules_find_what_they_are_for(text, faults):
    assert len(list(list_faults(text))) == faults
