"""Reading a notebook compiles no grammar of addresses, and addresses are checked all the same."""

from __future__ import annotations

import subprocess
import sys

SAID = """
import sys
from pathlib import Path

from smup_lib.reports.notebook_files import read_notebook

notebook = read_notebook(Path("notebooks/culture_recreation.ipynb"))
print(len(notebook.cells) > 3, "jsonschema" in sys.modules)
print("lark" in sys.modules, "rfc3987_syntax" in sys.modules)
"""
CHECKED = """
import sys

if sys.argv[1] == "light":
    from smup_lib.kernels.light_imports import import_jsonschema
    import_jsonschema()
    assert "lark" not in sys.modules
from jsonschema import FormatChecker

checker = FormatChecker()
told = ["http://przykład.pl/żółw", "no address", "http://a b", "#żółw", "//[", 5, ""]
print([[checker.conforms(one, name) for one in told] for name in ("iri", "iri-reference")])
print(sorted(checker.checkers))
"""


def said(root, code: str, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=root, check=True
    )
    return done.stdout.splitlines()


def test_a_notebook_is_read_without_the_grammar(repo_root):
    assert said(repo_root, SAID) == ["True True", "False False"]


def test_addresses_are_checked_as_without_us(repo_root):
    told = said(repo_root, CHECKED, "light")
    assert told == said(repo_root, CHECKED, "plain")
    assert "True" in told[0]
    assert "False" in told[0]
    assert "'iri'" in told[1]
