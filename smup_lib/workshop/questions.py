"""Is an answer right, and if not, which mistake is it? One small type for each form of answer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from typing import Literal

from smup_lib.present.formats import count_of, round_half_up
from smup_lib.workshop.answers import TypedAnswer, read_answer
from smup_lib.workshop.feedback import Verdict
from smup_lib.workshop.typed_units import PERCENT, POINTS, MeasureUnit, read_unit

#: Part of a number within which another is taken for it: to name a mistake, never to forgive it.
NEARNESS = 0.005
#: Digits that the computer's own arithmetic may leave behind "3,1 tys." times 1000.
_NOISE = 9
_SLIPS = tuple(10.0**power for power in range(-6, 7) if power)
_DIGITS = ("cyfra", "cyfry", "cyfr")
_UNREADABLE = "Wpisz samą liczbę, na przykład 12,5. Gdy w komórce nie ma liczby, wpisz: brak."
_OTHER_UNIT = {
    POINTS: (
        "Liczba się zgadza, jednostka nie. Różnica dwóch odsetków to punkty procentowe (p.proc.): "
        "z 20% do 25% jest 5 p.proc., czyli 25% więcej."
    ),
    PERCENT: (
        "Liczba się zgadza, jednostka nie. To odsetek, więc podaje się go w procentach. "
        "W punktach procentowych podaje się dopiero różnicę dwóch odsetków."
    ),
}


def is_same(answer: float, value: float, decimals: int) -> bool:
    """Tell whether an answer is a value as displayed, or with more digits and rounds to that.

    Examples
    --------
    >>> [is_same(answer, 41.249, 1) for answer in (41.2, 41.249, 41.1, 41.3, 41)]
    [True, True, False, False, False]
    """
    return round_half_up(round(answer, _NOISE), decimals) == round_half_up(value, decimals)


def is_near(answer: float, value: float, decimals: int) -> bool:
    """Tell whether an answer may have been meant for a value: half a percent or a half digit off.

    Examples
    --------
    >>> is_near(41.2, 41.249, 1), is_near(41.1, 41.249, 1), is_near(41.5, 41.249, 1)
    (True, True, False)
    """
    allowed = max(0.5 * 10.0**-decimals, NEARNESS * abs(value))
    return abs(answer - value) <= allowed + 1e-9 * max(1.0, abs(value))


@dataclass(frozen=True)
class Mistake:
    """A wrong number whose cause is known.

    Attributes
    ----------
    misconception : str
        Id of the mistake.
    value : float
        What who makes it answers.
    why : str
        Markup: what was probably done and why it misleads.
    """

    misconception: str
    value: float
    why: str


@dataclass(frozen=True)
class NumberQuestion:
    """A question answered by a number, or by "brak" where there is none.

    Attributes
    ----------
    id, title, prompt : str
        Id, name and markup of the question.
    measure_unit : str
        In which the answer is; it may be left out, and another one is a mistake.
    decimals : int
        Digits after the comma with which the number is shown.
    value : float or None
        The right answer, computed when the question was made; None when the right answer is
        that there is no number.
    hint, solution, says : str
        Markup shown after the first wrong answer, after the third, and after the right one.
    missing_why : str
        Markup said to who answers "brak" although there is a number.
    missing_id : str
        Id of that mistake.
    also_right : tuple of float
        What comes out of the rounded numbers on the page, when it differs.
    mistakes : tuple of Mistake
        Wrong numbers to recognise.
    """

    id: str
    title: str
    prompt: str
    measure_unit: str
    decimals: int
    value: float | None
    hint: str
    solution: str
    says: str
    missing_why: str = "W tym miejscu stoi liczba. „Brak” pisze się tylko tam, gdzie jej nie ma."
    missing_id: str = "missing_for_value"
    also_right: tuple[float, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    form: Literal["number"] = "number"

    def judge(self, answer: object) -> Verdict:
        """Return what is to be said of an answer.

        Parameters
        ----------
        answer : object
            What was typed, or a number.
        """
        try:
            typed = read_answer(answer)
        except ValueError:
            return Verdict("unreadable", why=_UNREADABLE)
        if typed.missing:
            return (
                Verdict("right", why=self.says)
                if self.value is None
                else Verdict("wrong", self.missing_id, self.missing_why)
            )
        numbers = self._numbers(typed)
        if self._is_right(numbers):
            return self._judge_unit(typed)
        return self._recognised(numbers)

    def _numbers(self, typed: TypedAnswer) -> tuple[float, ...]:
        """Return the readings in the question's unit: "3 tys. zł" is 3000 where zł are asked."""
        said, own = self._units(typed)
        if typed.unit_text and (said.only_factor or said.is_same(own)):
            return tuple(reading * said.factor / own.factor for reading in typed.readings)
        return typed.readings

    def _units(self, typed: TypedAnswer) -> tuple[MeasureUnit, MeasureUnit]:
        return read_unit(typed.unit_text), read_unit(self.measure_unit)

    def _is_right(self, numbers: tuple[float, ...]) -> bool:
        right = () if self.value is None else (self.value, *self.also_right)
        return any(is_same(n, other, self.decimals) for n in numbers for other in right)

    def _judge_unit(self, typed: TypedAnswer) -> Verdict:
        """Return the verdict on a right number: a unit may be left out, not mistaken."""
        said, own = self._units(typed)
        if said.only_factor or said.is_same(own):
            return Verdict("right", why=self.says)
        if {said.counted, own.counted} == {(PERCENT,), (POINTS,)} and not said.per:
            name = "percent_for_points" if own.counted == (POINTS,) else "points_for_percent"
            return Verdict("wrong", name, _OTHER_UNIT[own.counted[0]])
        return Verdict(
            "wrong",
            "other_unit",
            f"Liczba się zgadza, jednostka nie. Po liczbie stoi „{escape(typed.unit_text)}”, "
            f"a odpowiedź podaje się w: {escape(self.measure_unit).rstrip('.')}. "
            "Można też wpisać samą liczbę.",
        )

    def _recognised(self, numbers: tuple[float, ...]) -> Verdict:
        """Name the mistake that was typed to the digit, or the nearest one, if any is near."""
        typed = [m for m in self.mistakes for n in numbers if is_same(n, m.value, self.decimals)]
        near = [
            (abs(number - mistake.value) / max(abs(mistake.value), 1e-12), place, mistake)
            for number in numbers
            for place, mistake in enumerate(self.mistakes)
            if is_near(number, mistake.value, self.decimals)
        ]
        mistake = next(iter(typed), None)
        if mistake is None and self._is_nearly_right(numbers):
            return Verdict("wrong", "rounding", self._said_to_nearly_right)
        if mistake is None and near:
            # of equal ones the first, as the question orders them
            mistake = min(near, key=lambda found: (round(found[0], 6), found[1]))[2]
        if mistake is not None:
            return Verdict("wrong", mistake.misconception, mistake.why)
        if self.value:
            slipped = self._slipped(numbers, self.value)
            if slipped:
                return slipped
        return Verdict(
            "wrong",
            why="Tej liczby nie ma w miejscu, o które pytamy. Sprawdź wiersz, kolumnę i rok.",
        )

    def _is_nearly_right(self, numbers: tuple[float, ...]) -> bool:
        """Tell whether the answer is the right number rounded further, or a slip in its end."""
        if self.value is None:
            return False
        coarse = {float(round_half_up(self.value, digits)) for digits in range(self.decimals)}
        return any(n in coarse or is_near(n, self.value, self.decimals) for n in numbers if n)

    @property
    def _said_to_nearly_right(self) -> str:
        shown = count_of(self.decimals, _DIGITS) if self.decimals else "bez cyfr"
        return (
            "Bardzo blisko, ale to inna liczba. Podaj ją tak dokładnie jak strona "
            f"({shown} po przecinku) i sprawdź ostatnią cyfrę."
        )

    def _slipped(self, numbers: tuple[float, ...], value: float) -> Verdict | None:
        if any(is_near(-number, value, self.decimals) for number in numbers):
            return Verdict(
                "wrong",
                "sign",
                "Wielkość się zgadza, znak nie. Minus znaczy: mniej niż to, z czym porównujemy.",
            )
        if any(
            is_near(number * power, value, self.decimals)
            # a tiny value must not swallow every number that shrinks below its rounding
            and abs(number * power - value) <= 0.1 * abs(value)
            for number in numbers
            for power in _SLIPS
        ):
            unit = f" Odpowiedź podaje się w: {escape(self.measure_unit).rstrip('.')}."
            return Verdict(
                "wrong",
                "scale",
                "Cyfry się zgadzają, przecinek stoi w innym miejscu albo jednostka jest inna."
                + (unit if self.measure_unit else ""),
            )
        return None


