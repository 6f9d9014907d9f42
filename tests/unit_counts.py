"""Count the units of a register as the offices do."""

from __future__ import annotations

from smup_lib.teryt import is_city_code
from smup_lib.units import Register


def count_units(register: Register, year: int | None = None) -> tuple[int, int, int]:
    """Return how many gminy, cities with powiat rights and land powiaty a year has."""
    cities = [is_city_code(code) for code in register.codes("powiat", year)]
    return len(register.codes("gmina", year)), sum(cities), len(cities) - sum(cities)
