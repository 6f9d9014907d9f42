"""``smup report site``: a batch as pages that need no server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smup_lib.commands.output import JsonOption, show_json
from smup_lib.plurals import REPORT_NOUN, counted


def write_site(
    folder: Annotated[Path, typer.Argument(help="Folder partii: ten z --out.")],
    base_url: Annotated[
        str, typer.Option(help="Adres strony w sieci; doda kanał nowości i mapę strony.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Zapisz raporty partii jako stronę ze spisem, mapą i wyszukiwaniem; działa bez serwera."""
    from smup_lib.reports.batch.site import write_batch_site

    site = write_batch_site(folder, base_url)
    if as_json:
        show_json(
            {
                "index": str(site.index),
                "pages": site.pages,
                "reports": site.reports,
                "failed": site.failed,
                "bytes": site.bytes,
                "mean_bytes": site.mean,
                "largest_bytes": site.largest,
                "not_compacted": site.single,
                "notes": list(site.notes),
            }
        )
        return
    told = f"Strona ma {counted(site.reports, REPORT_NOUN)}"
    missing = f"; nieudane albo zaginione, bez strony: {site.failed}" if site.failed else ""
    typer.echo(f"{told}{missing}.")
    if site.reports:
        size = f"średnio {site.mean / 1000:.0f} kB, największy {site.largest / 1000:.0f} kB"
        typer.echo(f"Raport na stronie: {size}; bez skrócenia zapisu: {site.single}.")
    for note in site.notes:
        typer.echo(f"uwaga: {note}")
    typer.echo(str(site.index))
