"""Write the API reference from the docstrings: ``python docs/make_reference.py FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

import pdoc
import pdoc.render

import smup_lib


def write_reference(folder: Path) -> Path:
    """Write one page a module and a search index; return the page of the public verbs."""
    for name in smup_lib.__all__:
        # verbs are loaded at first use; pdoc documents only what stands in the module
        setattr(smup_lib, name, getattr(smup_lib, name))
    pdoc.render.configure(docformat="numpy", footer_text="SMUP workbench")
    pdoc.pdoc("smup_lib", output_directory=folder)
    return folder / "smup_lib.html"


def main() -> None:
    """Read the folder from the command line and say where the first page is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/docs"))
    page = write_reference(parser.parse_args().folder)
    print(page)


if __name__ == "__main__":
    main()
