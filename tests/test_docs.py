"""The documents point at things that exist, and the reference holds every public verb."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

import smup_lib

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DECISION = re.compile(r"^\d{4}-[a-z0-9-]+\.md$")


def documents(root: Path) -> list[Path]:
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def test_relative_links_lead_somewhere(repo_root: Path):
    broken = [
        f"{document.relative_to(repo_root)}: {target}"
        for document in documents(repo_root)
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", target)
        and not (document.parent / unquote(target.split("#")[0])).exists()
    ]
    assert not broken, "\n".join(broken)


def test_decisions_are_numbered_without_gaps_and_listed(repo_root: Path):
    folder = repo_root / "docs" / "decisions"
    names = sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
    assert all(DECISION.match(name) for name in names), names
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"({name})" not in index] == []


@pytest.mark.parametrize("heading", ["## [Unreleased]", "### Indicators: changed values"])
def test_the_changelog_has_the_headings_that_readers_look_for(repo_root: Path, heading: str):
    lines = (repo_root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert heading in lines


def test_make_help_names_every_target_that_readers_are_promised(repo_root: Path):
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=repo_root, capture_output=True, text=True, check=True
    )
    named = re.findall(r"^  make (\w+)", done.stdout, flags=re.MULTILINE)
    texts = [(repo_root / path).read_text("utf-8") for path in ("README.md", "docs/install.md")]
    promised = {word for text in texts for word in re.findall(r"^make (\w+)", text, re.MULTILINE)}
    assert {"report", "install", "lab", "lessons"} <= promised
    assert promised | {"help", "check", "fix", "apps", "bench"} <= set(named)


def test_every_command_line_of_the_readme_can_be_read(repo_root: Path):
    from typer.main import get_command

    from smup_lib.cli import app

    text = (repo_root / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:\.venv/bin/)?smup (.*?)(?:\s+#.*)?$", text, flags=re.MULTILINE)
    lines += [line for line in re.findall(r"`smup ([^`|<]*)`", text) if "[" not in line]
    assert len(lines) >= 6
    for line in lines:
        command, words = get_command(app), shlex.split(line)
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        if not hasattr(command, "commands"):
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= known, line


def test_the_drawn_ground_floor_is_the_real_one(repo_root: Path):
    drawn = (repo_root / "docs" / "architecture.md").read_text(encoding="utf-8")
    roof = {"__init__", "cli", "arguments", "verbs"}
    ground = {path.stem for path in (repo_root / "smup_lib").glob("*.py")} - roof
    assert len(ground) >= 8
    assert {name for name in ground if f"`{name}`" not in drawn} == set()


def test_the_table_of_extras_promises_what_they_bring(repo_root: Path):
    extras = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))
    brought = str(extras["project"]["optional-dependencies"])
    table = (repo_root / "docs/decisions/0002-lean-core-and-extras.md").read_text(encoding="utf-8")
    named = re.findall(r"\b(bqplot|ipyleaflet|ipywidgets|jupytext|pyogrio)\b", table)
    assert named
    assert [name for name in named if name not in brought] == []


def test_the_reference_documents_every_public_verb(repo_root: Path, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "docs/make_reference.py", str(tmp_path)],
        cwd=repo_root,
        env={"PYTHONPATH": str(repo_root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "smup_lib.html").read_text(encoding="utf-8")
    missing = [name for name in smup_lib.__all__ if f'id="{name}"' not in page]
    assert not missing
