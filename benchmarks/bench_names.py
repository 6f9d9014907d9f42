"""How long does it take to find a unit by what a person types? Warm: median and worst.

Beside it rapidfuzz alone over the names of the same units: it knows no inflected form, no level, no
powiat of a gmina, and cannot tell that a name is ambiguous. Target: 0.05 s a look-up.

Usage: python benchmarks/bench_names.py
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

from bench_area import real_home, sample_home
from measure import print_row, shared_data, spread

TEXTS = ("Kielcach", "Bolesławiec", "Wrocałw", "gmina wiejska Dąbrowa, powiat opolski", "Qqqqq")
ROUNDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["SMUP_HOME"] = home
        data = shared_data()
        real_home(home, data) if data else sample_home(home)
        from rapidfuzz import process

        from smup_lib.errors import UnknownUnitError
        from smup_lib.snapshots import load_snapshot
        from smup_lib.units import find_candidates, load_register

        register = load_register(load_snapshot())
        names = register.units(level="gmina", year=register.current_year)["label"].tolist()

        def look_up(text: str) -> None:
            with suppress(UnknownUnitError):
                find_candidates(register, text)

        for text in TEXTS:
            look_up(text)
        ours = spread([lambda t=t: look_up(t) for t in TEXTS * ROUNDS])
        plain = spread([lambda t=t: process.extract(t, names) for t in TEXTS * ROUNDS])
        found = f"find a unit among {len(names)} gminy"
        print_row(f"{found}, median", ours[0], plain[0], "0.05 s")
        print_row(f"{found}, worst", ours[1], plain[1])


if __name__ == "__main__":
    main()
