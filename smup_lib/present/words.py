"""Which Polish words does a page use for standing, confidence, flags, dimensions and charts?

Fixed words stand here once, so that a report, an app and a lesson speak alike. Sentences about
values belong to ``conclude``; what the catalogue names (indicators, areas) comes from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smup_lib.present.formats import count_of


@dataclass(frozen=True)
class Mark:
    """A judgement as shape, colour and word; never as colour alone.

    Attributes
    ----------
    shape : str
        The letter-like sign, also in text.
    colour : str
        Name of the colour token.
    word : str
        What it says, in Polish.
    """

    shape: str
    colour: str
    word: str


STANDINGS: Mapping[str, Mark] = MappingProxyType(
    {
        "better": Mark("●", "better", "korzystniej niż w grupie"),
        "worse": Mark("▲", "worse", "mniej korzystnie niż w grupie"),
        "similar": Mark("■", "group", "podobnie jak w grupie"),
        "not_judged": Mark("○", "muted", "nie oceniamy"),
        "unknown": Mark("?", "muted", "nie wiadomo"),
    }
)

#: What a cost far from its group is called, in a sentence, on a card and in a table alike.
QUESTION = "pytanie do wyjaśnienia"
#: Stands before the office, the register or the return that holds what is missing.
WHERE_DATA_ARE = "Gdzie są te dane"

CONFIDENCES: Mapping[str, str] = MappingProxyType(
    {
        "high": "wysoka",
        "medium": "średnia",
        "low": "niska",
        "not_assessable": "nie do oceny",
    }
)


@dataclass(frozen=True)
class FlagWords:
    """How a flag is printed: the sign in a cell and the words of the legend."""

    sign: str
    words: str


#: Flags of numbers have no sign: the number itself stands in the cell, the words may follow it.
FLAGS: Mapping[str, FlagWords] = MappingProxyType(
    {
        "ok": FlagWords("", ""),
        "true_zero": FlagWords("", "zjawisko nie wystąpiło"),
        "below_format": FlagWords("", "poniżej dokładności zapisu"),
        "missing_or_secret": FlagWords(".", "brak informacji lub tajemnica"),
        "not_available_yet": FlagWords("n", "jeszcze niedostępne"),
        "no_data": FlagWords("–", "brak danych"),
        "ambiguous_zero": FlagWords("?", "zero albo brak danych, źródło nie rozstrzyga"),
        "zero_denominator": FlagWords("x", "nie da się policzyć, mianownik równy zero"),
        "not_applicable": FlagWords("x", "nie dotyczy, nieporównywalne"),
        "suppressed_here": FlagWords("#", "ukryte, za mało przypadków"),
    }
)

QUALIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "preliminary": "dane wstępne",
        "method_change": "zmiana metody",
        "incomplete": "w danych brakuje części, więc wartość może być niepełna",
        "low_precision": "mała precyzja",
        "joint_with_city": "łącznie z miastem na prawach powiatu",
        "small_denominator": "wartość opiera się na małej liczbie przypadków",
        "size_unknown": "nie wiadomo, na ilu przypadkach opiera się wartość",
        "impossible_value": "część większa od całości: błąd w danych źródłowych",
        "territorial_break": "zmiana granic",
        "estimated_weights": "przeliczono wagami szacunkowymi",
        "other_code": "dane stoją w źródle pod drugim kodem tego miasta",
        "both_parts": "suma części gminnej i powiatowej budżetu miasta; gmina i powiat "
        "ziemski mają po jednej części",
        "part_missing": "znana jest tylko jedna z dwóch części budżetu miasta",
        "across_break": "lata porównane przez przerwę w szeregu",
    }
)

DIMENSION_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "quantity": "Ile usługi się świadczy?",
        "quality": "Jak dobrze?",
        "accessibility": "Kto naprawdę może skorzystać?",
        "efficiency": "Jakim kosztem lub nakładem?",
    }
)

#: Nouns in the forms for one, a few, many.
UNIT_NOUN = ("jednostka", "jednostki", "jednostek")
INDICATOR_NOUN = ("wskaźnik", "wskaźniki", "wskaźników")

HOW_TO_READ = "Jak to czytać?"
TABLE_TWIN = "Tabela do wykresu"
SAMPLE_LAND = "dane przykładowe, jednostki fikcyjne"
NO_DIRECTION = "wskaźnik nie ma kierunku"
BETTER_SIDE = "korzystniej"
GROUP_MEDIAN = "mediana grupy"
MIDDLE_HALF = "środkowa połowa grupy"
NO_DATA = "brak danych"
NOT_COMPARABLE = "nieporównywalne"
NO_PLACE = "bez położenia"
#: By what the shares of former units in a new one were estimated.
WEIGHT_BASES = {"area": "wagi według powierzchni", "population": "wagi według ludności"}
UNKNOWN_WEIGHTS = "wagi o nieznanej podstawie"
NO_PLACES = (
    "Miejsc nie podajemy: wartości opierają się na kilku przypadkach, więc o kolejności w dużej "
    "mierze decyduje przypadek."
)
NOMINAL = "Kwoty w cenach bieżących, bez poprawki na inflację."
GROUP_TOO_SMALL = "w grupie za mało wartości, by podać położenie"

READINGS: Mapping[str, str] = MappingProxyType(
    {
        "distribution": (
            "Każda kropka to jedna jednostka z grupy, a romb to sąsiad spoza niej. Im dalej w "
            "prawo, tym większa wartość. "
            "Pionowa linia to mediana: połowa grupy ma mniej, połowa więcej. "
            "W jasnym pasie leży środkowa połowa grupy. Niebieska kropka to opisywana jednostka."
        ),
        "histogram": (
            "Jednostek jest dużo, więc słupki liczą je w przedziałach: im wyższy słupek, tym "
            "więcej jednostek ma podobną wartość. Pionowa linia to mediana: połowa grupy ma mniej, "
            "połowa więcej. Niebieska kropka to opisywana jednostka."
        ),
        "series": (
            "Niebieska linia to opisywana jednostka, szara to mediana grupy w tym samym roku. "
            "W jasnym pasie leży środkowa połowa grupy. Przerwa w linii oznacza brak danych albo "
            "rok, przed którym wartości nie da się porównać z późniejszymi."
        ),
        "against": (
            "Każda kropka to jedna jednostka z grupy: im dalej w prawo, tym większa wartość "
            "jednego wskaźnika, im wyżej, tym większa wartość drugiego. Linie to mediany grupy; "
            "dzielą wykres na cztery części. Niebieska kropka to opisywana jednostka. Wykres "
            "mówi, co występuje razem, a nie co z czego wynika. Osie mogą zaczynać się wyżej niż "
            "od zera."
        ),
        "funnel": (
            "Każda kropka to jedna jednostka z grupy: im dalej w prawo, na tym większej liczbie "
            "opiera się jej wartość, im wyżej, tym większa wartość. Pozioma linia to wartość całej "
            "grupy, policzona z sum. Im mniejsza jednostka, tym szersze granice: mała może leżeć "
            "daleko od linii przez sam przypadek. Niebieska kropka to opisywana jednostka."
        ),
        "profile": (
            "Każdy wiersz to jeden wskaźnik. Pozycja znaku mówi, jaka część grupy ma mniej: "
            "z lewej wartości najmniejsze, z prawej największe, kreska pośrodku to mediana grupy. "
            "Kształt i kolor znaku mówią, czy to korzystne. Bliskość środka znaczy „podobnie”."
        ),
        "ranking": (
            "Długość słupka to wartość wskaźnika. Niebieski słupek to opisywana jednostka. "
            "Jednostki bez danych wymieniono pod wykresem."
        ),
        "map": (
            "Kolor mówi, w którym przedziale leży wartość; przedziały podano w legendzie. "
            "Kreskowanie oznacza brak danych. Grubą linią obrysowano opisywaną jednostkę; "
            "małą otacza kółko. Duży obszar nie znaczy więcej mieszkańców."
        ),
        "patches": (
            "Kolor mówi, w którym przedziale leży wartość; przedziały podano w legendzie. "
            "Kreskowanie oznacza brak danych. Sąsiednie jednostki z tego samego przedziału tworzą "
            "jedną plamę, a granice wszystkich jednostek widać tylko w województwie opisywanej. "
            "Grubszą linią zaznaczono granice województw, najgrubszą opisywaną jednostkę; "
            "małą otacza kółko. Duży obszar nie znaczy więcej mieszkańców."
        ),
        "heat": (
            "Wiersz to wskaźnik, kolumna to rok. Im wyżej wypełnione pole, tym więcej jednostek, "
            "które wtedy istniały, ma wartość. Pełne pole: mają ją wszystkie; sama kreska: żadna."
        ),
    }
)


def standing_words(standing: str) -> str:
    """Return shape and words of a standing.

    Examples
    --------
    >>> standing_words("worse")
    '▲ mniej korzystnie niż w grupie'
    """
    mark = STANDINGS[standing]
    return f"{mark.shape} {mark.word}"


def flag_words(flag: str) -> str:
    """Return what a flag says; an unknown flag is "brak danych", never blank.

    Examples
    --------
    >>> flag_words("missing_or_secret")
    'brak informacji lub tajemnica'
    """
    return FLAGS[flag].words if flag in FLAGS else NO_DATA


def flag_sign(flag: str) -> str:
    """Return the sign printed in a cell without a value.

    Examples
    --------
    >>> flag_sign("missing_or_secret"), flag_sign("no_data")
    ('.', '–')
    """
    return (FLAGS[flag].sign if flag in FLAGS else "") or FLAGS["no_data"].sign


def qualifier_words(qualifiers: str) -> str:
    """Return the words of comma-joined qualifiers.

    Examples
    --------
    >>> qualifier_words("incomplete,preliminary")
    'w danych brakuje części, więc wartość może być niepełna, dane wstępne'
    """
    names = [name for name in qualifiers.split(",") if name]
    return ", ".join(QUALIFIERS.get(name, name) for name in names)


def side_hint(polarity: str) -> str:
    """Say which end of an axis is the good one.

    Examples
    --------
    >>> side_hint("lower"), side_hint("neutral")
    ('← korzystniej', 'wskaźnik nie ma kierunku')
    """
    if polarity == "lower":
        return f"← {BETTER_SIDE}"
    if polarity == "higher":
        return f"{BETTER_SIDE} →"
    return "" if polarity == "target" else NO_DIRECTION


def unit_count(count: int) -> str:
    """Count units.

    Examples
    --------
    >>> unit_count(24)
    '24\\xa0jednostki'
    """
    return count_of(count, UNIT_NOUN)
