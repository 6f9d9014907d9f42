"""Messages say what, where, expected, next step; all problems at once."""

from __future__ import annotations

import ast
import pickle

import pytest

from smup_lib import errors
from smup_lib.errors import ObservationError, SmupError, did_you_mean


def test_a_message_shows_every_part_in_order():
    error = SmupError("Co", where="gdzie", expected="czego", next_step="krok", problems=["a", "b"])
    assert str(error).splitlines() == [
        "Co",
        "  gdzie: gdzie",
        "  - a",
        "  - b",
        "  oczekiwano: czego",
        "  co zrobić: krok",
    ]


def test_an_error_survives_the_way_from_a_worker():
    error = ObservationError("Co", where="plik", problems=["a"])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ObservationError
    assert str(again) == str(error)
    assert again.args == error.args


def test_the_drawn_tree_is_the_real_tree():
    drawn = errors.__doc__ or ""
    real = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, SmupError)
    ]
    for name in real:
        assert name in drawn, f"{name} is missing from the tree drawn in errors.py"


def unfinished_errors(source: str) -> set[str]:
    """Return the functions that make an error of ours without ``expected`` or ``next_step``."""
    ours = {name for name, value in vars(errors).items() if isinstance(value, type)}
    found = set()

    class Visitor(ast.NodeVisitor):
        function = ""

        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            outer, self.function = self.function, node.name
            self.generic_visit(node)
            self.function = outer

        def visit_Call(self, node: ast.Call) -> None:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = {keyword.arg for keyword in node.keywords}
            if name in ours and None not in given and not {"expected", "next_step"} <= given:
                found.add(self.function)
            self.generic_visit(node)

    Visitor().visit(ast.parse(source))
    return found


def test_every_error_says_what_was_expected_and_what_to_do(repo_root):
    library = repo_root / "smup_lib"
    found = {
        f"{path.relative_to(library)}: {function}"
        for path in library.rglob("*.py")
        if "_bundled" not in path.parts
        for function in unfinished_errors(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_the_rule_about_errors_itself():
    assert unfinished_errors("def f():\n    raise UnitError('x', expected='y')") == {"f"}
    assert unfinished_errors("def f():\n    raise errors.UnitError('x', next_step='y')") == {"f"}
    assert unfinished_errors("raise UnitError('x', expected='y', next_step='z')") == set()
    assert unfinished_errors("raise UnitError('x', **parts)\nraise ValueError('x')") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [("finanse", "finance"), ("FINANCE", "finance"), ("rods_transport", "roads_transport")],
)
def test_a_near_word_is_suggested(text, found):
    assert found in did_you_mean(text, ["finance", "roads_transport", "education"])
