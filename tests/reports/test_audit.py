"""The audit as a reader meets it: frames, displays, the chart with its table, the page."""

from __future__ import annotations

import dataclasses
import re

import pytest

from smup_lib.errors import ParameterError
from smup_lib.present import audit_page
from smup_lib.present.audit_words import GAPS, gap_remedy
from smup_lib.present.figure import ChartFigure
from smup_lib.present.svg import render_svg
from smup_lib.reports.audit import Audit, open_audit
from smup_lib.reports.audit_frames import YEAR_COLUMNS
from smup_lib.reports.html_check import check_html
from smup_lib.reports.loading import Workspace


@pytest.fixture(scope="module")
def audit(sample_home_dir) -> Audit:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        opened = open_audit("kultura")
        opened.frame()
        return opened


def row_of(audit: Audit, indicator: str, level: str, year: int):
    frame = audit.frame()
    found = frame[(frame["indicator"] == indicator) & (frame["level"] == level)]
    return found[found["year"] == year].iloc[0]


def test_planted_gaps_have_reason_and_remedy(audit):
    assert tuple(audit.frame().columns) == YEAR_COLUMNS
    secret = row_of(audit, "museum_visitors_per_10k", "powiat", 2016)
    assert (secret["values"], secret["units"], secret["gap"]) == (35, 36, "suppressed")
    assert secret["reason"] == GAPS["suppressed"]
    late = row_of(audit, "exhibitions_per_museum", "gmina", 2024)
    assert (late["values"], late["gap"]) == (0, "not_yet")
    odd = row_of(audit, "sports_club_members_per_1k", "powiat", 2023)
    assert (odd["gap"], odd["variables"]) == ("other_years", "sports_club_members")
    assert "smup data import PLIK --variable sports_club_members" in odd["remedy"]
    full = row_of(audit, "library_readers_per_1k", "powiat", 2024)
    assert (full["share"], full["gap"], full["remedy"]) == (100.0, "", "")


def test_every_gap_has_words_and_every_missing_value_a_reason(audit):
    frame = audit.frame()
    short = frame["values"] < frame["units"]
    assert (frame.loc[short, "reason"] != "").all()
    assert (frame.loc[~short & frame["year"].notna(), "gap"] == "").all()
    assert set(frame["gap"]) - {""} <= set(GAPS)
    undefined = frame[frame["year"].isna()]
    assert set(undefined["gap"]) == {"not_for_level"}


def test_remedies_and_gaps_name_only_commands_that_there_are():
    from typer.main import get_command

    from smup_lib.catalogue import load_catalogue
    from smup_lib.cli import app

    catalogue = load_catalogue()
    texts = [gap_remedy(gap, v, "gmina") for v in catalogue.variables.values() for gap in GAPS]
    texts += [gap.reason for a in catalogue.areas.values() for s in a.services for gap in s.gaps]
    told = {
        words for text in texts for words in re.findall(r"smup ((?:data sync|[a-z]+) [a-z]+)", text)
    }
    assert {"data sync bestia", "data sync bdl", "data import"} <= told
    for words in told:
        command = get_command(app)
        for word in words.split():
            assert word in command.commands, words
            command = command.commands[word]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("expenditure_lighting", "rozdział 90015, szczebel gmin: smup data sync bestia"),
        ("population", "BDL, podgrupa P2137, szczebel gmin: smup data sync bdl albo smup data"),
        (
            "expenditure_education",
            "dział 801, szczebel gmin: smup data sync bestia; albo BDL, pod",
        ),
        (
            "primary_exam_mean",
            "skoroszyt CKE z wynikami egzaminu ósmoklasisty w szkołach, szczebel",
        ),
        (
            "lit_roads_km",
            "JST, szczebel gmin: smup data import TABELA.csv --variable lit_roads_km",
        ),
        (
            "state_land_revenue",
            "Rb-27ZZ, rozdział 70005, szczebel gmin: smup data import PLIK --va",
        ),
        ("revenue_current_transfers", "Rb-27S, paragrafy 200–208, 210–213, 216–218, 221–223, 231"),
    ],
)
def test_a_remedy_is_the_command_that_works(name, told):
    from smup_lib.catalogue import load_catalogue

    assert told in gap_remedy("not_loaded", load_catalogue().variable(name), "gmina")


