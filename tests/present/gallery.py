"""Write one page with every chart in every situation: ``python -m tests.present.gallery OUT.html``.

Look at it at 1280 and 390 pixels, light, dark and printed, before calling a drawing done.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from smup_lib.present.figure import ChartFigure
from smup_lib.present.stylesheet import page_script, page_style
from tests.present.cases import all_cases


def gallery_html(*, theme: str = "light", fonts: bool = True, kinds: tuple[str, ...] = ()) -> str:
    parts, last = [], ""
    for kind, name, chart in all_cases():
        if kinds and kind not in kinds:
            continue
        if kind != last:
            parts.append(f"<h2>{escape(kind)}</h2>")
            last = kind
        parts.append(
            f'<section data-case="{escape(kind)}/{escape(name)}"><h3>{escape(name)}</h3>'
            f"{ChartFigure(chart).html()}</section>"
        )
    return (
        f'<!doctype html><html lang="pl" data-theme="{theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Wykresy</title><style>{page_style(fonts=fonts)}</style></head>"
        '<body class="smup-page"><div class="smup-land-band"><span>dane przykładowe, '
        'jednostki fikcyjne</span></div><main class="smup-main"><h1>Wykresy</h1>'
        f"{''.join(parts)}</main><script>{page_script()}</script></body></html>"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(gallery_html(), encoding="utf-8")
