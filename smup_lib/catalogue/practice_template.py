"""Where does a new practice card begin? In a file with an explanation beside each key."""

from __future__ import annotations

import re
from pathlib import Path

from smup_lib.errors import PracticeError
from smup_lib.paths import project_dir, told_when_unwritable, write_whole

_ID = re.compile(r"[a-z][a-z0-9_]*")


def write_template(card_id: str, path: Path | None = None) -> Path:
    """Write a card to be filled in and return its file, ``ID.yaml`` here unless told otherwise.

    Parameters
    ----------
    card_id : str
        Id of the card: lower-case letters, digits, underscores.
    path : Path, optional
        Where to write; a file that is there is never written over.

    Raises
    ------
    PracticeError
        When the id has other signs.
    SettingsError
        When the file is there already, or cannot be written.
    """
    if not _ID.fullmatch(card_id):
        raise PracticeError(
            f"To nie może być identyfikator karty: „{card_id}”.",
            expected="małe litery bez polskich znaków, cyfry i podkreślenia, od litery",
            next_step="na przykład: smup practices new wieczorne_dyzury",
        )
    target = path or Path(f"{card_id}.yaml")
    text = (project_dir("templates") / "practice" / "card.yaml").read_text(encoding="utf-8")
    advice = "wskaż inne miejsce: --out ŚCIEŻKA"
    with told_when_unwritable(target, "Nie można zapisać wzoru karty", advice):
        write_whole(target, text.replace("{id}", card_id), over=False)
    return target
