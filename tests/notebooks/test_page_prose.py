"""Every number in the running text of a finished report has a key, or is part of fixed words.

Fixed words are those of the catalogue, of the notebook, of the explanations below the charts, of
the description of a group and of the unit's label; any other number is a result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.catalogue.history import other_code_of
from smup_lib.catalogue.practice_book import load_shipped
from smup_lib.errors import GroupError
from smup_lib.group_names import RULE_NAMES, write_rule
from smup_lib.present import words
from smup_lib.present.formats import format_date
from smup_lib.reports.loading import Workspace
from smup_lib.reports.notebook_files import read_notebook
from smup_lib.reports.other_groups import ROBUSTNESS_RULES
from tests.notebooks.recount import WITNESSES
from tests.notebooks.test_finished_reports import BESIDE, RUNS, YEAR
from tests.page_prose import check_page_prose, read_passages
from tests.wording import FIXED_NUMERALS, list_texts

#: How many things the page itself lists below, or read to be made: countable there, no result of
#: the data, so that there is nothing a key could name.
COUNTS = (
    r"^(?:Lista porównywanych|Sąsiedzi|Pozostałe ustalenia|Ta sama wartość w różnych grupach) "
    r"\(\d+\)$",
    r"^Zastrzeżenia \(\d+\): ",
    r"^Ilu jednostek grupy brakuje \(\d+\): ",
    r"^Pokazano \d+ z \d+ wierszy: ",
    r"^Porównano [\d ]+ wartości\.",
    r"pod kodem \d+, szczebel \w+ \(\d+ wskaźnik\w* z wartością\)",
    r"^Wskaźniki, których w tym roku nie ma żadna z jednostek, pominięto: \d+\.$",
    r"Wagi cech: (?:.+ \d+,? ?)+",
    r"^\d+ wskaźnik(?:i|ów): ",
    r"^Których wskaźników to dotyczy \(\d+\)$",
    r"^Szczebel \w+: wskaźniki z wartością w którymś roku: \d+ z \d+\.$",
    r"^[^:]+: \d+ zmienn(?:a|e|ych)$",
    r" \(\d+ wiersz(?:e|y)\)$",
)
#: An open gap: a refusal is one text, so that its numbers have no keys. Only these forms are let
#: through, and only where a method says why it has no answer.
REASONS = (
    r"za mało lat z danymi(?: od \d{4} r\.)? \(\d+; potrzeba \d+(?: z ostatnich \d+)?\)",
    r"z wartością z kilku przypadków \(\d+ z \d+\)",
    r"brak wartości za \d{4} r\.; dane są za: \d{4}",
)
#: One page of each notebook.
PAGES = list({run[0]: run for run in RUNS}.values())


@cache
def catalogue_texts() -> tuple[str, ...]:
    catalogue = load_catalogue()
    constants = [value for name, value in vars(words).items() if name.isupper()]
    return tuple(
        {
            *FIXED_NUMERALS,
            *list_texts([*catalogue.areas.values(), *catalogue.variables.values()]),
            *list_texts([stored.card for stored in load_shipped()]),
            *list_texts([dict(v) if hasattr(v, "items") else v for v in constants]),
        }
    )


def notebook_texts(path: Path) -> Iterator[str]:
    for cell in read_notebook(path).cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"\n\s*\n|\n(?=\s*[-#|])", cell.source):
                plain = re.sub(r"[*`_#>|]|\[|\]\([^)]*\)|^\s*- ", "", part)
                yield re.sub(r"\s+", " ", plain).strip().rstrip(".")


@cache
def opened() -> Workspace:
    return Workspace.open()


@cache
def group_texts(code: str) -> tuple[str, ...]:
    """Return how the groups of a unit are described; the numbers in it are theirs."""
    return tuple(list_group_texts(opened(), code))


def list_group_texts(workspace: Workspace, code: str) -> Iterator[str]:
    unit = workspace.unit(code, year=YEAR)
    yield unit.label
    yield from (f"pod kodem {code}" for code in filter(None, [other_code_of(unit.code)]))
    areas = list(workspace.catalogue.areas.values())
    asked = {(area.group, tuple(area.context)): area for area in areas}
    asked |= {(rule, ()): areas[0] for rule in RULE_NAMES}
    # a page tells of the groups that vote on its verdicts too
    asked |= {(rule, tuple(area.context)): area for rule in WITNESSES for area in areas}
    asked |= {(rule, tuple(area.context)): area for area in areas for rule in ROBUSTNESS_RULES}
    for (rule, _), area in asked.items():
        try:
            group = workspace.group(rule, unit, YEAR, area)
        except GroupError:
            continue
        yield from (*group.description_pl.split(". "), *group.notes, write_rule(group.key))


@cache
def names_of(name: str, unit: str, notebook: Path) -> tuple[str, ...]:
    created = format_date(opened().snapshot.manifest.created)
    compared = (unit, *BESIDE) if name == "unit_comparison" else (unit,)
    described = [text for code in compared for text in group_texts(code)]
    texts = (*catalogue_texts(), *notebook_texts(notebook), *described, created)
    return tuple(text.rstrip(".") for text in texts)


@pytest.fixture
def page(report_home, report_of):
    def page(name: str, unit: str) -> str:
        return report_of(name, unit, YEAR).html.read_text(encoding="utf-8")

    return page


def list_wrong(html: str, names: tuple[str, ...]) -> list[str]:
    told = check_page_prose(html, names=names, years=range(1990, YEAR + 1))
    passages = [re.sub(r"\s+", " ", one.partition(" w zdaniu: ")[2]) for one in told]
    return [
        one
        for one, passage in zip(told, passages, strict=True)
        if not any(
            re.search(pattern, passage.strip(), re.IGNORECASE) for pattern in (*COUNTS, *REASONS)
        )
    ]


@pytest.mark.parametrize(("name", "unit"), PAGES)
def test_no_number_of_the_text_is_without_evidence(name, unit, page, repo_root):
    html = page(name, unit)
    names = names_of(name, unit, repo_root / "notebooks" / f"{name}.ipynb")
    assert read_passages(html)
    wrong = list_wrong(html, names)
    assert not wrong, "\n".join(wrong)


def test_a_changed_number_of_a_page_is_found(page, repo_root):
    name, unit = "roads_transport", "9002"
    html = page(name, unit)
    names = names_of(name, unit, repo_root / "notebooks" / f"{name}.ipynb")
    keyed = [one for passage in read_passages(html) for one in passage.keyed]
    assert len(keyed) > 30
    for one in keyed[:: len(keyed) // 6]:
        printed = f">{one.text}</data>"
        last = str((int(one.text[-1]) + 1) % 10)
        changed = html.replace(printed, f">{one.text[:-1]}{last}</data>")
        assert list_wrong(changed, names), one
