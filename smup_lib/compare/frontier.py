"""Who reaches as much with less? Free disposal hull and data envelopment analysis (M18)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from smup_lib.compare.methods import METHODS, Basis, basis_refusal
from smup_lib.compare.reading import Figure, Reading, in_braces
from smup_lib.compare.result import UnitResults, count_flags, refused_rows, unit_rows

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Returns = Literal["variable", "constant"]

#: So many units are needed for each input and output.
UNITS_A_FACTOR = 3
#: Shares of a peer below this are what the solver leaves over.
_NO_SHARE = 1e-9


@dataclass(frozen=True)
class Factor:
    """An input (money, posts) or an output (what is reached) of a service.

    Attributes
    ----------
    name : str
        Column of the frame.
    role : str
        ``input`` or ``output``.
    scale : str
        ``total`` of the unit (persons, PLN) or ``relative`` (per person, share, mean). All factors
        must be of one scale: a share cannot be reached with a total.
    basis : str
        What is held of it (:data:`smup_lib.compare.methods.BASES`).
    quality : bool
        Whether an output tells how well, not how much.
    """

    name: str
    role: Literal["input", "output"]
    scale: Literal["total", "relative"]
    basis: Basis = "count_ratio"
    quality: bool = False


@dataclass(frozen=True, kw_only=True)
class Frontier(UnitResults):
    """Scores of units: the share of its inputs with which what a unit reaches can be reached.

    ``rows`` has besides the common columns ``peers``: the units that show it, codes joined by
    ``+`` (one with FDH, maybe several with DEA; the unit itself at score 1), and ``shares``: the
    part of each, in their order.
    """


def compare_frontier(
    values: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    way: Literal["fdh", "dea"] = "fdh",
    only: Collection[str] | None = None,
) -> Frontier:
    """Score units by the least share of their inputs that others need for no smaller outputs.

    Parameters
    ----------
    values : DataFrame
        ``unit_code, kind`` and a column per factor, null where not known; one year, one row per
        unit. A column ``flag`` is counted where there is one.
    factors : sequence of Factor
        Inputs and outputs, at least one output of quality among them.
    way : str, default "fdh"
        ``fdh`` compares with one real unit and is the one for workshops; ``dea`` also with
        mixtures of units (variable returns to scale).
    only : collection of str, optional
        Units to score; all when omitted. All are compared with.

    Returns
    -------
    Frontier
        ``value`` 0-1. Units with a missing value or an input of zero have a reason instead and
        nobody is compared with them.

    References
    ----------
    Deprins, Simar and Tulkens 1984 (FDH); Banker, Charnes and Cooper 1984 (DEA). Scores flatter:
    those who are the best of few look like the best there can be (Simar and Wilson 1998).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"unit_code": list("abcdef"), "kind": "rural",
    ...     "staff": [2, 3, 4, 6, 5, 8], "result": [1, 3, 4, 6, 2, 6]})
    >>> factors = [Factor("staff", "input", "relative"),
    ...            Factor("result", "output", "relative", quality=True)]
    >>> compare_frontier(table, factors).rows.set_index("unit_code").loc["e", "peers"]
    'b'
    """
    inputs, outputs = (_columns(values, factors, role) for role in ("input", "output"))
    known = np.isfinite(inputs).all(axis=1) & np.isfinite(outputs).all(axis=1)
    usable = np.array(known & (inputs > 0).all(axis=1))
    why = _refusal(values["kind"][usable], factors)
    if why is not None:
        rows = refused_rows(values["unit_code"], why).assign(peers="", shares="")
        return Frontier(method=METHODS["M18"], rows=rows, n_flags=count_flags(values), reason=why)
    codes = values["unit_code"].to_numpy(dtype=object)
    # of several equal peers the first by code, whatever the order of rows
    places = np.flatnonzero(usable)
    places = places[np.argsort(codes[places], kind="stable")]
    asked = [n for n, at in enumerate(places) if only is None or codes[at] in only]
    score, peers = (score_fdh if way == "fdh" else score_dea)(
        inputs[places], outputs[places], asked
    )
    rows = _rows(values, places, asked, score, peers, inputs)
    return Frontier(
        method=METHODS["M18"],
        rows=rows if only is None else rows[rows["unit_code"].isin(list(only))],
        n_used=len(places),
        n_flags=count_flags(values),
    )


def _columns(values: pd.DataFrame, factors: Sequence[Factor], role: str) -> Array:
    names = [factor.name for factor in factors if factor.role == role]
    return values[names].to_numpy(dtype="float64")


def _refusal(kinds: pd.Series[str], factors: Sequence[Factor]) -> str | None:
    for factor in factors:
        if (why := basis_refusal("M18", factor.basis)) is not None:
            return f"{factor.name}: {why}"
    if {factor.role for factor in factors} != {"input", "output"}:
        return "potrzeba choć jednego nakładu i choć jednego efektu"
    if not any(factor.quality for factor in factors if factor.role == "output"):
        return "wśród efektów nie ma miary jakości"
    if len({factor.scale for factor in factors}) > 1:
        return "nie wolno mieszać sum z udziałami i wartościami na osobę"
    if kinds.nunique() > 1:
        return "nie wolno mieszać rodzajów jednostek"
    if len(kinds) < UNITS_A_FACTOR * len(factors):
        return (
            f"za mało jednostek ({len(kinds)}; "
            f"przy tylu nakładach i efektach potrzeba {UNITS_A_FACTOR * len(factors)})"
        )
    return None


def _rows(
    values: pd.DataFrame,
    places: NDArray[np.intp],
    asked: Sequence[int],
    score: Array,
    peers: Sequence[dict[int, float]],
    inputs: Array,
) -> pd.DataFrame:
    codes = values["unit_code"].to_numpy(dtype=object)
    scores = np.full(len(codes), np.nan)
    reason = np.full(len(codes), "brak nakładu albo efektu", dtype=object)
    with np.errstate(invalid="ignore"):
        reason[(inputs <= 0).any(axis=1)] = "nakład wynosi zero"
    named, shares = np.full((2, len(codes)), "", dtype=object)
    for place, found, own in zip(places[list(asked)], peers, score, strict=True):
        scores[place], reason[place] = own, ""
        named[place] = "+".join(codes[places[peer]] for peer in found)
        shares[place] = "+".join(f"{share:.4f}" for share in found.values())
    reason[np.setdiff1d(places, places[list(asked)])] = "nie pytano"
    return unit_rows(values["unit_code"], value=scores, reason=reason, peers=named, shares=shares)


def score_fdh(
    inputs: Array, outputs: Array, asked: Sequence[int] | None = None
) -> tuple[Array, list[dict[int, float]]]:
    """Return the FDH input score of each asked unit, and the one unit that shows it.

    Examples
    --------
    >>> x, y = np.array([[2.0, 3, 4, 6, 5, 8]]).T, np.array([[1.0, 3, 4, 6, 2, 6]]).T
    >>> score_fdh(x, y)[0].tolist()
    [1.0, 1.0, 1.0, 1.0, 0.6, 0.75]
    """
    wanted = np.arange(len(inputs)) if asked is None else np.asarray(asked, dtype=int)
    scores, peers = np.empty(len(wanted)), []
    for at, unit in enumerate(wanted):
        needed = (inputs / inputs[unit]).max(axis=1)
        needed[(outputs < outputs[unit]).any(axis=1)] = np.inf
        best = int(needed.argmin())
        if needed[best] >= needed[unit]:
            best = int(unit)
        scores[at] = needed[best]
        peers.append({best: 1.0})
    return scores, peers


def score_dea(
    inputs: Array,
    outputs: Array,
    asked: Sequence[int] | None = None,
    returns: Returns = "variable",
) -> tuple[Array, list[dict[int, float]]]:
    """Return the DEA input score of each asked unit, and the mixture of units that shows it.

    A linear programme a unit. Whoever another beats in all inputs with no smaller output is never
    part of a best mixture, so only the others are offered to the solver.

    Examples
    --------
    >>> x, y = np.array([[2.0, 3, 4, 6, 5, 8]]).T, np.array([[1.0, 3, 4, 6, 2, 6]]).T
    >>> score_dea(x, y)[0].round(6).tolist()
    [1.0, 1.0, 1.0, 1.0, 0.5, 0.75]
    >>> score_dea(x, y, returns="constant")[0].round(6).tolist()
    [0.5, 1.0, 1.0, 1.0, 0.4, 0.75]
    """
    wanted = range(len(inputs)) if asked is None else asked
    offered = np.flatnonzero(score_fdh(inputs, outputs)[0] >= 1)
    solved = [_solve(inputs, outputs, unit, offered, returns) for unit in wanted]
    return np.array([score for score, _ in solved]), [peers for _, peers in solved]


def _solve(
    inputs: Array, outputs: Array, unit: int, offered: NDArray[np.intp], returns: Returns
) -> tuple[float, dict[int, float]]:
    from scipy.optimize import linprog

    # in units of the scored one the numbers are near 1, whatever they are counted in
    x = inputs[offered] / inputs[unit]
    scale = np.where(outputs[unit] == 0, 1.0, np.abs(outputs[unit]))
    y, own = outputs[offered] / scale, outputs[unit] / scale
    less = np.vstack(
        [
            np.hstack([-np.ones((x.shape[1], 1)), x.T]),
            np.hstack([np.zeros((y.shape[1], 1)), -y.T]),
        ]
    )
    whole = np.hstack([[0.0], np.ones(len(offered))])[None, :]
    found = linprog(
        np.hstack([[1.0], np.zeros(len(offered))]),
        A_ub=less,
        b_ub=np.hstack([np.zeros(x.shape[1]), -own]),
        A_eq=whole if returns == "variable" else None,
        b_eq=[1.0] if returns == "variable" else None,
        method="highs",
    )
    if not found.success:
        raise ArithmeticError(f"linprog: {found.message}")
    parts = {int(offered[n]): float(p) for n, p in enumerate(found.x[1:]) if p > _NO_SHARE}
    return min(float(found.fun), 1.0), parts


def read_frontier(found: Frontier, unit_code: str, labels: Mapping[str, str]) -> Reading | None:
    """Return the sentence beside a score; None where the unit has none.

    Parameters
    ----------
    found : Frontier
        The scores.
    unit_code : str
        Whose score.
    labels : mapping of str to str
        Polish name by code.
    """
    row = found.rows[found.rows["unit_code"] == unit_code].iloc[0]
    if row["reason"]:
        return None
    if row["value"] >= 1:
        return Reading("Żadna z porównanych jednostek nie osiąga tyle samo mniejszym nakładem.")
    names = [in_braces(labels[code]) for code in row["peers"].split("+")]
    if len(names) > 1:
        names = [f"Połączenie jednostek: {', '.join(names)}"]
    return Reading(
        f"{names[0]}: efekt nie mniejszy przy {{score}} naszych nakładów; "
        "warto sprawdzić, czy jakość jest ta sama.",
        {"score": Figure(100 * float(row["value"]), 0, "%")},
    )
