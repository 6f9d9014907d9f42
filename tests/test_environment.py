"""pyproject.toml is the one list of dependencies; the lock and the conda file follow it."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

# conda-forge packages these Python distributions under another name.
CONDA_NAMES = {
    "brotli": "brotli-python",
    "dask": "dask-core",
    "duckdb": "python-duckdb",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "jupyter-server": "jupyter_server",
}
# No conda package is known; environment.yml takes them with pip.
PIP_ONLY = {"playwright", "resvg-py", "fontpkg-source-sans-3", "morfeusz2"}
# environment.yml serves users; contributors install the extra `dev` with pip.
CONDA_EXTRAS = ("report", "export", "browser", "geo", "apps", "sync", "scale", "lab")


@pytest.fixture(scope="module")
def project(repo_root: Path) -> dict[str, Any]:
    with (repo_root / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


@pytest.fixture(scope="module")
def conda_entries(repo_root: Path) -> list[Any]:
    text = (repo_root / "environment.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["dependencies"]


@pytest.fixture(scope="module")
def locked(repo_root: Path) -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for line in (repo_root / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        requirement = Requirement(line)
        (pin,) = requirement.specifier
        assert pin.operator == "==", line
        versions.setdefault(canonicalize_name(requirement.name), []).append(Version(pin.version))
    return versions


def requirements(project: dict[str, Any], extras: tuple[str, ...]) -> dict[str, Requirement]:
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    parsed = [Requirement(text) for text in texts]
    return {canonicalize_name(item.name): item for item in parsed}


def every_extra(project: dict[str, Any]) -> tuple[str, ...]:
    return tuple(extra for extra in project["optional-dependencies"] if extra != "all")


def test_every_direct_dependency_is_locked_within_its_bound(project, locked):
    for name, requirement in requirements(project, every_extra(project)).items():
        assert name in locked, f"{name} is in pyproject.toml but not in requirements.lock"
        for pinned in locked[name]:
            assert requirement.specifier.contains(pinned), f"{name} {pinned} breaks {requirement}"


def test_every_direct_dependency_has_a_lower_bound_only(project):
    for name, requirement in requirements(project, every_extra(project)).items():
        operators = [spec.operator for spec in requirement.specifier]
        assert operators == [">="], f"{name}: {requirement.specifier}"


#: Imported only in a process that a hub has started, whose environment has it (docs/serving.md).
OF_THE_HUB = "jupyterhub"


def test_every_library_that_the_code_imports_is_declared(project, repo_root: Path):
    distributions = packages_distributions()
    declared = set(requirements(project, (*CONDA_EXTRAS,)))
    undeclared = {
        (module, str(path.relative_to(repo_root)))
        for path in (repo_root / "smup_lib").rglob("*.py")
        for module in imported_tops(path.read_text(encoding="utf-8"))
        if module not in sys.stdlib_module_names and module not in ("smup_lib", OF_THE_HUB)
        if not {canonicalize_name(name) for name in distributions.get(module, [])} & declared
    }
    assert not undeclared


def imported_tops(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    froms = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    return {name.split(".")[0] for name in plain | froms}


def test_the_lock_names_no_place(repo_root: Path):
    text = (repo_root / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|@ |\bfile:", text)


def test_what_is_installed_here_is_what_the_lock_says(project, locked):
    differing = {}
    for name in requirements(project, every_extra(project)):
        try:
            installed = Version(version(name))
        except PackageNotFoundError:
            installed = None
        if installed not in locked[name]:
            differing[name] = (str(installed), [str(item) for item in locked[name]])
    assert not differing, f"installed versus locked: {differing}"


def test_each_conda_entry_is_a_strict_match_spec(conda_entries):
    for entry in conda_entries:
        if isinstance(entry, str):
            MatchSpec(entry, strict=True)


@pytest.mark.parametrize("wrong", ["pandas>=", "geopandas>>1", "pan das==1", "jupyterlab=4.*"])
def test_a_wrong_conda_entry_would_be_refused(wrong):
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(wrong, strict=True)


def test_conda_names_and_bounds_equal_those_of_pyproject(project, conda_entries):
    wanted = {
        CONDA_NAMES.get(name, name): str(requirement.specifier)
        for name, requirement in requirements(project, CONDA_EXTRAS).items()
        if name not in PIP_ONLY
    }
    strings = [entry for entry in conda_entries if isinstance(entry, str) and entry != "pip"]
    plain = dict(entry.split(" ", 1) for entry in strings)
    python = plain.pop("python")
    assert plain == wanted
    assert SpecifierSet(python) == SpecifierSet(project["requires-python"])


def test_the_pip_part_of_the_conda_file_holds_what_conda_lacks(project, conda_entries):
    (pip_part,) = (entry["pip"] for entry in conda_entries if isinstance(entry, dict))
    wanted = requirements(project, CONDA_EXTRAS)
    listed = {canonicalize_name(Requirement(text).name) for text in pip_part if text[0] != "-"}
    assert listed == PIP_ONLY
    for text in pip_part:
        if text[0] != "-":
            item = Requirement(text)
            assert item.specifier == wanted[canonicalize_name(item.name)].specifier


def test_jupyterlab_is_preset_to_polish_and_asks_the_network_for_nothing(repo_root: Path):
    from jupyterlab_server.translation_utils import get_language_packs

    overrides = json.loads((repo_root / "etc" / "lab" / "overrides.json").read_text("utf-8"))
    locale = overrides["@jupyterlab/translation-extension:plugin"]["locale"]
    packs, message = get_language_packs()
    assert locale == "pl_PL"
    assert locale in packs, message
    notices = overrides["@jupyterlab/apputils-extension:notification"]
    assert notices == {"checkForUpdates": False, "fetchNews": "false"}
