"""The report of a selection: every method is one display, and the hash says which data it shows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from smup_lib.arguments import checked_methods
from smup_lib.conclude.evidence import NumberKey
from smup_lib.errors import ParameterError, SmupError
from smup_lib.present import area_page
from smup_lib.present.display import Display
from smup_lib.present.sources import render_sources
from smup_lib.present.tables import Column, render_facts, render_table
from smup_lib.present.words import unit_count
from smup_lib.reports.area import styled_name
from smup_lib.reports.loading import Workspace
from smup_lib.reports.receipt import Receipt, make_receipt
from smup_lib.reports.selection.choice import Choice
from smup_lib.reports.selection.hashing import hash_html
from smup_lib.reports.selection.selection import Selection
from smup_lib.years import format_years

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from smup_lib.present.sources import SourceRow
    from smup_lib.snapshots import Snapshot

#: More rows on a page are a wall; the file of the app has them all.
MOST_ROWS = 100


@checked_methods
class SelectionView:
    """Picked indicators of picked units: every method is one display.

    Attributes
    ----------
    selection : Selection
        What is shown.
    """

    def __init__(self, selection: Selection, expected_hash: str | None = None) -> None:
        self.selection = selection
        self._expected = expected_hash

    def __repr__(self) -> str:
        """Name the view."""
        return f"<SelectionView {self.selection.subject}: {self.selection.about}>"

    def _repr_html_(self) -> str:
        return styled_name(repr(self))

    @cached_property
    def data_hash(self) -> str:
        """Short hash of the values shown."""
        return self.selection.data_hash

    def title(self) -> Display:
        """Return the head: whose values, of what, of which years, and the hash of the data."""
        one = self.selection
        snapshot = one.workspace.snapshot
        html = area_page.render_title(
            f"Własny wybór: {one.about}",
            one.subject,
            one.found.years[-1],
            snapshot.manifest.created,
            fictional=snapshot.fictional,
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in one.notes)
        told = f'<div class="smup-caution">{notes}</div>' if notes else ""
        return Display(html + self._hash_line() + told, f"{one.subject}: {one.about}")

    def _hash_line(self) -> str:
        said = ""
        if self._expected and self._expected != self.data_hash:
            said = (
                f" Plan zapisano dla innych danych ({escape(self._expected)}): wartości, wybór "
                "albo stan danych zmieniły się od tamtej pory."
            )
        elif self._expected:
            said = " Te same dane, dla których zapisano plan."
        return f'<p class="smup-note">Skrót danych: {hash_html(self.data_hash)}.{said}</p>'

    def table(self) -> Display:
        """Return the last value of each indicator, a row a unit, at most a hundred rows."""
        one = self.selection
        codes = [one.found.own, *(code for code in one.found.units if code != one.found.own)]
        told = set(codes[:MOST_ROWS])
        shown = [code for code in one.found.units if code in told]
        wide = self._wide(shown)
        years = {entry.id: one.last_year(entry.id) for entry in one.found.indicators}
        same = len(set(years.values())) == 1
        columns = [Column("name", "jednostka")]
        columns += [
            Column(
                entry.id,
                entry.short_name if same else f"{entry.short_name}, {years[entry.id]}",
                "number",
                entry.measure_unit,
                entry.decimals,
                flag=f"{entry.id} flag",
                key=f"{entry.id} key",
            )
            for entry in one.found.indicators
        ]
        total = len(one.found.units)
        note = f"Pokazano {unit_count(len(shown))} z {total}." if len(shown) < total else ""
        caption = f"Wartości, {format_years(years.values())} r."
        html = render_table(
            wide, columns, caption, note=note, sortable=True,
            highlight=[at for at, code in enumerate(shown) if code == one.found.own],
        )  # fmt: skip
        return Display(f"<section><h2>Wartości</h2>{html}</section>", wide.to_string(index=False))

    def _wide(self, codes: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        one = self.selection
        content: dict[str, Any] = {"name": [one.found.units[code] for code in codes]}
        for entry in one.found.indicators:
            year = one.last_year(entry.id)
            of_it = (one.frame["indicator"] == entry.id) & (one.frame["year"] == year)
            part = one.frame[of_it].set_index("unit_code")
            values, flags = part["value"].to_dict(), part["flag"].to_dict()
            content[entry.id] = [values.get(code) for code in codes]
            content[f"{entry.id} flag"] = [str(flags.get(code, "no_data")) for code in codes]
            content[f"{entry.id} key"] = [NumberKey(code, entry.id, year) for code in codes]
        return pd.DataFrame(content)

    def findings(self) -> Display:
        """Return what stands out of the chosen indicators, with confidence and evidence."""
        return self.selection.findings()

    def charts(self) -> Display:
        """Return each indicator of the compared unit among its group and over the years.

        What cannot be drawn says why, and the others are shown.
        """
        one, parts = self.selection, []
        for entry in one.found.indicators:
            try:
                drawn = (one.distribution(entry.id, one.last_year(entry.id)), one.series(entry.id))
            except SmupError as error:
                parts.append(f"<h3>{escape(entry.name)}</h3><p>{escape(error.what)}</p>")
                continue
            inner = "".join(figure._repr_html_() or "" for figure in drawn)
            parts.append(f'<h3>{escape(entry.name)}</h3><div class="smup-pair">{inner}</div>')
        names = ", ".join(entry.short_name for entry in one.found.indicators)
        return Display(f"<section><h2>Wykresy</h2>{''.join(parts)}</section>", names)

    def source_rows(self) -> list[SourceRow]:
        """Return the sources of every value shown."""
        one = self.selection
        told = {name for text in one.frame["source"].cat.categories for name in text.split()}
        for entry in one.found.indicators:
            with suppress(SmupError):  # its chart says why there is nothing to compare
                view = one.view_of(entry.id, one.last_year(entry.id))
                told |= {row.id for row in view.source_rows()}
        return one.book.rows(told)

    def sources(self) -> Display:
        """Return the files behind the numbers, credit lines and how we compute."""
        rows = self.source_rows()
        html = render_sources(rows) + area_page.render_method_notes()
        return Display(html, "\n".join(row.id for row in rows))

    def details(self) -> Display:
        """Return what each indicator is and what it does not say."""
        facts = [
            (entry.name, f"{entry.definition} {entry.limits}")
            for entry in self.selection.found.indicators
        ]
        html = f"<section><h2>Wskaźniki</h2>{render_facts(facts)}</section>"
        return Display(html, "\n".join(name for name, _ in facts))

    def make_receipt(self) -> Receipt:
        """Return what identifies this result."""
        found, choice = self.selection.found, self.selection.choice
        parameters = {
            "unit": found.own,
            "year": found.years[-1],
            "indicators": [entry.id for entry in found.indicators],
            "chosen": list(choice.units),
            "first_year": found.years[0],
            "group": found.group,
            "data_hash": self._expected,
        }
        snapshot = self.selection.workspace.snapshot
        return make_receipt(snapshot, parameters, data_hash=self.data_hash)

    def receipt(self) -> Display:
        """Return what identifies this result: snapshot, versions, parameters, hash of the data."""
        made = self.make_receipt()
        return Display(made.render(), str(made))


def open_selection(
    workspace: Workspace, choice: Choice, expected_hash: str | None = None
) -> SelectionView:
    """Open the report of a choice.

    Raises
    ------
    ParameterError
        When nothing of it can be had, with every reason.
    """
    selection = Selection(workspace, choice)
    if selection.empty:
        raise ParameterError(
            "Z tego wyboru nic nie zostało.",
            problems=list(selection.found.notes),
            expected="choć jeden wskaźnik i jedna jednostka tego samego szczebla",
            next_step="popraw listę wskaźników albo jednostek",
        )
    return SelectionView(selection, expected_hash)


def open_chosen(
    units: Sequence[str],
    indicators: Sequence[str],
    first_year: int | None,
    year: int | None,
    unit: str | None,
    group: str | None,
    data_hash: str | None,
    *,
    snapshot: str | Path | Snapshot | None = None,
) -> SelectionView:
    """Open freely picked indicators of units; see :func:`smup_lib.open_units`."""
    years = None if year is None else (year if first_year is None else first_year, year)
    choice = Choice(tuple(indicators), tuple(units), years, unit, group)
    return open_selection(Workspace.open(snapshot), choice, data_hash)
