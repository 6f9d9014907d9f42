"""Which parameters does a notebook take, and do the given ones fit? Asked before a kernel starts.

papermill only logs a warning about an unknown parameter and runs with the default unit. Its
inspection also overlooks a name without a default, reads lines with a regular expression and costs
more than a second to import, so the cell is read here with the standard library.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smup_lib.errors import ParameterError, did_you_mean

CELL_TAG = "parameters"
#: Begins the comment of a parameter whose default serves only who opens the notebook by hand.
REQUIRED_MARK = "wymagane"

_TYPES: Mapping[str, type] = {"int": int, "float": float, "str": str, "bool": bool, "list": list}
_TYPE_WORDS = {
    "int": "liczba całkowita",
    "float": "liczba",
    "str": "tekst",
    "bool": "True albo False",
    "list": "lista",
    "None": "nic (None)",
}
_LIST = re.compile(r"^list\[(\w+)\]$")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes
    ----------
    name : str
        Its name in the cell.
    types : tuple of str
        What it may hold: ``int, float, str, bool, list, list[str], ..., None``.
    default : object
        The value written in the cell; None when there is none.
    required : bool
        Whether a report must be given it.
    help : str
        The comment of its line.
    """

    name: str
    types: tuple[str, ...]
    default: Any
    required: bool
    help: str

    @property
    def type_words(self) -> str:
        """Say in Polish what it may hold.

        Examples
        --------
        >>> Parameter("units", ("list[str]", "None"), None, False, "").type_words
        'lista (każdy element: tekst) albo nic (None)'
        """
        return " albo ".join(_type_words(name) for name in self.types)

    def accepts(self, value: Any) -> bool:
        """Tell whether a value is of the right type; nothing is converted.

        Examples
        --------
        >>> year = Parameter("year", ("int",), None, True, "")
        >>> year.accepts(2018), year.accepts("2018"), year.accepts(True)
        (True, False, False)
        """
        return any(_is_of_type(value, name) for name in self.types)


def read_parameters(notebook: Any) -> tuple[Parameter, ...]:
    """Read the cell tagged ``parameters``.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of format 4.

    Returns
    -------
    tuple of Parameter
        In the order of the cell.

    Raises
    ------
    ParameterError
        When there is no such cell or several, or a line is no plain assignment; with every problem.
    """
    cells = [c for c in notebook["cells"] if CELL_TAG in c["metadata"].get("tags", ())]
    if len(cells) != 1:
        raise ParameterError(
            "Notatnik nie ma komórki z parametrami."
            if not cells
            else "Notatnik ma kilka komórek z parametrami.",
            expected=f"dokładnie jedna komórka z kodem i etykietą „{CELL_TAG}”",
            next_step="dodaj etykietę w JupyterLab: panel boczny, Właściwości, Etykiety komórki",
        )
    return parse_parameters(str(cells[0]["source"]))


