"""What is one probe: a call to an official service, and what should come back?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from smup_lib.sources.live.expectation import Expectation
from smup_lib.sources.live.reading import first_row
from smup_lib.sources.web.answers import Answer, Request
from smup_lib.sources.web.services import Service

Answers = Mapping[str, Answer]
"""Answers of the probes of a service that were made before, by the name of the probe."""

#: JSON of a shape that nobody has described: it is only kept.
KEPT = Expectation("kept", statuses=(200, 404))


@dataclass(frozen=True)
class Probe:
    """One call, and what should come.

    Attributes
    ----------
    name : str
        Unique within its service, also of its file.
    service : Service
    label : str
        What is asked, Polish.
    request : Request or callable
        The question, or how it follows from earlier answers; None when it does not.
    expected : Expectation
    read : callable, optional
        The adapter's own reading of the answer: returns what it cannot take.
    with_key : bool
        Whether a key is sent when there is one.
    """

    name: str
    service: Service
    label: str
    request: Request | Callable[[Answers], Request | None]
    expected: Expectation
    read: Callable[[Answer], Sequence[str]] | None = None
    with_key: bool = True

    @property
    def id(self) -> str:
        """Return its name among all probes."""
        return f"{self.service.name}/{self.name}"

    def request_after(self, answers: Answers) -> Request | None:
        """Return the question; None when an answer that it needs is not there."""
        return self.request if isinstance(self.request, Request) else self.request(answers)


def number_from(probe: str, place: str, field: str) -> Callable[[Answers], int | None]:
    """Return how to take a number from the first row of an earlier answer."""

    def take(answers: Answers) -> int | None:
        found = first_row(answers.get(probe), place).get(field)
        return found if type(found) is int else None

    return take


def then(
    number: Callable[[Answers], int | None], ask: Callable[[int], Request]
) -> Callable[[Answers], Request | None]:
    """Return how to ask about a number that an earlier answer gives."""

    def follow(answers: Answers) -> Request | None:
        found = number(answers)
        return None if found is None else ask(found)

    return follow
