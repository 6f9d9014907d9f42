"""The search field: what is offered for what is typed."""

from __future__ import annotations

import pytest

from smup_lib.apps.parts.search import MAX_SHOWN, UnitSearch


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def search(workspace, chosen) -> UnitSearch:
    return UnitSearch(workspace.register, chosen.append)


def offered(search: UnitSearch) -> list[str]:
    return [button.description for button in search.candidates.children]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lego", "Łęgowiec – miasto na prawach powiatu (9063)"),
        ("ŁĘGOWIEC", "Łęgowiec – miasto na prawach powiatu (9063)"),
        ("Legowcu", "Łęgowiec – miasto na prawach powiatu (9063)"),
        ("olszynsko brzezicki", "powiat olszyńsko-brzezicki (9002)"),
        ("9002", "powiat olszyńsko-brzezicki (9002)"),
        ("olszynsk", "gmina Olszyńsk – wiejska (900202)"),
    ],
)
def test_names_are_found_as_people_type_them(search, typed, expected):
    search.field.value = typed
    assert expected in offered(search)
    only = len(offered(search)) == 1
    assert ("Naciśnij Enter" if only else "Wybierz z listy") in search.status.value


def test_a_typo_is_not_said_to_match(search):
    search.field.value = "olszynskaa"
    assert offered(search)
    assert "podobną nazwę" in search.status.value
    assert "pasuj" not in search.status.value


def test_an_ambiguous_name_offers_every_candidate(search):
    search.field.value = "olszynsk"
    assert offered(search)[:2] == [
        "gmina Olszyńsk – miejska (900201)",
        "gmina Olszyńsk – wiejska (900202)",
    ]


def test_of_a_unit_that_has_ended_the_list_says_what_became_of_it(search):
    search.field.value = "920607"
    assert any("926301" in one or "9263" in one for one in offered(search))
    assert "istniała do 2014 r." in search.status.value
    assert "pasuj" not in search.status.value


def test_enter_chooses_the_only_match_and_nothing_else(search, chosen):
    search.field.value = "olszynsk"
    press_enter(search)
    assert chosen == []
    search.field.value = "olszynsko brzezicki"
    press_enter(search)
    assert chosen == ["9002"]


def test_enter_chooses_the_exact_name_beside_a_powiat_named_after_it(search, chosen):
    search.field.value = "Cisowa Góra"
    assert any("9203" in one for one in offered(search)), "powiat cisogórski stays to choose"
    assert "Enter wybierze: Cisowa Góra – miasto" in search.status.value
    press_enter(search)
    assert chosen == ["9262"]


def press_enter(search: UnitSearch) -> None:
    """Tell the field what the browser tells it."""
    search.field._handle_custom_msg({"event": "submit"}, [])


def test_the_example_in_the_field_is_a_unit_of_these_data(search, workspace):
    example = search.field.placeholder.partition("np. ")[2]
    search.field.value = example
    assert any(example in label for label in offered(search))
    assert example in set(
        workspace.register.units("powiat", workspace.register.current_year)["short_label"]
    )


def test_the_list_says_to_which_text_it_belongs(search):
    search.field.value = " lego<"
    assert 'data-for="lego&lt;"' in search.status.value


def test_choosing_tells_the_code(search, chosen):
    search.field.value = "lego"
    next(b for b in search.candidates.children if "9063" in b.description).click()
    assert chosen == ["9063"]


@pytest.mark.parametrize(
    "typed", ["zzzzzz", "<script>alert(1)</script>", "900", "'; DROP TABLE", "x" * 500, "…", "ł"]
)
def test_what_means_nothing_is_answered_in_words(search, typed):
    search.field.value = typed
    assert offered(search) == []
    assert "<script" not in search.status.value
    assert len(typed) < 2 or search.status.value


def test_units_without_indicators_are_not_offered(search):
    search.field.value = "90"
    assert offered(search) == []
    assert "dla gmin i powiatów" in search.status.value


def test_the_list_stays_short(search):
    search.field.value = "powiat"
    assert len(offered(search)) <= MAX_SHOWN


def test_emptying_the_field_empties_the_list(search):
    search.field.value = "lego"
    search.field.value = ""
    assert offered(search) == []
    assert search.status.value == ""


def test_a_candidate_that_stays_keeps_its_button(search):
    """On a slow machine the list is drawn again after the reader has stepped into it."""
    search.field.value = "olszyns"
    before = {button.description: button for button in search.candidates.children}
    search.field.value = "olszynsk"
    kept = {button.description: button for button in search.candidates.children}
    assert set(kept) & set(before)
    assert all(kept[name] is before[name] for name in set(kept) & set(before))
    search.field.value = ""
    assert search.candidates.children == ()