def parse_parameters(source: str) -> tuple[Parameter, ...]:
    """Read the source text of a parameters cell; see :func:`read_parameters`.

    Examples
    --------
    >>> unit, year = parse_parameters("unit: str = '9002'  # wymagane; kod TERYT\\nyear = 2023")
    >>> unit.required, unit.help, year.types
    (True, 'kod TERYT', ('int',))
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(
            "Komórki z parametrami nie da się odczytać.",
            where=f"wiersz {error.lineno}: {(error.text or '').strip()}",
            expected="przypisania, na przykład: year: int = 2023  # rok danych",
            next_step="popraw ten wiersz w notatniku i powtórz",
        ) from error
    comments = _comments(source)
    problems: list[str] = []
    found: dict[str, Parameter] = {}
    for statement in statements:
        try:
            parameter = _read_statement(statement, comments)
        except ValueError as error:
            problems.append(f"wiersz {statement.lineno}: {error}")
            continue
        if parameter.name in found:
            problems.append(f"wiersz {statement.lineno}: „{parameter.name}” powtarza się")
        found[parameter.name] = parameter
    if problems:
        raise ParameterError(
            "Komórka z parametrami zawiera coś innego niż parametry.",
            problems=problems,
            expected="jedno przypisanie w wierszu: nazwa: typ = wartość  # objaśnienie",
            next_step="przenieś resztę do następnej komórki notatnika i powtórz",
        )
    return tuple(found.values())


def check_parameters(
    parameters: Sequence[Parameter], given: Mapping[str, Any], *, where: str | None = None
) -> dict[str, Any]:
    """Check given values against the parameters of a notebook and return them in its order.

    Parameters
    ----------
    parameters : sequence of Parameter
        What the notebook takes.
    given : mapping of str to object
        Values by name; nothing is converted.
    where : str, optional
        The notebook, for the message.

    Raises
    ------
    ParameterError
        With every unknown, missing and mistyped parameter.

    Examples
    --------
    >>> check_parameters(parse_parameters("year: int = 2023"), {"yaer": 2018})
    Traceback (most recent call last):
    smup_lib.errors.ParameterError: Parametry nie pasują do notatnika.
      - nieznany parametr „yaer”; czy chodziło o: year?
      oczekiwano: year (liczba całkowita)
      co zrobić: popraw wymienione parametry i powtórz
    """
    problems = list_problems(parameters, given)
    if problems:
        raise ParameterError(
            "Parametry nie pasują do notatnika.",
            where=where,
            problems=problems,
            expected="; ".join(f"{p.name} ({p.type_words})" for p in parameters),
            next_step="popraw wymienione parametry i powtórz",
        )
    return {p.name: given[p.name] for p in parameters if p.name in given}


def read_texts(parameters: Sequence[Parameter], texts: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value`` texts of a command line by the types of a notebook's parameters.

    A list is written with commas. An unknown name keeps its text, for
    :func:`check_parameters` to tell.

    Raises
    ------
    ParameterError
        When a text has no ``=``, or a value cannot be read.

    Examples
    --------
    >>> cell = "others: list[str] = []  # obok kogo\\nsize: int = 10  # ilu"
    >>> read_texts(parse_parameters(cell), ["others=9003,9004", "size=5"])
    {'others': ['9003', '9004'], 'size': 5}
    """
    known = {parameter.name: parameter for parameter in parameters}
    problems: list[str] = []
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            problems.append(f"„{text}”: brakuje znaku równości")
            continue
        types = known[name].types if name in known else ("str",)
        try:
            found[name] = _read_text(types[0], value)
        except (ValueError, KeyError):
            problems.append(f"„{text}”: to nie jest {_type_words(types[0])}")
    if problems:
        raise ParameterError(
            "Parametrów nie da się odczytać.",
            problems=problems,
            expected="nazwa=wartość; lista z przecinkami, na przykład others=9003,9004",
            next_step="popraw wymienione parametry i powtórz",
        )
    return found


def _read_text(kind: str, text: str) -> Any:
    inner = _LIST.match(kind)
    if inner or kind == "list":
        one = inner[1] if inner else "str"
        return [_read_text(one, part.strip()) for part in text.split(",") if part.strip()]
    if kind == "bool":
        return {"true": True, "tak": True, "false": False, "nie": False}[text.lower()]
    return _TYPES.get(kind, str)(text)


def list_problems(parameters: Sequence[Parameter], given: Mapping[str, Any]) -> list[str]:
    """List in Polish what is unknown, missing and mistyped; see :func:`check_parameters`."""
    problems = []
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known)
            problems.append(f"nieznany parametr „{name}”" + (f"; {hint}" if hint else ""))
    for name, parameter in known.items():
        if name not in given:
            if parameter.required:
                about = f": {parameter.help}" if parameter.help else ""
                problems.append(f"brak parametru „{name}”{about}")
        elif not parameter.accepts(given[name]):
            problems.append(
                f"parametr „{name}”: oczekiwano: {parameter.type_words}; "
                f"jest: {given[name]!r} ({_found_words(given[name])})"
            )
    return problems


