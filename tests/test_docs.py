"""The documents point at things that exist, and the reference holds every public verb."""

from __future__ import annotations

import re
import subprocess
import sys
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
    assert {"help", "report", "test", "check", "fix", "lab", "apps", "lessons", "bench"} <= set(
        named
    )


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
