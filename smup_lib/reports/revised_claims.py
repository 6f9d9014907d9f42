"""The data were corrected: what do they say now to claims that people wrote down before?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smup_lib.present.verdicts import claim_words, verdict_facts
from smup_lib.reports.claims import check_claims, read_claim_file
from smup_lib.reports.revisions import RevisedData

if TYPE_CHECKING:
    from smup_lib.conclude.verdicts import Verdict

Outcome = Literal["unchanged", "moved", "answered", "unanswered", "flipped"]


@dataclass(frozen=True, eq=False)
class RecheckedClaim:
    """A claim with the verdicts of both states of the data.

    Attributes
    ----------
    before, after : Verdict
        Of the older and of the newer state.
    words : str
        The claim as a line for a reader.
    """

    before: Verdict
    after: Verdict
    words: str

    @property
    def outcome(self) -> Outcome:
        """What became of the verdict; ``moved`` is the same one on other numbers."""
        old, new = self.before.outcome, self.after.outcome
        if old != new:
            if "undecidable" not in (old, new):
                return "flipped"
            return "answered" if old == "undecidable" else "unanswered"
        told = [
            (verdict.text, verdict.confidence, _printed(verdict))
            for verdict in (self.before, self.after)
        ]
        return "unchanged" if told[0] == told[1] else "moved"

    def facts(self) -> dict[str, Any]:
        """Return both verdicts as JSON can hold them."""
        return {
            "outcome": self.outcome,
            "claim": self.after.claim.facts(),
            "before": verdict_facts(self.before),
            "after": verdict_facts(self.after),
        }


def _printed(verdict: Verdict) -> dict[str, str]:
    """Return the numbers of a verdict as they are printed."""
    return {n: f"{c.value:.{c.decimals}f}" for n, c in verdict.numbers.items()}


def recheck_claims(data: RevisedData, path: str | Path) -> tuple[RecheckedClaim, ...]:
    """Judge the claims of a file by both states of the data.

    Parameters
    ----------
    data : RevisedData
        The two states.
    path : str or Path
        JSON or YAML, as ``smup claim check`` takes it.

    Returns
    -------
    tuple of RecheckedClaim
        In the order of the file.
    """
    claims = read_claim_file(path)
    pairs: Iterable[tuple[Verdict, Verdict]] = zip(
        check_claims(data.old, claims), check_claims(data.new, claims), strict=True
    )
    return tuple(RecheckedClaim(old, new, _words(data, new)) for old, new in pairs)


def _words(data: RevisedData, verdict: Verdict) -> str:
    claim, workspace = verdict.claim, data.new
    unit, other = (
        workspace.unit(code, level=claim.level, year=claim.year).short_label if code else ""
        for code in (claim.unit, claim.other)
    )
    return claim_words(verdict, unit, workspace.catalogue.indicator(claim.indicator).name, other)
