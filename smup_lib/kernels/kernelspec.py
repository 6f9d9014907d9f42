"""A kernel specification that asks for warm kernels, in a folder that the caller chooses.

Nothing is written into the user's own Jupyter folders unless the caller names one of them. A
private folder serves a process, and those it starts, through ``JUPYTER_PATH``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from smup_lib.kernels.provisioner import NAME


def write_kernelspec(
    data_folder: Path,
    name: str,
    *,
    modules: Sequence[str],
    display_name: str,
    idle_seconds: float = 300.0,
    sockets: Path | None = None,
    readying: str = "",
) -> Path:
    """Write a kernel specification into a Jupyter data folder.

    Parameters
    ----------
    data_folder : Path
        As ``jupyter --paths`` lists them under "data", or a private one.
    name : str
        Of the kernel; ``python3`` takes the place of the ordinary one for who looks there first.
    modules : sequence of str
        What the zygote imports in advance.
    display_name : str
        What a person picks in JupyterLab.
    idle_seconds : float, default 300
        How long a zygote without kernels waits for the next request.
    sockets : Path, optional
        Folder of the sockets instead of the user's.
    readying : str, optional
        ``package.module:function`` that the zygote calls once, after the imports.

    Returns
    -------
    Path
        Of ``kernel.json``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_kernelspec(Path(folder), "warm", modules=["json"], display_name="Warm")
    ...     json.loads(path.read_text())["metadata"]["kernel_provisioner"]["provisioner_name"]
    'smup-zygote'
    """
    from ipykernel.kernelspec import get_kernel_dict

    spec = get_kernel_dict()
    config = {"modules": list(modules), "idle_seconds": idle_seconds, "readying": readying}
    if sockets is not None:
        config["folder"] = str(sockets)
    provisioner = {"provisioner_name": NAME, "config": config}
    spec["display_name"] = display_name
    spec["metadata"] = {**spec.get("metadata", {}), "kernel_provisioner": provisioner}
    path = data_folder / "kernels" / name / "kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(spec, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def is_warm(path: Path) -> bool:
    """Whether a file is a kernel specification that asks for warm kernels.

    Parameters
    ----------
    path : Path
        Of ``kernel.json``; a file that is not there or cannot be read is none.

    Examples
    --------
    >>> is_warm(Path("nowhere", "kernel.json"))
    False
    """
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    metadata = spec.get("metadata", {}) if isinstance(spec, dict) else {}
    return bool(metadata.get("kernel_provisioner", {}).get("provisioner_name") == NAME)