def write_defaults(source: str, values: Mapping[str, Any]) -> str:
    """Return a parameters cell with other defaults; comments and order stay.

    Raises
    ------
    ParameterError
        When a value does not fit the cell.

    Examples
    --------
    >>> write_defaults("year: int = 2023  # rok danych", {"year": 2018})
    'year: int = 2018  # rok danych'
    """
    optional = [replace(parameter, required=False) for parameter in parse_parameters(source)]
    check_parameters(optional, values)
    # ast counts columns in bytes
    lines = [line.encode() for line in source.splitlines()]
    for statement in reversed(ast.parse(source).body):
        assert isinstance(statement, ast.Assign | ast.AnnAssign)
        name, value = _target_name(statement), statement.value
        if name not in values:
            continue
        text = repr(values[name]).encode()
        if value is None:
            row, start, last, end = statement.end_lineno, statement.end_col_offset, None, None
            text = b" = " + text
        else:
            row, start = value.lineno, value.col_offset
            last, end = value.end_lineno, value.end_col_offset
        assert row is not None and start is not None
        rest = lines[(last or row) - 1][start if end is None else end :]
        lines[row - 1 : last or row] = [lines[row - 1][:start] + text + rest]
    return b"\n".join(lines).decode()


def _read_statement(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        raise ValueError("to nie jest przypisanie")
    name = _target_name(statement)
    annotated = isinstance(statement, ast.AnnAssign)
    try:
        default = None if statement.value is None else ast.literal_eval(statement.value)
    except ValueError as error:
        raise ValueError(f"wartość „{name}” musi być zapisana wprost, bez obliczeń") from error
    types = (
        _annotated_types(ast.unparse(statement.annotation))
        if isinstance(statement, ast.AnnAssign)
        else (type(default).__name__,)
    )
    if not annotated and types[0] not in _TYPES:
        raise ValueError(f"„{name}” potrzebuje typu, na przykład: {name}: str | None = None")
    comment = comments.get(statement.end_lineno or statement.lineno, "")
    required = statement.value is None or comment.startswith(REQUIRED_MARK)
    text = comment.removeprefix(REQUIRED_MARK).lstrip(" ;:,").strip() if required else comment
    parameter = Parameter(name, types, default, required, text)
    if statement.value is not None and not parameter.accepts(default):
        raise ValueError(f"wartość „{name}” nie jest tego typu co zapowiada: {default!r}")
    return parameter


def _target_name(statement: ast.Assign | ast.AnnAssign) -> str:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        raise ValueError("po lewej stronie ma stać jedna nazwa")
    return targets[0].id


def _annotated_types(annotation: str) -> tuple[str, ...]:
    types = tuple(part.strip() for part in annotation.split("|"))
    for name in types:
        inner = _LIST.match(name)
        if name not in (*_TYPES, "None") and not (inner and inner[1] in _TYPES):
            raise ValueError(f"nieznany typ „{name}”; znane: {', '.join(_TYPES)}, list[str], None")
    return types


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _is_of_type(value: Any, name: str) -> bool:
    if name == "None":
        return value is None
    inner = _LIST.match(name)
    if inner:
        return isinstance(value, list) and all(_is_of_type(item, inner[1]) for item in value)
    if isinstance(value, bool):  # a bool is an int for Python, not for a reader
        return name == "bool"
    return isinstance(value, (int, float) if name == "float" else _TYPES[name])


def _type_words(name: str) -> str:
    inner = _LIST.match(name)
    if inner:
        return f"lista (każdy element: {_TYPE_WORDS[inner[1]]})"
    return _TYPE_WORDS[name]


def _found_words(value: Any) -> str:
    return _TYPE_WORDS.get("None" if value is None else type(value).__name__, type(value).__name__)