def test_a_file_that_is_old_is_to_be_replaced_and_a_new_one_waited_for():
    from smup_lib.catalogue import load_catalogue

    variable = load_catalogue().variable("population")
    assert gap_remedy("not_yet", variable, "gmina").startswith("poczekać na nowsze dane")
    told = gap_remedy("not_yet", variable, "gmina", announced=True)
    assert told.startswith("nowszy plik (BDL") and "smup data sync bdl" in told


def test_summaries_add_up(audit):
    areas, indicators = audit.area_frame(), audit.indicator_frame()
    defined = indicators[indicators["defined"]]
    assert areas["indicators"].sum() == len(defined)
    gaps = audit.gap_frame()
    assert gaps["indicators"].is_monotonic_decreasing
    assert (gaps["remedy"] != "").all()


def test_the_chart_says_in_height_and_table_what_it_says_in_colour(audit):
    chart = audit.heat_chart("culture_recreation", "powiat")
    assert chart is not None
    svg = render_svg(chart)
    assert 'role="img"' in svg
    assert chart.alt_text.startswith("Lata 2010–2024. W 2024 r. pełne dane ma ")
    twin = chart.table()
    assert list(twin.columns)[:2] == ["wskaźnik", "2010 [%]"]
    assert len(twin) == len(chart.rows)
    places = list(chart.rows)
    club = twin.iloc[places.index("sports_club_members_per_1k")]
    assert (club["2022 [%]"], club["2023 [%]"]) == (100.0, 0.0)
    assert "Tabela do wykresu" in ChartFigure(chart).html()
    assert audit.heat_chart("finance", "gmina") is None


def test_a_share_that_is_not_whole_never_looks_whole(audit):
    chart = audit.heat_chart("culture_recreation", "powiat")
    frame = chart.frame.assign(value=99.99)
    svg = render_svg(dataclasses.replace(chart, frame=frame))
    heights = set(re.findall(r"v([\d.]+)h-", svg))
    assert heights == {"2.2", "15.8"}


def test_the_whole_page_is_sound_and_says_all(audit):
    from smup_lib.present.page_shell import render_page

    page = render_page("Dostępność danych", audit.page().html, fictional=True)
    assert check_html(page) == []
    for heading in ("W skrócie", "Czego brakuje", "Które lata są w danych", "Czy źródła mówią"):
        assert heading in page
    assert "tłumaczy zaokrąglenie" in page


def test_a_page_of_many_areas_has_contents_and_folds_its_lists(sample_home):
    workspace = Workspace.open("sample")
    areas = [workspace.catalogue.area(name) for name in ("kultura", "context")]
    page = Audit(workspace, areas, ["powiat"]).page().html
    assert page.index("Spis treści") < page.index("W skrócie")
    assert page.index("<svg") < page.index(">Czego brakuje</h2>")
    gaps = page.partition(">Czego brakuje</h2>")[2].partition("</section>")[0]
    assert gaps.startswith('<details class="smup-more"><summary>Kultura i rekreacja (')


def test_a_share_that_is_not_nothing_never_looks_like_nothing(audit):
    frame = audit.area_frame().assign(share=[0.04, 0.0][: len(audit.area_frame())])
    html = audit_page.render_area_counts(frame)
    assert ">poniżej 0,1<" in html
    assert (">0,0<" in html) is (len(frame) > 1)


def test_only_gminy_and_powiaty_are_audited(sample_home):
    with pytest.raises(ParameterError, match="województw"):
        open_audit("kultura", "województwo")


def test_the_audit_of_chosen_indicators_is_of_these_alone(sample_home):
    workspace = Workspace.open("sample")
    one = workspace.catalogue.indicator("population_density")
    chosen = Audit(workspace, [workspace.catalogue.area("context")], indicators=[one])
    assert set(chosen.frame()["indicator"]) == {"population_density"}


def test_a_chart_of_nothing_is_a_box_that_says_so(audit):
    chart = audit.heat_chart("culture_recreation", "powiat")
    empty = dataclasses.replace(chart, frame=chart.frame.assign(value=0.0))
    html = ChartFigure(empty).html()
    assert "smup-empty" in html
    assert "wczytane dane nie mają na tym szczeblu ani jednej" in html


def test_narrowing_counts_the_same_as_asking_for_one_area(sample_home):
    both = Audit(Workspace.open("sample"), [
        Workspace.open("sample").catalogue.area(name) for name in ("kultura", "context")
    ], ["powiat"])  # fmt: skip
    alone = open_audit("context", "powiat").frame()
    assert both.narrowed("context").frame().equals(alone)
