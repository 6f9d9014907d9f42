"""Make comparison groups by kind, place, size, class or a list."""

from __future__ import annotations

from smup_lib.errors import GroupError
from smup_lib.units.chosen import check_chosen, load_group
from smup_lib.units.context import POPULATION
from smup_lib.units.labels import KIND_PLURAL, LEVEL_PLURAL, write_number, write_unit_count
from smup_lib.units.neighbours import neighbours_of
from smup_lib.units.peer_group import MINIMUM_RANKED, GroupRequest, PeerGroup
from smup_lib.units.similar_group import match_of
from smup_lib.units.similarity import FAIR_MATCH

#: First population of each size class but the lowest, by kind of unit.
SIZE_CLASSES: dict[str, tuple[int, ...]] = {
    "gmina": (5_000, 10_000, 20_000, 50_000, 100_000),
    "land_powiat": (50_000, 75_000, 100_000, 150_000),
    "city_with_powiat_rights": (50_000, 100_000, 200_000, 500_000),
}


def check_neighbours_argument(request: GroupRequest) -> None:
    """Raise where the parameter of neighbours can mean nothing."""
    if request.argument not in ("", "same_powiat"):
        raise GroupError(
            f"Nieznany parametr sąsiadów „{request.argument}”.",
            expected="sąsiedzi (neighbours) albo sąsiedzi:ten sam powiat (neighbours:same_powiat)",
            next_step="popraw to, co stoi po dwukropku, albo je usuń",
        )


def group_neighbours(request: GroupRequest) -> PeerGroup:
    """Return the units that share a border with the unit."""
    check_neighbours_argument(request)
    same = bool(request.argument)
    frame = neighbours_of(
        request.register,
        request.snapshot.table("borders"),
        request.unit,
        year=request.year,
        same_powiat=same,
    )
    where = " w tym samym powiecie" if same else ""
    doubt = str(frame.attrs["note"])
    return request.group(
        "neighbours",
        sorted(frame["unit_code"]),
        f"Sąsiedzi{where}: {write_unit_count(len(frame))} ze wspólną granicą dłuższą od zera.",
        key="neighbours:same_powiat" if same else "neighbours",
        parameters={"same_powiat": same},
        notes=(doubt,) if doubt else (),
        details=frame[["unit_code", "border_km"]],
    )


def group_same_kind(request: GroupRequest) -> PeerGroup:
    """Return all units of the same level and kind."""
    members = request.others(request.same_kind())
    plural = KIND_PLURAL.get(request.kind, "jednostki")
    return request.group(
        "same_kind",
        members,
        f"Jednostki tego samego rodzaju: wszystkie {plural} w kraju "
        f"({write_unit_count(len(members))} poza porównywaną).",
        parameters={"kind": request.kind},
    )


def group_country(request: GroupRequest) -> PeerGroup:
    """Return all units of the level."""
    members = request.others(request.register.codes(request.unit.level, request.year))
    return request.group(
        "country",
        members,
        f"Cały kraj: wszystkie {LEVEL_PLURAL[request.unit.level]} "
        f"({write_unit_count(len(members))} poza porównywaną).",
        parameters={"level": request.unit.level},
    )


def group_voivodeship(request: GroupRequest) -> PeerGroup:
    """Return the units of the level in the unit's voivodeship.

    Powiaty stand among those of their kind where there are enough of them: a city with powiat
    rights has the tasks and the money of a gmina too. Where there are few (most cities), all
    powiaty of the voivodeship are taken and the group says that it is mixed. Gminy of all kinds
    have the same tasks and stand together.
    """
    place = request.unit.code[:2]
    if request.unit.level == "voivodeship":
        raise GroupError(
            "Województwo nie leży w województwie.",
            expected="gmina albo powiat",
            next_step="wybierz regułę kraj (country)",
        )
    everyone = request.register.codes(request.unit.level, request.year)
    here = request.others([code for code in everyone if code[:2] == place])
    alike = set(request.same_kind())
    like_here = tuple(code for code in here if code in alike)
    like = request.unit.level == "powiat" and len(like_here) >= MINIMUM_RANKED
    members = like_here if like else here
    plural = KIND_PLURAL.get(request.kind) if like else None
    name = request.register.unit(place, request.year).name
    return request.group(
        "voivodeship",
        members,
        f"Województwo {name}: wszystkie {plural or LEVEL_PLURAL[request.unit.level]} "
        f"({write_unit_count(len(members))} poza porównywaną).",
        parameters={"voivodeship": place},
    )


