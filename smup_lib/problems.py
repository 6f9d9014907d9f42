"""What is wrong with a request? Everything at once, one problem in its own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from smup_lib.errors import ParameterError, SmupError

T = TypeVar("T")


class Problems:
    """Gathers the errors of several checks.

    Examples
    --------
    >>> problems = Problems()
    >>> problems.attempt(lambda: int("7"))
    7
    >>> problems.found
    False
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.errors: list[SmupError] = []

    @property
    def found(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lines or self.errors)

    @property
    def told(self) -> list[str]:
        """Everything that is wrong, a line each."""
        return [*self.lines, *map(tell_error, self.errors)]

    def attempt(self, check: Callable[[], T]) -> T | None:
        """Return what a check gives; None when it raises, and the error is kept."""
        try:
            return check()
        except SmupError as error:
            if str(error) not in map(str, self.errors):  # several parts share a fault
                self.errors.append(error)
            return None

    def raise_found(self, what: str, where: str | None = None, expected: str | None = None) -> None:
        """Raise the only error as it is, several as one list; nothing when there is none.

        Parameters
        ----------
        what : str
            Headline of a list.
        where, expected : str, optional
            Beside a list; a single error has its own.
        """
        if not self.found:
            return
        if not self.lines and len(self.errors) == 1:
            raise self.errors[0]
        raise ParameterError(
            what,
            where=where,
            problems=self.told,
            expected=expected,
            next_step="popraw wymienione miejsca i powtórz",
        )


def tell_error(error: SmupError) -> str:
    """Tell an error in one line.

    Examples
    --------
    >>> tell_error(ParameterError("Nie ma obszaru „x”.", expected="kultura", next_step="popraw"))
    'Nie ma obszaru „x”; oczekiwano: kultura'
    """
    more = f" ({'; '.join(error.problems)})" if error.problems else ""
    expected = f"; oczekiwano: {error.expected}" if error.expected else ""
    return f"{error.what.rstrip('.')}{more}{expected}"
