"""Is a lesson fit for a participant: short, complete, silent about its answers?"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from smup_lib.errors import did_you_mean
from smup_lib.workshop.lesson_script import TAGS, Cell, Lesson

MOST_CODE_CELLS = 16
MOST_LINES = 10
_VERB = "open_exercise"
_DIGIT = re.compile(r"\d")
_QUOTED = re.compile(r"`[^`]*`")


def list_problems(lesson: Lesson) -> list[str]:
    """Return every problem of a lesson in Polish, each with the place of its cell.

    A lesson has one cell with parameters, at most 16 code cells of at most 10 lines, no
    definitions, at least as many texts as code cells, no number in a text (numbers come from
    cells), no other import than the public verbs; each exercise is shown in a cell tagged
    ``exercise``, answered in a cell tagged ``solution``, and answered nowhere else.
    """
    found = []
    for rule in _RULES:
        found += list(rule(lesson))
    return found


def _code(lesson: Lesson) -> list[Cell]:
    return [cell for cell in lesson.cells if cell.kind == "code"]


def _tags(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        for tag in cell.tags:
            if tag not in TAGS:
                hint = did_you_mean(tag, TAGS)
                yield f"{cell.id}: nieznana etykieta „{tag}”" + (f"; {hint}" if hint else "")
    marked = [cell for cell in lesson.cells if "parameters" in cell.tags]
    if len(marked) != 1 or marked[0] is not next(iter(_code(lesson)), None):
        yield "pierwsza komórka z kodem, i tylko ona, ma etykietę „parameters”"
    if not lesson.title:
        yield "brak tytułu (wiersz „# ...” w pierwszym tekście)"


def _budget(lesson: Lesson) -> Iterator[str]:
    code = _code(lesson)
    if len(code) > MOST_CODE_CELLS:
        yield f"komórek z kodem jest {len(code)}, a może być najwyżej {MOST_CODE_CELLS}"
    shown = [cell for cell in lesson.cells if not cell.is_solution]
    texts = sum(cell.kind == "markdown" for cell in shown)
    if texts < len(shown) - texts:
        yield "w ćwiczeniu jest mniej tekstów niż komórek z kodem"
    for cell in code:
        if len(cell.source.splitlines()) > MOST_LINES:
            yield f"{cell.id}: więcej niż {MOST_LINES} wierszy kodu"


def _python(lesson: Lesson) -> Iterator[str]:
    for cell in _code(lesson):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            yield f"{cell.id}: kodu nie da się odczytać (wiersz {error.lineno})"
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                yield f"{cell.id}: definicja w komórce; jej miejsce jest w smup_lib"
            foreign = (
                isinstance(node, ast.Import)
                and any((a.name, a.asname) != ("smup_lib", "smup") for a in node.names)
            ) or isinstance(node, ast.ImportFrom)
            if foreign:
                yield f"{cell.id}: import inny niż „import smup_lib as smup”"


def _prose(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        if cell.kind != "markdown":
            continue
        prose = " ".join(
            _QUOTED.sub("", line) for line in cell.source.splitlines() if not line.startswith("#")
        )
        if _DIGIT.search(prose):
            yield f"{cell.id}: liczba w tekście; liczby pochodzą z komórek"
        if "!" in prose:
            yield f"{cell.id}: wykrzyknik w tekście"


def _exercises(lesson: Lesson) -> Iterator[str]:
    opened = {name: cell for cell in _code(lesson) for name in _opened(cell)}
    shown = {name for cell in lesson.cells if "exercise" in cell.tags for name in _shown(cell)}
    solved = {name for cell in lesson.cells if cell.is_solution for name in _checked(cell)}
    for name, cell in opened.items():
        if cell.is_solution:
            yield f"{cell.id}: ćwiczenie „{name}” jest tylko w rozwiązaniach"
        if name not in shown:
            yield f"{cell.id}: ćwiczenia „{name}” nie pokazuje komórka z etykietą „exercise”"
        if name not in solved:
            yield f"{cell.id}: ćwiczenie „{name}” nie ma rozwiązania z „{name}.check(...)”"
    if not opened:
        yield "lekcja nie ma ani jednego ćwiczenia"


def _leaks(lesson: Lesson) -> Iterator[str]:
    """Yield the cells of the exercise notebook that hold a line or an answer of a solution."""
    answers = {
        line.strip(): cell.id
        for cell in lesson.cells
        if cell.is_solution
        for line in cell.source.splitlines()
        if line.strip() and not line.startswith("#")
    }
    for cell in lesson.cells:
        if cell.is_solution:
            continue
        for line in cell.source.splitlines():
            if line.strip() in answers:
                where = answers[line.strip()]
                yield f"{cell.id}: wiersz rozwiązania {where} stoi w ćwiczeniu: {line.strip()}"
        for name in _checked(cell) if cell.kind == "code" else ():
            yield f"{cell.id}: odpowiedź na „{name}” bez etykiety „solution”"


def _tree(cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module([], [])  # reported by the rule about Python


def _opened(cell: Cell) -> Iterator[str]:
    """Yield the variables to which a cell assigns an opened exercise."""
    for node in _tree(cell).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and node.value.func.attr == _VERB
        ):
            yield from (t.id for t in node.targets if isinstance(t, ast.Name))


def _shown(cell: Cell) -> Iterator[str]:
    """Yield the variable that a cell shows."""
    last = _tree(cell).body[-1:] if cell.kind == "code" else []
    for node in last:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
            yield node.value.id


def _checked(cell: Cell) -> Iterator[str]:
    """Yield the variables whose answer a cell gives."""
    for node in ast.walk(_tree(cell)) if cell.kind == "code" else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "check"
            and isinstance(node.func.value, ast.Name)
        ):
            yield node.func.value.id


_RULES: tuple[Callable[[Lesson], Iterator[str]], ...] = (
    _tags,
    _budget,
    _python,
    _prose,
    _exercises,
    _leaks,
)
