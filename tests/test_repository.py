"""What may be in the repository: no outputs, nothing huge, no machine's secrets, no one's data."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

LARGEST = 700 * 1024
# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.~}$)/-])/(?:wo" + "rk|ro" + r"ot)/[\w.]")
INDEX_HOST = re.compile(
    "|".join(
        (
            "py" + r"pi\.(?:org|python)",
            "python" + r"hosted\.org",
            "npm" + r"js\.(?:org|com)",
            "deb" + r"\.debian\.org",
            "conda" + r"\.anaconda\.org",
            r"--(?:extra-)?index" + "-url",
        )
    )
)


@pytest.fixture(scope="module")
def files(repo_root: Path) -> list[Path]:
    """Every file that is tracked, or would be by `git add .`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repo_root,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [repo_root / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str | None:
    """Return a file's text; None for pictures and files in the encodings that importers meet."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def lines_with(pattern: re.Pattern[str], files: list[Path], root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_notebooks_are_committed_without_outputs(files, repo_root):
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    assert notebooks
    full = [
        f"{path.relative_to(repo_root)}, cell {number}"
        for path in notebooks
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"])
        if cell.get("outputs") or cell.get("execution_count")
    ]
    assert not full, f"run `make fix`: {full}"


def test_no_file_is_larger_than_a_picture(files, repo_root):
    large = {str(p.relative_to(repo_root)): p.stat().st_size for p in files}
    large = {name: size for name, size in large.items() if size > LARGEST}
    assert not large, large


def test_no_file_names_a_place_of_one_machine(files, repo_root):
    assert lines_with(MACHINE_PATH, files, repo_root) == []


def test_no_file_names_the_host_of_a_package_index(files, repo_root):
    assert lines_with(INDEX_HOST, files, repo_root) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cd /wo" + "rk/main", True),
        ("x='/ro" + "ot/.cache'", True),
        ("../wo" + "rk/main", False),
        ("frame/wo" + "rk/x", False),
        ("$HOME/wo" + "rk/x", False),
    ],
)
def test_the_pattern_of_machine_paths(line, found):
    assert bool(MACHINE_PATH.search(line)) is found


@pytest.mark.real_data
def test_no_official_file_was_copied(files, repo_root, shared_data):
    ours = {path.stat().st_size: path for path in files}
    theirs = [p for p in shared_data.rglob("*") if p.is_file() and p.stat().st_size in ours]
    digests = {hashlib.sha256(p.read_bytes()).digest() for p in theirs if p.stat().st_size}
    copied = [
        str(path.relative_to(repo_root))
        for path in files
        if hashlib.sha256(path.read_bytes()).digest() in digests
    ]
    assert not copied
