"""What does the file of an order say, and in which line? Codes are read as they were typed.

To YAML ``0201`` is a number of another system, and ``9001`` a number at all; an official who types
it means a code. The tree of the file knows what stood there, and where.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smup_lib.catalogue.given_files import read_given
from smup_lib.catalogue.problems import Problem
from smup_lib.catalogue.reading import located
from smup_lib.errors import SmupError
from smup_lib.reports.runner import find_notebook

#: A list of all units of a country in every chapter is a tenth of it.
_LARGEST = 2_000_000
_CODE = re.compile(r"\d{4}|\d{6,7}")
_UNITS = "units"
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class OrderFile:
    """The file of an order.

    Attributes
    ----------
    name : str
        Of the file.
    content : object
        What it says.
    lines : mapping of str to int
        In which line each key and entry stands, by its place as messages write it.
    """

    name: str
    content: Any
    lines: dict[str, int]

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with its line; of a key that is not there, that of what it belongs to.

        Examples
        --------
        >>> file = OrderFile("plan.yaml", {}, {"parts": 3})
        >>> file.placed(Problem("plan.yaml", "", "parts[1].report", "brak klucza")).where
        'plan.yaml: wiersz 3: parts[1].report'
        """
        key = problem.key
        while key and key not in self.lines:
            key = re.sub(r"(^|\.)[^.\[]*$|\[[^\[]*\]$", "", key)
        line = self.lines.get(key)
        return problem if line is None else dataclasses.replace(problem, entry=f"wiersz {line}")

    def list_unknown_reports(self) -> Iterator[Problem]:
        """Yield a problem for each part whose report is no area and no notebook."""
        parts = self.content.get("parts") if isinstance(self.content, dict) else None
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            report = part.get("report") if isinstance(part, dict) else None
            if not isinstance(report, str) or not report.strip():
                continue  # its shape is told already
            try:
                find_notebook(report)
            except SmupError as error:
                key = located(("parts", number, "report"), self.content)
                told = error.what.rstrip(".")
                known = "" if "czy chodziło" in told else error.expected or ""
                yield self.placed(Problem(self.name, "", key, told, known))


def read_order_file(path: Path, problems: list[Problem]) -> OrderFile | None:
    """Return what the file of an order says, or None with the problems noted."""
    import yaml

    content = read_given(path, problems, largest=_LARGEST)
    if content is None:
        return None
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError:  # JSON that is no YAML
        tree = None
    lines: dict[str, int] = {}
    for place, node in _nodes(tree, ()):
        lines.setdefault(located(place, content), node.start_mark.line + 1)
        _keep_typed_code(content, place, node)
    return OrderFile(path.name, content, lines)


def _nodes(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Yield each key and entry below a node of the tree, with its place."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*place, key.value), key
            yield from _nodes(value, (*place, key.value))
            if isinstance(value, yaml.ScalarNode):
                yield (*place, key.value), value
    elif isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            yield (*place, number), one
            yield from _nodes(one, (*place, number))


def _keep_typed_code(content: Any, place: Place, node: Any) -> None:
    """Put the digits that were typed where YAML read a number of a unit."""
    typed = getattr(node, "tag", "").endswith(":int") and isinstance(node.value, str)
    if not typed or not _CODE.fullmatch(node.value) or _UNITS not in place[-2:]:
        return
    holder = content
    for step in place[:-1]:
        holder = holder[step]
    if type(holder[place[-1]]) is int:
        holder[place[-1]] = node.value
