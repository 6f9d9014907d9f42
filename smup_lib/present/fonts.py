"""Which typeface does a page carry, and how does it get inside one file?

Source Sans 3 (SIL Open Font Licence) comes from the package ``fontpkg-source-sans-3``. Its letters
are cut down to those a Polish page uses, as one variable WOFF2 of some 20 kB. The licence reserves
the name "Source" for the unchanged font, so the cut one is called "Smup Sans".
"""

from __future__ import annotations

import atexit
import base64
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from importlib.util import find_spec
from pathlib import Path

from smup_lib.paths import cache_dir, write_whole
from smup_lib.present.tokens import FONT_FAMILY
from smup_lib.scratch import scratch_prefix

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
_RECIPE = 4


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
        data = _cached(source, _WEIGHTS, "woff2").read_bytes()
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


def load_font_files() -> tuple[Path, ...]:
    """Return the typeface as one TrueType file for each weight, for who draws without a browser.

    Empty without the font package or ``fonttools``: a system font is seen instead.
    """
    source = _source_file()
    if source is None or find_spec("fontTools") is None:
        return ()
    return tuple(_cached(source, (weight, weight), "ttf") for weight in _WEIGHTS)


def _cached(source: Path, weights: tuple[int, int], form: str) -> Path:
    """Return the file of a cut font; where the cache cannot be written, one for this program."""
    stamp = f"{_RECIPE}|{LETTERS}|{weights}|{source.stat().st_size}"
    name = f"{blake2s(stamp.encode(), digest_size=8).hexdigest()}.{form}"
    kept = cache_dir() / "fonts" / name
    if kept.is_file():
        return kept
    data = subset_font(source, weights, form)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, data)
    except OSError:
        own = _own_folder() / name
        own.write_bytes(data)
        return own
    return kept


@cache
def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=scratch_prefix("fonts")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def subset_font(source: Path, weights: tuple[int, int] = _WEIGHTS, form: str = "woff2") -> bytes:
    """Cut a variable font down to :data:`LETTERS` and the weights of our pages.

    Parameters
    ----------
    source : Path
        A TrueType font with a ``wght`` axis.
    weights : tuple of int
        The lightest and the boldest; the same twice gives a font of one weight.
    form : str
        ``woff2`` or ``ttf``.

    Returns
    -------
    bytes
        The font file, with the reserved font name replaced.
    """
    import io

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options()
    options.layout_features = ["kern", "tnum", "lnum", "locl"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    # the same bytes whenever it is cut: a report is compared by its digest
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in LETTERS])
    cutter.subset(font)
    light, bold = weights
    limits = {"wght": weights if light < bold else light}
    instancer.instantiateVariableFont(font, limits, inplace=True)
    style = "Bold" if light > _WEIGHTS[0] else "Regular"
    named = {
        1: FONT_FAMILY,
        2: style,
        3: FONT_FAMILY,
        4: FONT_FAMILY,
        6: FONT_FAMILY.replace(" ", ""),
    }
    for record in font["name"].names:
        record.string = named.get(record.nameID, record.string)
    font.flavor = "woff2" if form == "woff2" else None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
