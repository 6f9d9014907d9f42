"""Make the group of units most similar in their circumstances."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smup_lib.errors import GroupError
from smup_lib.polish_text import in_sentence
from smup_lib.problems import Problems
from smup_lib.units.context import ContextTable
from smup_lib.units.labels import KIND_GENITIVE, write_number
from smup_lib.units.peer_group import GroupRequest, PeerGroup
from smup_lib.units.similarity import (
    FAIR_MATCH,
    SimilaritySpace,
    check_weights,
    compute_similarity_space,
)

if TYPE_CHECKING:
    import pandas as pd

#: Peers by default.
DEFAULT_K = 15
_K_RANGE = (3, 200)
_WEIGHT = re.compile(r"-?\d+(\.\d+)?|nan|-?inf")
#: Values from years further away than this are told.
_NEAR_YEARS = 3
_KEPT_SPACES = 64
_SPACES: OrderedDict[
    tuple[str, str, str, int, tuple[str, ...]], tuple[ContextTable, SimilaritySpace]
] = OrderedDict()


def group_similar(request: GroupRequest) -> PeerGroup:
    """Return the k units of the same kind that are nearest in their circumstances (M11).

    The argument is ``k`` and, where the user weighs the variables, ``variable=weight`` behind it:
    ``similar:15,population=2,share_post_working_age=0.5``.
    """
    k, weights = read_similar_argument(request)
    table, space = _space_of(request)
    space = space.weighted({n: w for n, w in weights.items() if n in space.variables})
    found = space.nearest(request.unit.code, k)
    members = tuple(found["unit_code"])
    mark, ratio = space.quality(float(found["distance"].iloc[-1]))
    told = [f"{in_sentence(table.labels[name])} ({table.years[name]})" for name in space.variables]
    dropped = {**table.dropped, **space.dropped}
    kind = KIND_GENITIVE.get(request.kind, "jednostek")
    candidates = len(space.codes) - 1
    chosen = f"{len(members)} najbliższych z {write_number(candidates)} {kind}"
    if len(members) < k:
        chosen = f"wszystkie ({len(members)}) spośród {kind}, które mają potrzebne dane"
    return request.group(
        "similar",
        members,
        f"Jednostki podobne: {chosen}. Porównane cechy: {', '.join(told)}. "
        f"{_weights_text(table, weights)}Dopasowanie: {mark}.{_differing_text(table, found)}",
        key=f"similar:{','.join([str(k), *(f'{n}={w:g}' for n, w in weights.items())])}",
        parameters={
            "k": k,
            "candidates": candidates,
            "kind": request.kind,
            "variables": {name: table.years[name] for name in space.variables},
            "weights": dict(zip(space.variables, space.weights.tolist(), strict=True)),
            "quality": mark,
            "quality_ratio": round(ratio, 3),
        },
        excluded_reason=space.excluded,
        dropped_variables=dropped,
        poor_match=ratio > FAIR_MATCH,
        notes=_notes(request, table, space, dropped),
        details=found,
    )


def match_of(request: GroupRequest, members: Sequence[str]) -> tuple[str, float] | None:
    """Return how like the unit given members are: the mark and ratio of :func:`group_similar`.

    None where nobody can tell: a member of another kind, or one without the data that are compared.
    """
    try:
        _, space = _space_of(request)
    except GroupError:
        return None
    farthest = space.farthest(request.unit.code, members)
    return None if farthest is None else space.quality(farthest)


def list_sets_by_weights(request: GroupRequest) -> tuple[tuple[str, ...], ...]:
    """Return groups of similar units by slightly changed weights (M12).

    The weights of the argument are in the middle; each set has :data:`DEFAULT_K` members.
    """
    _, weights = read_similar_argument(request)
    _, space = _space_of(request)
    space = space.weighted({n: w for n, w in weights.items() if n in space.variables})
    return space.nearest_by_weights(request.unit.code, DEFAULT_K)


def list_similar(request: GroupRequest) -> tuple[str, ...]:
    """Return the members that :func:`group_similar` has, without a word about them."""
    k, weights = read_similar_argument(request)
    _, space = _space_of(request)
    space = space.weighted({n: w for n, w in weights.items() if n in space.variables})
    return space.nearest_codes(request.unit.code, k)


def _notes(
    request: GroupRequest,
    table: ContextTable,
    space: SimilaritySpace,
    dropped: Mapping[str, str],
) -> list[str]:
    """Return what a reader must know: variables not used, distant years."""
    notes = [
        f"Nie użyto cechy „{in_sentence(table.labels[name])}”: {reason}."
        for name, reason in dropped.items()
    ]
    distant = [n for n in space.variables if abs(table.years[n] - request.year) > _NEAR_YEARS]
    if distant:
        listed = ", ".join(f"{in_sentence(table.labels[n])} ({table.years[n]})" for n in distant)
        notes.append(f"Z braku danych za {request.year} r. użyto odległych lat: {listed}.")
    return notes


def _differing_text(table: ContextTable, found: pd.DataFrame) -> str:
    """Say by which variable the members differ most from the unit."""
    names = [name for name in found.columns if name not in ("unit_code", "distance")]
    shares = found[names].to_numpy()
    shares = shares[shares.sum(axis=1) > 0]  # there are none at distance 0
    if len(names) < 2 or not len(shares):
        return ""
    main = names[int(shares.mean(axis=0).argmax())]
    return f" Najbardziej różni je {in_sentence(table.labels[main])}."


def _weights_text(table: ContextTable, weights: Mapping[str, float]) -> str:
    """Say which weights the user set."""
    if not weights:
        return ""
    told = [
        f"{in_sentence(table.labels[name])} {write_weight(weight)}"
        for name, weight in weights.items()
    ]
    return f"Wagi podane przez użytkownika (pozostałe: 1): {', '.join(told)}. "


def write_weight(weight: float) -> str:
    """Write a weight with a decimal comma.

    Examples
    --------
    >>> write_weight(2.0), write_weight(0.5)
    ('2', '0,5')
    """
    return f"{weight:g}".replace(".", ",")


def read_similar_argument(request: GroupRequest) -> tuple[int, dict[str, float]]:
    """Return k and the user's weights by variable, sorted.

    Raises
    ------
    GroupError, ParameterError
        With every problem at once.
    """
    first, *others = (part.strip() for part in request.argument.split(","))
    if "=" in first:
        first, others = "", [first, *others]
    problems = Problems()
    k = problems.attempt(lambda: _read_k(first))
    read = [problems.attempt(lambda part=part: _read_weight(request, part)) for part in others]  # type: ignore[misc]
    weights = dict(one for one in read if one is not None)
    problems.attempt(lambda: check_weights(weights, request.context))
    problems.raise_found(
        "Nieprawidłowa reguła jednostek podobnych.",
        where=f"podobne:{request.argument}",
        expected="podobne:LICZBA, potem cecha=waga, na przykład podobne:15,population=2",
    )
    return k or DEFAULT_K, dict(sorted(weights.items()))


def _read_weight(request: GroupRequest, part: str) -> tuple[str, float]:
    """Return the variable of a weight and the weight, positive or not."""
    name, sign, number = (text.strip() for text in part.partition("="))
    if not sign or not name or not _WEIGHT.fullmatch(number):
        raise GroupError(
            f"Nie rozumiem wagi „{part}”.",
            expected="po liczbie jednostek: cecha=waga, ułamek z kropką,"
            " na przykład podobne:15,population=2",
            next_step="popraw wagę; kolejne oddziel przecinkami",
        )
    return request.catalogue.variable(name).id, float(number)


def _read_k(argument: str) -> int:
    if not argument:
        return DEFAULT_K
    low, high = _K_RANGE
    if not argument.isascii() or not argument.isdigit() or not low <= int(argument) <= high:
        raise GroupError(
            f"Nieprawidłowa liczba jednostek podobnych: „{argument}”.",
            expected=f"podobne (similar) albo podobne:LICZBA, od {low} do {high}",
            next_step=f"popraw liczbę po dwukropku, na przykład podobne:{DEFAULT_K}",
        )
    return int(argument)


def _space_of(request: GroupRequest) -> tuple[ContextTable, SimilaritySpace]:
    """Return the similarity space of the unit's kind; without variables that the unit lacks."""
    table, space = _kind_space(request, tuple(request.context))
    if request.unit.code in space.codes:
        return table, space
    own = table.values.loc[request.unit.code]
    lacking = [name for name in table.years if bool(own.isna()[name])]
    if not lacking or len(lacking) == len(own):
        raise GroupError(
            f"{request.unit.label}: nie ma danych, żeby wskazać jednostki podobne.",
            problems=[f"brak: {table.labels[name]}" for name in lacking],
            expected="jednostka z wartością choć jednej z cech, po których szukamy podobnych",
            next_step="wybierz inną regułę, na przykład ten sam rodzaj (same_kind)",
        )
    kept = tuple(name for name in request.context if name not in lacking)
    table, space = _kind_space(request, kept)
    more = dict.fromkeys(lacking, "porównywana jednostka nie ma tej wartości")
    labels = {n: request.catalogue.variable(n).label for n in lacking} | table.labels
    return (
        ContextTable(table.values, table.years, labels, {**table.dropped, **more}),
        space,
    )


def _kind_space(
    request: GroupRequest, variables: tuple[str, ...]
) -> tuple[ContextTable, SimilaritySpace]:
    key = (request.snapshot.id, request.unit.level, request.kind, request.year, variables)
    found = _SPACES.get(key)
    if found is None:
        table = request.load_context(variables, request.same_kind())
        found = (table, _space_with_reasons(table))
        _SPACES[key] = found
        while len(_SPACES) > _KEPT_SPACES:
            _SPACES.popitem(last=False)
    return found


def _space_with_reasons(table: ContextTable) -> SimilaritySpace:
    """Compute the space; when it cannot be, say for each variable why."""
    try:
        return compute_similarity_space(table.values)
    except GroupError as error:
        told = [f"{table.labels[name]}: {reason}" for name, reason in table.dropped.items()]
        raise GroupError(
            error.what,
            expected=error.expected,
            next_step=error.next_step,
            problems=[*told, *error.problems],
        ) from error
