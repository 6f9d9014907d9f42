"""Which units lie where? Lists to choose from: voivodeships, their powiaty, and their gminy."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smup_lib.apps.basic.ways import Ways
from smup_lib.polish_text import polish_order

if TYPE_CHECKING:
    from smup_lib.apps.parts.choices import Option
    from smup_lib.units import Register, Unit


def list_voivodeships(register: Register) -> list[Option]:
    """List the voivodeships by name, with their codes."""
    frame = register.units("voivodeship")
    pairs = zip(frame["name"].str.lower(), frame["unit_code"], strict=True)
    return sorted(pairs, key=lambda pair: polish_order(pair[0]))


def places_html(register: Register, voivodeship: str) -> str:
    """Return the powiaty of a voivodeship, each with its gminy folded, all as links."""
    powiats = register.units("powiat")
    powiats = powiats[powiats["voivodeship_code"] == voivodeship]
    gminas = register.units("gmina")
    of_powiat = {
        str(code): list(zip(rows["unit_code"], rows["short_label"], strict=True))
        for code, rows in gminas.groupby("powiat_code")
    }
    items = []
    for code, name in _by_name(
        list(zip(powiats["unit_code"], powiats["short_label"], strict=True))
    ):
        gminas_here = of_powiat.get(code, [])
        if len(gminas_here) < 2:  # a city with powiat rights is its own only gmina
            items.append(f"<ul>{_link(code, name)}</ul>")
            continue
        items.append(
            f"<details><summary>{escape(name)}</summary><ul>{_link(code, f'cały {name}')}"
            f"{_links(gminas_here)}</ul></details>"
        )
    return f'<div class="smup-places">{"".join(items)}</div>'


def around_html(register: Register, unit: Unit) -> str:
    """Return the ways from a unit to the powiat it lies in, or to its gminy."""
    if unit.level == "gmina":
        code = unit.code[:4]
        if not register.exists(code) or unit.kind == "city_with_powiat_rights":
            return ""
        name = register.unit(code).short_label
        return (
            '<p class="smup-around">Powiat tej gminy: '
            f'<a class="smup-go" href="{escape(Ways(code).to())}">{escape(name)}</a></p>'
        )
    gminas = register.units("gmina")
    own = gminas[gminas["powiat_code"] == unit.code]
    if len(own) < 2:
        return ""
    listed = _links(list(zip(own["unit_code"], own["short_label"], strict=True)))
    return (
        f'<details class="smup-places"><summary>Gminy tego powiatu ({len(own)})</summary>'
        f"<ul>{listed}</ul></details>"
    )


def _links(units: list[tuple[str, str]]) -> str:
    return "".join(_link(code, name) for code, name in _by_name(units))


def _link(code: str, name: str) -> str:
    return f'<li><a class="smup-go" href="{escape(Ways(code).to())}">{escape(name)}</a></li>'


def _by_name(units: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(units, key=lambda unit: polish_order(unit[1]))
