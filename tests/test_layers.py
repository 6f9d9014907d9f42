"""Imports point down the floors of the house, and nothing but the public verbs goes upstairs."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

# From the ground up. A package may import any floor below its own, and itself.
FLOORS: tuple[tuple[str, ...], ...] = (
    (
        *("arguments", "errors", "flags", "group_names", "installing", "paths", "plurals"),
        *("polish_text", "problems", "scratch", "settings", "teryt", "years", "catalogue"),
        "kernels",
    ),
    ("snapshots",),
    ("sources",),
    ("units",),
    ("indicators",),
    ("compare",),
    ("conclude",),
    ("present",),
    ("reports",),
    ("apps",),
    ("workshop",),
    ("verbs", "doctor", "commands", "cli", "__init__", "__main__"),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
GROUND, ROOF = 0, len(FLOORS) - 1

# Below, and still not theirs: judging and showing work on what they are handed, so that the same
# frame always gives the same sentence and the same picture. The street door is the roof's alone.
NOT_THEIRS: dict[str, set[str]] = {
    "units": {"sources"},
    "indicators": {"sources"},
    "compare": {"sources", "snapshots"},
    "conclude": {"sources", "snapshots"},
    "present": {"sources", "snapshots", "indicators"},
    "reports": {"sources"},
    "workshop": {"sources"},
    "apps": {"sources"},
}

PURE_ROOMS = ("compare", "conclude")
DISK_AND_NETWORK = {"duckdb", "httpx", "io", "os", "pathlib", "pyarrow", "requests", "socket"}


def imported_modules(source: str, package: str) -> Iterator[str]:
    """Yield the full name of every module that a source text imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(parent) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            # `from smup_lib import units` names a room only in its alias
            yield from (f"{module}.{alias.name}" for alias in node.names)


def wrong_imports(room: str, source: str, package: str) -> list[str]:
    """List sentences saying which imports of a room do not point down or are not its own."""
    sentences = []
    for module in imported_modules(source, package):
        parts = module.split(".")
        if parts[0] != "smup_lib":
            continue
        target = parts[1] if len(parts) > 1 and parts[1] in FLOOR_OF else "__init__"
        same_room = target == room
        floors = {FLOOR_OF[target], FLOOR_OF[room]}
        open_floor = floors == {ROOF} or (floors == {GROUND} and room != "kernels")
        below = FLOOR_OF[target] < FLOOR_OF[room] and target not in NOT_THEIRS.get(room, set())
        if not (same_room or open_floor or below):
            sentences.append(f"{room} imports {target}")
    return sentences


def room_and_package(path: Path, library: Path) -> tuple[str, str]:
    parts = path.relative_to(library).with_suffix("").parts
    package = ".".join(("smup_lib", *parts[:-1]))
    return parts[0], package


def modules(library: Path) -> list[Path]:
    return sorted(
        path for path in library.rglob("*.py") if "_bundled" not in path.relative_to(library).parts
    )


def test_every_room_of_the_library_has_a_floor(repo_root: Path):
    library = repo_root / "smup_lib"
    rooms = {room_and_package(path, library)[0] for path in modules(library)}
    assert rooms <= FLOOR_OF.keys(), f"no floor is given to {rooms - FLOOR_OF.keys()}"


def test_imports_point_down_and_stay_with_their_own(repo_root: Path):
    library = repo_root / "smup_lib"
    wrong = []
    for path in modules(library):
        room, package = room_and_package(path, library)
        found = wrong_imports(room, path.read_text(encoding="utf-8"), package)
        wrong += [f"{sentence} ({path.relative_to(repo_root)})" for sentence in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("room", "source", "sentences"),
    [
        ("present", "from smup_lib.sources import bdl", ["present imports sources"]),
        ("present", "def f():\n    import smup_lib.sources.bdl", ["present imports sources"]),
        ("present", "from smup_lib import sources", ["present imports sources"]),
        ("present", "from .. import sources", ["present imports sources"]),
        ("present", "from ..sources.bdl import x", ["present imports sources"]),
        ("present", "import smup_lib as smup", ["present imports __init__"]),
        ("present", "from smup_lib import open_area", ["present imports __init__"]),
        ("apps", "from smup_lib.workshop import x", ["apps imports workshop"]),
        ("units", "from smup_lib.present import x", ["units imports present"]),
        ("snapshots", "from smup_lib.sources import x", ["snapshots imports sources"]),
        ("kernels", "from smup_lib.catalogue import x", ["kernels imports catalogue"]),
        ("errors", "from smup_lib.snapshots import x", ["errors imports snapshots"]),
        ("present", "from smup_lib.compare import x\nfrom .tokens import y\nimport pandas", []),
        ("catalogue", "from smup_lib.errors import x", []),
        ("cli", "import smup_lib\nfrom smup_lib.commands import x", []),
        ("reports", "from smup_lib.commands import x", ["reports imports commands"]),
    ],
)
def test_the_rule_itself(room, source, sentences):
    assert wrong_imports(room, source, f"smup_lib.{room}") == sentences


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_judging_rooms_touch_neither_disk_nor_network(repo_root: Path, room: str):
    library = repo_root / "smup_lib"
    for path in modules(library / room):
        source = path.read_text(encoding="utf-8")
        tops = {name.split(".")[0] for name in imported_modules(source, f"smup_lib.{room}")}
        assert not tops & DISK_AND_NETWORK, f"{path.relative_to(repo_root)}: {tops}"


def code_cells(path: Path) -> Iterator[str]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not source.startswith("%"):
            yield source


def upstairs_sources(repo_root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and code of everything that lives above the library."""
    for folder in ("notebooks", "dashboards", "templates", "training"):
        for path in sorted((repo_root / folder).rglob("*")):
            if ".ipynb_checkpoints" in path.parts:
                continue
            if path.suffix == ".ipynb":
                yield from ((str(path.relative_to(repo_root)), cell) for cell in code_cells(path))
            elif path.suffix == ".py":
                yield str(path.relative_to(repo_root)), path.read_text(encoding="utf-8")


def test_notebooks_pages_and_lessons_use_only_the_public_verbs(repo_root: Path):
    import smup_lib

    seen = 0
    for name, source in upstairs_sources(repo_root):
        tree = ast.parse(source)
        for module in imported_modules(source, ""):
            assert module == "smup_lib" or module.split(".")[0] != "smup_lib", (
                f"{name} imports {module}; use `import smup_lib as smup` and its verbs"
            )
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                continue
            if node.value.id in ("smup", "smup_lib"):
                seen += 1
                assert node.attr in smup_lib.__all__, f"{name} uses smup.{node.attr}"
    assert seen, "no notebook, page or lesson uses a verb: is the folder tree complete?"
