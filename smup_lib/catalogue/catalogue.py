"""What can be asked of the whole catalogue?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smup_lib.catalogue.model import Indicator, Publisher, ServiceArea
from smup_lib.catalogue.variable import Variable
from smup_lib.errors import (
    CatalogueError,
    IndicatorError,
    ParameterError,
    ask_meant,
    did_you_mean,
    near_texts,
)
from smup_lib.polish_text import plain_text

#: Shorter words of a name ("i") are nobody's word for it.
_SHORT = 3


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue, ready to be asked.

    Attributes
    ----------
    areas, indicators, variables, publishers : mapping
        Entries by id, in the order of the files.
    """

    areas: Mapping[str, ServiceArea]
    indicators: Mapping[str, Indicator]
    variables: Mapping[str, Variable]
    publishers: Mapping[str, Publisher]
    _aliases: Mapping[str, str] = field(repr=False)

    def area(self, text: str) -> ServiceArea:
        """Return an area by id, Polish name, alias or a unique beginning of one of them.

        Raises
        ------
        ParameterError
            When none or several fit; the message names the candidates.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> load_catalogue().area("Kultura").id
        'culture_recreation'
        """
        wanted = plain_text(text)
        names = {
            area.id: tuple(map(plain_text, (area.id, area.name, *area.aliases)))
            for area in self.areas.values()
        }
        exact = [key for key, forms in names.items() if wanted in forms]
        found = exact or [
            key
            for key, forms in names.items()
            if wanted and any(f.startswith(wanted) for f in forms)
        ]
        if len(found) == 1:
            return self.areas[found[0]]
        listed = [f"{area.id} ({area.name})" for area in self.areas.values()]
        hint = self._near_areas(text)
        raise ParameterError(
            f"Nie ma obszaru „{text}”{'; ' + hint if hint else ''}."
            if not found
            else f"Początek „{text}” pasuje do kilku obszarów: {', '.join(found)}.",
            expected=", ".join(listed),
            next_step="podaj identyfikator albo nazwę obszaru z listy",
        )

    def _near_areas(self, text: str) -> str:
        """Ask for the areas whose name, or else a word of it, looks like a text."""
        written = {n: a.name for a in self.areas.values() for n in (a.id, a.name, *a.aliases)}
        # who mistypes the beginning of a name means the name
        words = {
            word: [area for name, area in written.items() if word in name.split()]
            for name in written
            for word in name.split()
            if len(word) > _SHORT
        }
        near = [written[name] for name in near_texts(text, written)] or [
            area for word in near_texts(text, words) for area in words[word]
        ]
        return ask_meant(dict.fromkeys(near))

    def indicator(self, text: str) -> Indicator:
        """Return an indicator by id or alias.

        Raises
        ------
        IndicatorError
            When there is none; the message names the nearest ids.
        """
        if text in self.indicators:
            return self.indicators[text]
        for indicator in self.indicators.values():
            if text in indicator.aliases:
                return indicator
        hint = did_you_mean(text, self.indicators)
        raise IndicatorError(
            f"Nie ma wskaźnika „{text}”{'; ' + hint if hint else ''}.",
            expected="identyfikator albo alias wskaźnika",
            next_step="listę pokaże: smup catalogue list",
        )

    def indicators_of(self, area_id: str) -> tuple[Indicator, ...]:
        """Return the indicators of an area in the order of its file."""
        return self.areas[area_id].indicators

    def variable(self, text: str) -> Variable:
        """Return a variable by id or alias (panel ids, codes of the reconstruction).

        Raises
        ------
        CatalogueError
            When the vocabulary has neither.
        """
        key = self._aliases.get(text, text)
        if key in self.variables:
            return self.variables[key]
        words = plain_text(text)
        named = [v.id for v in self.variables.values() if words and words in plain_text(v.label)]
        hint = (
            did_you_mean(text, self.variables)
            or (f"czy chodziło o: {', '.join(named[:3])}?" if named else "")
            or did_you_mean(text, self._aliases)
        )
        raise CatalogueError(
            f"Słownik zmiennych nie zna „{text}”{'; ' + hint if hint else ''}.",
            expected="identyfikator albo alias zmiennej ze słownika",
            next_step="zmienne wypisze: smup data variables; po części nazwy: "
            "smup data variables TEKST",
        )

    def caveats_of(
        self,
        indicator: Indicator,
        *years: int,
        dated: bool = False,
        sources: Iterable[str] | None = None,
        level: str | None = None,
        unit: str | None = None,
    ) -> tuple[str, ...]:
        """Return the limits of the data that hold in years: the indicator's, then its inputs'.

        Parameters
        ----------
        indicator : Indicator
            An indicator of this catalogue.
        *years : int
            The years of the values shown; without them caveats of every year are returned.
        dated : bool, default False
            Only those that concern some years: what makes just these values unusual.
        sources : iterable of str, optional
            Sources of the values shown; without them caveats of all datasets are returned.
        level : str, optional
            Level of the values shown; without it caveats of every level are returned.
        unit : str, optional
            Code of the unit whose values are shown; without it caveats of every unit are returned.

        Returns
        -------
        tuple of str
            Sentences, each once.

        Examples
        --------
        >>> from smup_lib.catalogue import load_catalogue
        >>> catalogue = load_catalogue()
        >>> events = catalogue.indicator("culture_event_participants_per_1k")
        >>> [len(catalogue.caveats_of(events, year)) for year in (2019, 2021)]
        [1, 2]
        >>> len(catalogue.caveats_of(events))
        3
        >>> catalogue.caveats_of(events, 2021, dated=True)
        ('W latach 2020 i 2021 imprezy ograniczała epidemia.',)
        """
        read = (self.variables[name].caveats for name in indicator.variables_read)
        every = (*indicator.caveats, *(caveat for caveats in read for caveat in caveats))
        held = [c for c in every if not years or any(c.holds_in(year) for year in years)]
        shown = None if sources is None else tuple(sources)
        return tuple(
            dict.fromkeys(
                caveat.text
                for caveat in held
                if (caveat.dated or not dated)
                and (shown is None or caveat.concerns(shown))
                and caveat.holds_at(level)
                and caveat.holds_of(unit)
            )
        )

    def publisher_of(self, source: str) -> Publisher:
        """Return the publisher of a source or dataset id such as ``bdl:P1944@1a2b3c4d``.

        Raises
        ------
        CatalogueError
            When no publisher claims the beginning of the id.
        """
        for publisher in self.publishers.values():
            if source.startswith(publisher.datasets):
                return publisher
        raise CatalogueError(
            f"Żaden wydawca nie ma zbioru „{source}”.",
            where="sources.yaml",
            expected="początek z pola datasets któregoś wydawcy, na przykład „bdl:”",
            next_step="dopisz początek nazwy zbioru do pola datasets wydawcy",
        )

    def precedence(self, source: str) -> int:
        """Return the place of a source in the order of precedence; the smallest is shown first."""
        prefixes = [prefix for p in self.publishers.values() for prefix in p.datasets]
        return next(
            (n for n, prefix in enumerate(prefixes) if source.startswith(prefix)), len(prefixes)
        )
