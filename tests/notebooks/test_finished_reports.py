"""Every notebook as a finished report on the sample land: sound, small, every number keyed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from smup_lib.errors import ParameterError
from smup_lib.present.numbers import PrintedNumber, read_numbers
from smup_lib.reports.export import NOTEBOOK_ONLY
from smup_lib.reports.html_check import MAX_BYTES, check_html
from smup_lib.reports.runner import ReportResult, run_report
from smup_lib.reports.scaffold import new_notebook
from tests.notebooks.recount import Recount
from tests.prose import parse_number
from tests.report_home import BESIDE

POWIAT, CITY, GMINA = "9002", "9061", "900102"
YEAR = 2023
BOTH_LEVELS = ("culture_recreation", "roads_transport", "investment_construction", "finance")
AREA_RUNS = [
    *((name, unit) for name in BOTH_LEVELS for unit in (POWIAT, GMINA)),
    ("culture_recreation", CITY),
    ("finance", f"{CITY}01"),
    ("education", GMINA),
    ("social_policy", POWIAT),
    ("environment", GMINA),
    ("real_estate", POWIAT),
    ("geodesy_cartography", POWIAT),
    ("local_taxes", GMINA),
]
#: Notebooks about no single area, with the area that their numbers are counted again in.
OTHER_RUNS = {
    ("indicator_deep_dive", POWIAT): "roads_transport",
    ("unit_comparison", POWIAT): "culture_recreation",
    ("data_quality", POWIAT): "culture_recreation",
}
RUNS = [
    *AREA_RUNS,
    *(("unit_portrait", unit) for unit in (POWIAT, GMINA, CITY)),
    ("state_report", GMINA),
    *OTHER_RUNS,
]

#: Statistics from random draws, with how far they may lie from what quadrature gives.
DRAWN = {"best_quarter:chance": 2.0, "rank_low:chance": 1, "rank_high:chance": 1}

PRINTED = re.compile(
    r'<data class="num" value="([^"]+)" data-key="[^"]+"(?: data-scale="([^"]+)")?>([^<]+)</data>'
)


@pytest.fixture
def report(report_home, report_of):
    def run(name: str, unit: str) -> ReportResult:
        return report_of(name, unit, YEAR)

    return run


def html_of(result: ReportResult) -> str:
    return result.html.read_text(encoding="utf-8")


class UnkeyedDecimals(HTMLParser):
    """Collects decimal numbers that are printed without a key."""

    # the description of a drawing is text and cannot hold elements; the bounds of a map's classes
    # are an axis; footnotes are words of the catalogue, such as "rounded to 0,1"
    SILENT = ("desc", "style", "script", "title")

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[str] = []
        self.before = ""
        self.axis: str | None = None

    def handle_starttag(self, tag, attrs):
        # the labels of an axis follow its line, all at one height
        height = dict(attrs).get("y") if tag == "text" else None
        if tag != "text" or not (self.before == "line" or height == self.axis):
            self.axis = None
        else:
            self.axis = height
        axis = {"axis": None} if self.axis is not None else {}
        self.stack.append((tag, dict(attrs) | axis))
        self.before = tag

    def handle_startendtag(self, tag, attrs):
        self.before = tag

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        silent = any(
            tag in self.SILENT
            or "axis" in given
            or "data-key" in given
            or "smup-map" in (given.get("class") or "")
            or given.get("class") == "smup-footnotes"
            for tag, given in self.stack
        )
        if not silent:
            # a list of codes in the command that repeats the report is no number
            self.found += re.findall(r"(?<!\S)[^\s=]*\d,\d[^\s=]*(?!\S)", data)


def shown_values(html: str) -> Iterator[PrintedNumber]:
    for number in read_numbers(html):
        if number.value is not None and not math.isnan(number.value):
            yield number


@pytest.mark.parametrize(("name", "unit"), RUNS)
def test_a_report_is_sound_and_small(report, name, unit):
    result = report(name, unit)
    html = html_of(result)
    assert result.problems == ()
    assert check_html(html) == []
    assert len(html.encode()) < MAX_BYTES


@pytest.mark.parametrize(("name", "unit"), RUNS)
def test_every_decimal_number_has_a_key(report, name, unit):
    reader = UnkeyedDecimals()
    reader.feed(html_of(report(name, unit)))
    assert reader.found == []


@pytest.mark.parametrize(("name", "unit"), RUNS)
def test_what_is_printed_is_the_exact_value_rounded(report, name, unit):
    found = PRINTED.findall(html_of(report(name, unit)))
    assert found
    for value, scale, text in found:
        places = len(text.partition(",")[2].rstrip("%"))
        exact = float(value) / float(scale or 1)
        assert abs(parse_number(text.lstrip("+")) - exact) <= 0.5000001 * 10**-places, text


@pytest.mark.parametrize(("name", "unit"), AREA_RUNS)
def test_every_printed_number_is_counted_again_from_the_store(report, name, unit):
    """The key says what a number is; plain pandas counts it anew from the Parquet files."""
    numbers = list(shown_values(html_of(report(name, unit))))
    assert any(number.key.unit == unit for number in numbers)
    assert not recounted(numbers, name, unit)


@pytest.mark.parametrize(("name", "unit"), OTHER_RUNS)
def test_the_numbers_of_the_other_notebooks_are_counted_again(report, name, unit):
    # the audit counts all units of the country; its own tests count again what it says
    shown = shown_values(html_of(report(name, unit)))
    numbers = [number for number in shown if number.key.unit != "00"]
    found = {number.key.statistic.partition(":")[0] for number in numbers}
    beside = BESIDE if name == "unit_comparison" else ()
    assert not recounted(numbers, OTHER_RUNS[name, unit], unit, beside)
    assert found >= {
        "indicator_deep_dive": {
            *("value", "numerator", "denominator", "years_agreeing", "n_both", "best_quarter"),
            *("M3", "M5", "M11", "M14", "M16", "M24"),
        },
        "unit_comparison": {"value", "median"},
        "data_quality": {"n_cells", "n_qualified"},
    }[name]  # fmt: skip


def recounted(
    numbers: Iterable[PrintedNumber], area: str, unit: str, beside: Sequence[str] = ()
) -> dict[str, tuple[float, float]]:
    """Count numbers again; return those that differ. Units ``beside`` have groups of their own."""
    recounts = {code: Recount(area, code, YEAR) for code in (unit, *beside)}
    wrong = {}
    for number in numbers:
        whose = number.key.unit if number.key.unit in beside else unit
        expected = recounts[whose].expected(number.key)
        drawn = DRAWN.get(number.key.statistic, 1e-9)
        if not math.isclose(expected, number.value, rel_tol=1e-9, abs_tol=drawn):
            wrong[str(number.key)] = (number.value, expected)
    return wrong


def test_the_statistics_that_readers_rely_on_are_among_those_counted_again(report):
    html = "".join(html_of(report(name, unit)) for name, unit in AREA_RUNS)
    found = {number.key.statistic.partition(":")[0] for number in shown_values(html)}
    assert found >= {
        *("value", "median", "q25", "q75", "n_used", "below", "above", "rank", "n_ranked"),
        *("percentile", "slope", "trend_years", "groups_tried", "groups_agreeing", "class_bound"),
        *("n_both", "robustness", "best_quarter", "rank_low", "rank_high"),
        *("tests_made", "tests_kept", "false_share", "places_tested"),
        *("alarms_expected", "alarms_observed"),
        *("learnable_least", "learnable_better", "learnable_years", "learnable_cost"),
        "learnable_peers",
    }


@pytest.mark.parametrize(("name", "unit"), RUNS)
def test_no_code_prompt_or_warning_of_a_cell_is_shown(report, name, unit):
    result = report(name, unit)
    html = html_of(result)
    executed = nbformat.read(result.notebook, as_version=4)
    for cell in executed.cells:
        if cell.cell_type == "code":
            assert not [line for line in cell.source.splitlines() if "(" in line and line in html]
            assert not [o for o in cell.outputs if o.get("name") == "stderr"], cell.source
        elif NOTEBOOK_ONLY in cell.metadata.get("tags", ()):
            assert cell.source.splitlines()[-1] not in html


@pytest.mark.parametrize(("name", "unit"), dict(RUNS[::-1]).items())
def test_every_shown_cell_speaks_html_and_plain_text(report, name, unit):
    executed = nbformat.read(report(name, unit).notebook, as_version=4)
    results = [o for c in executed.cells for o in c.get("outputs", ()) if "data" in o]
    assert results
    for output in results:
        assert output.data.get("text/html")
        plain = output.data["text/plain"]
        assert plain.strip()
        assert "<div" not in plain
        assert not re.search(r"object at 0x|DataFrame|frame=", plain), plain[:200]


@pytest.mark.parametrize(("name", "unit"), RUNS)
def test_the_fictional_land_is_named_on_every_page(report, name, unit):
    html = html_of(report(name, unit))
    assert 'class="smup-land-band"' in html
    assert "dane przykładowe, jednostki fikcyjne" in html


def test_finance_of_a_city_says_what_is_missing_and_who_has_it(report_home, report_of):
    """The test of the empty report: no value, and still every question has an answer."""
    html = html_of(report_of("finance", CITY, YEAR, level="powiat"))
    assert html.count("smup-empty-title") >= 2
    assert "tę wartość ma tylko pod kodem gminy" in html
    assert "906101, szczebel" in html
    assert "Gdzie są te dane" in html
    assert "Ministerstwa Finansów" in html


def test_the_analyst_template_runs_as_a_report(report_home, tmp_path: Path):
    path = new_notebook("area_deep_dive", POWIAT, YEAR, tmp_path / "moj.ipynb")
    from smup_lib.reports.runner import run_notebook

    given = {"area": "drogownictwo", "unit": POWIAT, "year": YEAR}
    result = run_notebook(path, given, tmp_path)
    assert result.html.name == f"moj_{POWIAT}_{YEAR}_area-roads_transport.html"
    assert "Drogownictwo i transport" in html_of(result)


@pytest.mark.parametrize("name", ["environment", "finance", "local_taxes"])
def test_a_city_is_reported_under_the_code_of_the_level_that_does_the_work(report, name):
    """These are services of gminy; a city with powiat rights is known by its powiat first."""
    assert report(name, CITY).html.name == f"{name}_{CITY}01_{YEAR}.html"


def test_a_comparison_without_anybody_to_compare_with_is_told(report_home):
    with pytest.raises(ParameterError, match="brak parametru „others”"):
        run_report("porównanie", unit=POWIAT, year=YEAR)


def test_a_powiat_without_the_services_of_gminy_is_told_so(report):
    html = html_of(report("environment", POWIAT))
    assert html.count("te wskaźniki są razem liczone tylko na szczeblu: gmin") == 3
