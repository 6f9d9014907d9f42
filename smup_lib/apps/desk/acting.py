"""What may the desk start, what exactly would then happen, and what became of it?

Nothing is started by one press: a first press says what would happen, a second one starts it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as widgets

from smup_lib.apps.parts.panels import message_html
from smup_lib.paths import cache_dir, make_dir
from smup_lib.reports.batch.known import KnownBatch, repeat_command

#: Of the visitor's page; a program that goes on without it must not have them.
_OF_THE_PAGE = (
    "QUERY_STRING",
    "SCRIPT_NAME",
    "PATH_INFO",
    "SERVER_",
    "VOILA_",
    "JPY_",
    "SMUP_SNAPSHOT",
)


class Confirmed(widgets.VBox):  # type: ignore[misc]  # untyped library
    """A button whose act happens after a second one, which stands below what would happen.

    Parameters
    ----------
    name : str
        Of the first button.
    describe : callable
        Returns what would happen, as markup; None when there is nothing to do now.
    act : callable
        Does it and returns what to say, as markup.
    """

    def __init__(
        self, name: str, describe: Callable[[], str | None], act: Callable[[], str]
    ) -> None:
        self._name, self._describe, self._act = name, describe, act
        self.ask = widgets.Button(description=name, tooltip="")
        self.ask.on_click(lambda _: self._asked())
        self.told = widgets.HTML()
        self.told.add_class("smup-status")
        self.yes = widgets.Button(description="Tak, zrób to", tooltip="")
        self.yes.on_click(lambda _: self._said_yes())
        self.no = widgets.Button(description="Nie, zostaw jak jest", tooltip="")
        self.no.on_click(lambda _: self.withdraw())
        self.answers = widgets.HBox((self.yes, self.no))
        self.answers.add_class("smup-actions")
        super().__init__((self.ask, self.told))
        self.add_class("smup-confirmed")

    def withdraw(self, told: str = "") -> None:
        """Ask no more; what was to be done is not done."""
        self.told.value = told
        self.children = (self.ask, self.told)

    def _asked(self) -> None:
        try:
            described = self._describe()
        except Exception as error:  # the rest of the desk stays
            self.withdraw(message_html(error, self._name, to_host=True))
            return
        if described is None:
            self.withdraw("<p>Nie ma tu teraz nic do zrobienia.</p>")
            return
        self.told.value = f'<div class="smup-caution">{described}</div>'
        self.children = (self.told, self.answers)

    def _said_yes(self) -> None:
        try:
            self.withdraw(self._act())
        except Exception as error:  # told, and the desk goes on
            self.withdraw(message_html(error, self._name, to_host=True))


class Starter:
    """Starts programs that go on without the page, and knows what became of them."""

    def __init__(self) -> None:
        self._started: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}

    def start(self, batch: KnownBatch) -> str:
        """Make what a batch lacks, in a program of its own; return what to say.

        Parameters
        ----------
        batch : KnownBatch
            Nobody works on it.
        """
        log = make_dir(cache_dir() / "batches") / f"{batch.mark}.log"
        with log.open("wb") as out:
            self._started[batch.mark] = (
                subprocess.Popen(
                    [sys.executable, "-m", "smup_lib.cli", *repeat_command(batch)],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    cwd=batch.folder.parent,
                    env=_own_environment(),
                    start_new_session=True,
                ),
                log,
            )
        return (
            "<p>Partia ruszyła. Pracuje dalej także po zamknięciu tej strony; zatrzyma ją Ctrl-C "
            f"tylko w terminalu, więc stąd: <code>kill -INT {self._started[batch.mark][0].pid}"
            "</code></p>"
        )

    def tell_failure(self, batch: KnownBatch) -> str:
        """Return why a batch that was started here has ended badly; nothing otherwise."""
        if batch.mark not in self._started:
            return ""
        process, log = self._started[batch.mark]
        code = process.poll()
        if code is None or code == 0:
            return ""
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-12:]
        lines = "\n".join(map(escape, last))
        return (
            f'<div class="smup-error" role="alert"><p>Partia zakończyła się kodem {code}. '
            f"Ostatnie wiersze:</p><pre>{lines}</pre></div>"
        )


def say_start(batch: KnownBatch) -> str:
    """Return what starting a batch would do, as markup.

    Parameters
    ----------
    batch : KnownBatch
        Read just now.
    """
    command = shlex.join(("smup", *repeat_command(batch)))
    count = "wszystkie, których brakuje" if batch.left is None else str(batch.left)
    return (
        f"<p>Na tym komputerze ruszy polecenie:</p><p><code>{escape(command)}</code></p>"
        f"<p>Zrobi raporty, których brakuje (teraz: {count}), i odnowi te, które opierają się na "
        "innych danych niż bieżące. Gotowe i aktualne zostaną. Procesor będzie zajęty do końca.</p>"
    )


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_PAGE)}
