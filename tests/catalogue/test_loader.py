"""The loader: every fault of every file at once, in words of whoever edits YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from smup_lib.catalogue import load_catalogue, read_catalogue
from smup_lib.errors import CatalogueError, IndicatorError, ParameterError

VARIABLES = """
variables:
  - id: population
    label: Ludność
    measure_unit: os.
    holder: GUS
    kind: count
    additive: true
    levels: [gmina, powiat]
    aliases: [LUD]
  - id: accidents
    label: Wypadki
    measure_unit: szt.
    holder: GUS
    kind: count
    additive: true
    levels: [powiat]
"""
SOURCES = """
publishers:
  - {id: sample, name: Kraina, credit: Dane przykładowe, licence: MIT, datasets: ["sample:"]}
"""
AREA = """
id: roads_transport
name: Drogi
description: Drogi i transport.
services:
  - {code: DRO-01, name: Drogi gminne, description: Utrzymanie dróg., levels: [powiat]}
indicators:
  - id: accident_rate
    area: roads_transport
    service: DRO-01
    dimension: quality
    name: Wypadki na 100 tys. mieszkańców
    short_name: Wypadki
    definition: Wypadki przez ludność.
    interpretation: Mniej znaczy bezpieczniej.
    limits: Nie mówi o winie.
    measure_unit: szt.
    decimals: 1
    data_basis: count_ratio
    provenance: computed
    method: rate
    inputs: {numerator: [accidents], denominator: [population]}
    multiplier: 100000
    levels: [powiat]
"""


def written(folder: Path, variables=VARIABLES, sources=SOURCES, area=AREA) -> Path:
    (folder / "areas").mkdir(parents=True)
    (folder / "variables.yaml").write_text(variables, encoding="utf-8")
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    (folder / "areas" / "roads_transport.yaml").write_text(area, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    return "\n".join(caught.value.problems)


def test_a_small_catalogue_is_read(tmp_path: Path):
    catalogue = read_catalogue(written(tmp_path))
    assert catalogue.indicator("accident_rate").inputs.variables == ("accidents", "population")
    assert catalogue.variable("LUD").id == "population"
    assert catalogue.publisher_of("sample:land@00000000").id == "sample"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    decimals: 1\n", "", "accident_rate].decimals: brak wymaganego klucza"),
        ("    decimals: 1\n", "    decimals: 1\n    wynik: 3\n", "wynik: nieznany klucz"),
        ("dimension: quality", "dimension: jakość", "wartość spoza listy"),
        ("decimals: 1", "decimals: dużo", "oczekiwano liczby całkowitej; jest: 'dużo'"),
        ("numerator: [accidents]", "numerator: [acidents]", "czy chodziło o: accidents?"),
        ("levels: [powiat]\n", "levels: [gmina]\n", "zmienna „accidents” nie jest dostępna"),
        ("service: DRO-01\n", "service: DRO-99\n", "obszar nie ma usługi „DRO-99”"),
        (
            "area: roads_transport\n",
            "area: finance\n",
            "oczekiwano „roads_transport”, jest „finance”",
        ),
        ("method: rate", "method: published", "muszą iść w parze"),
        (", denominator: [population]", "", "wymaga inputs.numerator i inputs.denominator"),
        (
            "    levels: [powiat]\n",
            "    levels: [powiat]\n    related: [x_y]\n",
            "nie ma wskaźnika „x_y”",
        ),
        (
            "    levels: [powiat]\n",
            "    levels: [powiat]\n    polarity: {direction: lower}\n",
            "wymaga pola reason",
        ),
        (
            "    levels: [powiat]\n",
            "    levels: [powiat]\n    applies_to: [land_powiat]\n",
            "wymaga pola not_applicable_reason",
        ),
    ],
)
def test_each_fault_of_an_area_is_told_where_it_is(tmp_path: Path, old, new, told):
    head, separator, tail = AREA.rpartition(old)
    assert separator, "the test must change something"
    assert told in problems_of(written(tmp_path, area=head + new + tail))


def test_an_unsigned_or_half_signed_direction_is_not_acted_on(tmp_path: Path):
    def judged(signatures: str) -> str:
        polarity = f"{{direction: lower, reason: Mniej ofiar., signed_by: [{signatures}]}}"
        area = AREA + f"    polarity: {polarity}\n"
        folder = tmp_path / (signatures.replace(", ", "-") or "nikt")
        return read_catalogue(written(folder, area=area)).indicator("accident_rate").polarity.judged

    assert [judged(s) for s in ("", "a", "a, a", "a, b")] == ["neutral"] * 3 + ["lower"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path):
    told = problems_of(
        written(
            tmp_path,
            variables=VARIABLES.replace("kind: count", "kind: cośtam", 1),
            sources=SOURCES.replace("licence: MIT, ", ""),
            area=AREA.replace("decimals: 1", "decimals: 9"),
        )
    )
    assert "variables.yaml: population: kind" in told
    assert "sources.yaml: sample: licence" in told
    assert "roads_transport.yaml" in told


def test_a_duplicate_id_is_told(tmp_path: Path):
    entry = AREA[AREA.index("  - id: accident_rate") :]
    assert "id powtarza się" in problems_of(written(tmp_path, area=AREA + entry))


def test_a_key_written_twice_is_told(tmp_path: Path):
    area = AREA.replace("name: Drogi\n", "name: Drogi\nname: Ulice\n")
    assert "klucz „name” powtarza się" in problems_of(written(tmp_path, area=area))


def test_an_alias_of_two_variables_is_told(tmp_path: Path):
    variables = VARIABLES + "    aliases: [LUD]\n"
    assert "alias „LUD” należy już do „population”" in problems_of(
        written(tmp_path, variables=variables)
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [("variables: [", "to nie jest poprawny YAML"), ("inne: []", "oczekiwano jednego klucza")],
)
def test_a_broken_file_is_told(tmp_path: Path, content, told):
    assert told in problems_of(written(tmp_path, variables=content))


def test_a_missing_file_is_told(tmp_path: Path):
    folder = written(tmp_path)
    (folder / "sources.yaml").unlink()
    assert "sources.yaml: nie ma takiego pliku" in problems_of(folder)


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
    kinds = {"variables.yaml": "variables.schema.json", "sources.yaml": "sources.schema.json"}
    files = [folder / name for name in kinds] + sorted((folder / "areas").glob("*.yaml"))
    for path in files:
        schema = schemas()[kinds.get(path.name, "area.schema.json")]
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)
