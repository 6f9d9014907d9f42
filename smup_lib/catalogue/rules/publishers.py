"""Can each dataset be credited to exactly one publisher?"""

from __future__ import annotations

from collections.abc import Iterator

from smup_lib.catalogue.draft import Draft
from smup_lib.catalogue.model import Publisher
from smup_lib.catalogue.problems import Fault
from smup_lib.catalogue.rules.texts import publisher_is_credited


def datasets_end_with_a_colon(draft: Draft, publisher: Publisher) -> Iterator[Fault]:
    """``bdl:`` cannot be the beginning of ``bdlx:P1``, and ``bdl`` could."""
    for prefix in publisher.datasets:
        if not prefix.endswith(":"):
            what = "początek nazwy zbioru musi kończyć się dwukropkiem"
            yield Fault("datasets", what, f"„{prefix}:”", f"„{prefix}”")


def datasets_have_one_publisher(draft: Draft) -> Iterator[tuple[str, Fault]]:
    """Yield publisher and fault where two publishers claim the same datasets."""
    first: dict[str, str] = {}
    for publisher in draft.publishers.values():
        for prefix in publisher.datasets:
            owner = first.setdefault(prefix, publisher.id)
            if owner != publisher.id:
                yield publisher.id, Fault("datasets", f"„{prefix}” należy już do „{owner}”")


RULES = (datasets_end_with_a_colon, publisher_is_credited)