@dataclass(frozen=True)
class Option:
    """One answer to choose.

    Attributes
    ----------
    id : str
        What an answer is compared with; never the text.
    text : str
        What the participant reads.
    right : bool
        Whether it is the right one.
    why : str
        Markup said to who chose it: for a wrong one, why it misleads.
    misconception : str
        Id of the mistake; empty for the right option.
    """

    id: str
    text: str
    right: bool = False
    why: str = ""
    misconception: str = ""


@dataclass(frozen=True)
class ChoiceQuestion:
    """A question answered by one of several options.

    Attributes
    ----------
    id, title, prompt : str
        Id, name and markup of the question.
    options : tuple of Option
        Exactly one is right. They are shown in an order that tells nothing (:attr:`shown`).
    hint, solution, says : str
        As in :class:`NumberQuestion`.
    """

    id: str
    title: str
    prompt: str
    options: tuple[Option, ...]
    hint: str
    solution: str
    says: str

    form: Literal["choice"] = "choice"

    @property
    def shown(self) -> tuple[Option, ...]:
        """The options in an order that looks like chance and is always the same."""
        return tuple(sorted(self.options, key=self._place))

    def _place(self, option: Option) -> bytes:
        return blake2s(f"{self.id}|{option.id}".encode()).digest()

    def judge(self, answer: object) -> Verdict:
        """Return what is to be said of an answer.

        Parameters
        ----------
        answer : object
            Id of an option, or the letter before it.
        """
        said = str(answer).strip().casefold()
        chosen = next(
            (
                option
                for letter, option in zip("abcdefghij", self.shown, strict=False)
                if said in (option.id.casefold(), letter)
            ),
            None,
        )
        if chosen is None:
            known = ", ".join("abcdefghij"[: len(self.options)])
            return Verdict("unreadable", why=f"Wybierz jedną z odpowiedzi: {known}.")
        if chosen.right:
            return Verdict("right", why=self.says)
        return Verdict("wrong", chosen.misconception, chosen.why)


Question = NumberQuestion | ChoiceQuestion
