"""The public verbs: few, documented with a running example, used in the cookbook, cheap to load."""

from __future__ import annotations

import doctest
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import smup_lib

VERBS = getattr(smup_lib, "__all__", [])
MOST_VERBS = 20
# Loaded only when a verb needs them: `smup --help` answers at once and a fork stays safe.
HEAVY = (
    *("pandas", "numpy", "duckdb", "pyarrow", "shapely", "scipy", "pandera", "papermill"),
    *("statsmodels", "libpysal", "esda", "geopandas", "sklearn"),
)


def test_the_list_of_verbs_is_sorted_and_short():
    assert list(VERBS) == sorted(set(VERBS))
    assert 1 <= len(VERBS) <= MOST_VERBS


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_documented_with_an_example(name):
    # that the examples run is seen when pytest collects smup_lib/verbs.py for doctests
    verb = getattr(smup_lib, name)
    documentation = inspect.getdoc(verb) or ""
    assert documentation, f"{name} has no docstring"
    examples = doctest.DocTestParser().get_examples(documentation)
    assert examples, f"{name} has no >>> example"
    assert any(name in example.source for example in examples), f"no example calls {name}"


@pytest.mark.parametrize("name", VERBS)
def test_the_cookbook_uses_every_verb(name, repo_root: Path):
    cookbook = json.loads((repo_root / "notebooks" / "cookbook.ipynb").read_text(encoding="utf-8"))
    code = "\n".join(
        "".join(cell["source"]) for cell in cookbook["cells"] if cell["cell_type"] == "code"
    )
    assert f"smup.{name}(" in code


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["smup_lib", "smup_lib.cli"])
def test_importing_loads_no_heavy_library(module):
    loaded = run_python(f"import sys, {module}; print(*sorted(m for m in sys.modules))").split()
    assert not set(HEAVY) & set(loaded)


def test_importing_everything_starts_no_thread(repo_root: Path):
    names = [
        ".".join(path.relative_to(repo_root).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((repo_root / "smup_lib").rglob("*.py"))
        if path.name != "__main__.py"
    ]
    code = f"""
import importlib, threading
for name in {names!r}:
    importlib.import_module(name)
print(sorted(thread.name for thread in threading.enumerate()))
"""
    assert run_python(code).strip() == "['MainThread']"
