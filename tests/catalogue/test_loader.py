"""The loader: every fault of every file at once, in words of whoever edits YAML."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smup_lib.catalogue import load_catalogue, read_catalogue
from smup_lib.errors import CatalogueError, IndicatorError, ParameterError
from tests.catalogue.small import SmallCatalogue


def problems_of(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    return "\n".join(caught.value.problems)


def test_a_small_catalogue_is_read(tmp_path: Path):
    catalogue = read_catalogue(SmallCatalogue().write(tmp_path))
    assert catalogue.indicator("lit_share").inputs.variables == ("crossings_lit", "crossings")
    assert catalogue.indicator("X-1").id == "accidents_rate_computed"
    assert catalogue.variable("LUD").id == "population"
    assert catalogue.publisher_of("sample:land@00000000").id == "sample"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda entry: entry.pop("limits"), "limits: brak wymaganego klucza"),
        (lambda entry: entry.pop("limits"), "oczekiwano: czego wartość nie mówi – tekst"),
        (lambda entry: entry.update(decimal=1), "decimal: nieznany klucz"),
        (lambda entry: entry.update(decimal=1), "czy chodziło o: decimals?"),
        (lambda entry: entry.update(xyz=1), "oczekiwano: jeden z: id, area, service"),
        (lambda entry: entry.update(dimension="jakość"), "czy chodziło o: quality"),
        (lambda entry: entry.update(decimals="dużo"), "oczekiwano: liczba całkowita"),
        (lambda entry: entry.update(decimals="dużo"), "jest: „dużo”"),
        (lambda entry: entry.update(decimals=9), "oczekiwano: najwyżej 6"),
        (lambda entry: entry.update(name=None), "jest: pusto"),
        (lambda entry: entry.update(name=5), "ujmij wartość w cudzysłów"),
        (lambda entry: entry.update(measure_unit=""), "measure_unit: tekst jest za krótki"),
        (lambda entry: entry.update(levels="gmina"), "co zrobić: zapisz: [gmina]"),
        (lambda entry: entry.update(levels=[]), "levels: lista jest pusta"),
        (lambda entry: entry.update(levels=["wieś"]), "gmina albo powiat albo voivodeship"),
        (lambda entry: entry.update(id="LitShare"), "małe litery bez polskich znaków"),
        (lambda entry: entry["polarity"].update(way="up"), "polarity.way: nieznany klucz"),
    ],
)
def test_each_fault_of_shape_is_told_in_polish(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], told: str
):
    small = SmallCatalogue()
    change(small.indicator("lit_share"))
    found = problems_of(small.write(tmp_path))
    assert found.startswith("roads_transport.yaml: ")
    assert told in found


def test_a_fault_within_a_service_is_found_by_its_code(tmp_path: Path):
    small = SmallCatalogue()
    small.gap["levels"] = ["wieś"]
    assert "services[DRO-01].gaps[1].levels[1]: wartość spoza" in problems_of(small.write(tmp_path))


@pytest.mark.parametrize(
    ("signatures", "judged"),
    [([], "neutral"), (["a"], "neutral"), (["a", "recenzent-kierunku"], "higher")],
)
def test_an_unsigned_or_half_signed_direction_is_not_acted_on(
    tmp_path: Path, signatures: list[str], judged: str
):
    small = SmallCatalogue()
    small.indicator("lit_share")["polarity"]["signed_by"] = signatures
    indicator = read_catalogue(small.write(tmp_path)).indicator("lit_share")
    assert indicator.polarity.judged == judged
    assert indicator.ranked == (judged == "higher")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path):
    small = SmallCatalogue()
    small.variables[0]["kind"] = "cośtam"
    del small.publishers[0]["licence"]
    del small.area["name"]
    small.area["indicators"][0]["decimals"] = 9
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(small.write(tmp_path))
    places = [problem.split(": ")[:3] for problem in caught.value.problems]
    assert places == [
        ["variables/common.yaml", "population", "kind"],
        ["sources.yaml", "sample", "licence"],
        ["roads_transport.yaml", "roads_transport", "name"],
        ["roads_transport.yaml", "crossings_a_road", "decimals"],
    ]
    assert caught.value.what == "Katalog ma 4 błędy."


def test_a_duplicate_id_is_told(tmp_path: Path):
    small = SmallCatalogue()
    small.area["indicators"].append(small.indicator("lit_share"))
    assert "lit_share: id: id powtarza się" in problems_of(small.write(tmp_path))


def test_the_id_of_an_area_is_the_name_of_its_file(tmp_path: Path):
    folder = SmallCatalogue().write(tmp_path)
    (folder / "areas" / "roads_transport.yaml").rename(folder / "areas" / "drogi.yaml")
    found = problems_of(folder)
    assert "drogi.yaml: roads_transport: id: identyfikator obszaru musi być nazwą pliku" in found


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("variables: [", "to nie jest poprawny YAML\n      jest: koniec pliku"),
        ("variables:\n\t- id: a", "wiersz 2: to nie jest poprawny YAML"),
        ("variables: []\nvariables: []", "wiersz 2: klucz „variables” powtarza się"),
        ("inne: []", "oczekiwano: jeden klucz „variables” z listą wpisów"),
        ("variables: [5]", "to nie jest zestaw kluczy"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, content, told):
    folder = SmallCatalogue().write(tmp_path)
    (folder / "variables" / "common.yaml").write_text(content, encoding="utf-8")
    found = problems_of(folder)
    assert told in found
    # no reference into a file that could not be read is called wrong
    assert "roads_transport.yaml" not in found


def test_a_file_in_another_encoding_is_told(tmp_path: Path):
    folder = SmallCatalogue().write(tmp_path)
    (folder / "variables" / "common.yaml").write_bytes("variables: [żółw]".encode("cp1250"))
    assert "variables/common.yaml: plik nie jest w kodowaniu UTF-8" in problems_of(folder)


def test_missing_files_are_told(tmp_path: Path):
    folder = SmallCatalogue().write(tmp_path)
    (folder / "sources.yaml").unlink()
    (folder / "areas" / "roads_transport.yaml").unlink()
    found = problems_of(folder)
    assert "sources.yaml: nie ma takiego pliku" in found
    assert "areas: w tym folderze nie ma plików obszarów" in found


def test_a_caveat_of_one_unit_is_said_of_no_other(tmp_path: Path):
    small = SmallCatalogue()
    small.variable("crossings")["caveats"] = [{"text": "W źródle brak roku.", "units": ["9002"]}]
    catalogue = read_catalogue(small.write(tmp_path))
    lit = catalogue.indicator("lit_share")
    told = [catalogue.caveats_of(lit, unit=unit) for unit in ("9002", "9003", None)]
    assert [len(texts) for texts in told] == [1, 0, 1]


def test_caveats_of_an_indicator_and_its_variables_hold_in_their_years(tmp_path: Path):
    small = SmallCatalogue()
    own, epidemic = {"text": "Wynik zależy od światła."}, {"text": "Była epidemia."}
    first = "Bez przejść dla rowerów."
    small.indicator("lit_share")["caveats"] = [{"text": first}]
    small.variable("crossings")["caveats"] = [
        epidemic | {"from_year": 2020, "to_year": 2021},
        own,
    ]
    small.variable("crossings_lit")["caveats"] = [
        own,
        {"text": "Do 2019 r. bez wsi.", "to_year": 2019},
    ]
    catalogue = read_catalogue(small.write(tmp_path))
    told = {
        year: catalogue.caveats_of(catalogue.indicator("lit_share"), year)
        for year in (2019, 2020, 2022)
    }
    assert told == {
        2019: (first, "Wynik zależy od światła.", "Do 2019 r. bez wsi."),
        2020: (first, "Wynik zależy od światła.", "Była epidemia."),
        2022: (first, "Wynik zależy od światła."),
    }
    of_every_year = catalogue.caveats_of(catalogue.indicator("lit_share"))
    assert of_every_year == (
        first,
        "Wynik zależy od światła.",
        "Do 2019 r. bez wsi.",
        "Była epidemia.",
    )


@pytest.mark.parametrize(
    ("unit", "nominal"),
    [
        ("zł", True),
        ("mln zł", True),
        ("tys. zł/os.", True),
        ("zł/mieszk.", True),
        ("zł/zł", False),
        ("%", False),
    ],
)
def test_amounts_in_current_prices_are_nominal(unit: str, nominal: bool):
    indicator = load_catalogue().indicator("debt_per_capita")
    assert indicator.model_copy(update={"measure_unit": unit}).nominal is nominal


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("culture_recreation", "culture_recreation"),
        ("culture", "culture_recreation"),
        ("Kultura i rekreacja", "culture_recreation"),
        ("KULTURA", "culture_recreation"),
        ("drogow", "roads_transport"),
        ("finanse", "finance"),
    ],
)
def test_an_area_is_found_by_id_name_or_beginning(text, found):
    assert load_catalogue().area(text).id == found


@pytest.mark.parametrize("text", ["", "kulturra", "xyz"])
def test_an_unknown_area_names_the_known_ones(text):
    with pytest.raises(ParameterError) as caught:
        load_catalogue().area(text)
    assert "culture_recreation" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"), [("kulturra", "kultura"), ("drogownictow", "drogownictwo")]
)
def test_a_mistyped_beginning_of_an_area_is_asked_back(text, meant):
    with pytest.raises(ParameterError, match="czy chodziło o") as caught:
        load_catalogue().area(text)
    assert meant in str(caught.value).lower()


def test_an_unknown_indicator_suggests_the_nearest():
    with pytest.raises(IndicatorError, match="museum_visitors_per_10k"):
        load_catalogue().indicator("museum_visitor_per_10k")


def test_the_stored_schema_is_the_schema_of_the_model(repo_root: Path):
    import json

    from smup_lib.catalogue.schema import schemas

    for name, schema in schemas().items():
        stored = json.loads((repo_root / "smup_lib/catalogue/schemas" / name).read_text("utf-8"))
        assert stored == schema, f"{name} is stale: run: python -m smup_lib.catalogue.schema"


def test_every_shipped_file_satisfies_the_stored_schema(repo_root: Path):
    import jsonschema
    import yaml

    from smup_lib.catalogue.schema import schemas

    folder = repo_root / "smup_lib" / "catalogue"
    kinds = {"variables/*": "variables", "sources": "sources", "areas/*": "area"}
    files = [(path, kind) for glob, kind in kinds.items() for path in folder.glob(f"{glob}.yaml")]
    assert len(files) > 10
    for path, kind in files:
        schema = schemas()[f"{kind}.schema.json"]
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


def test_one_entry_adds_an_indicator_to_the_shipped_catalogue(tmp_path: Path, repo_root: Path):
    folder = tmp_path / "catalogue"
    shutil.copytree(repo_root / "smup_lib" / "catalogue", folder)
    file = folder / "areas" / "culture_recreation.yaml"
    entry = """
  - id: library_loans_per_1k
    area: culture_recreation
    service: KUL-01
    dimension: quantity
    name: "Wypożyczenia na 1000 mieszkańców"
    short_name: "Wypożyczenia na 1000 mieszk."
    definition: "Liczba wypożyczeń w roku podzielona przez ludność na 31 grudnia, razy 1000."
    interpretation: "Pokazuje skalę, a nie jakość, dlatego wskaźnik nie jest oceniany."
    limits: "Nie mówi, ile osób wypożycza."
    measure_unit: "wol./1000 mieszk."
    decimals: 1
    data_basis: count_ratio
    provenance: computed
    method: rate
    inputs: {numerator: [library_loans], denominator: [population]}
    multiplier: 1000
    levels: [gmina, powiat]
"""
    file.write_text(file.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert (
        read_catalogue(folder).indicators_of("culture_recreation")[-1].id == "library_loans_per_1k"
    )
