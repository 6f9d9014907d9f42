"""Modules and functions stay small enough to be read, and have names that say what they do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
# Words that hide what a thing does (GLOSSARY.md).
EMPTY_FUNCTION = re.compile(r"^_?(get|process|handle)_|(^|_)(utils?|helpers?)(_|$)")
EMPTY_MODULE = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)")
# Names that html.parser in the standard library gives to its callbacks.
PARSER_CALLBACKS = {"handle_starttag", "handle_endtag", "handle_data"}
# Names that Jupyter gives to what a server of ours does in its own way.
OF_JUPYTER = {"get_user", "get_handlers", "_handle_kernel_died"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.fixture(scope="module")
def library_sources(repo_root: Path) -> dict[str, str]:
    paths = sorted((repo_root / "smup_lib").rglob("*.py"))
    return {str(path.relative_to(repo_root)): path.read_text(encoding="utf-8") for path in paths}


def functions(source: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function) -> int:
    """Count the lines of a function without its docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def docstring_lines(source: str) -> int:
    """Count the lines of all docstrings of a module's functions and classes."""
    total = 0
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function | ast.ClassDef) and ast.get_docstring(node) is not None:
            total += (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return total


def test_no_function_is_longer_than_a_screen(library_sources):
    long = [
        f"{path}: {function.name} has {body_lines(function)} lines"
        for path, source in library_sources.items()
        for function in functions(source)
        if body_lines(function) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_module_is_too_long_to_read_in_one_go(library_sources):
    # docstrings of the public verbs are a manual, not something to hold in one's head
    long = {
        path: n
        for path, text in library_sources.items()
        if (n := text.count("\n") - docstring_lines(text)) > LONGEST_MODULE
    }
    assert not long, f"more than {LONGEST_MODULE} lines: {long}"


def test_names_say_what_a_thing_does(library_sources):
    empty = [path for path in library_sources if EMPTY_MODULE.search(Path(path).stem)]
    empty += [
        f"{path}: {function.name}"
        for path, source in library_sources.items()
        for function in functions(source)
        if EMPTY_FUNCTION.search(function.name)
        and function.name not in PARSER_CALLBACKS | OF_JUPYTER
    ]
    assert not empty, "\n".join(empty)


def test_body_lines_leave_the_docstring_out():
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    x = 1\n    return x\n'
    assert [body_lines(function) for function in functions(source)] == [3]
