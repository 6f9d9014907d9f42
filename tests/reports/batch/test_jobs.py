"""Which reports an order makes: each once, cities once, everything wrong told at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import xlsxwriter

from smup_lib.errors import ParameterError
from smup_lib.reports.batch.fingerprint import Fingerprints
from smup_lib.reports.batch.jobs import list_jobs
from smup_lib.reports.batch.order import Order, simple_order
from smup_lib.reports.batch.units import choose_units
from smup_lib.reports.loading import Workspace
from smup_lib.teryt import is_city_code

YEAR = 2022


@pytest.fixture(scope="module")
def workspace(sample_home_dir) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMUP_HOME", str(sample_home_dir))
        yield Workspace.open()


def codes(workspace, *terms, levels=("gmina", "powiat")):
    return choose_units(workspace.register, terms, YEAR, levels).codes


def test_words_mean_levels_and_places(workspace):
    register = workspace.register
    assert codes(workspace, "powiaty") == register.codes("powiat", YEAR)
    assert codes(workspace, "GMINY") == register.codes("gmina", YEAR)
    within = codes(workspace, "gminy:9002")
    assert within
    assert all(code.startswith("9002") and len(code) == 6 for code in within)


def test_all_units_hold_each_city_once(workspace):
    found = codes(workspace, "wszystkie")
    register = workspace.register
    cities = [c for c in register.codes("powiat", YEAR) if is_city_code(c)]
    assert cities
    assert len(found) == len(set(found))
    expected = len(register.codes("gmina", YEAR)) + len(register.codes("powiat", YEAR))
    assert len(found) == expected - len(cities)
    assert {c[:4] for c in found if is_city_code(c)} == set(cities)


def test_a_file_is_read_with_or_without_a_heading(workspace, tmp_path):
    listed = tmp_path / "lista.csv"
    listed.write_text("\ufeffkod;nazwa\n9001;Pierwszy\n\n9002;Drugi\n9001;znowu\n", "utf-8")
    chosen = choose_units(workspace.register, [str(listed)], YEAR)
    assert chosen.codes == ("9001", "9002")
    assert "„kod” pominięto" in chosen.notes[0]
    assert "1 powtórzenie" in chosen.notes[1]
    assert "9001" in chosen.notes[1]


@pytest.mark.parametrize(
    ("first", "kept"),
    [("Kod TERYT", 1), ("wykaz do sesji", 1), ("{name}", 2)],
)
def test_a_name_above_codes_is_no_heading(workspace, tmp_path, first, kept):
    name = workspace.register.unit("9003", YEAR).name
    listed = tmp_path / "lista.txt"
    listed.write_text(f"{first.format(name=f'powiat {name}')}\n9001\n", encoding="utf-8")
    chosen = choose_units(workspace.register, [str(listed)], YEAR)
    assert chosen.codes == ("9003", "9001")[-kept:]
    assert ["nagłówek" in note for note in chosen.notes] == [True] * (2 - kept)


def test_a_misspelt_name_above_codes_is_told(workspace, tmp_path):
    name = workspace.register.unit("9003", YEAR).name
    listed = tmp_path / "lista.txt"
    listed.write_text(f"powiat {name[:-1]}x\n9001\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="Nie ma"):
        choose_units(workspace.register, [str(listed)], YEAR)


def test_only_means_units_of_the_order_and_a_city_under_both_codes(workspace):
    register = workspace.register
    city = next(c for c in register.codes("powiat", YEAR) if is_city_code(c))
    order = simple_order(["portret"], ["9001", city], YEAR)
    assert [j.unit for j in list_jobs(order, workspace, [f"{city}01"]).jobs] == [city]
    assert [j.unit for j in list_jobs(order, workspace, ["powiaty"]).jobs] == ["9001", city]
    with pytest.raises(ParameterError, match=r"9003: tej jednostki nie ma w zleceniu"):
        list_jobs(order, workspace, ["9001", "9003"])


def test_two_ways_of_asking_for_one_file_are_refused(workspace):
    order = Order.model_validate(
        {
            "year": YEAR,
            "units": ["9001", "9002"],
            "parts": [
                {"report": "jakość danych", "parameters": {"area": "kultura"}},
                {"report": "jakość danych", "parameters": {"area": "culture_recreation"}},
                {"report": "jakość danych", "parameters": {"area": "roads_transport"}},
            ],
        }
    )
    with pytest.raises(ParameterError) as refused:
        list_jobs(order, workspace)
    told = str(refused.value)
    assert told.count("zostaw jeden") == 1
    assert "area=kultura oraz wartości domyślne" in told


def test_every_unknown_unit_is_told_at_once(workspace, tmp_path):
    listed = tmp_path / "lista.txt"
    listed.write_text("9001\n9777\nXyzowo\n90\n", encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        choose_units(workspace.register, [str(listed), "gminy:Nigdzie", "1234567890"], YEAR)
    told = str(refused.value)
    for word in ("9777", "Xyzowo", "90: ", "Nigdzie", "1234567890", "powiaty:"):
        assert word in told


def test_an_empty_choice_and_a_missing_file_are_refused(workspace, tmp_path):
    with pytest.raises(ParameterError, match="żadna jednostka"):
        choose_units(workspace.register, [], YEAR)
    with pytest.raises(ParameterError, match="listy jednostek"):
        choose_units(workspace.register, [str(tmp_path / "nie_ma.csv")], YEAR)


def test_an_order_makes_each_report_once(workspace):
    order = Order.model_validate(
        {
            "year": YEAR,
            "units": ["9001", "9002"],
            "parts": [
                {"report": "kultura", "chapters": [{"title": "Obie"}, {"units": "9002"}]},
                {"report": "kultura", "group": "neighbours"},
                {"report": "portret", "year": 2021},
            ],
        }
    )
    jobs = list_jobs(order, workspace).jobs
    assert [(j.section.name, j.unit, j.year) for j in jobs] == [
        ("culture_recreation", "9001", 2022),
        ("culture_recreation", "9002", 2022),
        ("culture_recreation", "9001", 2022),
        ("culture_recreation", "9002", 2022),
        ("unit_portrait", "9001", 2021),
        ("unit_portrait", "9002", 2021),
    ]
    assert jobs[2].parameters == {"group": "neighbours", "unit": "9001", "year": 2022}
    assert len({job.key for job in jobs}) == 6


def test_all_parts_are_checked_before_the_first_report(workspace):
    order = Order.model_validate(
        {
            "units": "powiaty",
            "parts": [
                {"report": "kultura", "year": 2022, "parameters": {"grupa": "a"}},
                {"report": "drogi_i_mosty", "year": 2022},
                {"report": "portret"},
                {"report": "finanse", "year": 1991},
            ],
        }
    )
    with pytest.raises(ParameterError) as refused:
        list_jobs(order, workspace)
    told = str(refused.value)
    for word in ("grupa", "drogi_i_mosty", "brak roku", "1991"):
        assert word in told


def test_a_fingerprint_changes_with_what_is_read_and_with_nothing_else(workspace, monkeypatch):
    first, second = list_jobs(simple_order(["kultura"], ["9001", "9002"], YEAR), workspace).jobs
    grouped = list_jobs(simple_order(["kultura"], ["9001"], YEAR, "neighbours"), workspace).jobs[0]
    one = Fingerprints(workspace.snapshot, workspace.catalogue)
    again = Fingerprints(workspace.snapshot, workspace.catalogue)
    assert one.of(first) == again.of(first)
    assert len({one.of(first), one.of(second), one.of(grouped)}) == 3


def test_own_groups_enter_the_fingerprint(workspace, sample_home_dir, tmp_path, monkeypatch):
    job = list_jobs(simple_order(["kultura"], ["9001"], YEAR), workspace).jobs[0]
    prints = Fingerprints(workspace.snapshot, workspace.catalogue)
    before = prints.of(job)
    monkeypatch.setenv("SMUP_HOME", str(tmp_path))
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups" / "moja.yaml").write_text("name: moja\n", encoding="utf-8")
    grouped = prints.of(job)
    assert grouped != before
    (tmp_path / "plans").mkdir()  # which no report of an area reads
    (tmp_path / "plans" / "moj.yaml").write_text("id: moj\n", encoding="utf-8")
    assert prints.of(job) == grouped


def test_an_own_practice_enters_the_reports_of_its_area_alone(workspace, tmp_path, monkeypatch):
    asked = ["kultura", "drogi", "portret"]
    jobs = list_jobs(simple_order(asked, ["9001"], YEAR), workspace).jobs

    def prints() -> list[str]:
        found = Fingerprints(workspace.snapshot, workspace.catalogue)
        return [found.of(job) for job in jobs]

    monkeypatch.setenv("SMUP_HOME", str(tmp_path))
    before = prints()
    service = workspace.catalogue.area("kultura").services[0].code
    card = [
        "id: moja",
        "title: Moja",
        "status: incomplete",
        "source: urząd",
        "office: {name: Gmina Nowa}",
    ]
    (tmp_path / "practices").mkdir()
    (tmp_path / "practices" / "moja.yaml").write_text(
        "\n".join([*card, f"services: [{service}]"]), encoding="utf-8"
    )
    changed = [one != other for one, other in zip(before, prints(), strict=True)]
    assert changed == [True, False, True]


def listed(workspace, path, **how):
    return choose_units(workspace.register, [str(path)], YEAR, **how)


def test_a_workbook_is_a_list_too_and_its_heading_says_which_column(workspace, tmp_path):
    path = tmp_path / "lista.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([("Lp.", "Kod TERYT"), (1, 9001), (2, "9003"), ("", "")]):
            sheet.write_row(place, 0, row)
    chosen = listed(workspace, path)
    assert chosen.codes == ("9001", "9003")
    assert "kolumna 2 („Kod TERYT”)" in chosen.notes[0]
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_048_575, 16_383, ".")  # the last cell there can be
    with pytest.raises(ParameterError, match="uszkodzony") as refused:
        listed(workspace, path)
    assert "zapisz jako CSV" in str(refused.value)


def test_a_list_of_another_encoding_and_an_empty_one(workspace, tmp_path):
    path = tmp_path / "lista.txt"
    path.write_text("kod\tnazwa\n9002\t\n", encoding="utf-16")
    assert listed(workspace, path).codes == ("9002",)
    path.write_bytes(b"\n# uwaga\n")
    with pytest.raises(ParameterError, match=r"lista\.txt"):
        listed(workspace, path)


def test_a_code_beside_the_name_of_another_unit_is_told(workspace, tmp_path):
    mine, other = (workspace.register.unit(code, YEAR) for code in ("9001", "9204"))
    path = tmp_path / "lista.csv"
    path.write_text(f"kod;nazwa\n9001;{mine.name}\n9001;{other.name}\n9001;uwaga\n", "utf-8")
    with pytest.raises(ParameterError) as refused:
        listed(workspace, path)
    assert "wiersz 3: kod 9001 to" in str(refused.value)
    assert other.label in str(refused.value)
    assert str(refused.value).count("wiersz ") == 1


def test_an_ambiguous_name_is_told_with_its_row_and_what_it_may_mean(workspace, tmp_path):
    path = tmp_path / "lista.txt"
    path.write_text("9001\n\nBrzezica\n9777\n", encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        listed(workspace, path)
    told = str(refused.value)
    assert "lista.txt, wiersz 3: „Brzezica” pasuje do 2 jednostek: " in told
    assert "(900102)" in told and "(9061)" in told
    assert "--skip-unknown" in told
    chosen = listed(workspace, path, skip_unknown=True)
    assert chosen.codes == ("9001",)
    assert [note.split(":")[1] for note in chosen.notes] == [
        f" lista.txt, wiersz {row}" for row in (3, 4)
    ]
    path.write_text("9777\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="9777"):
        listed(workspace, path, skip_unknown=True)


def test_a_zero_that_a_spreadsheet_lost_is_put_back(workspace, tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text("201\n9001\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="0201"):  # no unit of the sample land
        listed(workspace, path)


def test_a_fault_that_parts_share_is_told_once(workspace):
    with pytest.raises(ParameterError) as refused:
        list_jobs(simple_order(["kultura", "drogi"], ["9777"], YEAR), workspace)
    assert str(refused.value).count("9777") == 1
