"""Which typeface does a page carry, and how does it get inside one file?

Source Sans 3 (SIL Open Font Licence) comes from the package ``fontpkg-source-sans-3``. Its letters
are cut down to those a Polish page uses, as one variable WOFF2 of some 20 kB. The licence reserves
the name "Source" for the unchanged font, so the cut one is called "Smup Sans".
"""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from importlib.util import find_spec
from pathlib import Path

from smup_lib.paths import cache_dir
from smup_lib.present.tokens import FONT_FAMILY

#: Basic Latin, Polish, the letters of neighbouring languages in names, and the signs of our pages.
LETTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"
    + "ÄÖÜßäöüÁČĎÉĚÍŇŘŠŤÚŮÝŽáčďéěíňřšťúůýžàâçèêëîïôû"
    + "§°±²³·¹¼½¾×÷€‰«»–—−…„”’‘≤≥≈∞"
    + "●▲■○◆△□←→↑↓▸▾▼✓×"
    + "\u00a0\u202f"
)
_WEIGHTS = (400, 700)
#: Raised when the way of cutting changes, so that old files in the cache are not used.
_RECIPE = 3


@dataclass(frozen=True)
class FontFace:
    """A typeface as CSS.

    Attributes
    ----------
    css : str
        One ``@font-face`` rule with the font inside; empty when there is none.
    note : str
        Polish remark for the log when a system font will be seen instead.
    """

    css: str
    note: str = ""


@cache
def load_font_face() -> FontFace:
    """Return the page's typeface, cut once and then read from the cache folder.

    Without the font package, ``fonttools`` or ``brotli`` the page falls back to a system font and
    the note says so; nothing fails.
    """
    source = _source_file()
    if source is None:
        return FontFace("", "Brak pakietu fontpkg-source-sans-3: strona użyje czcionki systemowej.")
    try:
        data = _cached(source)
    except ImportError as error:
        return FontFace("", f"Brak pakietu {error.name}: strona użyje czcionki systemowej.")
    encoded = base64.b64encode(data).decode("ascii")
    css = (
        f"@font-face{{font-family:'{FONT_FAMILY}';font-style:normal;"
        f"font-weight:{_WEIGHTS[0]} {_WEIGHTS[1]};font-display:swap;"
        f"src:url(data:font/woff2;base64,{encoded}) format('woff2')}}"
    )
    return FontFace(css)


def _source_file() -> Path | None:
    found = find_spec("fontpkg_source_sans_3")
    if found is None or not found.origin:
        return None
    path = Path(found.origin).parent / "files" / "SourceSans3[wght].ttf"
    return path if path.is_file() else None


def _cached(source: Path) -> bytes:
    """Return the cut font; an unwritable cache only costs time."""
    stamp = f"{_RECIPE}|{LETTERS}|{_WEIGHTS}|{source.stat().st_size}"
    name = blake2s(stamp.encode(), digest_size=8).hexdigest()
    kept = cache_dir() / "fonts" / f"{name}.woff2"
    if kept.is_file():
        return kept.read_bytes()
    data = subset_font(source)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=kept.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(partial).replace(kept)
        finally:
            Path(partial).unlink(missing_ok=True)
    except OSError:
        return data
    return data


def subset_font(source: Path) -> bytes:
    """Cut a variable font down to :data:`LETTERS` and the weights of our pages.

    Parameters
    ----------
    source : Path
        A TrueType font with a ``wght`` axis.

    Returns
    -------
    bytes
        WOFF2, with the reserved font name replaced.
    """
    import io

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options()
    options.layout_features = ["kern", "tnum", "lnum", "locl"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in LETTERS])
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": _WEIGHTS}, inplace=True)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = FONT_FAMILY.replace(" ", "") if record.nameID == 6 else FONT_FAMILY
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
