"""Notebooks of an analyst start quickly: a kernel to pick, forked from a process that is ready.

It is installed by ``smup kernel install``, never unasked, and lies beside the Jupyter of
this installation: another one has not the code that forks. Where no fork is possible the same
kernel starts in the ordinary way.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from smup_lib.errors import SettingsError, system_reason

#: How it is called where a program asks for a kernel by name.
NAME = "smup"
_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*")
#: What a person picks from.
DISPLAY_NAME = "Python 3 (SMUP, szybki start)"
#: What notebooks, lessons and the app of the workbench import until they are drawn. What is not
#: installed is left out.
MODULES = (
    *("numpy.random", "duckdb", "pyarrow.pandas_compat", "pyarrow.parquet", "yaml"),
    *("fontTools.subset", "brotli", "bqplot", "ipywidgets", "babel.numbers", "esda"),
    *("smup_lib.apps.opening", "smup_lib.apps.basic.app", "smup_lib.reports.units"),
    *("smup_lib.reports.portrait", "smup_lib.reports.quality", "smup_lib.reports.indicator"),
    *("smup_lib.reports.state_report", "smup_lib.reports.plans"),
    *("smup_lib.workshop.start_exercises", "smup_lib.workshop.style"),
)
#: Between two notebooks; afterwards the next one waits for the libraries again.
IDLE_SECONDS = 1800.0


def jupyter_folder(*, user: bool = False) -> Path:
    """Return the Jupyter data folder of this installation, which its JupyterLab reads.

    Parameters
    ----------
    user : bool, default False
        The user's instead, which every Jupyter of the user reads.

    Raises
    ------
    SettingsError
        When the extra ``report`` is not installed.

    Examples
    --------
    >>> jupyter_folder().parts[-2:]
    ('share', 'jupyter')
    """
    if not user:
        return Path(sys.prefix, "share", "jupyter")
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        raise _no_library(error) from error
    return Path(KernelSpecManager().user_kernel_dir).parent


def write_warm_kernel(folder: Path, name: str = NAME, *, sockets: Path | None = None) -> Path:
    """Write the specification of a warm kernel and return where it stands.

    Parameters
    ----------
    folder : Path
        A Jupyter data folder.
    name : str, default "smup"
        Of the kernel.
    sockets : Path, optional
        Folder of the zygote's sockets instead of the user's.

    Raises
    ------
    SettingsError
        When the name cannot be one or is that of another kernel, the extra ``report`` is not
        installed, or nobody may write there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_warm_kernel(Path(folder)).relative_to(folder).as_posix()
    'kernels/smup/kernel.json'
    """
    try:
        from smup_lib.kernels.kernelspec import write_kernelspec

        _check_name(folder, name)
        return write_kernelspec(
            folder,
            name,
            modules=MODULES,
            display_name=DISPLAY_NAME,
            idle_seconds=IDLE_SECONDS,
            sockets=sockets,
        )
    except ImportError as error:
        raise _no_library(error) from error
    except OSError as error:
        raise _not_writable(folder, error) from error


def remove_warm_kernel(folder: Path, name: str = NAME) -> Path | None:
    """Remove the specification of a warm kernel; another's of this name is left alone.

    Parameters
    ----------
    folder : Path
        A Jupyter data folder.
    name : str, default "smup"
        Of the kernel.

    Returns
    -------
    Path or None
        Of the folder that is gone; None when there was none of ours.

    Raises
    ------
    SettingsError
        When nobody may write there.
    """
    if not _NAME.fullmatch(name) or not _is_ours(folder, name):
        return None
    own = folder / "kernels" / name
    try:
        shutil.rmtree(own)
    except OSError as error:
        raise _not_writable(folder, error) from error
    return own


def _is_ours(folder: Path, name: str) -> bool:
    from smup_lib.kernels.kernelspec import is_warm

    return is_warm(folder / "kernels" / name / "kernel.json")


def _check_name(folder: Path, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"Jądro nie może nazywać się „{name}”.",
            expected="małe litery bez polskich znaków, cyfry, kropka, łącznik, podkreślenie",
            next_step=f"podaj inną nazwę albo żadnej: wtedy będzie to {NAME}",
        )
    place = folder / "kernels" / name
    if place.exists() and not _is_ours(folder, name):
        raise SettingsError(
            f"Jądro „{name}” już jest i nie pochodzi z tego polecenia.",
            where=str(place),
            expected="nazwa, której nie ma żadne inne jądro",
            next_step=f"podaj inną nazwę albo żadnej: wtedy będzie to {NAME}",
        )


def _no_library(error: ImportError) -> SettingsError:
    from smup_lib.installing import install_command

    return SettingsError(
        f"Do uruchamiania notatników brakuje biblioteki {error.name or error}.",
        expected="instalacja z dodatkiem „report”",
        next_step=f"zainstaluj ją: {install_command('smup-workbench[report]')}",
    )


def _not_writable(folder: Path, error: OSError) -> SettingsError:
    return SettingsError(
        "Nie można zapisać opisu jądra Jupytera.",
        where=str(folder),
        problems=[system_reason(error)],
        expected="folder, w którym wolno pisać",
        next_step="zainstaluj jądro dla siebie: smup kernel install --user",
    )