def group_same_size_class(request: GroupRequest) -> PeerGroup:
    """Return the units of the same kind and population class (:data:`SIZE_CLASSES`)."""
    limits = SIZE_CLASSES.get(request.kind) or SIZE_CLASSES.get(request.unit.level)
    if limits is None:
        raise GroupError(
            "Klasy wielkości są tylko dla gmin i powiatów.",
            expected="gmina albo powiat",
            next_step="wybierz regułę kraj (country)",
        )
    candidates = request.same_kind()
    table = request.load_context((POPULATION,), candidates)
    if POPULATION not in table.values:
        raise GroupError(
            f"Klasy wielkości nie da się ustalić (ludność: {table.dropped[POPULATION]}).",
            expected=f"ludność większości jednostek tego samego rodzaju około {request.year} r.",
            next_step="wczytaj dane o ludności albo wybierz regułę ten sam rodzaj (same_kind)",
        )
    population, year = table.values[POPULATION], table.years[POPULATION]
    own = population[request.unit.code]
    if own != own:
        raise GroupError(
            f"{request.unit.label}: nie ma danych o ludności za {year} r.",
            expected="liczba mieszkańców, od której zależy klasa wielkości",
            next_step="wczytaj dane o ludności albo wybierz regułę ten sam rodzaj (same_kind)",
        )
    low = max((limit for limit in limits if limit <= own), default=0)
    high = min((limit for limit in limits if limit > own), default=None)
    told = population.to_dict().items()
    fitting = [str(code) for code, number in told if low <= number < (high or float("inf"))]
    members = request.others(sorted(fitting))
    return request.group(
        "same_size_class",
        members,
        f"Ten sam rodzaj i klasa wielkości: {KIND_PLURAL.get(request.kind, 'jednostki')} "
        f"o ludności {_size_text(low, high)} w {year} r. "
        f"({write_unit_count(len(members))} poza porównywaną).",
        parameters={"kind": request.kind, "from": low, "below": high, "population_year": year},
        excluded_reason=dict.fromkeys(
            map(str, population.index[population.isna()]), "brak danych o ludności"
        ),
    )


def _class_of(population: float, limits: tuple[int, ...]) -> tuple[int, int | None]:
    """Return from how many people a class begins, and below how many it ends."""
    low = max((limit for limit in limits if limit <= population), default=0)
    return low, min((limit for limit in limits if limit > population), default=None)


def _size_text(low: int, high: int | None) -> str:
    if high is None:
        return f"co najmniej {write_number(low)}"
    if low == 0:
        return f"poniżej {write_number(high)}"
    return f"od {write_number(low)} do {write_number(high - 1)}"


def group_functional_class(request: GroupRequest) -> PeerGroup:
    """Return the units of the same kind and functional class, when classes were imported."""
    classes = request.snapshot.table("functional_classes")
    if classes.empty:
        raise GroupError(
            "Klasyfikacji funkcjonalnej gmin nie ma w tych danych; nie zgadujemy klas.",
            expected="tabela z kolumnami unit_code, functional_class, edition",
            next_step="wczytaj tabelę klas (smup data import) albo wybierz inną regułę,"
            " na przykład podobne (similar)",
        )
    by_code = classes.set_index("unit_code")["functional_class"]
    if request.unit.code not in by_code.index:
        raise GroupError(
            f"{request.unit.label} nie ma klasy funkcjonalnej w tych danych.",
            expected="jednostka z wczytanej klasyfikacji funkcjonalnej gmin",
            next_step="wybierz inną regułę, na przykład podobne (similar)",
        )
    own = str(by_code[request.unit.code])
    candidates = [code for code in request.same_kind() if by_code.get(code) == own]
    members = request.others(candidates)
    edition = str(classes["edition"].iloc[0])
    return request.group(
        "functional_class",
        members,
        f"Klasa funkcjonalna {own} ({edition}): "
        f"{KIND_PLURAL.get(request.kind, 'jednostki')}, "
        f"{write_unit_count(len(members))} poza porównywaną.",
        parameters={"functional_class": own, "edition": edition, "kind": request.kind},
    )


def _listed(request: GroupRequest) -> list[str]:
    return [part.strip() for part in request.argument.split(",") if part.strip()]


def check_chosen_argument(request: GroupRequest) -> None:
    """Raise where no group is saved under the name, or the list names units that are not there.

    A saved group with a unit that the year has not is sound: it may serve another year.
    """
    if request.argument.startswith("@"):
        load_group(request.argument[1:].strip())
    else:
        check_chosen(request.register, request.unit, _listed(request), request.year)


def group_chosen(request: GroupRequest) -> PeerGroup:
    """Return the units that the user listed or saved."""
    reason = name = ""
    listed = _listed(request)
    if request.argument.startswith("@"):
        saved = load_group(request.argument[1:].strip())
        name, reason = saved.name, saved.reason
        # one saved list serves each of its members: with the others
        listed = [code for code in saved.units if code != request.unit.code]
    members = check_chosen(request.register, request.unit, listed, request.year)
    called = f"„{name}” ({reason})" if name else "podana lista"
    # picking units by hand makes them no more like the unit than they are
    match = match_of(request, members)
    parameters: dict[str, object] = {"name": name, "reason": reason, "units": members}
    told = "nie wiadomo jakie, bo nie wszystkie jednostki mają te same cechy do porównania"
    if match is not None:
        told, ratio = match
        parameters |= {"quality": told, "quality_ratio": round(ratio, 3)}
    return request.group(
        "chosen",
        members,
        f"Grupa wybrana ręcznie: {called}, {write_unit_count(len(members))}. Dopasowanie: {told}.",
        key=f"chosen:@{name}" if name else f"chosen:{','.join(members)}",
        parameters=parameters,
        poor_match=match is not None and match[1] > FAIR_MATCH,
        unknown_match=match is None,
    )
