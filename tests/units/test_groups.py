"""Comparison groups: every rule says who is in it and by what rule."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from smup_lib.catalogue import load_catalogue
from smup_lib.errors import GroupError, ParameterError
from smup_lib.snapshots import load_snapshot
from smup_lib.snapshots.observations import as_observations
from smup_lib.units import (
    PeerGroup,
    Register,
    add_group,
    build_group,
    list_saved_groups,
    load_group,
    load_register,
    remove_group,
    save_group,
)
from smup_lib.units.group_rules import SIZE_CLASSES

YEAR = 2024
_ids = itertools.count()


class Land:
    """A small snapshot in memory: what the rules ask of the store."""

    def __init__(self, observed: pd.DataFrame, borders: pd.DataFrame) -> None:
        self.id = f"land{next(_ids)}"
        self._observed = observed
        self._tables = {"borders": borders, "functional_classes": pd.DataFrame()}

    def table(self, name: str) -> pd.DataFrame:
        return self._tables[name]

    def observations(
        self,
        variables: Iterable[str] | None = None,
        unit_codes: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        level: str | None = None,
    ) -> pd.DataFrame:
        frame = self._observed
        length = {"gmina": 6, "powiat": 4}
        for column, wanted in (("variable", variables), ("unit_code", unit_codes), ("year", years)):
            if wanted is not None:
                frame = frame[frame[column].isin(list(wanted))]
        if level is not None:
            frame = frame[frame["unit_code"].astype("str").str.len() == length[level]]
        return frame


def rows(
    variable: str, year: int, values: dict[str, float], source: str = "test:a@00000000"
) -> list[tuple[object, ...]]:
    return [(code, year, variable, value, source) for code, value in values.items()]


POPULATION = {
    "900101": 4_999,
    "900104": 5_000,
    "900202": 9_999,
    "900204": 10_000,
    "920101": 7_000,
    "920102": 6_000,
    "920104": 3_000,
    "900102": 5_500,
    "900203": 12_000,
    "920106": 8_000,
}
DENSITY = {code: 20 + index * 3.5 for index, code in enumerate(POPULATION)}


def snapshot(*extra: Sequence[tuple[object, ...]]) -> Land:
    listed = [
        *rows("population", YEAR, POPULATION),
        *rows("population_density", YEAR - 1, DENSITY),
        *rows("population", YEAR, {"9061": 150_000, "9262": 120_000}),
        *(row for part in extra for row in part),
    ]
    columns = ["unit_code", "year", "variable", "value", "source"]
    borders = [("900203", "900201", 2.0), ("900203", "900202", 1.0), ("900203", "920101", 1.5)]
    both = [*borders, *((b, a, km) for a, b, km in borders)]
    frame = pd.DataFrame(both, columns=["unit_code", "neighbour_code", "border_km"])
    return Land(as_observations(pd.DataFrame(listed, columns=columns)), frame)


def build(land: Register, rule: str, code: str, year: int = YEAR, **more: object) -> PeerGroup:
    source = more.pop("source", None) or snapshot()
    context = more.pop("context", ("population", "population_density"))
    return build_group(
        rule,
        land.unit(code),
        year,
        land,
        source,
        load_catalogue(),
        context,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("rule", "code", "members"),
    [
        ("neighbours", "900203", {"900201", "900202", "920101"}),
        ("neighbours:same_powiat", "900203", {"900201", "900202"}),
        ("same_kind", "900203", {"900102", "920106"}),
        ("same_kind", "9061", {"9262"}),
        ("same_kind", "9001", {"9002", "9201"}),
        ("same_size_class", "900104", {"900202", "920101", "920102"}),
        ("same_size_class", "900101", {"920104"}),
        ("voivodeship", "920101", {"920102", "920103", "920104", "920106", "926201"}),
        ("voivodeship", "9001", {"9002", "9061"}),
        ("country", "9001", {"9002", "9201", "9061", "9262"}),
        ("country", "90", {"92"}),
        ("chosen:900101,920104", "900104", {"900101", "920104"}),
        ("chosen: gmina wiejska Lipów , Laki", "900104", {"900101", "920104"}),
        ("similar:3", "900101", {"900104", "900202", "920101"}),
    ],
)
def test_members_of_every_rule(land: Register, rule: str, code: str, members: set[str]) -> None:
    group = build(land, rule, code)
    assert set(group.members) == members
    assert code not in group.members
    assert group.rule == rule.partition(":")[0]
    assert group.description_pl.endswith(".")
    assert (group.unit_code, group.year) == (code, YEAR)
    assert {len(member) for member in group.members} == {len(code)}


def test_a_rule_with_its_parameter_is_the_key(land: Register) -> None:
    keys = {
        "neighbours": ("neighbours", "900203"),
        "neighbours:same_powiat": ("neighbours:same_powiat", "900203"),
        "similar:15": ("similar", "900101"),
        "chosen:900101": ("chosen:900101", "900104"),
    }
    for key, (rule, code) in keys.items():
        assert build(land, rule, code).key == key


def test_similar_names_variables_years_quality_and_what_was_dropped(land: Register) -> None:
    group = build(land, "similar:4", "900101", context=("population_density", "avg_gross_wage"))
    assert group.parameters["variables"] == {"population": YEAR, "population_density": YEAR - 1}
    assert group.dropped_variables == {"avg_gross_wage": "brak danych"}
    assert group.parameters["quality"] in ("dobre", "umiarkowane", "słabe")
    assert "(2023)" in group.description_pl
    assert "gmin wiejskich" in group.description_pl
    assert any("Nie użyto cechy" in note for note in group.notes)
    assert group.details is not None
    assert group.details["unit_code"].tolist() == list(group.members)
    assert group.details["distance"].is_monotonic_increasing


def test_weights_of_the_user_are_in_the_key_and_in_the_words(land: Register) -> None:
    group = build(land, "podobne:4,population_density=0.5,population=3", "900101")
    assert group.key == "similar:4,population=3,population_density=0.5"
    assert group.parameters["weights"] == {"population": 3.0, "population_density": 0.5}
    assert "Wagi podane przez użytkownika (pozostałe: 1): ludność ogółem 3" in group.description_pl
    assert build(land, group.key, "900101").members == group.members
    plain = build(land, "similar:4", "900101")
    assert "Wagi podane" not in plain.description_pl
    # equal weights of all are no weights
    same = build(land, "similar:4,population=2,population_density=2", "900101")
    assert same.members == plain.members


def test_a_variable_that_too_few_have_is_dropped_with_its_coverage(land: Register) -> None:
    some = rows("avg_gross_wage", YEAR, {"900101": 5000.0, "900104": 5100.0})
    group = build(
        land, "similar:3", "900101", source=snapshot(some), context=("population", "avg_gross_wage")
    )
    assert group.dropped_variables["avg_gross_wage"] == "wartość ma 29% jednostek, a trzeba 95%"


def test_the_nearest_year_with_data_is_taken_and_a_distant_one_told(land: Register) -> None:
    group = build(land, "similar:3", "900101", year=2020)
    assert group.parameters["variables"] == {"population": YEAR, "population_density": YEAR - 1}
    assert any("Z braku danych za 2020 r." in note for note in group.notes)
    with pytest.raises(GroupError, match="Za mało danych") as caught:
        build(land, "similar:3", "900101", year=2012)
    assert "Ludność ogółem: brak danych" in str(caught.value)


def test_sources_go_by_their_precedence(land: Register) -> None:
    catalogue = load_catalogue()
    first, second = sorted(("bdl:P2137@00000000", "panel:gmina@00000000"), key=catalogue.precedence)
    other = dict.fromkeys(POPULATION, 50_000.0) | {"920104": 60_000.0}
    parts = [rows("population", YEAR, other, second), rows("population", YEAR, POPULATION, first)]
    frame = as_observations(
        pd.DataFrame(
            [row for part in parts for row in part],
            columns=["unit_code", "year", "variable", "value", "source"],
        )
    )
    source = Land(frame, pd.DataFrame())
    group = build(land, "same_size_class", "900101", source=source)
    assert set(group.members) == {"920104"}


def test_a_city_uses_what_its_other_level_has(land: Register) -> None:
    group = build(land, "same_size_class", "906101", source=snapshot())
    assert group.parameters["from"] == 100_000
    assert group.members == ("926201",)
    # two cities are too few to find similar ones, in words
    with pytest.raises(GroupError, match="Za mało danych"):
        build(land, "similar:3", "906101")


@pytest.mark.parametrize("limits", SIZE_CLASSES.values())
def test_size_classes_are_ordered(limits: tuple[int, ...]) -> None:
    assert list(limits) == sorted(set(limits))


@pytest.mark.parametrize(("own", "low", "below"), [(4_999, 0, 5_000), (5_000, 5_000, 10_000)])
def test_size_class_limits_are_part_of_the_result(
    land: Register, own: int, low: int, below: int
) -> None:
    code = {value: code for code, value in POPULATION.items()}[own]
    group = build(land, "same_size_class", code)
    assert (group.parameters["from"], group.parameters["below"]) == (low, below)
    assert f"{below - 1:,}".replace(",", "\u00a0") in group.description_pl or low == 0


def test_functional_class_needs_an_import(land: Register) -> None:
    with pytest.raises(GroupError, match="nie zgadujemy"):
        build(land, "functional_class", "900101")
    classes = pd.DataFrame(
        {
            "unit_code": ["900101", "900104", "920101", "900102"],
            "functional_class": ["H", "H", "I", "H"],
            "edition": ["2016"] * 4,
        }
    )
    source = snapshot()
    source._tables["functional_classes"] = classes
    group = build(land, "functional_class", "900101", source=source)
    assert group.members == ("900104",)  # 900102 has the class but another kind
    assert "Klasa funkcjonalna H" in group.description_pl
    with pytest.raises(GroupError, match="nie ma klasy"):
        build(land, "functional_class", "920104", source=source)


def test_mixed_kinds_and_small_groups_are_told(land: Register) -> None:
    group = build(land, "chosen:9001,9002", "9061")
    assert any("różne rodzaje" in note for note in group.notes)
    assert any("Mała grupa (2 jednostki)" in note for note in group.notes)
    assert group.mixed
    assert not build(land, "same_kind", "9061").mixed
    assert build(land, "same_kind", "9061").notes == (
        "Mała grupa (1 jednostka): miejsca w kolejności podajemy od 8.",
    )


def test_few_of_a_kind_stand_with_all_powiaty_of_the_voivodeship(land: Register) -> None:
    group = build(land, "voivodeship", "9061")
    assert set(group.members) == {"9001", "9002"}
    assert group.mixed


def test_kinds_are_those_of_the_year(land: Register) -> None:
    assert "900102" in build(land, "same_kind", "900101", year=2019).members
    assert "900102" not in build(land, "same_kind", "900101", year=2020).members


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("neighbors", "900203", "czy chodziło o: neighbours?"),
        ("similar:x", "900203", "Nieprawidłowa liczba"),
        ("similar:2", "900203", "od 3 do 200"),
        ("similar:-5", "900203", "od 3 do 200"),
        ("similar:5,population", "900203", "Nie rozumiem wagi „population”"),
        ("similar:5,population=2,5", "900203", "Nie rozumiem wagi „5”"),
        ("similar:5,population=0", "900203", "population: waga 0, a musi być"),
        ("similar:population=-1", "900203", "population: waga -1, a musi być"),
        ("similar:5,population=nan", "900203", "population: waga nan, a musi być"),
        ("similar:5,live_births=1", "900203", "live_births: tej cechy nie ma wśród porównywanych"),
        ("country:5", "900203", "nie ma parametru"),
        ("neighbours:all", "900203", "neighbours:same_powiat"),
        ("voivodeship", "90", "nie leży w województwie"),
        ("same_size_class", "90", "tylko dla gmin i powiatów"),
        ("same_kind", "00", "nie ma z kim porównać"),
        ("same_kind", "900205", "istniała do 2018 r."),
        ("chosen:", "900203", "lista jest pusta"),
    ],
)
def test_a_rule_without_an_answer_says_why(land: Register, rule: str, code: str, said: str) -> None:
    with pytest.raises(GroupError) as caught:
        build(land, rule, code)
    assert said in str(caught.value)


def test_all_that_is_wrong_with_weights_is_told_at_once(land: Register) -> None:
    rule = "similar:2,populaton=2,nobody=1,population=0,live_births=1,population_density"
    with pytest.raises(ParameterError) as caught:
        build(land, rule, "900203")
    said = "\n".join(caught.value.problems)
    for one in ("od 3 do 200", "„populaton”", "„nobody”", "population: waga 0", "live_births: tej"):
        assert one in said
    assert "Nie rozumiem wagi „population_density”" in said


def test_who_is_alone_in_a_group_is_led_to_units_of_the_same_kind(land: Register) -> None:
    source = snapshot()
    columns = ["unit_code", "functional_class", "edition"]
    source._tables["functional_classes"] = pd.DataFrame([("900203", "A", "2020")], columns=columns)
    with pytest.raises(GroupError, match="Grupa jest pusta") as caught:
        build(land, "functional_class", "900203", source=source)
    assert "same_kind" in str(caught.value.next_step)


def test_everything_wrong_with_a_chosen_list_is_told_at_once(land: Register) -> None:
    with pytest.raises(GroupError) as caught:
        build(land, "chosen:900101,900203,900101,9001,990000,Jawor,900205", "900203")
    told = caught.value.problems
    assert len(told) == 6
    for said in (
        "900203: to jednostka, którą porównujemy",
        "900101: jednostka 900101 jest na liście drugi raz",
        "9001: Kod 9001 oznacza powiat",
        "990000: „990000” nie jest kodem",
        "Jawor: „Jawor” pasuje do 3 jednostek",
        "900205: Gmina 900205 (Mokre) istniała do 2018 r.",
    ):
        assert any(problem.startswith(said) for problem in told), said


def test_a_saved_group_comes_back_with_name_and_reason(land: Register, smup_home: Path) -> None:
    path = save_group("nasz związek", "wspólna oczyszczalnia", ["900101", "0201011"][:1])
    assert path.parent == smup_home / "groups"
    assert list_saved_groups() == ("nasz związek",)
    group = build(land, "chosen:@nasz związek", "900104")
    assert group.members == ("900101",)
    assert group.key == "chosen:@nasz związek"
    assert "wspólna oczyszczalnia" in group.description_pl
    assert load_group("nasz związek").units == ("900101",)


@pytest.mark.parametrize("code", ["900101", "900202"])
def test_units_picked_by_hand_are_as_like_the_unit_as_when_they_were_found(
    land: Register, code: str
) -> None:
    context = ("population_density",)
    found = build(land, "similar:4", code, context=context)
    picked = build(land, f"chosen:{','.join(found.members)}", code, context=context)
    for told in ("quality", "quality_ratio"):
        assert picked.parameters[told] == found.parameters[told]
    assert (picked.poor_match, picked.unknown_match) == (found.poor_match, False)
    assert f"Dopasowanie: {found.parameters['quality']}." in picked.description_pl
    of_other_kind = build(land, f"chosen:{','.join(found.members)},920104,926201", code)
    assert of_other_kind.unknown_match
    assert not of_other_kind.poor_match
    assert "nie wiadomo" in of_other_kind.description_pl


def test_codes_in_a_file_written_by_hand_keep_their_zeros(smup_home: Path) -> None:
    folder = smup_home / "groups"
    folder.mkdir()
    (folder / "moja.yaml").write_text(
        "name: moja\nreason: próba\nunits: [0201, 020101, 1261]\n", encoding="utf-8"
    )
    assert load_group("moja").units == ("0201", "020101", "1261")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: x\n", "nie jest zapisaną grupą"),
        ("- 1\n- 2\n", "nie jest zapisaną grupą"),
        ("name: [\n", "nie da się przeczytać"),
        ("name: x\nreason: y\nunits: {a: b}\n", "nie jest zapisaną grupą"),
    ],
)
def test_a_damaged_group_file_is_told(smup_home: Path, content: str, said: str) -> None:
    folder = smup_home / "groups"
    folder.mkdir()
    (folder / "x.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(GroupError) as caught:
        load_group("x")
    assert said in caught.value.what


def test_an_unknown_saved_group_and_a_wrong_name(smup_home: Path) -> None:
    save_group("powiaty", "bo tak", ["0201"])
    with pytest.raises(GroupError, match="czy chodziło o: powiaty"):
        load_group("powiat")
    with pytest.raises(GroupError, match="Nie ma zapisanej grupy"):
        load_group("../powiaty")
    with pytest.raises(GroupError) as caught:
        save_group("a/b", " ", [])
    assert len(caught.value.problems) == 3
    assert list_saved_groups() == ("powiaty",)


def test_every_rule_on_the_sample_land(sample_home: Path) -> None:
    source = load_snapshot()
    register, catalogue = load_register(source), load_catalogue()
    year = register.current_year - 1
    context = catalogue.area("context").context
    for level in ("gmina", "powiat"):
        code = next(
            c for c, kind in register.kinds(level, year).items() if kind in ("rural", "land_powiat")
        )
        unit = register.unit(code, year)
        for rule in (
            "neighbours",
            "same_kind",
            "same_size_class",
            "voivodeship",
            "similar:5",
            "country",
        ):
            group = build_group(rule, unit, year, register, source, catalogue, context)
            assert group.members, (rule, code)
            assert code not in group.members
            assert all(register.exists(member, year) for member in group.members)


def test_a_group_travels_to_another_office_as_one_file(smup_home: Path, tmp_path: Path) -> None:
    path = save_group("nasz związek", "wspólna oczyszczalnia", ["900101", "900102"])
    sent = tmp_path / "przysłane.yaml"
    sent.write_bytes(path.read_bytes())
    remove_group("nasz związek")
    assert add_group(sent).stem == "nasz związek"
    assert load_group("nasz związek").units == ("900101", "900102")
    assert add_group(sent).is_file()  # the same once more changes nothing
    with pytest.raises(GroupError, match="już jest i ma inne jednostki") as other:
        save_group("nasz związek", "inny powód", ["900103"])
    assert "--replace" in other.value.next_step
    assert load_group("nasz związek").units == ("900101", "900102")
    save_group("nasz związek", "inny powód", ["900103"], over=True)
    with pytest.raises(GroupError, match="Jest już zapisana inna grupa") as raised:
        add_group(sent)
    assert "--remove" in raised.value.next_step
    sent.write_text("name: a", encoding="utf-8")
    with pytest.raises(GroupError, match="nie jest zapisaną grupą"):
        add_group(sent)
    with pytest.raises(GroupError, match="Nie ma pliku"):
        add_group(tmp_path / "nie ma.yaml")
