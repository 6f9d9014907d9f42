"""Is the program whole: its version, Python, libraries, extras, kernel and pages?"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import smup_lib
from smup_lib.doctor.diagnosis import Diagnosis
from smup_lib.errors import SettingsError
from smup_lib.installing import install_command
from smup_lib.paths import ProjectFolder, project_dir

DISTRIBUTION = "smup-workbench"
#: What an extra is for, by its name in ``pyproject.toml``.
EXTRAS = {
    "report": "raporty i notatniki",
    "export": "raporty jako DOCX, PPTX, XLSX i PDF",
    "browser": "sprawdzanie gotowych stron w przeglądarce",
    "apps": "aplikacje w przeglądarce",
    "sync": "pobieranie z serwisów",
    "lab": "JupyterLab",
    "geo": "granice w innych układach i formatach",
    "scale": "raporty na wielu komputerach",
}
KERNEL = "python3"
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9._-]+).*?(?:;.*extra\s*==\s*['\"]([\w-]+)['\"].*)?$")


def examine_program() -> Iterator[Diagnosis]:
    """Yield what the program consists of and what of it is missing."""
    from smup_lib.snapshots import library_version

    version = library_version()
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    data = {
        "version": version,
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": system,
    }
    python = f"Python {data['python']} ({sys.executable})"
    yield Diagnosis("version", "ok", f"{DISTRIBUTION} {version}, {python}, {system}", data=data)
    yield from _examine_libraries()
    yield from _examine_kernel()
    yield from _examine_folders()


def required_libraries() -> dict[str, list[str]]:
    """Return the libraries that are required, by extra; the core stands under an empty name.

    A checkout says it in its ``pyproject.toml``: what an earlier ``pip install -e`` wrote down may
    be older than the code.
    """
    path = Path(smup_lib.__file__).resolve().parent.parent / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path.is_file() else {}
    if project.get("name") != DISTRIBUTION:
        return read_requirements(importlib.metadata.requires(DISTRIBUTION) or ())
    extras = project["optional-dependencies"].items()
    return read_requirements(project["dependencies"]) | {
        extra: read_requirements(texts)[""] for extra, texts in extras
    }


def read_requirements(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return names of libraries by the extra that wants them.

    Examples
    --------
    >>> read_requirements(["pandas>=3", "httpx>=0.28; extra == 'sync'"])
    {'': ['pandas'], 'sync': ['httpx']}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for name, extra in _REQUIREMENT.findall(text):
            found[extra].append(name)
    return dict(found)


def _examine_libraries() -> Iterator[Diagnosis]:
    try:
        required = required_libraries()
    except importlib.metadata.PackageNotFoundError:
        yield Diagnosis(
            "core",
            "warning",
            "program nie jest zainstalowany, tylko uruchomiony z folderu, więc nie wiadomo,"
            " których bibliotek wymaga",
            f"zainstaluj go: {install_command('-e', '.[all]')} w folderze programu",
        )
        return
    versions, missing = _installed(required.get("", []))
    if missing:
        yield Diagnosis(
            "core",
            "error",
            f"brakuje bibliotek: {', '.join(missing)}",
            f"zainstaluj program jeszcze raz: {install_command(DISTRIBUTION)}",
            data={"installed": versions, "missing": missing},
        )
    else:
        main = ", ".join(f"{name} {versions[name]}" for name in ("duckdb", "pandas", "pyarrow"))
        text = f"biblioteki podstawowe: wszystkie {len(versions)}, w tym {main}"
        yield Diagnosis("core", "ok", text, data={"installed": versions})
    for extra, purpose in EXTRAS.items():
        yield _examine_extra(extra, purpose, required.get(extra, []))


def _examine_extra(extra: str, purpose: str, names: list[str]) -> Diagnosis:
    versions, missing = _installed(names)
    data = {"installed": versions, "missing": missing}
    if not missing:
        return Diagnosis(f"extra-{extra}", "ok", f"dodatek {extra} ({purpose}): jest", data=data)
    what = "nie ma" if not versions else f"brakuje: {', '.join(missing)}"
    return Diagnosis(
        f"extra-{extra}",
        "warning",
        f"dodatek {extra} ({purpose}): {what}",
        f"jeśli jest potrzebny: {install_command(f'{DISTRIBUTION}[{extra}]')}",
        data=data,
    )


def _installed(names: list[str]) -> tuple[dict[str, str], list[str]]:
    versions, missing = {}, []
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    return versions, missing


def _examine_kernel() -> Iterator[Diagnosis]:
    """Yield what ``python3`` names: JupyterLab and Voilà start it, reports this very Python."""
    if importlib.util.find_spec("ipykernel") is None:
        return  # told with its extra
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(KERNEL)
    except NoSuchKernel:
        yield Diagnosis(
            "kernel",
            "warning",
            f"Jupyter nie zna jądra „{KERNEL}”; raporty działają, notatniki w JupyterLab nie",
            f"{sys.executable} -m ipykernel install --sys-prefix",
        )
        return
    started = str(spec.argv[0])
    data = {"name": KERNEL, "starts": started, "folder": spec.resource_dir}
    if _same_python(started):
        yield Diagnosis("kernel", "ok", f"jądro Jupytera „{KERNEL}”: ten sam Python", data=data)
        return
    yield Diagnosis(
        "kernel",
        "warning",
        f"jądro Jupytera „{KERNEL}” uruchamia innego Pythona: {started}; raporty działają,"
        " ale notatnik otwarty w JupyterLab może nie znać programu",
        f"{sys.executable} -m ipykernel install --sys-prefix",
        data=data,
    )


def _same_python(started: str) -> bool:
    """Return whether a kernel starts this Python: a bare ``python`` is what the server runs in."""
    if not Path(started).is_absolute():
        return True
    # the folder counts: of two environments, both links may lead to one Python of the system
    return Path(started).parent == Path(sys.executable).parent


def _examine_folders() -> Iterator[Diagnosis]:
    folders: tuple[ProjectFolder, ...] = get_args(ProjectFolder)
    found: dict[str, str] = {}
    problems = []
    for name in folders:
        try:
            found[name] = str(project_dir(name))
        except SettingsError as error:
            problems.append(error.what)
    template = Path(found.get("templates", "")) / "voila" / "voila.json"
    if "templates" in found and not template.is_file():
        problems.append(f"Nie ma szablonu Voilà: {template}.")
    if problems:
        step = (
            f"zainstaluj program jeszcze raz: {install_command('--force-reinstall', DISTRIBUTION)}"
        )
        text = "brakuje plików programu"
        yield Diagnosis("folders", "error", text, step, tuple(problems), found)
    else:
        text = "notatniki, szablony (także Voilà), aplikacje i lekcje: są"
        yield Diagnosis("folders", "ok", text, data=found)
